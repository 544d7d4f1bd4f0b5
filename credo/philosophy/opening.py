"""Reading policy.calendars: when the desk is open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
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


@lru_cache(maxsize=4096)
def _zone_like(name: str) -> str | None:
    """The zone whose city is spelled most like that of `name`, by the same first letter."""
    city = name.rpartition("/")[2]
    known = {zone.rpartition("/")[2]: zone for zone in _zones()}
    near = nearest(city, [one for one in known if one[:1].lower() == city[:1].lower()])
    return known[near] if near else None


@lru_cache(maxsize=1)
def _zones() -> tuple[str, ...]:
    return tuple(zone for zone in sorted(available_timezones()) if "/" in zone)


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
        place, windows = week.key_place(name), _windows(week, name)
        for day in _said(week, place, name, read_days) or ():
            if day in hours:
                cause = _("%(day)s has its hours twice.")
                week.problems.error(place, f"{week.path}/{name}", cause, _("take one of them out"), day=WEEKDAYS[day])
            hours[day] = windows
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
    for text, place in dict(reversed(section.texts("holidays"))).items():  # each code once, where it stands first
        if text[:1].isdigit():
            dates.append(_said(section, place, text, _day, "holidays"))
            continue
        codes.append(text)
        if (refused := _refused(text)) is not None:
            path, cause, hint = (
                f"{section.path}/holidays",
                _("“%(name)s”: %(sentence)s"),
                _("write it like %(example)s"),
            )
            section.problems.unknown(place, path, cause, text, known_codes(), hint, sentence=refused, example="PT")
    return tuple(reversed(codes)), frozenset(day for day in dates if day is not None)


@lru_cache(maxsize=400)
def _codes_like(code: str) -> tuple[str, ...]:
    """The codes that may have been meant: regions of the same country, else what is no region and begins alike."""
    country = code.partition("-")[0]
    return tuple(one for one in _all_codes() if one.startswith(f"{country}-")) or tuple(
        one for one in _all_codes() if "-" not in one and one[:1] == code[:1].upper()
    )


@lru_cache(maxsize=1)
def _all_codes() -> tuple[str, ...]:
    return tuple(known_codes())


@lru_cache(maxsize=4096)
def _refused(code: str) -> str | None:
    """What is said of a holiday code that is not known."""
    try:
        holiday_dates(code, _ANY_YEAR)
    except UnknownHolidays as unknown:
        return unknown.sentence
    return None


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
