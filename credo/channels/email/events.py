"""What can happen to a mailbox."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from credo.history import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxConnected(Event):
    """An administrator connected a mailbox."""

    kind: ClassVar[str] = "mailbox.connected"
    mailbox_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxChanged(Event):
    """An administrator changed how a mailbox fetches, sends or answers."""

    kind: ClassVar[str] = "mailbox.changed"
    mailbox_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxPaused(Event):
    """Fetching by a mailbox was paused."""

    kind: ClassVar[str] = "mailbox.paused"
    mailbox_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxResumed(Event):
    """A paused mailbox fetches again."""

    kind: ClassVar[str] = "mailbox.resumed"
    mailbox_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxArchived(Event):
    """A mailbox was disconnected; its conversations stay."""

    kind: ClassVar[str] = "mailbox.archived"
    mailbox_id: int
