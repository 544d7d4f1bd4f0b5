"""What happened, as sentences: the event lines of a thread."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from credo.conversations.thread import Item
from credo.web import wording
from credo.web.wording import gettext as _


def sentence(item: Item, me: int) -> str:
    """The line for an event item, as colleague `me` reads it."""
    payload = item.event_payload or {}
    mine = item.agent_id == me
    author = "" if mine else item.author or ""
    if item.event_kind == "conversation.assigned":
        return _assigned(item, payload, me, author)
    if item.event_kind == "conversation.snoozed":
        details = {"name": author, "when": wording.when(datetime.fromisoformat(payload["until"]))}
        said = _("You put it aside until %(when)s") if mine else _("%(name)s put it aside until %(when)s")
        return said % details
    if item.event_kind in ("promise.kept", "promise.kept_late"):
        return _kept(payload)
    if item.event_kind == "conversation.reopened" and not (author or mine):
        if item.cause is not None:
            return _("Open again, because our answer reached nobody")
        return _("Open again, because the customer wrote")
    known = (_by_you() if mine else _by_somebody()).get(item.event_kind or "")
    if known and (author or mine):
        return known % {"name": author}
    return _by_itself().get(item.event_kind or "", item.event_kind or "")


def why(item: Item) -> str | None:
    """Where the answer to "why?" comes from, for an act the desk did by itself."""
    clock_id = (item.event_payload or {}).get("clock_id")
    return f"/clocks/{clock_id}/why" if clock_id else None


def _assigned(item: Item, payload: Mapping[str, Any], me: int, author: str) -> str:
    to = payload.get("to")
    if to is None:
        if item.agent_id == me:
            return _("You gave it back to the team")
        return _("%(name)s gave it back to the team") % {"name": author} if author else _("Back with the team")
    if to == me and item.agent_id == me:
        return _("You took it")
    if item.agent_id == me:
        return _("You handed it to %(whom)s") % {"whom": item.whom or _("a former colleague")}
    if to == item.agent_id:
        return _("%(name)s took it") % {"name": author}
    whom = _("you") if to == me else item.whom or _("a former colleague")
    if author:
        return _("%(name)s handed it to %(whom)s") % {"name": author, "whom": whom}
    return _("Handed to %(whom)s") % {"whom": whom}


def _kept(payload: Mapping[str, Any]) -> str:
    if "late" in payload:
        late = payload["late"]
        return _("Answered, %(span)s late") % {"span": wording.span(late)} if late >= 60 else _("Answered late")
    spare = payload.get("spare", 0)
    return _("Kept, %(span)s early") % {"span": wording.span(spare)} if spare >= 60 else _("Kept")


def _by_you() -> dict[str, str]:
    return {
        "conversation.solved": _("You solved it"),
        "conversation.reopened": _("You opened it again"),
        "conversation.waiting": _("You wait for the customer"),
        "conversation.woken": _("You took it back from the snooze"),
        "conversation.spam": _("You put it among spam"),
        "conversation.trashed": _("You moved it to the trash"),
        "conversation.restored": _("You brought it back"),
        "conversation.tagged": _("You changed the tags"),
        "message.retracted": _("You took an answer back before it left"),
    }


def _by_somebody() -> dict[str, str]:
    return {
        "conversation.solved": _("%(name)s solved it"),
        "conversation.reopened": _("%(name)s opened it again"),
        "conversation.waiting": _("%(name)s waits for the customer"),
        "conversation.woken": _("%(name)s took it back from the snooze"),
        "conversation.spam": _("%(name)s put it among spam"),
        "conversation.trashed": _("%(name)s moved it to the trash"),
        "conversation.restored": _("%(name)s brought it back"),
        "conversation.tagged": _("%(name)s changed the tags"),
        "message.retracted": _("%(name)s took an answer back before it left"),
    }


def _by_itself() -> dict[str, str]:
    return {
        "conversation.solved": _("It is solved"),
        "conversation.reopened": _("Opened again"),
        "conversation.waiting": _("Waiting for the customer"),
        "conversation.woken": _("Back from the snooze"),
        "conversation.assigned": _("Handed on"),
        "promise.broken": _("Our promise to answer was broken"),
        "promise.released": _("The clock stopped without an answer"),
        "promise.ran_on": _("The clock runs on from its first start"),
        "delivery.failed": _("Our answer reached nobody"),
        "delivery.bounced": _("Our answer came back"),
        "delivery.tried_again": _("Our answer is sent once more"),
    }
