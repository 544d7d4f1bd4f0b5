"""Only a fact may block, refuse, fail somebody, scope a promise or start money."""

from __future__ import annotations

from collections.abc import Iterator

from credo.conditions import Grade
from credo.philosophy.policy import HARD_ACTS
from credo.philosophy.problems import _
from credo.philosophy.reading import Asked, Reading
from credo.philosophy.vocabulary import VOCABULARY

_CAUSES: dict[Grade, str] = {
    "estimate": _("%(name)s is an estimate; only facts may block, refuse, auto-fail or start money."),
    "judgement": _("%(name)s is a judgement; only facts may block, refuse, auto-fail or start money."),
}


def check_evidence(reading: Reading) -> None:
    """Complain about every estimate or judgement that something hard would rest on."""
    for path in dict.fromkeys(_hard(reading)):
        if asked := reading.conditions.get(path):
            _only_facts(reading, asked)


def _hard(reading: Reading) -> Iterator[str]:
    """The paths of all conditions that need facts."""
    for section, _promise in reading.each("promises"):
        yield f"{section.path}/to"
    for section, behaviour in reading.each("practice/behaviours"):
        if (behaviour.coach and behaviour.coach.as_ == "block") or (behaviour.qa and behaviour.qa.critical):
            yield f"{section.path}/when"
            yield f"{section.path}/observe"
    for section, rule in reading.each("policy/rules"):
        forbidden = rule.kind == "must_not" and rule.who == "customer"
        if forbidden or any(act in rule.do for act in HARD_ACTS):
            yield f"{section.path}/when"
    for section, _right in reading.each("policy/decision_rights"):
        yield f"{section.path}/when"


def _only_facts(reading: Reading, asked: Asked) -> None:
    for field in {one.name: one for one in reversed(asked.condition.fields())}.values():
        grade = VOCABULARY.fields[field.name].grade
        if grade != "fact":
            hint = _("Use a hint or ask a person.")
            reading.problems.error(asked.at(field), asked.path, _CAUSES[grade], hint, name=field.name)
