"""Missing pieces: what a document leaves open, each with what would fill it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from credo.conditions.tree import Literal, walk
from credo.philosophy.artefacts.practice import reviewed
from credo.philosophy.asking import condition
from credo.philosophy.compiling import conditions
from credo.philosophy.document import Philosophy
from credo.philosophy.practice import Module
from credo.philosophy.problems import Place, Problem, _
from credo.philosophy.promises import Promise

SUGGESTIONS: Mapping[str, str] = {
    "behaviour": _("Write a behaviour that anybody can see."),
    "promise": _("Make a promise that is kept or broken."),
    "review": _("Give a behaviour a line in the reviews."),
    "card": _("Teach one of its behaviours in a training module."),
    "rule": _("Write a rule that serves it."),
    "principle": _("Say which principle it serves."),
    "consequence": _("Say what happens when it is broken."),
    "coverage": _("Write a behaviour or a rule for it."),
}
"""What would fill a piece, by the kind of suggestion."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A missing piece: `suggest` is a key of `SUGGESTIONS`, `problem` says what is missing and where."""

    suggest: str
    problem: Problem

    @property
    def path(self) -> str:
        """The element to which something is missing."""
        return self.problem.path

    def said(self, translate: Callable[[str], str] = str) -> str:
        """What is missing and what would fill it, in two sentences."""
        return self.problem.said(translate)


@dataclass(frozen=True, slots=True)
class Facets:
    """Where one principle shows, as far as the document alone can tell."""

    written: bool
    taught: bool
    seen: bool
    kept: bool
    felt: bool
    result: bool


def missing(philosophy: Philosophy, topics: Mapping[str, int] | None = None) -> tuple[Piece, ...]:
    """Every missing piece; `topics` are what customers wrote about in the last 90 days, with how often."""
    return (
        *_principles(philosophy),
        *_promises(philosophy),
        *_serving_nothing(philosophy),
        *_uncovered(philosophy, topics or {}),
    )


def facets(philosophy: Philosophy) -> dict[str, Facets]:
    """The six facets of every principle, by its id."""
    found = _Found(philosophy)
    return {name: found.facets(name) for name in philosophy.principles}


class _Found:
    """What serves which principle."""

    def __init__(self, philosophy: Philosophy) -> None:
        policy, practice = philosophy.policy, philosophy.practice
        behaviours = practice.behaviours.values()
        self.philosophy = philosophy
        self.behaviours = {one.serves for one in behaviours}
        self.promises = {one.serves for one in philosophy.promises}
        taught = [one for module in _modules(philosophy) for one in module.teaches]
        self.taught = {practice.behaviours[name].serves for name in taught if name in practice.behaviours}
        self.reviewed = {one.serves for one in behaviours if one.qa}
        self.scored = {one.serves for one in behaviours if reviewed(one)}
        self.asked = {one.serves for one in philosophy.measurement.surveys.values()}
        self.goals = {one.serves for one in philosophy.strategy.goals.values()}
        self.initiatives = {one.serves for one in philosophy.strategy.initiatives.values()}
        single = (policy.automation, policy.privacy, policy.wellbeing)
        self.rules = {
            *(one.serves for one in policy.routing.values()),
            *(one.serves for one in policy.rules.values()),
            *(one.serves for one in policy.decision_rights),
            *(one.serves for one in single if one),
            *(name for one in policy.dilemmas.values() for name in one.weigh),
        }

    def facets(self, name: str) -> Facets:
        return Facets(
            written=bool(self.philosophy.principles[name].statement),
            taught=name in self.taught,
            seen=name in self.behaviours | self.promises,
            kept=name in self.promises | self.scored,
            felt=name in self.asked or self._goal(name, _FELT),
            result=name in self.initiatives or self._goal(name),
        )

    def _goal(self, name: str, metrics: frozenset[str] = frozenset()) -> bool:
        goals = (one for one in self.philosophy.strategy.goals.values() if one.serves == name)
        return any(not metrics or one.metric in metrics for one in goals)


_FELT = frozenset({"csat", "ces", "nps", "heard_rate", "effort_score", "team_pulse", "enps"})
"""Metrics that come from asking people."""


def _principles(philosophy: Philosophy) -> Iterator[Piece]:
    found = _Found(philosophy)
    for name in philosophy.principles:
        path = f"philosophy/principles/{name}"
        seen = name in found.behaviours | found.promises
        if not seen:
            cause = _("“%(name)s” has no behaviour and no promise, so nobody can see whether you live it.")
            yield _piece(philosophy, path, "behaviour", cause, name=name)
        elif name not in found.promises | found.reviewed:
            yield _piece(philosophy, path, "review", _("“%(name)s” is never measured."), name=name)
        if not seen and name not in found.rules:
            yield _piece(philosophy, path, "rule", _("No rule serves “%(name)s” either."), name=name)
        if name in found.behaviours - found.taught and philosophy.practice.training:
            yield _piece(philosophy, path, "card", _("Nobody is trained on “%(name)s”."), name=name)


def _promises(philosophy: Philosophy) -> Iterator[Piece]:
    for one in philosophy.promises:
        if one.public and not one.if_broken:
            cause = _("The promise “%(name)s” is public, but nothing happens when it is broken.")
            yield _piece(philosophy, f"promises/{one.id}", "consequence", cause, name=_words(philosophy, one))


def _serving_nothing(philosophy: Philosophy) -> Iterator[Piece]:
    policy = philosophy.policy
    parts = {
        **{f"policy/decision_rights/{number}": one for number, one in enumerate(policy.decision_rights, 1)},
        "policy/automation": policy.automation,
        "policy/privacy": policy.privacy,
        "policy/wellbeing": policy.wellbeing,
    }
    for path, one in parts.items():
        if one and not one.serves:
            cause = _("“%(name)s” serves no principle, so nobody can say why it is there.")
            yield _piece(philosophy, path, "principle", cause, name=path.removeprefix("policy/"))


def _uncovered(philosophy: Philosophy, topics: Mapping[str, int]) -> Iterator[Piece]:
    covered = set(_mentioned(philosophy))
    for topic, times in sorted(topics.items(), key=lambda one: (-one[1], one[0])):
        if topic not in covered:
            cause = _("Nothing covers “%(name)s”; customers wrote about it %(times)s times in the last 90 days.")
            yield _piece(philosophy, "practice/behaviours", "coverage", cause, name=topic, times=times)


def _mentioned(philosophy: Philosophy) -> Iterator[str]:
    """Every word that a condition asks for, and what machines may and may not answer."""
    for _path, text in conditions(philosophy):
        for part in walk(condition(text).tree):
            if isinstance(part, Literal) and isinstance(part.value, str):
                yield part.value
    if machines := philosophy.policy.automation:
        yield from (*machines.bot_may, *machines.bot_never)


def _piece(philosophy: Philosophy, path: str, suggest: str, cause: str, **details: object) -> Piece:
    place = philosophy.places.get(path, Place(1, 1))
    return Piece(suggest, Problem("note", place, path, cause, SUGGESTIONS[suggest], details))


def _words(philosophy: Philosophy, promise: Promise) -> str:
    return promise.words(philosophy.language, philosophy.language)


def _modules(philosophy: Philosophy) -> Iterable[Module]:
    training = philosophy.practice.training
    return training.modules.values() if training else ()
