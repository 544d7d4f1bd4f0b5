"""A calendar is a set of instants in which a desk is open; a clock measures how much of it has passed.

Opening hours are wall time and belong to the date on which they begin: a holiday closes the hours that begin on it, an
exception replaces them. A wall time that does not exist moves forward by the jump; one that comes twice is the first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton

from credo.base.errors import Invalid
from credo.calendars.changes import Change
from credo.calendars.ruler import EPOCH, MICROSECOND, Ruler
from credo.calendars.spans import Spans, union, within, without
from credo.calendars.windows import DAY, Window, read_window

_LONGEST_CLOSURE = 1500  # days after which we say "never" instead of looking on
_DAYS_KEPT = 4000


class NeverOpens(Invalid):
    """This calendar never opens, so no time would ever pass on it."""


@dataclass(frozen=True, slots=True)
class Counted:
    """One stretch of opening time that was counted, in the calendar's own zone."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        """How long it lasted, also on the two days a year that are longer or shorter."""
        return self.end.astimezone(UTC) - self.start.astimezone(UTC)

    def sentence(self, locale: str = "en") -> str:
        """The line a person reads: "Mon 23 Nov 09:00–18:00, 9 h"."""
        # Babel's English puts the month first; our screens never do.
        english = locale.startswith("en")
        day = (
            format_date(self.start, "EEE d MMM", locale="en")
            if english
            else format_skeleton("MMMEd", self.start, locale=locale)
        )
        end = "24:00" if self.end.date() > self.start.date() and self.end.time() == time() else f"{self.end:%H:%M}"
        return f"{day} {self.start:%H:%M}–{end}, {spoken(self.length)}"


def spoken(length: timedelta) -> str:
    """A length of time as "9 h", "1 h 30 min", "45 min" or "20 s"."""
    seconds = int(length.total_seconds())
    hours, minutes = seconds // 3600, seconds % 3600 // 60
    if not hours and not minutes:
        return f"{seconds} s"
    return " ".join(part for part in (f"{hours} h" if hours else "", f"{minutes} min" if minutes else "") if part)


