"""A calendar as people wrote it, with holidays by code; publishing turns it into a calendar of dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from credo.calendars.calendar import Calendar
from credo.calendars.holidays import holiday_dates
from credo.calendars.windows import Window

YEARS_BEFORE, YEARS_AFTER = 5, 10


@dataclass(frozen=True, slots=True)
class Plan:
    """Opening hours by weekday (0 is Monday), holidays by code and date, and single days that differ."""

    zone: str
    hours: Mapping[int, tuple[Window, ...]]
    codes: tuple[str, ...] = ()
    dates: frozenset[date] = frozenset()
    exceptions: Mapping[date, tuple[Window, ...]] = field(default_factory=dict)
    breaks: Mapping[date, tuple[Window, ...]] = field(default_factory=dict)

    def resolve(self, year: int) -> Calendar:
        """The calendar with its holidays as dates, from five years before `year` to ten after; raises NeverOpens."""
        years = range(year - YEARS_BEFORE, year + YEARS_AFTER + 1)
        found = self.dates.union(*(holiday_dates(code, years) for code in self.codes))
        return Calendar(self.zone, self.hours, found, self.exceptions, self.breaks)
