"""What can happen to a conversation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from credo.history import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Received(Event):
    """A message from outside stands in the thread; `nature` tells messages from bounces and automatic replies."""

    kind: ClassVar[str] = "message.received"
    seq: int
    nature: str = "message"
    automatic: str = "no"
    opened: bool = False
    reopened: bool = False
    guest: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Replied(Event):
    """A colleague's answer left our hands; dated at the press of Send, recorded when the time to undo is over."""

    kind: ClassVar[str] = "message.replied"
    seq: int
    outbox_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted(Event):
    """A colleague wrote a note that stays inside."""

    kind: ClassVar[str] = "note.added"
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned(Event):
    """Somebody was given the conversation, or nobody when `to` is None."""

    kind: ClassVar[str] = "conversation.assigned"
    to: int | None
    was: int | None
    team: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved(Event):
    """A colleague considers it solved."""

    kind: ClassVar[str] = "conversation.solved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened(Event):
    """It is our turn again: the customer wrote, or a colleague took back a closure."""

    kind: ClassVar[str] = "conversation.reopened"
    was: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting(Event):
    """A colleague says that it is the customer's turn."""

    kind: ClassVar[str] = "conversation.waiting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Snoozed(Event):
    """Put aside until a moment."""

    kind: ClassVar[str] = "conversation.snoozed"
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Woken(Event):
    """Back from a snooze, because its time came or somebody wrote."""

    kind: ClassVar[str] = "conversation.woken"


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedSpam(Event):
    """A colleague says that this is spam."""

    kind: ClassVar[str] = "conversation.spam"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trashed(Event):
    """Moved to the trash; its mails are not imported again."""

    kind: ClassVar[str] = "conversation.trashed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored(Event):
    """Taken back from spam or trash."""

    kind: ClassVar[str] = "conversation.restored"
    was: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tagged(Event):
    """Tags were put on or taken off; the words themselves stand on the conversation."""

    kind: ClassVar[str] = "conversation.tagged"
    added: int
    removed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Retracted(Event):
    """A colleague undid a reply before it left."""

    kind: ClassVar[str] = "message.retracted"
    seq: int
