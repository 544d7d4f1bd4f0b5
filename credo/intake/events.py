"""What can happen to a raw message before it is anybody's conversation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from credo.history import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed(Event):
    """A message could not be read after several tries and now needs a look."""

    kind: ClassVar[str] = "intake.failed"
    raw_id: int
    tries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused(Event):
    """A message was larger than this desk accepts; only its headers were kept, and the sender is told."""

    kind: ClassVar[str] = "intake.refused"
    raw_id: int
    mailbox_id: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAgain(Event):
    """A colleague asked for a message to be read again."""

    kind: ClassVar[str] = "intake.read_again"
    raw_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Dismissed(Event):
    """A colleague looked at a message that could not be read and put it away; its source is kept."""

    kind: ClassVar[str] = "intake.dismissed"
    raw_id: int
