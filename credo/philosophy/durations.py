"""Targets as ISO 8601 durations: opening hours (PT4H) or business days (P2D), never mixed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from credo.base.errors import Invalid
from credo.calendars import Calendar

_OPENING = re.compile(r"PT(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,7})S)?")
_DAYS = re.compile(r"P(\d{1,4})D")


class BadTarget(Invalid):
    """A target is written in opening hours like PT4H or PT90M, or in business days like P2D."""


@dataclass(frozen=True, slots=True)
class Target:
    """How much may pass: either `opening` time, or whole business `days`."""

    text: str
    opening: timedelta | None = None
    days: int | None = None

    def due(self, calendar: Calendar, start: datetime) -> datetime:
        """When the target is reached on `calendar` for something that runs from `start` without a pause."""
        if self.days is not None:
            return calendar.add_days(start, self.days)
        return calendar.add(start, self.opening or timedelta())


def read_target(text: str) -> Target:
    """The target written as PT4H, PT90M, PT1H30M or P2D; raises BadTarget."""
    if (days := _DAYS.fullmatch(text)) and int(days[1]):
        return Target(text, days=int(days[1]))
    opening = _OPENING.fullmatch(text)
    hours, minutes, seconds = (int(part or 0) for part in opening.groups()) if opening else (0, 0, 0)
    length = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if length:
        return Target(text, opening=length)
    if re.fullmatch(r"P\d+DT.+", text):
        raise BadTarget("Business days and opening hours cannot be mixed in one target; choose one, like P2D or PT12H.")
    if re.fullmatch(r"P\d+W", text):
        raise BadTarget("Weeks are not a target; count business days, like P5D.")
    raise BadTarget
