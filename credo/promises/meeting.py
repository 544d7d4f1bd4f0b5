"""What a clock met: the version in force when its message was written, and the hours that count until it is over."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from credo.base.db import Tx
from credo.calendars import Calendar
from credo.philosophy import OneOff, Version, laid_over, version
from credo.promises.one_clock import Clock, Moment
from credo.promises.rows import Stored


def hours_of(in_force: Version, clock: Clock, one_offs: Iterable[OneOff]) -> Calendar:
    """The opening hours a clock counts: its calendar with what was decided for once until it was over."""
    return laid_over(in_force.calendars[clock.calendar], clock.calendar, _known(clock, one_offs))


def touching(clock: Clock, one_offs: Iterable[OneOff]) -> list[OneOff]:
    """What was decided for once about these hours between the clock's start and its due time, in the order decided."""
    return [
        one
        for one in _known(clock, one_offs)
        if one.concerns(clock.calendar) and max(one.from_at, clock.started_at) < min(one.end, clock.due_at)
    ]


def _known(clock: Clock, one_offs: Iterable[OneOff]) -> list[OneOff]:
    return [found for one in one_offs if (found := one.known(clock.stopped_by)) is not None]


@dataclass(frozen=True, slots=True)
class _Published:
    id: int
    event_id: int
    effective_at: datetime
    retired_at: datetime | None

    def met(self, asked: Moment) -> bool:
        """Whether it was published before the message was recorded, and in force from before it was written."""
        return self.event_id < asked.id and self.effective_at <= asked.at

    def ended(self, asked: Moment) -> bool:
        """Whether it was retired when the message was written."""
        return self.retired_at is not None and self.retired_at <= asked.at


async def versions_met(tx: Tx, asked: list[Moment], was: list[Stored]) -> Callable[[Moment], Version | None]:
    """Which version was in force when each message was written, or the one its clocks began under."""
    begun = {one.clock.started_by: one.clock.version_id for one in was}
    published = await tx.all(
        _Published,
        """select id, event_id, effective_at, retired_at from philosophy_version
            where desk_id = %(desk)s and event_id is not null and (retired_at is null or retired_at > effective_at)
            order by effective_at desc, id desc""",
    )
    in_force: dict[int, int] = {}
    for moment in asked:
        newest = next((one for one in published if one.met(moment)), None)
        if moment.id in begun:
            in_force[moment.id] = begun[moment.id]
        elif newest is not None and not newest.ended(moment):
            in_force[moment.id] = newest.id
    known = {id: await version(tx, id) for id in set(in_force.values())}
    return lambda moment: known[in_force[moment.id]] if moment.id in in_force else None
