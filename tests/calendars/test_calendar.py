"""Business time against tables, and against counting minutes one by one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credo.calendars import Calendar, NeverOpens, Plan, Window, read_days, read_window

MINUTE = timedelta(minutes=1)
BERLIN = ZoneInfo("Europe/Berlin")


def hours(**written: list[str]) -> dict[int, tuple[Window, ...]]:
    days = {name.replace("_", "-"): tuple(map(read_window, windows)) for name, windows in written.items()}
    return {day: windows for name, windows in days.items() for day in read_days(name)}


def at(text: str, zone: ZoneInfo = BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


SHOP = Calendar("Europe/Berlin", hours(mon_fri=["09:00-18:00"], sat=["10:00-14:00"]))
LUNCH = Calendar("Europe/Berlin", hours(mon_fri=["09:00-12:00", "13:00-17:00"]))
NIGHT = Calendar("Europe/Berlin", hours(mon_sun=["22:00-06:00"]))
ALWAYS = Calendar("Europe/Berlin", hours(mon_sun=["00:00-24:00"]))


@pytest.mark.parametrize(
    ("calendar", "start", "opening", "due"),
    [
        (SHOP, "2026-11-23 10:05", timedelta(hours=4), "2026-11-23 14:05"),
        (SHOP, "2026-11-23 16:00", timedelta(hours=4), "2026-11-24 11:00"),
        (SHOP, "2026-11-23 14:00", timedelta(hours=4), "2026-11-23 18:00"),  # exactly at closing, not next morning
        (SHOP, "2026-11-21 13:00", timedelta(hours=4), "2026-11-23 12:00"),  # Saturday, then Monday
        (SHOP, "2026-11-22 03:00", timedelta(hours=4), "2026-11-23 13:00"),
        (LUNCH, "2026-11-23 11:30", timedelta(hours=1), "2026-11-23 13:30"),
        (LUNCH, "2026-11-23 12:30", timedelta(), "2026-11-23 13:00"),
        (NIGHT, "2026-11-23 23:00", timedelta(hours=8), "2026-11-24 23:00"),
        (ALWAYS, "2026-10-24 12:00", timedelta(hours=24), "2026-10-25 11:00"),  # a day of 25 hours
        (ALWAYS, "2026-03-28 12:00", timedelta(hours=24), "2026-03-29 13:00"),  # a day of 23 hours
    ],
)
def test_due(calendar: Calendar, start: str, opening: timedelta, due: str) -> None:
    assert calendar.add(at(start), opening) == at(due)


@pytest.mark.parametrize(
    ("calendar", "start", "days", "due"),
    [
        (SHOP, "2026-11-23 10:00", 2, "2026-11-25 18:00"),
        (SHOP, "2026-11-23 10:00", 1, "2026-11-24 18:00"),
        (SHOP, "2026-11-23 19:00", 2, "2026-11-26 18:00"),  # closed: counts as Tuesday morning
        (SHOP, "2026-11-22 12:00", 1, "2026-11-24 18:00"),  # Sunday counts as Monday
        (SHOP, "2026-11-27 10:00", 1, "2026-11-28 14:00"),  # Saturday is a business day here
        (LUNCH, "2026-11-23 12:30", 1, "2026-11-24 17:00"),
        (NIGHT, "2026-11-24 03:00", 1, "2026-11-25 06:00"),  # still Monday's shift
        (SHOP, "2026-11-23 10:00", 0, "2026-11-23 18:00"),
    ],
)
def test_business_days(calendar: Calendar, start: str, days: int, due: str) -> None:
    assert calendar.add_days(at(start), days) == at(due)


def test_holidays_exceptions_and_breaks() -> None:
    calendar = Calendar(
        "Europe/Berlin",
        hours(mon_fri=["09:00-18:00"]),
        holidays=frozenset({date(2026, 12, 24), date(2026, 12, 25)}),
        exceptions={date(2026, 12, 24): (read_window("09:00-12:00"),), date(2026, 12, 23): ()},
        breaks={date(2026, 12, 22): (read_window("12:00-13:30"),)},
    )
    assert calendar.elapsed(at("2026-12-22 00:00"), at("2026-12-23 00:00")) == timedelta(hours=7.5)
    assert calendar.elapsed(at("2026-12-23 00:00"), at("2026-12-24 00:00")) == timedelta()
    assert calendar.elapsed(at("2026-12-24 00:00"), at("2026-12-28 00:00")) == timedelta(hours=3)
    assert not calendar.within(at("2026-12-22 13:00"))
    assert calendar.within(at("2026-12-22 13:30"))
    assert Calendar.restored(calendar.stored()) == calendar


def test_a_break_takes_away_from_hours_that_began_the_evening_before() -> None:
    calendar = Calendar(
        "UTC", hours(mon_sun=["22:00-06:00"]), breaks={date(2026, 11, 24): (read_window("02:00-03:00"),)}
    )
    assert calendar.elapsed(
        at("2026-11-23 12:00", ZoneInfo("UTC")), at("2026-11-24 12:00", ZoneInfo("UTC"))
    ) == timedelta(hours=7)


def test_overlapping_hours_count_once() -> None:
    calendar = Calendar("UTC", hours(mon=["20:00-06:00", "21:00-23:00"], tue=["05:00-08:00"]))
    assert calendar.elapsed(datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 11, 25, tzinfo=UTC)) == timedelta(
        hours=12
    )


def test_a_holiday_closes_the_hours_that_begin_on_it() -> None:
    calendar = Calendar("UTC", hours(mon_sun=["22:00-06:00"]), holidays=frozenset({date(2026, 12, 25)}))
    assert calendar.elapsed(datetime(2026, 12, 25, tzinfo=UTC), datetime(2026, 12, 26, tzinfo=UTC)) == timedelta(
        hours=6
    )


def test_wall_times_that_do_not_exist_or_come_twice() -> None:
    early = Calendar("Europe/Berlin", hours(mon_sun=["02:30-05:00"]))
    assert early.add(at("2026-03-29 00:00"), timedelta()) == datetime(
        2026, 3, 29, 1, 30, tzinfo=UTC
    )  # 03:30 summer time
    assert early.elapsed(at("2026-03-29 00:00"), at("2026-03-29 12:00")) == timedelta(hours=1.5)
    assert early.add(at("2026-10-25 00:00"), timedelta()) == datetime(
        2026, 10, 25, 0, 30, tzinfo=UTC
    )  # the first 02:30
    assert early.elapsed(at("2026-10-25 00:00"), at("2026-10-25 12:00")) == timedelta(hours=3.5)
    cairo = Calendar("Africa/Cairo", hours(fri=["00:00-24:00"]))  # midnight itself is skipped
    assert cairo.elapsed(datetime(2026, 4, 23, tzinfo=UTC), datetime(2026, 4, 26, tzinfo=UTC)) == timedelta(hours=23)


def test_the_lines_say_what_was_counted() -> None:
    lines = SHOP.lines(at("2026-11-21 13:00"), at("2026-11-24 09:45"))
    assert [line.sentence() for line in lines] == [
        "Sat 21 Nov 13:00–14:00, 1 h",
        "Mon 23 Nov 09:00–18:00, 9 h",
        "Tue 24 Nov 09:00–09:45, 45 min",
    ]
    assert (
        ALWAYS.lines(at("2026-10-25 00:00"), at("2026-10-26 00:00"))[0].sentence("de")
        == "So., 25. Okt. 00:00–24:00, 25 h"
    )


def test_a_calendar_without_hours_is_refused() -> None:
    with pytest.raises(NeverOpens):
        Calendar("UTC", {0: ()})


def test_a_calendar_that_stays_closed_ends_with_a_sentence() -> None:
    past = Calendar("UTC", {}, exceptions={date(2020, 1, 1): (Window(540, 600),)})
    for ask in (
        lambda: past.add(datetime(2026, 1, 1, tzinfo=UTC), MINUTE),
        lambda: past.add_days(datetime(2026, 1, 1, tzinfo=UTC), 1),
    ):
        with pytest.raises(NeverOpens, match="never opens"):
            ask()
    assert past.back(datetime(2021, 1, 1, tzinfo=UTC), MINUTE) == datetime(2020, 1, 1, 9, 59, tzinfo=UTC)
    with pytest.raises(NeverOpens):
        past.add_days(datetime(2020, 1, 1, 9, 30, tzinfo=UTC), 1)


def test_holidays_become_dates() -> None:
    calendar = Plan(
        "Europe/Berlin", hours(mon_fri=["09:00-18:00"]), ("DE-BE", "ECB"), frozenset({date(2026, 7, 1)})
    ).resolve(2026)
    assert {
        date(2026, 10, 3),
        date(2026, 3, 8),
        date(2026, 4, 6),
        date(2026, 7, 1),
        date(2036, 1, 1),
    } <= calendar.holidays
    assert Calendar.restored(calendar.stored()) == calendar


ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Africa/Cairo", "UTC")
WINDOWS = st.builds(
    lambda start, length: Window(start * 15, start * 15 + length * 15), st.integers(0, 95), st.integers(1, 96)
)
DATES = tuple(
    datetime(2026, month, day, tzinfo=UTC)
    for month, day in ((3, 7), (3, 27), (4, 3), (4, 23), (10, 3), (10, 23), (10, 28), (12, 23))
)
WEEK = st.dictionaries(st.integers(0, 6), st.lists(WINDOWS, min_size=1, max_size=3).map(tuple), min_size=1)


@st.composite
def calendars(draw: st.DrawFn) -> tuple[Calendar, datetime]:
    begin = draw(st.sampled_from(DATES))
    near = st.integers(-1, 6).map(lambda n: (begin + timedelta(days=n)).date())
    days = st.dictionaries(near, st.lists(WINDOWS, max_size=2).map(tuple), max_size=2)
    calendar = Calendar(
        draw(st.sampled_from(ZONES)), draw(WEEK), draw(st.frozensets(near, max_size=3)), draw(days), draw(days)
    )
    return calendar, begin + timedelta(minutes=draw(st.integers(0, 3000)))


def is_open(calendar: Calendar, moment: datetime) -> bool:
    zone = ZoneInfo(calendar.zone)
    near = [(moment + timedelta(days=n)).date() for n in (-2, -1, 0, 1, 2)]

    def covers(days: Mapping[date, tuple[Window, ...]]) -> bool:
        return any(
            wall(day, window.start) <= moment < wall(day, window.end) for day in near for window in days.get(day, ())
        )

    def wall(day: date, minutes: int) -> datetime:
        naive = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minutes)
        return naive.replace(tzinfo=zone).astimezone(UTC)

    ordinary = {day: () if day in calendar.holidays else calendar.hours.get(day.weekday(), ()) for day in near}
    return covers({**ordinary, **calendar.exceptions}) and not covers(calendar.breaks)


@settings(max_examples=150, deadline=None)
@given(calendars(), st.integers(0, 4000))
def test_elapsed_equals_counting_minutes(made: tuple[Calendar, datetime], length: int) -> None:
    calendar, start = made
    counted = sum(is_open(calendar, start + n * MINUTE) for n in range(length))
    assert calendar.elapsed(start, start + length * MINUTE) == counted * MINUTE


@settings(max_examples=300, deadline=None)
@given(calendars(), st.integers(1, 4000), st.integers(0, 59_999_999))
def test_due_is_the_exact_inverse(made: tuple[Calendar, datetime], minutes: int, micros: int) -> None:
    calendar, start = made
    start, opening = start + timedelta(microseconds=micros), minutes * MINUTE
    due = calendar.add(start, opening)
    assert calendar.elapsed(start, due) == opening
    assert calendar.elapsed(start, due - timedelta(microseconds=1)) < opening
    again = calendar.back(due, opening)
    assert calendar.elapsed(again, due) == opening
    assert calendar.elapsed(again + timedelta(microseconds=1), due) < opening


@settings(max_examples=300, deadline=None)
@given(calendars(), st.integers(0, 9000), st.integers(0, 9000))
def test_elapsed_adds_up_and_never_shrinks(made: tuple[Calendar, datetime], one: int, two: int) -> None:
    calendar, start = made
    middle, end = start + one * MINUTE, start + (one + two) * MINUTE
    whole = calendar.elapsed(start, end)
    assert whole == calendar.elapsed(start, middle) + calendar.elapsed(middle, end)
    assert timedelta() <= calendar.elapsed(start, middle) <= whole
    assert sum((line.length for line in calendar.lines(start, end)), timedelta()) == whole


@settings(max_examples=200, deadline=None)
@given(calendars(), st.integers(1, 600), st.integers(0, 3000), st.integers(1, 600))
def test_waiting_moves_the_due_time_by_as_much(made: tuple[Calendar, datetime], ran: int, wait: int, rest: int) -> None:
    calendar, start = made
    paused = start + ran * MINUTE
    resumed = paused + wait * MINUTE
    total = calendar.elapsed(start, paused) + rest * MINUTE
    due, moved = calendar.add(start, total), calendar.add(resumed, rest * MINUTE)
    assert calendar.elapsed(due, moved) == calendar.elapsed(paused, resumed)


@settings(max_examples=200, deadline=None)
@given(calendars(), st.integers(1, 6))
def test_business_days_end_at_a_close_and_add_up(made: tuple[Calendar, datetime], days: int) -> None:
    calendar, start = made
    due = calendar.add_days(start, days)
    assert due > start
    assert calendar.within(due - timedelta(microseconds=1))
    assert calendar.add_days(start, days - 1) < due


CALENDARS = st.sampled_from([SHOP, LUNCH, NIGHT, ALWAYS, Calendar("Pacific/Apia", hours(mon_fri=["09:00-18:00"]))])
MOMENTS = st.integers(0, 20 * 366 * 86400).map(lambda seconds: datetime(2011, 6, 1, tzinfo=UTC) + timedelta(0, seconds))


@given(CALENDARS, MOMENTS, MOMENTS)
@settings(max_examples=60, deadline=None)
def test_the_ruler_measures_what_counting_finds(calendar: Calendar, one: datetime, other: datetime) -> None:
    start, end = sorted((one, other))
    for ruler in (calendar.ruler, Calendar(calendar.zone, calendar.hours).ruler):  # in use for long, and new
        assert timedelta(microseconds=ruler.at(end) - ruler.at(start)) == calendar.elapsed(start, end)


@pytest.mark.parametrize(
    ("calendar", "moment", "stretches"),
    [
        (
            SHOP,
            "2026-11-23 10:05",
            [("2026-11-23 10:05", "2026-11-23 18:00"), ("2026-11-24 09:00", "2026-11-24 18:00")],
        ),
        (
            SHOP,
            "2026-11-21 14:00",
            [("2026-11-23 09:00", "2026-11-23 18:00"), ("2026-11-24 09:00", "2026-11-24 18:00")],
        ),
        (
            LUNCH,
            "2026-11-23 12:30",
            [("2026-11-23 13:00", "2026-11-23 17:00"), ("2026-11-24 09:00", "2026-11-24 12:00")],
        ),
        (
            NIGHT,
            "2026-11-23 01:00",
            [("2026-11-23 01:00", "2026-11-23 06:00"), ("2026-11-23 22:00", "2026-11-24 06:00")],
        ),
    ],
)
def test_the_ruler_tells_the_next_openings(calendar: Calendar, moment: str, stretches: list[tuple[str, str]]) -> None:
    assert calendar.ruler.stretches(at(moment), 2) == [(at(start), at(end)) for start, end in stretches]


def test_what_never_closes_is_one_stretch() -> None:
    ((start, end),) = ALWAYS.ruler.stretches(at("2026-11-23 10:05"), 3)
    assert start == at("2026-11-23 10:05")
    assert end - start > timedelta(days=31)
