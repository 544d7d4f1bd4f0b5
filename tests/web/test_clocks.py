"""Clocks on the screen: what the server says of them, and that they stand still while the desk is closed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from credo.base import clock
from credo.promises import Standing
from credo.web import clocks, marks, wording
from web.conftest import Open, Site

BERLIN = ZoneInfo("Europe/Berlin")
DAYS = {"Fri": 20, "Sat": 21, "Sun": 22, "Mon": 23, "Tue": 24, "Wed": 25, "Thu": 26}  # of November 2026


def at(text: str) -> datetime:
    """A moment like "Mon 10:00" in Berlin."""
    day, hour = text.split()
    return datetime.fromisoformat(f"2026-11-{DAYS[day]} {hour}").replace(tzinfo=BERLIN).astimezone(UTC)


def standing(now: str, due: str, left: int, *stretches: tuple[str, str]) -> Standing:
    """A clock of four hours with `left` minutes of opening until it is due."""
    hours = tuple((at(start), at(end)) for start, end in stretches)
    return Standing(at(due), at(due) < at(now), left * 60, 4 * 3600, hours)


MONDAY, TUESDAY, WEDNESDAY = ("Mon 09:00", "Mon 18:00"), ("Tue 09:00", "Tue 18:00"), ("Wed 09:00", "Wed 18:00")
TODAY = standing("Mon 10:00", "Mon 12:10", 130, ("Mon 10:00", "Mon 18:00"), TUESDAY, WEDNESDAY)
TOMORROW = standing("Mon 17:00", "Tue 10:30", 150, ("Mon 17:00", "Mon 18:00"), TUESDAY, WEDNESDAY)
LATE = standing("Fri 18:00", "Fri 17:20", -40, MONDAY, TUESDAY, WEDNESDAY)
CLOSED = standing("Fri 18:00", "Mon 10:30", 90, MONDAY, TUESDAY, WEDNESDAY)


@pytest.mark.parametrize(
    ("now", "one", "text", "mark", "day"),
    [
        ("Mon 10:00", TODAY, "2 h 10 left", "", None),
        ("Mon 17:00", TOMORROW, "tomorrow 10:30", "", "Tue 00:00"),
        ("Fri 18:00", LATE, "40 min late", "is-broken", None),
        ("Fri 18:00", CLOSED, "Mon 10:30", "", "Mon 00:00"),
    ],
)
def test_a_clock_says_what_is_left(
    monkeypatch: pytest.MonkeyPatch, now: str, one: Standing, text: str, mark: str, day: str | None
) -> None:
    monkeypatch.setattr(clock, "now", lambda: at(now))
    wording.zone.set("Europe/Berlin")
    shown = clocks.shown(one)
    assert (shown.text, shown.mark, shown.day) == (text, mark, int(at(day).timestamp()) if day else None)
    assert shown.hours.count("-") == 3
    drawn = marks.clock(shown)
    assert f'data-left="{shown.left}"' in drawn
    assert f">{text}<" in drawn


# What the browser shows of it at later moments, without asking the server.
STEPS = [
    ("Mon 10:00", TODAY, [("Mon 10:20", "1 h 50 left", ""), ("Mon 11:50", "20 min left", "is-risk")]),
    ("Mon 10:00", TODAY, [("Mon 12:11", "1 min late", "is-broken"), ("Mon 19:00", "5 h 50 late", "is-broken")]),
    ("Mon 10:00", TODAY, [("Tue 03:00", "5 h 50 late", "is-broken"), ("Tue 09:30", "6 h 20 late", "is-broken")]),
    ("Mon 17:00", TOMORROW, [("Mon 17:30", "tomorrow 10:30", ""), ("Mon 23:59", "tomorrow 10:30", "")]),
    ("Mon 17:00", TOMORROW, [("Tue 00:01", "1 h 30 left", ""), ("Tue 08:59", "1 h 30 left", "")]),
    ("Mon 17:00", TOMORROW, [("Tue 09:30", "1 h 00 left", ""), ("Tue 10:31", "1 min late", "is-broken")]),
    ("Fri 18:00", LATE, [("Sun 12:00", "40 min late", "is-broken"), ("Mon 09:30", "1 h 10 late", "is-broken")]),
    ("Fri 18:00", CLOSED, [("Sun 12:00", "Mon 10:30", ""), ("Mon 08:00", "1 h 30 left", "")]),
]


@pytest.mark.browser
@pytest.mark.parametrize(("now", "one", "steps"), STEPS)
def test_the_browser_counts_hours_of_opening(
    now: str, one: Standing, steps: list[tuple[str, str, str]], open_as: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_as("ines", "/inbox/mine")
    with monkeypatch.context() as patched:
        patched.setattr(clock, "now", lambda: at(now))
        wording.zone.set("Europe/Berlin")
        drawn = str(marks.clock(clocks.shown(one)))
    page.evaluate("drawn => { document.querySelector('[data-clock]').outerHTML = drawn }", drawn)
    for moment, text, mark in steps:
        _look(page, at(moment))
        here = page.locator("[data-clock]").first
        expect(here.locator("[data-clock-text]")).to_have_text(text)
        assert [one for one in ("is-risk", "is-broken") if one in (here.get_attribute("class") or "")] == mark.split()


@pytest.mark.browser
def test_a_page_that_stood_open_for_days_asks_again(site: Site, open_as: Open) -> None:
    page = open_as("ines", f"/conversations/{site.scene.hanna}?view=mine")
    page.wait_for_timeout(800)  # what it asks for when it is opened has come
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(site.address)))
    page.evaluate("document.querySelectorAll('[data-clock]').forEach((one) => { one.dataset.hours = '0-60' })")
    rows = page.locator("[data-row] [data-clock]").count()
    assert rows > 2  # more than the two requests that htmx takes at once
    _look(page, datetime.now(UTC) + timedelta(seconds=5))
    expect(page.locator("[data-clock][data-hours='0-60']")).to_have_count(0)
    expect(page.locator("[data-clock]")).to_have_count(rows + 1)
    assert len([one for one in asked if one.startswith(f"/conversations/{site.scene.hanna}/news")]) == 1
    assert len([one for one in asked if "/row?view=mine" in one]) == rows


def _look(page: Page, moment: datetime) -> None:
    """Come back to the page at `moment`."""
    page.clock.set_fixed_time(moment)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
