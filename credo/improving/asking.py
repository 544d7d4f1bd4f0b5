"""The conditions of a document, each with the moments at which it is asked, and whether history can answer it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from credo.base.fields import Bindings
from credo.conditions import Condition
from credo.philosophy import Philosophy
from credo.philosophy.asking import condition
from credo.philosophy.vocabulary import waits_for

MomentKind = Literal["message", "answer", "solved"]
"""When a customer's message that asks for an answer came in, just before an answer left, when it was solved."""


@dataclass(frozen=True, slots=True)
class Lack:
    """A field that history cannot give: `waits_for` names the room that will know it, empty where none ever told."""

    field: str
    waits_for: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A condition where it stands in the document; it can be counted when nothing is lacking."""

    path: str
    condition: Condition
    moment: MomentKind
    lacks: tuple[Lack, ...]


def asked(document: Philosophy, fields: Bindings) -> list[Asked]:
    """Every condition of the document in its order."""
    return [_asked(path, text, moment, fields) for path, text, moment in _written(document) if text]


def asked_at(document: Philosophy, fields: Bindings, path: str) -> Asked | None:
    """The condition at `path`, or of the element at `path`: a promise's `to`, a rule's `when`, a persona's `match`."""
    mine = [one for one in _written(document) if one[1] and (one[0] == path or one[0].rpartition("/")[0] == path)]
    return _asked(*mine[0], fields) if mine else None


def lacking(found: Condition, fields: Bindings) -> tuple[Lack, ...]:
    """The fields that were not known at a moment of the past, each once."""
    names = dict.fromkeys(field.name for field in found.fields())
    return tuple(_lack(name, fields) for name in names if name not in fields or fields[name].as_of is None)


def _lack(name: str, fields: Bindings) -> Lack:
    return Lack(name, "" if name in fields else waits_for(name))


def _asked(path: str, text: str, moment: MomentKind, fields: Bindings) -> Asked:
    found = condition(text)
    return Asked(path, found, moment, lacking(found, fields))


def _written(document: Philosophy) -> Iterator[tuple[str, str, MomentKind]]:
    for promise in document.promises:
        yield f"promises/{promise.id}/to", promise.to, "message"
    for behaviour in document.practice.behaviours.values():
        yield f"practice/behaviours/{behaviour.id}/when", behaviour.when, "answer"
        yield f"practice/behaviours/{behaviour.id}/observe", behaviour.observe, "answer"
    if document.practice.voice:
        for number, shift in enumerate(document.practice.voice.shifts, 1):
            yield f"practice/voice/shifts/{number}/when", shift.when, "answer"
    if document.practice.de_escalation:
        yield "practice/de_escalation/card_when", document.practice.de_escalation.card_when, "answer"
    for persona in document.strategy.personas.values():
        yield f"strategy/personas/{persona.id}/match", persona.match, "message"
    yield from _policy(document)
    for survey in document.measurement.surveys.values():
        yield f"measurement/surveys/{survey.id}/when", survey.when, "solved"


def _policy(document: Philosophy) -> Iterator[tuple[str, str, MomentKind]]:
    policy = document.policy
    for route in policy.routing.values():
        yield f"policy/routing/{route.id}/when", route.when, "message"
    for rule in policy.rules.values():
        yield f"policy/rules/{rule.id}/when", rule.when, "message"
    for number, right in enumerate(policy.decision_rights, 1):
        yield f"policy/decision_rights/{number}/when", right.when, "answer"
    for number, text in enumerate(policy.automation.hand_over_when if policy.automation else (), 1):
        yield f"policy/automation/hand_over_when/{number}", text, "message"
    for number, text in enumerate(policy.wellbeing.suggest_break_when if policy.wellbeing else (), 1):
        yield f"policy/wellbeing/suggest_break_when/{number}", text, "answer"
