"""Business time: when a desk is open, how much opening time has passed, and when a target is reached."""

from credo.calendars.calendar import Calendar, Counted, NeverOpens
from credo.calendars.changes import Change
from credo.calendars.holidays import UnknownHolidays, holiday_dates, known_codes
from credo.calendars.plan import Plan
from credo.calendars.ruler import Ruler
from credo.calendars.windows import BadDay, BadWindow, Window, read_days, read_window

__all__ = [
    "BadDay",
    "BadWindow",
    "Calendar",
    "Change",
    "Counted",
    "NeverOpens",
    "Plan",
    "Ruler",
    "UnknownHolidays",
    "Window",
    "holiday_dates",
    "known_codes",
    "read_days",
    "read_window",
]
