"""What is wrong with a document: where, why, and what was probably meant."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from credo.base.errors import Invalid
from credo.base.nearest import nearest
from credo.conditions import spelled


class Place(NamedTuple):
    """A spot in the text; both count from 1."""

    line: int
    column: int


def _(text: str) -> str:
    """Mark a sentence for translation; `Problem.said` translates it when somebody reads it."""
    return text


MOST_FOUND = 500
_LONGEST = 80
_LONGEST_LIST = 1000

DID_YOU_MEAN = _("did you mean “%(near)s”?")


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. An error stops publishing; a note says what will not happen yet."""

    grade: Literal["error", "note"]
    place: Place
    path: str
    cause: str
    suggestion: str = ""
    details: dict[str, object] = field(default_factory=dict)

    def said(self, translate: Callable[[str], str] = str) -> str:
        """The finding as one sentence, without its place."""
        message, hint = self.message(translate), self.hint(translate)
        return f"{message} {hint}" if hint[:1].isupper() else " — ".join(filter(None, (message, hint)))

    def message(self, translate: Callable[[str], str] = str) -> str:
        """What is wrong, without what was probably meant."""
        return translate(self.cause) % self._spelled(translate)

    def hint(self, translate: Callable[[str], str] = str) -> str:
        """What was probably meant, or what to do; empty when nobody can say."""
        return translate(self.suggestion) % self._spelled(translate) if self.suggestion else ""

    def _spelled(self, translate: Callable[[str], str]) -> dict[str, object]:
        details = {name: _short(name, one) for name, one in spelled(self.details, translate).items()}
        if "sentence" in details:  # what another room said about it
            details["sentence"] = translate(str(self.details["sentence"]))
        return details

    def where(self) -> str:
        """Its place, as a program and a person may read it: `line 7, column 3: promises[0]:`."""
        place = f"line {self.place.line}, column {self.place.column}:"
        return f"{place} {self.path}:" if self.path else place

    def __str__(self) -> str:
        return f"{self.where()} {self.said()}"


class BadPhilosophy(Invalid):
    """The document has errors, so nothing was published."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems, key=lambda problem: problem.place)
        super().__init__(None, problems=[str(problem) for problem in self.problems])

    def __str__(self) -> str:
        return "\n".join([self.sentence, *map(str, self.problems)])


class Enough(Exception):
    """So much was found that nobody would read on."""


class Problems:
    """Collects findings, so that all are told at once; raises Enough after the first 500."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def error(self, place: Place, path: str, cause: str, suggestion: str = "", **details: object) -> None:
        """Something that must be put right before this can be published."""
        self._add(Problem("error", place, path, cause, suggestion, details))

    def note(self, place: Place, path: str, cause: str, suggestion: str = "", **details: object) -> None:
        """Something that is kept but does not run yet."""
        self._add(Problem("note", place, path, cause, suggestion, details))

    def unknown(
        self,
        place: Place,
        path: str,
        cause: str,
        name: str,
        known: Iterable[str],
        otherwise: str = "",
        **details: object,
    ) -> None:
        """An error about `name` that offers the nearest of `known`, or else the sentence `otherwise`."""
        near = nearest(name, known)
        suggestion = DID_YOU_MEAN if near else otherwise
        self.error(place, path, cause, suggestion, name=name, near=near or "", **details)

    def _add(self, problem: Problem) -> None:
        if len(self.found) >= MOST_FOUND:
            last = self.found[-1].place
            cause, hint = _("There is more to say than this."), _("mend what was found so far")
            self.found.append(Problem("error", last, "", cause, hint))
            raise Enough
        self.found.append(problem)


def _short(name: str, detail: object) -> object:
    """What somebody wrote, cut where it would fill the page."""
    longest = _LONGEST_LIST if name in ("options", "parts") else _LONGEST
    return f"{detail[:longest]}…" if isinstance(detail, str) and len(detail) > longest else detail
