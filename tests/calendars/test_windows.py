"""How opening hours are written."""

from __future__ import annotations

import pytest

from credo.calendars import BadDay, BadWindow, UnknownHolidays, Window, holiday_dates, read_days, read_window


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("09:00-18:00", Window(540, 1080)),
        ("00:00-24:00", Window(0, 1440)),
        ("22:00-06:00", Window(1320, 1800)),
        ("18:00 – 00:00", Window(1080, 1440)),
    ],
)
def test_windows(text: str, window: Window) -> None:
    assert read_window(text) == window
    assert read_window(str(window)) == window


@pytest.mark.parametrize(
    "text", ["", "9-18", "9:00-18:00", "09:00", "09:60-10:00", "24:00-06:00", "09:00-25:00", "09:00-09:00"]
)
def test_bad_windows(text: str) -> None:
    with pytest.raises(BadWindow):
        read_window(text)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("mon", (0,)),
        ("mon-fri", (0, 1, 2, 3, 4)),
        ("fri-mon", (4, 5, 6, 0)),
        ("sat,sun", (5, 6)),
        ("Mon - Wed", (0, 1, 2)),
    ],
)
def test_days(text: str, days: tuple[int, ...]) -> None:
    assert read_days(text) == days


@pytest.mark.parametrize("text", ["", "monday", "mon-", "mo", "mon-fri-sun", "mon;tue"])
def test_bad_days(text: str) -> None:
    with pytest.raises(BadDay):
        read_days(text)


@pytest.mark.parametrize("code", ["XX", "DE-XX", "", "ecb "])
def test_unknown_holidays(code: str) -> None:
    with pytest.raises(UnknownHolidays):
        holiday_dates(code, [2026])
