"""Calendar invitations, as much of them as a person wants to see at a glance."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from credo.channels import Address, Invite
from credo.channels.email import charsets

if TYPE_CHECKING:
    from icalendar import Component

MAX_LENGTH = 500_000
MAX_ATTENDEES = 200


def parse(data: bytes, charset: str | None) -> Invite | None:
    """The first event of a calendar part, or None when there is none to read."""
    from icalendar import Calendar  # slow to load, and few mails carry one

    text = charsets.decode(data[:MAX_LENGTH], charset or "utf-8")[0]
    if "BEGIN:VCALENDAR" not in text.upper():
        return None
    try:
        calendar = Calendar.from_ical(text)
        events = calendar.walk("VEVENT")
        return _invite(calendar, events[0]) if events else None
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError, RecursionError):
        return None


def _invite(calendar: Component, event: Component) -> Invite:
    starts, all_day = _moment(event.get("dtstart"))
    ends, _ = _moment(event.get("dtend"))
    if ends is None and starts is not None and (duration := getattr(event.get("duration"), "dt", None)):
        ends = starts + duration
    return Invite(
        method=_words(calendar.get("method")).upper() or "PUBLISH",
        summary=_words(event.get("summary")),
        starts=starts,
        ends=ends,
        all_day=all_day,
        location=_words(event.get("location")),
        organizer=_person(event.get("organizer")),
        attendees=tuple(one for one in map(_person, _list(event.get("attendee"))) if one)[:MAX_ATTENDEES],
        description=_words(event.get("description"))[:10_000],
        uid=_words(event.get("uid")),
    )


def _moment(value: object) -> tuple[datetime | None, bool]:
    told = getattr(value, "dt", None)
    if isinstance(told, datetime):
        return (told if told.tzinfo else told.replace(tzinfo=UTC)), False
    if isinstance(told, date):
        return datetime(told.year, told.month, told.day, tzinfo=UTC), True
    return None, False


def _words(value: object) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    return charsets.clean(str(value)).strip() if value is not None else ""


def _list(value: object) -> list[object]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _person(value: object) -> Address | None:
    if value is None:
        return None
    address = str(value)
    address = address[7:] if address.lower().startswith("mailto:") else address
    parameters = getattr(value, "params", {})
    return Address(name=charsets.clean(str(parameters.get("CN", ""))), address=charsets.clean(address).strip())
