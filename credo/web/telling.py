"""What happened, as sentences: event lines of a thread and the answer to "why?"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from credo.conversations.thread import Item
from credo.web import wording
from credo.web.wording import gettext as _


@dataclass(frozen=True, slots=True)
class Link:
    """One line of the chain behind an automatic act; `voice` marks words that somebody stands behind."""

    word: str
    text: str
    voice: bool = False


def sentence(item: Item, names: Mapping[int, str], me: int) -> str:
    """The line for an event item; `names` are those of the colleagues it may speak of."""
    payload = item.event_payload or {}
    author = _("You") if item.agent_id == me else item.author or ""
    if item.event_kind == "conversation.assigned":
        return _assigned(item, payload, names, me, author)
    if item.event_kind == "conversation.snoozed":
        until = wording.when(datetime.fromisoformat(payload["until"]))
        return _("%(name)s put it aside until %(when)s") % {"name": author, "when": until}
    if item.event_kind == "conversation.reopened" and not author:
        return _("Open again, because the customer wrote")
    said = _by_somebody().get(item.event_kind or "")
    if said and author:
        return said % {"name": author}
    return _by_itself().get(item.event_kind or "", item.event_kind or "")


def why(item: Item) -> list[Link]:
    """The chain from an act to the principle behind it; empty when a person did it."""
    cause = item.cause or {}
    known = (
        (_("Because"), cause.get("because"), False),
        (_("Rule"), cause.get("rule"), False),
        (_("Promise"), cause.get("promise"), True),
        (_("Principle"), cause.get("principle"), True),
        (_("In force"), cause.get("in_force"), False),
    )
    links = [Link(word, str(text), voice) for word, text, voice in known if text]
    return [Link(_("What happened"), wording.when(item.at)), *links] if links else []


def _assigned(item: Item, payload: Mapping[str, Any], names: Mapping[int, str], me: int, author: str) -> str:
    to = payload.get("to")
    if to is None:
        return _("%(name)s gave it back to the team") % {"name": author} if author else _("Back with the team")
    if to == me and item.agent_id == me:
        return _("You took it")
    if to == item.agent_id:
        return _("%(name)s took it") % {"name": author}
    whom = _("you") if to == me else names.get(to, _("a former colleague"))
    if author:
        return _("%(name)s handed it to %(whom)s") % {"name": author, "whom": whom}
    return _("Handed to %(whom)s") % {"whom": whom}


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
        "conversation.solved": _("Solved"),
        "conversation.reopened": _("Open again"),
        "conversation.waiting": _("Waiting for the customer"),
        "conversation.woken": _("Back from the snooze"),
        "conversation.assigned": _("Handed on"),
        "promise.kept": _("The promise was kept"),
        "promise.broken": _("The promise is broken"),
        "promise.started": _("A promise began"),
    }
