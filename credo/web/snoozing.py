"""The moments one can put something aside to, on the reader's clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from credo.base import clock
from credo.web import wording
from credo.web.wording import gettext as _


@dataclass(frozen=True, slots=True)
class Choice:
    """A moment with a name."""

    label: str
    at: datetime


def choices() -> list[Choice]:
    """Later today while there is one, tomorrow, in two days, and the beginning of next week."""
    here = wording.local(clock.now())
    found = []
    if here.hour < 15:
        found.append(Choice(_("Later today"), _at(here, 0, max(here.hour + 3, 13))))
    found.append(Choice(_("Tomorrow"), _at(here, 1, 9)))
    found.append(Choice(_("In two days"), _at(here, 2, 9)))
    found.append(Choice(_("Next week"), _at(here, 7 - here.weekday(), 9)))
    return [choice for place, choice in enumerate(found) if choice.at not in {one.at for one in found[:place]}]


def _at(here: datetime, days: int, hour: int) -> datetime:
    moment = datetime.combine(here.date() + timedelta(days=days), time(hour), here.tzinfo)
    return moment.astimezone(UTC)
