"""What is wrong with a document: where, why, and what was probably meant."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Literal, NamedTuple

from credo.base.errors import Invalid


class Place(NamedTuple):
    """A spot in the text; both count from 1."""

    line: int
    column: int


def _(text: str) -> str:
    """Mark a sentence for translation; `Problem.said` translates it when somebody reads it."""
    return text


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
        details = dict(self.details)
        if "sentence" in details:  # what another room said about it
            details["sentence"] = translate(str(details["sentence"]))
        parts = [translate(part) % details for part in (self.cause, self.suggestion) if part]
        return " — ".join(parts)

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


class Problems:
    """Collects findings, so that all are told at once."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def error(self, place: Place, path: str, cause: str, suggestion: str = "", **details: object) -> None:
        """Something that must be put right before this can be published."""
        self.found.append(Problem("error", place, path, cause, suggestion, details))

    def note(self, place: Place, path: str, cause: str, suggestion: str = "", **details: object) -> None:
        """Something that is kept but does not run yet."""
        self.found.append(Problem("note", place, path, cause, suggestion, details))

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

    def raise_errors(self) -> None:
        """Raise BadPhilosophy when there is any error; it carries all errors and no notes."""
        if errors := [problem for problem in self.found if problem.grade == "error"]:
            raise BadPhilosophy(errors)


def nearest(name: str, known: Iterable[str], likeness: float = 0.6) -> str | None:
    """The one of `known` that looks most like `name`, or None when none does."""
    by_folded = {one.lower(): one for one in known}
    matches = get_close_matches(name.lower(), list(by_folded), n=1, cutoff=likeness)
    return by_folded[matches[0]] if matches else None
