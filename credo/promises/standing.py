"""How the running promises of a page of conversations stand now: what is left of each, in hours of opening."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from credo.base import clock as time
from credo.base.db import Tx
from credo.calendars import Ruler
from credo.philosophy import known

_STRETCHES = 3  # a page that stands open for days asks again after them
_MONTH = timedelta(days=31)

Stretches = tuple[tuple[datetime, datetime], ...]


class Owed(Protocol):
    """A row that shows its nearest running promise, and whose opening hours that counts."""

    @property
    def id(self) -> int: ...
    @property
    def next_due_at(self) -> datetime | None: ...
    @property
    def due_since(self) -> datetime | None: ...
    @property
    def due_version_id(self) -> int | None: ...
    @property
    def due_calendar(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Standing:
    """A running promise now. Lengths are seconds of opening.

    `left` counts down to the due time and is below zero after it; `whole` lies between its start and the due time.
    `open` holds the next stretches of opening, the first of them cut at this moment.
    """

    due_at: datetime
    late: bool
    left: float
    whole: float
    open: Stretches

    @property
    def spent(self) -> float:
        """The share of its time that is used up, in percent."""
        return 100.0 if self.late or self.whole <= 0 else 100 * (1 - self.left / self.whole)

    @property
    def at_risk(self) -> bool:
        """Whether it needs eyes: less than half an hour, or the last fifth of its time and less than four hours."""
        return not self.late and (self.left < 1800 or (self.left < 4 * 3600 and self.spent > 80))


async def standings(tx: Tx, rows: Iterable[Owed]) -> dict[int, Standing]:
    """The standing of each row that shows a promise, by its id. Asks the database for versions not met lately only."""
    now = time.now()
    hours: dict[tuple[int | None, str | None], _Hours] = {}
    found: dict[int, Standing] = {}
    for row in rows:
        if row.next_due_at is None:
            continue
        key = (row.due_version_id, row.due_calendar)
        if key not in hours:
            hours[key] = await _hours(tx, row, now)
        found[row.id] = _standing(row.next_due_at, row.due_since, hours[key], now)
    return found


@dataclass(frozen=True, slots=True)
class _Hours:
    """The hours that count, with what all clocks on them share. `ruler` is None where they are not known."""

    ruler: Ruler | None
    now: float
    open: Stretches

    def at(self, moment: datetime) -> float:
        """Where `moment` lies along the line of opening, in seconds."""
        return self.ruler.at(moment) / 1_000_000 if self.ruler else moment.timestamp()


async def _hours(tx: Tx, row: Owed, now: datetime) -> _Hours:
    if row.due_version_id is None or row.due_calendar is None:
        # Nobody said whose hours count, so every hour does.
        return _Hours(None, now.timestamp(), ((now, now + _MONTH),))
    version = await known(tx, row.due_version_id)
    ruler = version.calendars[row.due_calendar].ruler
    return _Hours(ruler, ruler.at(now) / 1_000_000, tuple(ruler.stretches(now, _STRETCHES)))


def _standing(due_at: datetime, since: datetime | None, hours: _Hours, now: datetime) -> Standing:
    due = hours.at(due_at)
    whole = due - hours.at(since) if since else 0.0
    return Standing(due_at, due_at < now, due - hours.now, whole, hours.open)
