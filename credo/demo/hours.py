"""Moments of the demo, all relative to now: opening hours of the shop, and when people sit down to write."""

from __future__ import annotations

import random
from datetime import datetime, time, timedelta

from credo.calendars import Calendar
from credo.demo.letters import ZONE


class Hours:
    """Time as the demo tells it; `now` is when it is loaded."""

    def __init__(self, calendar: Calendar, now: datetime, pick: random.Random) -> None:
        self.calendar, self.now, self.pick = calendar, now, pick

    def ago(self, opening: timedelta) -> datetime:
        """The moment since which the shop was open for `opening`."""
        return self.calendar.back(self.now, opening)

    def after(self, moment: datetime, opening: timedelta) -> datetime:
        """The moment when the shop has been open for `opening` since `moment`."""
        return self.calendar.add(moment, opening) + timedelta(seconds=self.pick.randrange(50))

    def on(self, days_ago: int, clock: str) -> datetime:
        """A wall-clock time some days ago; the day before when that has not come yet."""
        local = self.now.astimezone(ZONE)
        moment = datetime.combine(local.date() - timedelta(days=days_ago), time.fromisoformat(clock), ZONE)
        return moment if moment < self.now else moment - timedelta(days=1)

    def awake(self, moment: datetime) -> datetime:
        """`moment`, or the next morning when people sleep; most write between seven and eleven."""
        local = moment.astimezone(ZONE)
        if 7 <= local.hour < 23 or self.pick.random() < 0.06:
            return moment
        day = local.date() + timedelta(days=local.hour >= 23)
        return datetime.combine(day, time(self.pick.randrange(7, 10), self.pick.randrange(60)), ZONE)

    def between(self, least: float, most: float) -> timedelta:
        """Some hours, sooner rather than later."""
        return timedelta(hours=least + (most - least) * self.pick.random() ** 1.7)
