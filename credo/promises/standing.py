"""How the running promises of a page of conversations stand now: what is left of each, in hours of opening."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from credo.base import clock as time
from credo.base.db import Tx
from credo.calendars import Calendar, Ruler
from credo.philosophy import OneOff, known, laid_over, lately

_STRETCHES = 3  # a page that stands open for days asks again after them
_MONTH = timedelta(days=31)
_MOST_KEPT = 100
_kept: dict[tuple[int, str], Calendar] = {}

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
    rows = [row for row in rows if row.next_due_at is not None]
    one_offs = await lately(tx) if rows else ()
    hours: dict[tuple[int | None, str | None], _Hours] = {}
    found: dict[int, Standing] = {}
    for row in rows:
        key = (row.due_version_id, row.due_calendar)
        if key not in hours:
            hours[key] = await _hours(tx, row, now, one_offs)
        if row.next_due_at is not None:
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


async def _hours(tx: Tx, row: Owed, now: datetime, one_offs: Sequence[OneOff]) -> _Hours:
    if row.due_version_id is None or row.due_calendar is None:
        # Nobody said whose hours count, so every hour does.
        return _Hours(None, now.timestamp(), ((now, now + _MONTH),))
    version = await known(tx, row.due_version_id)
    ruler = _laid(version.calendars[row.due_calendar], (row.due_version_id, row.due_calendar), one_offs).ruler
    return _Hours(ruler, ruler.at(now) / 1_000_000, tuple(ruler.stretches(now, _STRETCHES)))


def _laid(calendar: Calendar, key: tuple[int, str], one_offs: Sequence[OneOff]) -> Calendar:
    """The calendar with what was decided for once over it; kept, because its ruler keeps what it measured."""
    laid = laid_over(calendar, key[1], one_offs)
    if laid is calendar:
        return calendar
    kept = _kept.get(key)
    # The very same hours, because an id may mean another version after a database was restored.
    if kept is None or kept.changes != laid.changes or kept.hours is not laid.hours:
        while len(_kept) >= _MOST_KEPT:
            del _kept[next(iter(_kept))]
        kept = _kept[key] = laid
    return kept


def _standing(due_at: datetime, since: datetime | None, hours: _Hours, now: datetime) -> Standing:
    due = hours.at(due_at)
    whole = due - hours.at(since) if since else 0.0
    return Standing(due_at, due_at < now, due - hours.now, whole, hours.open)
