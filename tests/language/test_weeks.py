"""Opening hours in prose, in three languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credo.calendars import read_window
from credo.language.weeks import opening_hours

NINE_TO_SIX = ("09:00-18:00",)


@pytest.mark.parametrize(
    ("text", "days", "windows"),
    [
        ("Mon-Fri 9 am to 6 pm", (0, 1, 2, 3, 4), NINE_TO_SIX),
        ("Monday to Friday, 9:00-18:00", (0, 1, 2, 3, 4), NINE_TO_SIX),
        ("We are there on Tuesdays and Thursdays from 9 to 18.", (1, 3), NINE_TO_SIX),
        ("Open daily 7am - 10pm", tuple(range(7)), ("07:00-22:00",)),
        ("weekends: Sat and Sun 9-5pm", (5, 6), ("09:00-17:00",)),
        ("Mo–Fr von 9–18 Uhr", (0, 1, 2, 3, 4), NINE_TO_SIX),
        ("Montag bis Mittwoch 8.30 bis 12 Uhr und 14 bis 16 Uhr", (0, 1, 2), ("08:30-12:00", "14:00-16:00")),
        ("Fr-Mo 10-12 Uhr", (0, 4, 5, 6), ("10:00-12:00",)),
        ("täglich 9–18 Uhr", tuple(range(7)), NINE_TO_SIX),
        ("de lunes a viernes, de 9 a 18 h", (0, 1, 2, 3, 4), NINE_TO_SIX),
        ("lunes, miércoles y viernes de 10:00 a 14:00", (0, 2, 4), ("10:00-14:00",)),
        ("todos los días de 9 a 18", tuple(range(7)), NINE_TO_SIX),
    ],
)
def test_days_and_hours_are_read(text: str, days: tuple[int, ...], windows: tuple[str, ...]) -> None:
    assert opening_hours(text) == dict.fromkeys(days, windows)


def test_each_day_has_the_hours_said_after_it() -> None:
    found = opening_hours("Mo bis Do 9–18 Uhr, Fr 9–13 Uhr, Sa 10–12 Uhr")
    assert found == {**dict.fromkeys(range(4), NINE_TO_SIX), 4: ("09:00-13:00",), 5: ("10:00-12:00",)}


@pytest.mark.parametrize(
    "text",
    [
        "So we ship 9-12 parcels",
        "do come from 9 to 12",
        "9-18",
        "Monday",
        "Mon 9-12, Mon 10-13",
        "Mon 25-26",
        "Mon 12-9",
        "",
    ],
)
def test_what_is_unsure_opens_nothing(text: str) -> None:
    assert opening_hours(text) == {}


@given(st.text() | st.from_regex(r"(Mon|Fr|lunes)[-, a-z]{0,5}(Fri|Sa|sábado)? [0-9:. apm-]{1,20}"))
def test_whatever_is_found_is_a_window(text: str) -> None:
    for day, windows in opening_hours(text).items():
        assert day in range(7)
        assert [str(read_window(one)) for one in windows] == list(windows)
