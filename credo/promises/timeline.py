"""What a conversation's events make of its promises: pure, so that stored clocks can always be reckoned again.

A *turn* begins with the oldest customer message nobody has answered and ends with an answer or a closure. In the first
turn, before anybody ever answered, `first_human_reply` promises run; `next_reply` promises run in every other turn, and
in the first one where no `first_human_reply` promise is given. An answer answers what stood in the thread when Send was
pressed. Where a closure is taken back or an answer reached nobody, the clock runs on as if it had never stopped, since
the customer has been waiting all the while.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal

from credo.conversations.knowing import Facts
from credo.philosophy import Running, Version

State = Literal["running", "kept", "late", "void"]
FIRST, NEXT = "first_human_reply", "next_reply"
OF_THE_TURN = frozenset({"ticket.channel", "ticket.status"})
"""What the timeline itself knows of a message; every other fact is brought along."""


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


def reckon(
    moments: Iterable[Moment],
    channel: str,
    version_of: Callable[[Moment], Version | None],
    now: datetime,
    known: Mapping[int, Facts] = MappingProxyType({}),
) -> list[Clock]:
    """Every clock of a conversation at `now`, in the order started, from its events in the order recorded.

    `known` is what more was known as of each message that asks, by its event, for promises given to some only.
    """
    timeline = _Timeline(channel, version_of, known)
    for moment in moments:
        timeline.take(moment)
    return [_rung(clock, now) for clock in timeline.clocks]


def counts(moment: Moment) -> bool:
    """Whether a received message asks for an answer: bounces, complaints and automatic replies do not.

    What a form or a shop sends by itself is ordinary work when it opens a conversation.
    """
    automatic = moment.payload.get("automatic", "no")
    ordinary = automatic == "no" or (automatic == "auto-generated" and bool(moment.payload.get("opened")))
    return moment.kind == "message.received" and moment.payload.get("nature", "message") == "message" and ordinary


def asked_for(versions: Iterable[Version | None]) -> frozenset[str]:
    """The fields that promises of these versions ask for beyond what the timeline knows by itself."""
    known = {version.id: version for version in versions if version is not None}
    running = [one for version in known.values() for one in version.running.values()]
    return frozenset(field.name for one in running for field in one.condition.fields()) - OF_THE_TURN


class _Timeline:
    def __init__(
        self, channel: str, version_of: Callable[[Moment], Version | None], known: Mapping[int, Facts]
    ) -> None:
        self.clocks: list[Clock] = []
        self._channel = channel
        self._version_of = version_of
        self._known = known
        self._asked: list[Moment] = []
        self._answers: dict[int | None, Moment] = {}
        self._failed: dict[int | None, Moment] = {}
        self._settled = [0]  # up to which seq colleagues considered it solved; a closure taken back goes one back
        self._solved: Moment | None = None
        self._binned: Moment | None = None
        self._closures: set[int] = set()
        self._by_kind: dict[str, Callable[[Moment], None]] = {
            "message.received": self._received,
            "message.replied": self._replied,
            "conversation.solved": self._solve,
            "conversation.spam": self._bin,
            "conversation.trashed": self._bin,
            "conversation.reopened": self._reopen,
            "conversation.restored": self._restore,
            "delivery.failed": self._reached_nobody,
            "delivery.bounced": self._bounced,
            "delivery.accepted": self._reached_somebody,
        }

    def take(self, moment: Moment) -> None:
        self._by_kind[moment.kind](moment)
        self._begin_turn()

    def _received(self, moment: Moment) -> None:
        if counts(moment):
            self._asked.append(moment)
            self._solved = None

    def _replied(self, moment: Moment) -> None:
        self._answers[moment.item_id] = moment
        for place, clock in enumerate(self.clocks):
            if clock.seq < moment.seq and (clock.state == "running" or self._closed_after(clock, moment.at)):
                self.clocks[place] = _stopped(_unstopped(clock, moment.at), moment, answered=True)

    def _solve(self, moment: Moment) -> None:
        if self._solved is None:
            self._solved = moment
            self._settled.append(max((asked.seq for asked in self._asked), default=0))
            self._close(moment)

    def _bin(self, moment: Moment) -> None:
        if self._binned is None:
            self._binned = moment
            self._close(moment)

    def _close(self, moment: Moment) -> None:
        self._closures.add(moment.id)
        self.clocks = [
            _stopped(clock, moment, answered=False) if clock.state == "running" else clock for clock in self.clocks
        ]

    def _reopen(self, moment: Moment) -> None:
        # A customer who writes again begins a new turn; a colleague who reopens takes the closure back.
        solved, self._solved = self._solved, None
        if solved is not None and moment.actor_kind != "customer":
            self._settled.pop()
            self._run_on(solved, moment)

    def _restore(self, moment: Moment) -> None:
        binned, self._binned = self._binned, None
        if binned is not None:
            self._run_on(binned, moment)

    def _bounced(self, moment: Moment) -> None:
        if moment.payload.get("permanent") and moment.payload.get("all"):
            self._reached_nobody(moment)

    def _reached_nobody(self, moment: Moment) -> None:
        answer = self._answers.pop(moment.item_id, None)
        if answer is None:
            return
        self._failed[moment.item_id] = answer
        for place, clock in enumerate(self.clocks):
            if clock.stopped_by == answer.id:
                self.clocks[place] = self._without(clock, answer, moment)

    def _without(self, clock: Clock, answer: Moment, moment: Moment) -> Clock:
        """The clock as it is when `answer` does not count: another answer or a closure ends it, or it runs on."""
        others = [other for other in self._answers.values() if other.seq > clock.seq]
        if others:
            first = min(others, key=lambda other: other.at)
            return _stopped(_unstopped(clock, first.at), first, answered=True)
        closure = self._binned or self._solved
        if closure is not None:
            return _stopped(_unstopped(clock, closure.at), closure, answered=False)
        return _running_on(clock, moment)

    def _reached_somebody(self, moment: Moment) -> None:
        answer = self._failed.pop(moment.item_id, None) if moment.payload.get("accepted") else None
        if answer is not None:
            self._replied(replace(answer, id=moment.id, at=moment.at))

    def _run_on(self, closure: Moment, moment: Moment) -> None:
        self.clocks = [_running_on(clock, moment) if clock.stopped_by == closure.id else clock for clock in self.clocks]

    def _closed_after(self, clock: Clock, at: datetime) -> bool:
        """Whether it was a closure that stopped `clock`, and only after `at`."""
        return clock.stopped_by in self._closures and clock.stopped_at is not None and clock.stopped_at >= at

    def _begin_turn(self) -> None:
        if self._solved or self._binned or any(clock.state == "running" for clock in self.clocks):
            return
        answered = max((answer.seq for answer in self._answers.values()), default=0)
        waiting = [asked for asked in self._asked if asked.seq > max(answered, self._settled[-1])]
        if waiting:
            oldest = min(waiting, key=lambda asked: (asked.at, asked.seq))
            begun = {(clock.promise, clock.started_by) for clock in self.clocks}
            self.clocks += [
                clock for clock in self._clocks_for(oldest) if (clock.promise, clock.started_by) not in begun
            ]

    def _clocks_for(self, asked: Moment) -> list[Clock]:
        version = self._version_of(asked)
        if version is None:
            return []
        turn = {"ticket.channel": self._channel, "ticket.status": "open" if self._answers else "new"}
        facts: dict[str, Any] = {**self._known.get(asked.id, {}), **turn}
        given = [one for one in version.running.values() if one.condition.holds(facts) is True]
        kind = NEXT if self._answers or not any(one.promise.clock == FIRST for one in given) else FIRST
        return [_started(one, version.id, asked) for one in given if one.promise.clock == kind]


def _started(one: Running, version_id: int, asked: Moment) -> Clock:
    promise = one.promise
    return Clock(
        promise=promise.id,
        kind=promise.clock,
        version_id=version_id,
        calendar=promise.calendar or "",
        target=one.target.text,
        started_at=asked.at,
        started_by=asked.id,
        due_at=one.target.due(one.calendar, asked.at),
        stretches=(Stretch("run", asked.at, None, asked.kind, asked.id),),
        seq=asked.seq,
    )


def _stopped(clock: Clock, moment: Moment, *, answered: bool) -> Clock:
    late = moment.at > clock.due_at
    broken_at = clock.broken_at or (min(clock.rings_at, moment.at) if late else None)
    state: State = "void" if not answered else "late" if late else "kept"
    # Clocks of two machines may differ: a press of Send never lies before the message it answers.
    end = max(moment.at, clock.stretches[-1].start)
    stretches = (*clock.stretches[:-1], replace(clock.stretches[-1], end=end))
    return replace(
        clock, state=state, broken_at=broken_at, stopped_at=moment.at, stopped_by=moment.id, stretches=stretches
    )


def _unstopped(clock: Clock, at: datetime) -> Clock:
    """The clock as if it had not stopped; what broke only after `at` is not broken yet."""
    broken_at = clock.broken_at if clock.broken_at and clock.broken_at <= at else None
    stretches = (*clock.stretches[:-1], replace(clock.stretches[-1], end=None))
    return replace(clock, state="running", broken_at=broken_at, stopped_at=None, stopped_by=None, stretches=stretches)


def _running_on(clock: Clock, moment: Moment) -> Clock:
    since = clock.stretches[-1].end
    assert since is not None
    stretches = (*clock.stretches, Stretch("run", since, None, moment.kind, moment.id))
    return replace(
        clock, state="running", stopped_at=None, stopped_by=None, stretches=stretches, watched_from=moment.at
    )


def _rung(clock: Clock, now: datetime) -> Clock:
    if clock.state == "running" and clock.broken_at is None and now > clock.rings_at:
        return replace(clock, broken_at=clock.rings_at)
    return clock
