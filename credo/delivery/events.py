"""What can happen to a mail that left our hands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from credo.history import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered(Event):
    """A mail server took an answer; `refused` counts the recipients it did not take it for."""

    kind: ClassVar[str] = "delivery.accepted"
    outbox_id: int
    accepted: int
    refused: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryFailed(Event):
    """An answer reached nobody: every recipient was refused for good, or two days of tries were in vain."""

    kind: ClassVar[str] = "delivery.failed"
    outbox_id: int
    refused: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedAgain(Event):
    """A colleague asked for a failed answer to be sent once more, under the same Message-ID."""

    kind: ClassVar[str] = "delivery.tried_again"
    outbox_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounced(Event):
    """A mail came back after a server had taken it; `all` means that no recipient is left whom it reached."""

    kind: ClassVar[str] = "delivery.bounced"
    outbox_id: int
    permanent: bool
    all: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakerTripped(Event):
    """Automatic mail to an address was stopped because it went round in circles; `reason` is a code."""

    kind: ClassVar[str] = "breaker.tripped"
    breaker_id: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakerReset(Event):
    """A colleague allowed automatic mail to an address again."""

    kind: ClassVar[str] = "breaker.reset"
    breaker_id: int
