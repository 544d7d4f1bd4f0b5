"""Opening time as a length along a line: what lies between two moments costs two look-ups, however far apart they are.

A page of fifty clocks asks a hundred times and more; walking the days between would take longer than its query.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from credo.calendars.spans import Spans

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

_DAY = 86_400_000_000
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_STEP = 92  # days measured at a time
_AHEAD = 31  # days within which the next opening is looked for


class Ruler:
    """Marks of a calendar, measured further as they are asked for. `open_on` gives what is open on a day's number."""

    def __init__(self, open_on: Callable[[int], Spans]) -> None:
        self._open_on = open_on
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._marks: list[int] = []  # the opening time before each start
        self._first = self._next = 0  # the days measured: from the first, up to the next one
        self._low = self._high = 0  # the marks at both ends

    def at(self, moment: datetime) -> int:
        """The opening time before `moment` in microseconds, counted from anywhere: only differences mean something."""
        micros = (moment - EPOCH) // MICROSECOND
        self._measure(micros, 0)
        place = bisect_right(self._starts, micros) - 1
        if place < 0:
            return self._low
        return self._marks[place] + min(micros, self._ends[place]) - self._starts[place]

    def stretches(self, moment: datetime, most: int) -> list[tuple[datetime, datetime]]:
        """What is open from `moment` on: up to `most` stretches of the coming month, the first one cut at `moment`."""
        micros = (moment - EPOCH) // MICROSECOND
        self._measure(micros, _AHEAD)
        place = bisect_right(self._ends, micros)
        return [
            (EPOCH + max(start, micros) * MICROSECOND, EPOCH + end * MICROSECOND)
            for start, end in zip(self._starts[place : place + most], self._ends[place : place + most], strict=True)
        ]

    def _measure(self, micros: int, ahead: int) -> None:
        """Measure so far that `micros` and `ahead` days more lie well inside, whatever the zone."""
        day = micros // _DAY + _EPOCH_DAY
        if self._first == self._next:
            self._first = self._next = day
        while day - 2 < self._first:
            self._before(self._first - _STEP, self._first)
        while day + ahead + 2 >= self._next:
            self._after(self._next, self._next + _STEP)

    def _after(self, first: int, beyond: int) -> None:
        self._next = beyond
        for day in range(first, beyond):
            for start, end in self._open_on(day):
                if self._ends and self._ends[-1] == start:
                    self._ends[-1] = end
                else:
                    self._starts.append(start)
                    self._ends.append(end)
                    self._marks.append(self._high)
                self._high += end - start

    def _before(self, first: int, beyond: int) -> None:
        earlier = Ruler(self._open_on)
        earlier._after(first, beyond)
        self._first = first
        length = earlier._high
        if earlier._ends and self._starts and earlier._ends[-1] == self._starts[0]:
            earlier._ends[-1] = self._ends[0]
            del self._starts[0], self._ends[0], self._marks[0]
        self._starts = earlier._starts + self._starts
        self._ends = earlier._ends + self._ends
        self._marks = [mark + self._low - length for mark in earlier._marks] + self._marks
        self._low -= length
