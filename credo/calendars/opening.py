"""When somebody is there, as a person says it on the first day."""

from __future__ import annotations

from dataclasses import dataclass

from credo.base.errors import Invalid
from credo.calendars.holidays import UnknownHolidays, holiday_dates
from credo.calendars.windows import BadWindow, read_window


class NeverOpen(Invalid):
    """Choose at least one day on which somebody is there."""


class HoursUnclear(Invalid):
    """Somebody has to be there from one time to another, such as 09:00 to 18:00."""


class UnknownRegion(Invalid):
    """No holidays are known for this region; choose one from the list, or none."""


@dataclass(frozen=True, slots=True)
class Opening:
    """When somebody is there: weekdays (0 is Monday), "09:00" to "18:00", a time zone, a holiday code or nothing."""

    days: tuple[int, ...]
    opens: str
    closes: str
    zone: str
    region: str = ""

    def ensure_fits(self) -> None:
        """Refuse what no calendar can be made of; the zone is checked with the desk."""
        if not self.days or not set(self.days) <= set(range(7)):
            raise NeverOpen
        try:
            read_window(f"{self.opens}-{self.closes}")
            if self.region:
                holiday_dates(self.region, (2026,))
        except BadWindow as unclear:
            raise HoursUnclear from unclear
        except UnknownHolidays as unknown:
            raise UnknownRegion from unknown
