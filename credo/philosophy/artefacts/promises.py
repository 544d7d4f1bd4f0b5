"""Promises become clocks, ledger entries, warnings, consequences and rows of the charter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from credo.philosophy.artefacts.artefact import Artefact, Source, source, waiting
from credo.philosophy.document import Philosophy
from credo.philosophy.promises import RUNNING_CLOCKS, Promise

_ROOMS = {
    "apologise": "replying",
    "draft_update": "replying",
    "goodwill": "decision rights",
    "notify": "notifications",
    "offer_callback": "notifications",
    "raise_priority": "routing",
    "reassign": "routing",
    "review": "reviews",
}
_STARTS = {
    "first_human_reply": ("ticket.created", "reply.public.human"),
    "next_reply": ("message.customer", "reply.public.human"),
    "periodic_update": ("reply.public", "reply.public"),
    "resolution": ("ticket.created", "ticket.solved"),
    "spoken_promise": ("promise.found", "promise.kept"),
    "refund_sent": ("refund.agreed", "refund.sent"),
    "outreach_before_contact": ("order.delayed", "outreach.sent"),
}


def promises(philosophy: Philosophy) -> Iterator[Artefact]:
    """Everything that promises become."""
    for promise in philosophy.promises:
        said = promise.words(philosophy.language, philosophy.language)
        path = f"promises/{promise.id}"
        yield from _promise(promise, source(philosophy, "promise", promise.id, said, path, promise.serves))


def _promise(promise: Promise, origin: Source) -> Iterator[Artefact]:
    waits = waiting([promise.to], "" if promise.clock in RUNNING_CLOCKS else "promises")
    start, stop = _STARTS.get(promise.clock, ("", ""))
    measure = {"clock": promise.clock, "to": promise.to, "calendar": promise.calendar, "objective": promise.objective}
    yield origin.becomes(
        "clock", promise.id, waits, "measure",
        **measure, **_target(promise), start=start, stop=stop, pause_when=promise.pause_when,
    )  # fmt: skip
    yield origin.becomes("ledger", promise.id, waits, clock=promise.clock, objective=promise.objective)
    for number, act in enumerate(promise.if_at_risk, 1):
        room = waits or _ROOMS.get(act.do, "acts")
        yield origin.becomes("warning", f"{promise.id}-{number}", room, f"if_at_risk/{number}", **_act(act))
    for number, act in enumerate(promise.if_broken, 1):
        room = _ROOMS.get(act.do, "acts")
        yield origin.becomes("consequence", f"{promise.id}-{number}", room, f"if_broken/{number}", **_act(act))
    if promise.public:
        yield origin.becomes(
            "charter_row", promise.id, "the charter", "public",
            text=dict(promise.text), objective=promise.objective, provisions=promise.provisions,
        )  # fmt: skip


def _target(promise: Promise) -> dict[str, object]:
    goal = promise.goal()
    if goal is None:
        return {}
    seconds = int((goal.opening or timedelta()).total_seconds()) or None
    return {"target": goal.text, "opening_seconds": seconds, "business_days": goal.days}


def _act(act: object) -> dict[str, object]:
    return {name: getattr(act, name) for name in ("do", "at", "who", "template", "up_to")}
