"""What a conversation's events make of its promises: pure, so that stored clocks can always be reckoned again.

A *turn* begins with the oldest customer message nobody has answered and ends with an answer or a closure. In the first
turn, before anybody ever answered, `first_human_reply` promises run; `next_reply` promises run in every other turn, and
in the first one where no `first_human_reply` promise is given. An answer answers what stood in the thread when Send was
pressed. Where a closure is taken back or an answer reached nobody, the clock runs on as if it had never stopped, since
the customer has been waiting all the while.

A one-off is known from the event that made it. One that lies over the opening hours moves the due time of the clocks
that run then, or run on later; a clock that was over keeps the due time it had. One that pauses a promise lets it start
no clock while it holds. A one-off changes no opening time before it was made, so that no due time moves into the past.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from credo.philosophy import OneOff, Running, Version, laid_over
from credo.promises.one_clock import Clock, Moment, counts, rung, running_on, started, stopped, unstopped

FIRST, NEXT = "first_human_reply", "next_reply"


@dataclass(frozen=True, slots=True)
class Withheld:
    """A promise that would have been given for the message `asked_by`, and pauses because of a one-off."""

    promise: str
    version_id: int
    asked_by: int
    asked_at: datetime
    one_off: OneOff


@dataclass(frozen=True, slots=True)
class Reckoned:
    """Every clock of a conversation in the order started, and what was withheld."""

    clocks: list[Clock]
    withheld: list[Withheld]


def reckon(
    moments: Iterable[Moment],
    channel: str,
    version_of: Callable[[Moment], Version | None],
    now: datetime,
    one_offs: Iterable[OneOff] = (),
) -> Reckoned:
    """What a conversation's events, in the order recorded, make of its promises at `now`."""
    timeline = _Timeline(channel, version_of)
    events: list[Moment | _Known] = [*moments, *_told(one_offs)]
    for event in sorted(events, key=lambda event: event.id):
        if isinstance(event, Moment):
            timeline.take(event)
        else:
            timeline.know(event)
    return Reckoned([rung(clock, now) for clock in timeline.clocks], list(timeline.withheld.values()))


@dataclass(frozen=True, slots=True)
class _Known:
    """A one-off as it was known from the event `id` on."""

    id: int
    one_off: OneOff


def _told(one_offs: Iterable[OneOff]) -> Iterable[_Known]:
    for one in one_offs:
        made = one.known(one.made_event_id)
        if made is not None:
            yield _Known(one.made_event_id, made)
        if one.ended_event_id is not None:
            yield _Known(one.ended_event_id, one)


class _Timeline:
    def __init__(self, channel: str, version_of: Callable[[Moment], Version | None]) -> None:
        self.clocks: list[Clock] = []
        self._channel = channel
        self._version_of = version_of
        self._asked: list[Moment] = []
        self._answers: dict[int | None, Moment] = {}
        self._failed: dict[int | None, Moment] = {}
        self._settled = [0]  # up to which seq colleagues considered it solved; a closure taken back goes one back
        self._solved: Moment | None = None
        self._binned: Moment | None = None
        self._closures: set[int] = set()
        self.withheld: dict[tuple[str, int], Withheld] = {}
        self._one_offs: dict[int, OneOff] = {}
        self._running: dict[tuple[int, str], Running] = {}
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

    def know(self, told: _Known) -> None:
        """From here on a one-off is known, or its end is."""
        self._one_offs[told.one_off.id] = told.one_off
        if told.one_off.of_hours:
            self.clocks = [self._due_anew(clock) if clock.state == "running" else clock for clock in self.clocks]

    def _received(self, moment: Moment) -> None:
        if counts(moment):
            self._asked.append(moment)
            self._solved = None

    def _replied(self, moment: Moment) -> None:
        self._answers[moment.item_id] = moment
        for place, clock in enumerate(self.clocks):
            if clock.seq < moment.seq and (clock.state == "running" or self._closed_after(clock, moment.at)):
                self.clocks[place] = stopped(unstopped(clock, moment.at), moment, answered=True)

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
            stopped(clock, moment, answered=False) if clock.state == "running" else clock for clock in self.clocks
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
                self.clocks[place] = self._without_its_end(clock, moment)

    def _without_its_end(self, clock: Clock, moment: Moment) -> Clock:
        """The clock when what stopped it does not count any more: another answer or closure ends it, or it runs on."""
        clock = self._due_anew(clock)
        others = [other for other in self._answers.values() if other.seq > clock.seq]
        if others:
            first = min(others, key=lambda other: other.at)
            return stopped(unstopped(clock, first.at), first, answered=True)
        closure = self._binned or self._solved
        if closure is not None:
            return stopped(unstopped(clock, closure.at), closure, answered=False)
        return running_on(clock, moment)

    def _reached_somebody(self, moment: Moment) -> None:
        answer = self._failed.pop(moment.item_id, None) if moment.payload.get("accepted") else None
        if answer is not None:
            self._replied(replace(answer, id=moment.id, at=moment.at))

    def _run_on(self, closure: Moment, moment: Moment) -> None:
        self.clocks = [
            self._without_its_end(clock, moment) if clock.stopped_by == closure.id else clock for clock in self.clocks
        ]

    def _due_anew(self, clock: Clock) -> Clock:
        """The clock as it is due by what is known now."""
        running = self._running[clock.version_id, clock.promise]
        due_at = self._due(running, clock.started_at)
        return replace(clock, due_at=due_at) if due_at != clock.due_at else clock

    def _due(self, running: Running, start: datetime) -> datetime:
        hours = laid_over(running.calendar, running.promise.calendar or "", self._one_offs.values())
        return running.target.due(hours, start)

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
        facts = {"ticket.channel": self._channel, "ticket.status": "open" if self._answers else "new"}
        given = [one for one in version.running.values() if one.condition.holds(facts) is True]
        kind = NEXT if self._answers or not any(one.promise.clock == FIRST for one in given) else FIRST
        owed = [one for one in given if one.promise.clock == kind and not self._withholds(one, version.id, asked)]
        self._running |= {(version.id, one.promise.id): one for one in owed}
        return [started(one, version.id, asked, self._due(one, asked.at)) for one in owed]

    def _withholds(self, running: Running, version_id: int, asked: Moment) -> bool:
        promise = running.promise.id
        for one in self._one_offs.values():
            if one.pauses(promise, asked.at):
                self.withheld[promise, asked.id] = Withheld(promise, version_id, asked.id, asked.at, one)
                return True
        self.withheld.pop((promise, asked.id), None)
        return False
