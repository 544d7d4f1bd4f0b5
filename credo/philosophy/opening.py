"""Reading policy.calendars: when the desk is open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from zoneinfo import ZoneInfo, available_timezones

from credo.base.errors import Invalid
from credo.base.nearest import nearest
from credo.calendars import Plan, UnknownHolidays, Window, holiday_dates, known_codes, read_days, read_window
from credo.calendars.windows import WEEKDAYS
from credo.philosophy.kinds import Json, Text
from credo.philosophy.problems import DID_YOU_MEAN, Place, _
from credo.philosophy.reading import Reading
from credo.philosophy.section import Section
from credo.philosophy.several import Named, Words
from credo.philosophy.shapes import Key, Shape

Read = TypeVar("Read")

_ANY_YEAR = (2026,)


def read_zone(section: Section, default: str) -> str:
    """The time zone under `zone`, by its name in the zone database."""
    name = section.text("zone") or default
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):  # not a key, a folder of the database, unknown
        cause = _("The time zone “%(name)s” is not known.")
        near = _zone_like(name)
        section.error("zone", cause, DID_YOU_MEAN if near else _("write it like Europe/Berlin"), name=name, near=near)
        return default
    return name


def _zone_like(name: str) -> str | None:
    """The zone whose city is spelled most like that of `name`."""
    cities = {zone.rpartition("/")[2]: zone for zone in sorted(available_timezones()) if "/" in zone}
    near = nearest(name.rpartition("/")[2], cities)
    return cities[near] if near else None


WINDOWS = Words('["09:00-18:00"]')
CALENDAR = Shape(
    Plan,
    (
        Key("zone", Text("Europe/Berlin"), "a time zone, else the document's"),
        Key(
            "hours",
            Named(WINDOWS, open=True),
            'days (`mon`, `mon-fri`, `sat,sun`) to windows (`"09:00-18:00"`, `"00:00-24:00"`, `"22:00-06:00"` past '
            "midnight), as many a day as needed",
            required=True,
        ),
        Key(
            "holidays",
            Words("DE-BE"),
            "a code or a list of codes and dates: a country (`PT`), a region (`DE-BE`), a market (`ECB`), a date",
        ),
        Key(
            "exceptions",
            Named(WINDOWS, open=True),
            "a date to its windows, instead of that day's hours, holiday or not; `[]` closes it",
        ),
        Key("breaks", Named(WINDOWS, open=True), "a date to windows that are taken out of whatever is open"),
    ),
)


@dataclass(frozen=True, slots=True)
class Calendars:
    """Calendars by name; one without a zone has the document's."""

    like: str = '{shop: {hours: {mon-fri: ["09:00-18:00"]}}}'

    def read(self, section: Section, key: str, reading: Reading) -> dict[str, Plan]:
        found = section.section(key)
        return {name: _calendar(found.section(name, CALENDAR.names()), reading.zone) for name, _node in found.named()}

    def absent(self) -> dict[str, Plan]:
        return {}

    def schema(self) -> Json:
        return {"type": "object", "additionalProperties": CALENDAR.schema()}

    def words(self) -> str:
        return "calendars by name"

    def example(self) -> str:
        return self.like


def _calendar(section: Section, zone: str) -> Plan:
    complaints = len(section.problems.found)
    hours, exceptions = _hours(section), _dated(section, "exceptions")
    understood = len(section.problems.found) == complaints
    if understood and not any(hours.values()) and not any(exceptions.values()):
        cause = _("This calendar never opens, so no time would ever pass on it.")
        section.error("hours", cause, _("write it like “%(like)s”"), like='mon-fri: ["09:00-18:00"]')
    codes, dates = _holidays(section)
    return Plan(read_zone(section, zone), hours, codes, dates, exceptions, _dated(section, "breaks"))


def _hours(section: Section) -> Mapping[int, tuple[Window, ...]]:
    hours: dict[int, tuple[Window, ...]] = {}
    week = section.section("hours", required=True)
    for name, _node in week.named():
        place = week.key_place(name)
        for day in _said(week, place, name, read_days) or ():
            if day in hours:
                cause = _("%(day)s has its hours twice.")
                week.problems.error(place, f"{week.path}/{name}", cause, _("take one of them out"), day=WEEKDAYS[day])
            hours[day] = _windows(week, name)
    return hours


def _dated(section: Section, key: str) -> Mapping[date, tuple[Window, ...]]:
    days = section.section(key)
    found = {_said(days, days.key_place(name), name, _day): _windows(days, name) for name, _node in days.named()}
    return {day: windows for day, windows in found.items() if day is not None}


def _windows(section: Section, key: str) -> tuple[Window, ...]:
    found = [_said(section, place, text, read_window, key) for text, place in section.texts(key)]
    return tuple(window for window in found if window is not None)


def _holidays(section: Section) -> tuple[tuple[str, ...], frozenset[date]]:
    codes, dates = [], []
    for text, place in section.texts("holidays"):
        if text[:1].isdigit():
            dates.append(_said(section, place, text, _day, "holidays"))
            continue
        codes.append(text)
        try:
            holiday_dates(text, _ANY_YEAR)
        except UnknownHolidays as unknown:
            path = f"{section.path}/holidays"
            section.problems.unknown(
                place, path, _("“%(name)s”: %(sentence)s"), text, known_codes(), sentence=unknown.sentence
            )
    return tuple(codes), frozenset(day for day in dates if day is not None)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise Invalid("Dates are written like 2026-12-24.") from wrong


def _said(section: Section, place: Place, text: str, reader: Callable[[str], Read], key: str = "") -> Read | None:
    """What `reader` makes of `text`, or None after complaining with its own sentence."""
    try:
        return reader(text)
    except Invalid as wrong:
        path = "/".join(part for part in (section.path, key or text) if part)
        cause, hint = _("“%(text)s”: %(sentence)s"), _("write it like %(example)s")
        example = _EXAMPLES[reader]
        section.problems.error(place, path, cause, hint, text=text, sentence=wrong.sentence, example=example)
        return None


_EXAMPLES: Mapping[Callable[[str], object], str] = {
    read_days: "mon-fri",
    read_window: '"09:00-18:00"',
    _day: "2026-12-24",
}
