"""What can happen to a promise. The cause of each names the promise, its principle and the version in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from credo.history import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept(Event):
    """An answer came in time; `spare` is how many seconds of opening before the due time."""

    kind: ClassVar[str] = "promise.kept"
    clock_id: int
    promise: str
    spare: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken(Event):
    """The due time passed and nobody had answered."""

    kind: ClassVar[str] = "promise.broken"
    clock_id: int
    promise: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptLate(Event):
    """An answer came after the promise was broken; `late` is how many seconds of opening after it."""

    kind: ClassVar[str] = "promise.kept_late"
    clock_id: int
    promise: str
    late: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Released(Event):
    """The clock stopped without an answer, because the conversation was solved, thrown away or marked as spam."""

    kind: ClassVar[str] = "promise.released"
    clock_id: int
    promise: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved(Event):
    """The due time moved because the opening hours were changed for once; the cause names the exception."""

    kind: ClassVar[str] = "promise.moved"
    clock_id: int
    promise: str
    was: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RanOn(Event):
    """The clock runs on from its first start: the answer reached nobody, or a closure was taken back."""

    kind: ClassVar[str] = "promise.ran_on"
    clock_id: int
    promise: str
