"""The language of one request, and how times and promises are said in it (DESIGN §13)."""

from __future__ import annotations

from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from datetime import date as Day
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal

from credo.base import clock
from credo.language.tongues import LANGUAGES as LANGUAGES
from credo.language.tongues import catalogue as catalogue
from credo.language.tongues import preferred as preferred

language: ContextVar[str] = ContextVar("language", default="en")
zone: ContextVar[str] = ContextVar("zone", default="UTC")


def gettext(text: str) -> str:
    """The sentence in the reader's language."""
    return catalogue(language.get()).gettext(text) if text else ""  # the empty text is a catalogue's own header


def retold(text: str) -> str:
    """A sentence that was written down in English, in the reader's language; what a server said in brackets stays."""
    said = gettext(text)
    sentence, bracket, detail = text.partition(" (")
    return said if said != text else gettext(sentence) + bracket + detail


def ngettext(one: str, many: str, number: int) -> str:
    """The sentence for this number in the reader's language."""
    return catalogue(language.get()).ngettext(one, many, number)


def say(text: str, **values: object) -> str:
    """The sentence of a template with its values; the template escapes the whole."""
    return gettext(text) % values if values else gettext(text)


def say_many(one: str, many: str, num: int, **values: object) -> str:
    """The sentence of a template for this number, with its values."""
    return catalogue(language.get()).ngettext(one, many, num) % {"num": num, **values}


def region() -> str:
    """The locale by which dates and numbers are written; in English the day comes before the month, as DESIGN says."""
    return {"en": "en_GB"}.get(language.get(), language.get())


def local(moment: datetime) -> datetime:
    """The moment on the reader's clock."""
    return moment.astimezone(_zone(zone.get()))


@lru_cache
def zones() -> list[str]:
    """Zones as people know them, by continent and city."""
    continents = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
    return [*sorted(name for name in available_timezones() if name.split("/")[0] in continents), "UTC"]


@lru_cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def hour(moment: datetime) -> str:
    """Twenty-four hours: 08:52."""
    here = local(moment)
    return f"{here.hour:02}:{here.minute:02}"


def short(moment: datetime) -> str:
    """As short as a list needs: 08:52, Wed, 3 Nov, Nov 2024."""
    here, today = local(moment), local(clock.now())
    if here.date() == today.date():
        return hour(moment)
    if timedelta(0) < today.date() - here.date() < timedelta(days=7):
        return weekday(here)
    return date(here) if here.year == today.year else _dated("yMMM", here.date(), region())


def when(moment: datetime) -> str:
    """As a sentence says it: today 08:52, yesterday 17:20, Wed 08:52, 3 Nov 08:52, 3 Nov 2024."""
    here, today = local(moment), local(clock.now())
    days = (today.date() - here.date()).days
    if days == 0:
        return gettext("today %(hour)s") % {"hour": hour(moment)}
    if days == 1:
        return gettext("yesterday %(hour)s") % {"hour": hour(moment)}
    if days == -1:
        return gettext("tomorrow %(hour)s") % {"hour": hour(moment)}
    if here.year != today.year:
        return _dated("yMMMd", here.date(), region())
    return f"{weekday(here) if abs(days) < 7 else date(here)} {hour(moment)}"


def ago(moment: datetime) -> str:
    """Minutes within the last hour, the time itself beyond: no "ago" after that."""
    minutes = int((clock.now() - moment).total_seconds() // 60)
    if 0 <= minutes < 1:
        return gettext("just now")
    if 1 <= minutes < 60:
        return ngettext("%(number)s minute ago", "%(number)s minutes ago", minutes) % {"number": minutes}
    return when(moment)


def day(moment: datetime) -> str:
    """A day in full: 3 November 2026."""
    return format_date(local(moment), "long", locale=region())


def weekday(here: datetime) -> str:
    """The day of the week as a list says it: Wed, Mi., mié."""
    return _dated("E", here.date(), region())


def date(here: datetime) -> str:
    """The day and month as a list says it: 3 Nov, 3. Nov., 3 nov."""
    return _dated("MMMd", here.date(), region())


@lru_cache(4096)
def _dated(skeleton: str, day: Day, locale: str) -> str:
    """A day by its skeleton; a page says the same few days again and again."""
    if skeleton == "E":
        return format_date(day, "EEE", locale=locale)
    return format_skeleton(skeleton, datetime(day.year, day.month, day.day), locale=locale)  # noqa: DTZ001 - a day


def span(seconds: float) -> str:
    """A length of opening as a clock says it: 18 min, 2 h 10, 31 h. Never days, which people count otherwise."""
    minutes = max(0, round(seconds / 60))
    if minutes < 60:
        return gettext("%(number)s min") % {"number": minutes}
    if minutes < 24 * 60:
        return gettext("%(hours)s h %(minutes)02d") % {"hours": minutes // 60, "minutes": minutes % 60}
    return gettext("%(hours)s h") % {"hours": round(minutes / 60)}


def left(due_at: datetime, seconds: float) -> str:
    """What is left of a promise, with `seconds` of opening until it is due: "2 h 10 left", "Fri 12:50", "40 min late".

    Late by more than a day of opening, it says since when; due beyond today, it says when.
    """
    if due_at < clock.now():
        if seconds > -60:
            return gettext("late")
        if seconds <= -24 * 3600:
            return gettext("late since %(when)s") % {"when": short(due_at)}
        return gettext("%(span)s late") % {"span": span(-seconds)}
    if is_today(due_at):
        return gettext("%(span)s left") % {"span": span(seconds)}
    return when(due_at)


def today() -> Day:
    """The reader's day."""
    return local(clock.now()).date()


def is_today(moment: datetime) -> bool:
    """Whether it falls on the reader's today."""
    begins, ends = _day_of(zone.get(), clock.now().replace(second=0, microsecond=0))
    return begins <= moment < ends


@lru_cache(256)
def _day_of(zone: str, minute: datetime) -> tuple[datetime, datetime]:
    """The day around a minute in a zone: a page of clocks asks for it again and again."""
    here = minute.astimezone(_zone(zone)).replace(hour=0, minute=0)
    return here.astimezone(UTC), (here + timedelta(days=1)).astimezone(UTC)


def midnight(moment: datetime) -> datetime:
    """When the reader's day of `moment` begins."""
    return local(moment).replace(hour=0, minute=0, second=0, microsecond=0)


def size(number: int) -> str:
    """Bytes as a person reads them: 840 B, 12 kB, 2.1 MB."""
    if number < 1000:
        return f"{number} B"
    if number < 1_000_000:
        return f"{round(number / 1000)} kB"
    return f"{format_decimal(number / 1_000_000, '0.0', locale=region())} MB"


def iso(moment: datetime) -> str:
    """The machine's spelling, for `datetime` attributes."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
