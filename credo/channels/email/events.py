"""What can happen to a mailbox."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from credo.history import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected(Event):
    """A mailbox was connected."""

    kind: ClassVar[str] = "mailbox.connected"
    mailbox_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed(Event):
    """The settings of a mailbox were saved; `secrets` tells whether a password or token was given anew."""

    kind: ClassVar[str] = "mailbox.changed"
    mailbox_id: int
    secrets: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StateSet(Event):
    """A mailbox was paused, resumed or disconnected; `state` is active, paused or archived."""

    kind: ClassVar[str] = "mailbox.state_set"
    mailbox_id: int
    state: str
