"""One clock: what it is made of, and how it starts, stops, runs on and breaks. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from credo.philosophy import Running

State = Literal["running", "kept", "late", "void"]


@dataclass(frozen=True, slots=True)
class Moment:
    """An event of the conversation, as far as clocks care."""

    id: int
    kind: str
    at: datetime
    item_id: int | None
    actor_kind: str
    payload: Mapping[str, Any]

    @property
    def seq(self) -> int:
        """Where its message stands in the thread."""
        return int(self.payload.get("seq", 0))


@dataclass(frozen=True, slots=True)
class Stretch:
    """An interval of a clock: it ran (or paused) from `start`, because of the event `cause`; `end` is None today."""

    kind: Literal["run", "pause"]
    start: datetime
    end: datetime | None
    cause: str
    event_id: int


@dataclass(frozen=True, slots=True)
class Clock:
    """One promise given for one turn. `kept` and `late` were answered; `void` was closed without an answer.

    `broken_at` is set as soon as the due time has passed unanswered, whatever comes after.
    """

    promise: str
    kind: str
    version_id: int
    calendar: str
    target: str
    started_at: datetime
    started_by: int
    due_at: datetime
    stretches: tuple[Stretch, ...]
    state: State = "running"
    broken_at: datetime | None = None
    stopped_at: datetime | None = None
    stopped_by: int | None = None
    seq: int = field(default=0, compare=False)
    watched_from: datetime | None = field(default=None, compare=False)

    @property
    def rings_at(self) -> datetime:
        """When it breaks unless it is stopped: at the due time, or when it ran on after that had passed."""
        return max(self.due_at, self.watched_from or self.due_at)


def counts(moment: Moment) -> bool:
    """Whether a received message asks for an answer: bounces, complaints and automatic replies do not.

    What a form or a shop sends by itself is ordinary work when it opens a conversation.
    """
    automatic = moment.payload.get("automatic", "no")
    ordinary = automatic == "no" or (automatic == "auto-generated" and bool(moment.payload.get("opened")))
    return moment.kind == "message.received" and moment.payload.get("nature", "message") == "message" and ordinary


def started(one: Running, version_id: int, asked: Moment, due_at: datetime) -> Clock:
    """A clock that begins with the message `asked`."""
    promise = one.promise
    return Clock(
        promise=promise.id,
        kind=promise.clock,
        version_id=version_id,
        calendar=promise.calendar or "",
        target=one.target.text,
        started_at=asked.at,
        started_by=asked.id,
        due_at=due_at,
        stretches=(Stretch("run", asked.at, None, asked.kind, asked.id),),
        seq=asked.seq,
    )


def stopped(clock: Clock, moment: Moment, *, answered: bool) -> Clock:
    """The clock as an answer ends it, or a closure; in time or late."""
    late = moment.at > clock.due_at
    broken_at = clock.broken_at or (min(clock.rings_at, moment.at) if late else None)
    state: State = "void" if not answered else "late" if late else "kept"
    # Clocks of two machines may differ: a press of Send never lies before the message it answers.
    end = max(moment.at, clock.stretches[-1].start)
    stretches = (*clock.stretches[:-1], replace(clock.stretches[-1], end=end))
    return replace(
        clock, state=state, broken_at=broken_at, stopped_at=moment.at, stopped_by=moment.id, stretches=stretches
    )


def unstopped(clock: Clock, at: datetime) -> Clock:
    """The clock as if it had not stopped; what broke only after `at` is not broken yet."""
    broken_at = clock.broken_at if clock.broken_at and clock.broken_at <= at else None
    stretches = (*clock.stretches[:-1], replace(clock.stretches[-1], end=None))
    return replace(clock, state="running", broken_at=broken_at, stopped_at=None, stopped_by=None, stretches=stretches)


def running_on(clock: Clock, moment: Moment) -> Clock:
    """The clock that goes on where it stopped, watched from the moment that says so."""
    since = clock.stretches[-1].end
    assert since is not None
    stretches = (*clock.stretches, Stretch("run", since, None, moment.kind, moment.id))
    return replace(
        clock, state="running", stopped_at=None, stopped_by=None, stretches=stretches, watched_from=moment.at
    )


def rung(clock: Clock, now: datetime) -> Clock:
    """The clock with what has broken by `now`."""
    if clock.state == "running" and clock.broken_at is None and now > clock.rings_at:
        return replace(clock, broken_at=clock.rings_at)
    return clock
