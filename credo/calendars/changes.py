"""What was decided for once: a day on which the desk closes early, or has other hours than the document says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from credo.calendars.windows import Window


@dataclass(frozen=True, slots=True)
class Change:
    """What was decided for once, from the moment `since` until `until`; what was open before stays as it was.

    Without a `day` nothing is open in between; with one, the hours that begin on it are these `windows` instead.
    """

    since: datetime
    until: datetime
    day: date | None = None
    windows: tuple[Window, ...] = ()
