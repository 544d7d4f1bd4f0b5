"""What holds for a time without a new version: closed today, other hours, incident mode, a promise that pauses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Literal

from credo.calendars import Calendar, Change, read_window

Kind = Literal["closed_today", "changed_hours", "incident_mode", "rule_paused"]
PROMISES = "promises/"
_NEVER = datetime(9000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class OneOff:
    """A dated row with its author and reason. The events say which clocks knew of it, and of its end."""

    id: int
    kind: Kind
    from_at: datetime
    until_at: datetime | None
    calendar: str | None
    element: str | None
    payload: dict[str, Any]
    author_id: int | None
    author: str
    reason: str
    made_at: datetime
    made_event_id: int
    ended_at: datetime | None
    ended_by: int | None
    ended_event_id: int | None

    @property
    def end(self) -> datetime:
        """Until when it holds; far ahead while nobody has ended it."""
        return min(one for one in (self.until_at, self.ended_at, _NEVER) if one is not None)

    @property
    def of_hours(self) -> bool:
        """Whether it lies over calendars, so that due times move."""
        return self.kind in ("closed_today", "changed_hours")

    def holds(self, at: datetime) -> bool:
        """Whether it holds at a moment."""
        return self.from_at <= at < self.end

    def known(self, event_id: int | None) -> OneOff | None:
        """It as it was known when event `event_id` was recorded (None: now); None when it was not known yet."""
        if event_id is None:
            return self
        if self.made_event_id > event_id:
            return None
        if self.ended_event_id is not None and self.ended_event_id > event_id:
            return replace(self, ended_at=None, ended_by=None, ended_event_id=None)
        return self

    def change(self) -> Change:
        """What it does to a calendar."""
        if self.kind == "changed_hours":
            windows = tuple(read_window(text) for text in self.payload["windows"])
            return Change(self.from_at, self.end, date.fromisoformat(self.payload["day"]), windows)
        return Change(self.from_at, self.end)

    def concerns(self, calendar: str) -> bool:
        """Whether it lies over the calendar of this name."""
        return self.of_hours and self.calendar in (None, calendar)

    def pauses(self, promise: str, at: datetime) -> bool:
        """Whether this promise starts no clock at a moment because of it."""
        if self.kind == "rule_paused":
            return self.element == f"{PROMISES}{promise}" and self.holds(at)
        named = self.payload.get("promises") or ()
        return self.kind == "incident_mode" and self.holds(at) and (not named or promise in named)


def laid_over(calendar: Calendar, name: str, one_offs: Iterable[OneOff]) -> Calendar:
    """The calendar called `name` with everything laid over it that was decided for once, in the order decided."""
    concerned = sorted((one for one in one_offs if one.concerns(name)), key=lambda one: one.made_event_id)
    changes = [one.change() for one in concerned if one.end > one.from_at]
    return calendar.changed(changes) if changes else calendar
