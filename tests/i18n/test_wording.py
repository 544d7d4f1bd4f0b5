"""Dates, lengths and sizes in the reader's language and zone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from credo.base import clock
from credo.web import wording

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)  # a Saturday, 10:30 in Berlin
Say = Callable[[str], None]


@pytest.fixture
def speak(monkeypatch: pytest.MonkeyPatch) -> Iterator[Say]:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    before = wording.language.get(), wording.zone.get()

    def speak(language: str) -> None:
        wording.language.set(language)
        wording.zone.set("Europe/Berlin")

    yield speak
    wording.language.set(before[0])
    wording.zone.set(before[1])


WHEN = [
    (timedelta(hours=-2), "today 08:30", "heute 08:30", "hoy 08:30"),
    (timedelta(days=-1), "yesterday 10:30", "gestern 10:30", "ayer 10:30"),
    (timedelta(hours=14), "tomorrow 00:30", "morgen 00:30", "mañana 00:30"),
    (timedelta(days=-3), "Wed 10:30", "Mi. 10:30", "mié 10:30"),
    (timedelta(days=-18), "3 Nov 10:30", "3. Nov. 10:30", "3 nov 10:30"),
    (timedelta(days=-400), "17 Oct 2025", "17. Okt. 2025", "17 oct 2025"),
]
SHORT = [
    (timedelta(hours=-2), "08:30", "08:30", "08:30"),
    (timedelta(days=-3), "Wed", "Mi.", "mié"),
    (timedelta(days=-18), "3 Nov", "3. Nov.", "3 nov"),
    (timedelta(days=-400), "Oct 2025", "Okt. 2025", "oct 2025"),
]


@pytest.mark.parametrize(("language", "column"), [("en", 1), ("de", 2), ("es", 3)])
def test_moments_are_said_as_readers_write_them(speak: Say, language: str, column: int) -> None:
    speak(language)
    assert [wording.when(NOW + row[0]) for row in WHEN] == [row[column] for row in WHEN]
    assert [wording.short(NOW + row[0]) for row in SHORT] == [row[column] for row in SHORT]


@pytest.mark.parametrize(
    ("language", "day", "size", "late", "left", "ago"),
    [
        ("en", "3 November 2026", "2.1 MB", "40 min late", "2 h 10 left", "1 minute ago"),
        ("de", "3. November 2026", "2,1 MB", "40 min zu spät", "noch 2 h 10", "vor 1 Minute"),
        ("es", "3 de noviembre de 2026", "2,1 MB", "40 min de retraso", "quedan 2 h 10", "hace 1 minuto"),
    ],
)
def test_days_sizes_and_what_is_left(
    speak: Say, language: str, day: str, size: str, late: str, left: str, ago: str
) -> None:
    speak(language)
    assert wording.day(NOW - timedelta(days=18)) == day
    assert wording.size(2_100_000) == size
    assert wording.left(NOW - timedelta(minutes=40), -2400) == late
    assert wording.left(NOW + timedelta(minutes=130), 7800) == left
    assert wording.ago(NOW - timedelta(seconds=70)) == ago


LEFT = [
    # due in so many minutes, of which the desk is open so many seconds
    (130, 7800, "2 h 10 left"),
    (600, 7200, "2 h 00 left"),  # today, with hours of closing between
    (900, 0, "tomorrow 01:30"),
    (1500, 7200, "tomorrow 11:30"),
    (4 * 1440, 90000, "Wed 10:30"),
    (-40, -2400, "40 min late"),
    (-3000, -2400, "40 min late"),  # late over a weekend, by forty minutes of opening
    (-120, 0, "late"),  # since the desk closed
    (-9000, -85800, "23 h 50 late"),
    (-9000, -86400, "late since Sun"),
    (-30000, -600000, "late since 31 Oct"),
]


@pytest.mark.parametrize(("minutes", "seconds", "said"), LEFT)
def test_what_is_left_is_said_in_hours_of_opening(speak: Say, minutes: int, seconds: int, said: str) -> None:
    speak("en")
    assert wording.left(NOW + timedelta(minutes=minutes), seconds) == said


def test_a_length_of_opening_is_never_said_in_days(speak: Say) -> None:
    speak("en")
    assert [wording.span(60 * minutes) for minutes in (0, 18, 130, 1439, 1860)] == [
        *("0 min", "18 min", "2 h 10", "23 h 59", "31 h")
    ]


def test_a_stored_sentence_is_said_anew_and_its_detail_stays(speak: Say) -> None:
    speak("de")
    sentence = "The mail server cannot be reached; it is tried again."
    assert wording.retold(sentence) == "Der Mailserver ist nicht erreichbar; es wird wieder versucht."
    assert wording.retold(f"{sentence} (timed out)").endswith("wieder versucht. (timed out)")
    assert wording.retold("550 5.1.1 unknown (really)") == "550 5.1.1 unknown (really)"
    assert wording.retold("") == ""
    assert wording.gettext("") == ""
