"""One-off changes over a calendar: what was open before they were decided stays, nothing comes due before its time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calendars.test_calendar import BERLIN, LUNCH, NIGHT, SHOP, at, hours
from credo.calendars import Calendar, Change, read_window

HOUR = timedelta(hours=1)
MIDNIGHT = {"2026-11-23": at("2026-11-24 00:00"), "2026-10-25": at("2026-10-26 00:00")}


def closed(since: str, until: str) -> Change:
    return Change(at(since), at(until))


def other(day: str, since: str, *windows: str) -> Change:
    that = date.fromisoformat(day)
    after = datetime.combine(that + timedelta(days=2), datetime.min.time(), BERLIN)
    return Change(at(since), after, that, tuple(map(read_window, windows)))


@pytest.mark.parametrize(
    ("calendar", "changes", "start", "due"),
    [
        # closing today at 14:00: three of four hours had passed
        (SHOP, [closed("2026-11-23 14:00", "2026-11-24 00:00")], "2026-11-23 11:00", "2026-11-24 10:00"),
        # decided while closed: today stays shut, tomorrow does not
        (SHOP, [closed("2026-11-23 07:30", "2026-11-24 00:00")], "2026-11-22 12:00", "2026-11-24 13:00"),
        # opened again after two hours
        (SHOP, [closed("2026-11-23 12:00", "2026-11-23 14:00")], "2026-11-23 11:00", "2026-11-23 17:00"),
        # a night shift closed at two in the morning is closed until midnight
        (NIGHT, [closed("2026-11-24 02:00", "2026-11-25 00:00")], "2026-11-23 23:00", "2026-11-25 01:00"),
        # other hours, said the day before
        (SHOP, [other("2026-11-24", "2026-11-23 17:00", "12:00-20:00")], "2026-11-23 16:00", "2026-11-24 14:00"),
        # other hours, said in the middle of the day: the morning counts as it was
        (SHOP, [other("2026-11-23", "2026-11-23 11:00", "15:00-20:00")], "2026-11-23 10:00", "2026-11-23 18:00"),
        # open on a Sunday for once
        (SHOP, [other("2026-11-22", "2026-11-20 09:00", "10:00-12:00")], "2026-11-21 13:00", "2026-11-23 10:00"),
        # two changes of one day, the later word counts
        (
            SHOP,
            [other("2026-11-23", "2026-11-22 09:00", "09:00-20:00"), closed("2026-11-23 13:00", "2026-11-24 00:00")],
            "2026-11-23 11:00",
            "2026-11-24 11:00",
        ),
        # the hour that comes twice: shut in its second turn only, so the first is open
        (
            Calendar("Europe/Berlin", hours(mon_sun=["00:00-24:00"])),
            [Change(datetime(2026, 10, 25, 1, tzinfo=UTC), datetime(2026, 10, 25, 2, tzinfo=UTC))],
            "2026-10-25 01:00",
            "2026-10-25 05:00",
        ),
    ],
)
def test_four_hours_with_changes(calendar: Calendar, changes: list[Change], start: str, due: str) -> None:
    assert calendar.changed(changes).add(at(start), 4 * HOUR) == at(due)


@pytest.mark.parametrize(
    ("changes", "start", "days", "due"),
    [
        # a day that closes early is none on which something comes due
        ([closed("2026-11-24 14:00", "2026-11-25 00:00")], "2026-11-23 10:00", 1, "2026-11-25 18:00"),
        ([other("2026-11-24", "2026-11-23 09:00", "09:00-13:00")], "2026-11-23 10:00", 1, "2026-11-25 18:00"),
        # but it is one on which something begins
        ([closed("2026-11-23 14:00", "2026-11-24 00:00")], "2026-11-23 10:00", 1, "2026-11-24 18:00"),
        ([closed("2026-11-23 14:00", "2026-11-24 00:00")], "2026-11-23 15:00", 1, "2026-11-25 18:00"),
        # open longer, so it is due later in the evening
        ([other("2026-11-24", "2026-11-23 09:00", "09:00-20:00")], "2026-11-23 10:00", 1, "2026-11-24 20:00"),
        # closed after closing: nothing changes
        ([closed("2026-11-24 19:00", "2026-11-25 00:00")], "2026-11-23 10:00", 1, "2026-11-24 18:00"),
    ],
)
def test_business_days_with_changes(changes: list[Change], start: str, days: int, due: str) -> None:
    assert SHOP.changed(changes).add_days(at(start), days) == at(due)


CALENDARS = [SHOP, LUNCH, NIGHT] + [
    Calendar(zone, hours(mon_sun=["08:00-20:00"]))
    for zone in ("America/New_York", "Australia/Lord_Howe", "Africa/Cairo")
]
# around both changes of the clock, and an ordinary week
STARTS = st.sampled_from(["2026-10-23", "2026-03-27", "2026-11-20"]).flatmap(
    lambda day: st.integers(0, 5 * 24 * 60).map(lambda minutes: at(f"{day} 00:00") + timedelta(minutes=minutes))
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(CALENDARS), STARTS, STARTS, st.integers(1, 3000), st.integers(1, 30 * 60))
def test_closing_lets_due_times_only_grow_and_the_past_alone(
    calendar: Calendar, start: datetime, since: datetime, length: int, target: int
) -> None:
    changed = calendar.changed([Change(since, since + timedelta(minutes=length))])
    opening = timedelta(minutes=target)
    for before, after in (
        (calendar.add(start, opening), changed.add(start, opening)),
        (calendar.add_days(start, 2), changed.add_days(start, 2)),
    ):
        assert after >= before
        assert before > since or after == before
    assert changed.elapsed(start, changed.add(start, opening)) == opening
    assert changed.elapsed(since - timedelta(days=3), since) == calendar.elapsed(since - timedelta(days=3), since)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(CALENDARS), STARTS, STARTS, st.integers(-1, 3), st.integers(1, 30 * 60), st.booleans())
def test_other_hours_never_let_something_come_due_before_they_were_decided(
    calendar: Calendar, start: datetime, since: datetime, ahead: int, target: int, days: bool
) -> None:
    that = since.astimezone(ZoneInfo(calendar.zone)).date() + timedelta(days=ahead)
    until = datetime.combine(that + timedelta(days=2), datetime.min.time(), ZoneInfo(calendar.zone))
    changed = calendar.changed([Change(since, until, that, (read_window("06:00-11:00"), read_window("19:00-23:00")))])
    ends = [
        one.add_days(start, 1) if days else one.add(start, timedelta(minutes=target)) for one in (calendar, changed)
    ]
    if ends[0] <= since:
        assert ends[1] == ends[0]
    else:
        assert ends[1] > since or (days and ends[1] == since)
