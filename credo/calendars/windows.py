"""How opening hours are written: "mon-fri" and "09:00-18:00"."""

from __future__ import annotations

import re
from typing import NamedTuple

from credo.base.errors import Invalid

DAY = 24 * 60
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WINDOW = re.compile(r"(\d{2}):(\d{2})-(\d{2}):(\d{2})")


class BadWindow(Invalid):
    """Opening hours are written like 09:00-18:00."""


class BadDay(Invalid):
    """Days are written like mon, mon-fri or sat,sun."""


class Window(NamedTuple):
    """Opening hours in minutes after midnight; `end` is past 1440 when they pass midnight."""

    start: int
    end: int

    def __str__(self) -> str:
        return f"{_clock(self.start)}-{_clock(self.end if self.end <= DAY else self.end - DAY)}"


def read_window(text: str) -> Window:
    """The window written as "09:00-18:00", "00:00-24:00" or, passing midnight, "22:00-06:00"; raises BadWindow."""
    match = _WINDOW.fullmatch(text.replace("–", "-").replace(" ", ""))
    if match is None:
        raise BadWindow
    first_hour, first_minute, last_hour, last_minute = map(int, match.groups())
    start, end = first_hour * 60 + first_minute, last_hour * 60 + last_minute
    if first_minute > 59 or last_minute > 59 or start >= DAY or end > DAY:
        raise BadWindow("There is no such time of day; a day goes from 00:00 to 24:00.")
    if start == end:
        raise BadWindow("These hours are empty; write 00:00-24:00 for the whole day.")
    return Window(start, end if end > start else end + DAY)


def read_days(text: str) -> tuple[int, ...]:
    """The weekdays (0 is Monday) written as "mon", "mon-fri", "fri-mon" or "sat,sun"; raises BadDay."""
    days: list[int] = []
    for part in text.replace(" ", "").lower().split(","):
        first, dash, last = part.partition("-")
        last = last if dash else first
        if first not in WEEKDAYS or last not in WEEKDAYS:
            raise BadDay
        start, end = WEEKDAYS.index(first), WEEKDAYS.index(last)
        days += [day % 7 for day in range(start, end + 1 if end >= start else end + 8)]
    return tuple(days)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