@dataclass(frozen=True)
class Calendar:
    """When a desk is open. Raises NeverOpens when it has no hours at all.

    `hours` by weekday (0 is Monday); `holidays` close a date; `exceptions` replace a date's hours, holiday or not (no
    windows: closed); `breaks` are taken out of whatever is open; `changes` lie over all that, in the order decided, and
    are not stored. Methods take aware datetimes and return UTC.
    """

    zone: str
    hours: Mapping[int, tuple[Window, ...]]
    holidays: frozenset[date] = frozenset()
    exceptions: Mapping[date, tuple[Window, ...]] = field(default_factory=dict)
    breaks: Mapping[date, tuple[Window, ...]] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    _zone: ZoneInfo = field(init=False, repr=False, compare=False)
    _days: dict[int, Spans] = field(init=False, repr=False, compare=False, default_factory=dict)
    _hours: dict[int, Spans] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        if not any(self.hours.values()) and not any(self.exceptions.values()):
            raise NeverOpens
        object.__setattr__(self, "_zone", ZoneInfo(self.zone))

    def changed(self, changes: Iterable[Change]) -> Calendar:
        """The calendar with `changes` laid over it."""
        return replace(self, changes=(*self.changes, *changes))

    def within(self, moment: datetime) -> bool:
        """Whether the desk is open at `moment`."""
        at, day = _micros(moment), self._date(moment)
        return any(start <= at < end for near in (day - 1, day, day + 1) for start, end in self._open(near))

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """How much opening time lies between; zero when `end` is not after `start`."""
        return timedelta(microseconds=sum(last - first for first, last in self._between(start, end)))

    @cached_property
    def ruler(self) -> Ruler:
        """The same opening time for who asks for many lengths at once; it keeps what it measured."""
        return Ruler(self._open)

    def add(self, start: datetime, opening: timedelta) -> datetime:
        """The first moment at which `opening` has passed since `start`; with none to pass, the next open moment."""
        at, left, day, closed = _micros(start), opening // MICROSECOND, self._date(start) - 1, 0
        while closed < _LONGEST_CLOSURE:
            spans = self._open(day)
            for first, last in spans:
                if last > at:
                    first = max(first, at)
                    if last - first >= left:
                        return _moment(first + left)
                    left -= last - first
            closed = 0 if spans else closed + 1
            day += 1
        raise NeverOpens

    def back(self, end: datetime, opening: timedelta) -> datetime:
        """The last moment from which `opening` passes until `end`; with none to pass, the last moment it was open."""
        at, left, day, closed = _micros(end), opening // MICROSECOND, self._date(end) + 1, 0
        while closed < _LONGEST_CLOSURE:
            spans = self._open(day)
            for first, last in reversed(spans):
                if first < at:
                    last = min(last, at)
                    if last - first >= left:
                        return _moment(last - left)
                    left -= last - first
            closed = 0 if spans else closed + 1
            day -= 1
        raise NeverOpens

    def add_days(self, start: datetime, days: int) -> datetime:
        """Close of business on the `days`-th business day after `start`; outside opening, after the next opening."""
        return _moment(self._hours_of(self._step(self._business_day(start), days))[-1][1])

    def same_time(self, start: datetime, days: int) -> datetime:
        """The same time of day `days` business days later (below zero: earlier), or the nearest opening from there."""
        forward = days >= 0
        begin = self.add(start, timedelta()) if forward else self.back(start, timedelta())
        local = begin.astimezone(self._zone)
        day = self._step(local.toordinal(), days)
        there = datetime.combine(date.fromordinal(day), local.time(), self._zone)
        return self.add(there, timedelta()) if forward else self.back(there, timedelta())

    def spans(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The stretches of opening time between, in order, cut at midnight."""
        return ((_moment(first), _moment(last)) for first, last in self._between(start, end))

    def lines(self, start: datetime, end: datetime) -> list[Counted]:
        """What was counted between `start` and `end`, a line for each stretch, in the calendar's zone."""
        return [Counted(a.astimezone(self._zone), b.astimezone(self._zone)) for a, b in self.spans(start, end)]

    def stored(self) -> dict[str, object]:
        """The calendar as plain JSON; `restored` turns it back."""
        return {
            "zone": self.zone,
            "hours": {str(day): _texts(windows) for day, windows in self.hours.items()},
            "holidays": sorted(day.isoformat() for day in self.holidays),
            "exceptions": {day.isoformat(): _texts(windows) for day, windows in self.exceptions.items()},
            "breaks": {day.isoformat(): _texts(windows) for day, windows in self.breaks.items()},
        }

    @classmethod
    def restored(cls, stored: Mapping[str, object]) -> Calendar:
        """The calendar that `stored` wrote."""
        found: Mapping[str, dict[str, list[str]]] = stored  # type: ignore[assignment]
        return cls(
            zone=str(stored["zone"]),
            hours={int(day): _windows(texts) for day, texts in found["hours"].items()},
            holidays=frozenset(date.fromisoformat(day) for day in found["holidays"]),
            exceptions={date.fromisoformat(day): _windows(texts) for day, texts in found["exceptions"].items()},
            breaks={date.fromisoformat(day): _windows(texts) for day, texts in found["breaks"].items()},
        )

    def _between(self, start: datetime, end: datetime) -> Iterator[tuple[int, int]]:
        low, high = _micros(start), _micros(end)
        if high <= low:
            return
        # A midnight that comes twice or never shifts an instant to the neighbouring day, hence one day more each side.
        for day in range(self._date(start) - 1, self._date(end) + 2):
            for first, last in self._open(day):
                if first < high and last > low:
                    yield max(first, low), min(last, high)

    def _business_day(self, start: datetime) -> int:
        at, first = _micros(start), self._date(start) - 1
        for day in range(first, first + _LONGEST_CLOSURE):
            hours = self._hours_of(day)
            if hours and hours[-1][1] > at:
                return day
        raise NeverOpens

    def _step(self, day: int, days: int) -> int:
        direction, closed, hours = (1 if days >= 0 else -1), 0, self._hours_of(day)
        while days:
            day += direction
            there = self._hours_of(day)
            # Hours that end before those of the day before did would make a later due time an earlier one, and so would
            # those of a day that closed before its time.
            if there and not (hours and direction > 0 and there[-1][1] <= hours[-1][1]) and not self._cut(day):
                days, closed, hours = days - direction, 0, there
            elif (closed := closed + 1) > _LONGEST_CLOSURE:
                raise NeverOpens
        return day

    def _open(self, day: int) -> Spans:
        """What is open from the midnight that begins `day` to the next one."""
        spans = self._days.get(day)
        if spans is None:
            if len(self._days) > _DAYS_KEPT:
                self._days.clear()
                self._hours.clear()
            low, high = self._instant(day, 0), self._instant(day, DAY)
            hours = union([*self._hours_of(day - 1), *self._hours_of(day)])
            spans = within(hours, low, high)
            self._days[day] = spans
        return spans

    def _hours_of(self, day: int) -> Spans:
        """The hours that begin on `day`, whenever they end."""
        hours = self._hours.get(day)
        if hours is None:
            hours = self._hours[day] = self._reckoned(day)
        return hours

    def _cut(self, day: int) -> bool:
        """Whether the hours that begin on `day` end before they were meant to."""
        if not self.changes:
            return False
        meant, hours = self._meant(day), self._hours_of(day)
        return bool(meant) and (not hours or hours[-1][1] < meant[-1][1])

    def _reckoned(self, day: int) -> Spans:
        hours = self._meant(day)
        for change in self.changes:
            low, high = _micros(change.since), _micros(change.until)
            if change.day is None:
                hours = without(hours, low, high)
            elif change.day.toordinal() == day:
                told = union([self._instants(day, window) for window in change.windows])
                hours = union([*without(hours, low, high), *within(told, low, high)])
        return hours

    def _meant(self, day: int) -> Spans:
        """The hours that begin on `day` as the document has them."""
        that = date.fromordinal(day)
        windows = self.exceptions.get(that)
        if windows is None:
            windows = () if that in self.holidays else self.hours.get(that.weekday(), ())
        hours = union([self._instants(day, window) for window in windows])
        for near in (day - 1, day, day + 1) if self.breaks else ():
            for window in self.breaks.get(date.fromordinal(near), ()):
                hours = without(hours, *self._instants(near, window))
        return hours

    def _instants(self, day: int, window: Window) -> tuple[int, int]:
        return self._instant(day, window.start), self._instant(day, window.end)

    def _instant(self, day: int, minutes: int) -> int:
        wall = date.fromordinal(day + minutes // DAY)
        return _micros(datetime.combine(wall, time(minutes % DAY // 60, minutes % 60), self._zone))

    def _date(self, moment: datetime) -> int:
        return moment.astimezone(self._zone).toordinal()


def _micros(moment: datetime) -> int:
    return (moment - EPOCH) // MICROSECOND


def _moment(micros: int) -> datetime:
    return EPOCH + timedelta(microseconds=micros)


def _texts(windows: tuple[Window, ...]) -> list[str]:
    return [str(window) for window in windows]


def _windows(texts: list[str]) -> tuple[Window, ...]:
    return tuple(read_window(text) for text in texts)
