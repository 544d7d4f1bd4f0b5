"""Policy becomes opening hours, routing, rules, rights, bounds of machines, privacy clocks and care for colleagues."""

from __future__ import annotations

from collections.abc import Iterator

from credo.calendars import Plan
from credo.philosophy.artefacts.artefact import Artefact, source, waiting
from credo.philosophy.artefacts.practice import fields
from credo.philosophy.document import Philosophy


def policy(philosophy: Philosophy) -> Iterator[Artefact]:
    """Everything that policy becomes."""
    yield from _calendars(philosophy)
    for route in philosophy.policy.routing.values():
        said = ", ".join(f"{act}: {value}" for act, value in route.do.items())
        origin = source(philosophy, "route", route.id, said, f"policy/routing/{route.id}", route.serves)
        yield origin.becomes("routing_rule", route.id, waiting([route.when], "routing"), when=route.when, do=route.do)
    for rule in philosophy.policy.rules.values():
        origin = source(philosophy, "rule", rule.id, rule.text, f"policy/rules/{rule.id}", rule.serves)
        yield origin.becomes("policy_rule", rule.id, waiting([rule.when], "rules"), **fields(rule))
    for number, right in enumerate(philosophy.policy.decision_rights, 1):
        said = f"{right.role}: {', '.join(right.may)} {right.up_to}".strip()
        path = f"policy/decision_rights/{number}"
        origin = source(philosophy, "decision_right", str(number), said, path, right.serves)
        yield origin.becomes("decision_right", str(number), "decision rights", **fields(right))
    yield from _machines(philosophy)
    yield from _privacy(philosophy)
    yield from _care(philosophy)
    for dilemma in philosophy.policy.dilemmas.values():
        path = f"policy/dilemmas/{dilemma.id}"
        origin = source(philosophy, "dilemma", dilemma.id, dilemma.question, path, dilemma.weigh)
        yield origin.becomes("dilemma", dilemma.id, "dilemmas", **fields(dilemma))


def _calendars(philosophy: Philosophy) -> Iterator[Artefact]:
    for name, plan in philosophy.calendars.items():
        users = [promise for promise in philosophy.promises if promise.calendar == name]
        said = ", ".join(promise.id for promise in users)
        origin = source(philosophy, "calendar", name, said, f"policy/calendars/{name}", [one.serves for one in users])
        hours = {str(day): [str(window) for window in windows] for day, windows in plan.hours.items()}
        yield origin.becomes("calendar", name, zone=plan.zone, hours=hours, **_days(plan))


def _days(plan: Plan) -> dict[str, object]:
    return {
        "holidays": [*plan.codes, *sorted(day.isoformat() for day in plan.dates)],
        "exceptions": {day.isoformat(): [str(one) for one in windows] for day, windows in plan.exceptions.items()},
        "breaks": {day.isoformat(): [str(one) for one in windows] for day, windows in plan.breaks.items()},
    }


def _machines(philosophy: Philosophy) -> Iterator[Artefact]:
    machines = philosophy.policy.automation
    if machines is None:
        return
    origin = source(philosophy, "automation", "automation", machines.disclose, "policy/automation", machines.serves)
    bounds = fields(machines) | {"hand_over_when": None}
    yield origin.becomes("bot_bound", "automation", "bots", **bounds)
    for number, when in enumerate(machines.hand_over_when, 1):
        under = f"hand_over_when/{number}"
        yield origin.becomes("hand_over", str(number), "bots", under, when=when, unknown_counts_as="yes")


def _privacy(philosophy: Philosophy) -> Iterator[Artefact]:
    privacy = philosophy.policy.privacy
    if privacy is None:
        return
    origin = source(philosophy, "privacy", "privacy", ", ".join(privacy.rights), "policy/privacy", privacy.serves)
    for right, within in privacy.rights.items():
        yield origin.becomes("privacy_clock", right, "rights", f"rights/{right}", within=within)
    for kind, time in privacy.retain.items():
        yield origin.becomes("retention", kind, "rights", f"retain/{kind}", keep=time)
    for number, kind in enumerate(privacy.redact, 1):
        yield origin.becomes("redaction", kind, "rights", f"redact/{number}")
    if privacy.emotion_reading:
        yield origin.becomes(
            "consent", "emotion_reading", "listening", "emotion_reading", **fields(privacy.emotion_reading)
        )


def _care(philosophy: Philosophy) -> Iterator[Artefact]:
    care = philosophy.policy.wellbeing
    if care is None:
        return
    origin = source(philosophy, "wellbeing", "wellbeing", ", ".join(care.on_suggest), "policy/wellbeing", care.serves)
    shown = {"subject_owns_data": care.subject_owns_data, "min_group": care.min_group, "offer": care.on_suggest}
    for number, when in enumerate(care.suggest_break_when, 1):
        yield origin.becomes(
            "wellbeing_suggestion", str(number), "team", f"suggest_break_when/{number}", when=when, **shown
        )
    for number, support in enumerate(care.support, 1):
        yield origin.becomes("support", str(number), "team", f"support/{number}", **fields(support))
