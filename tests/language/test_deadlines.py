"""Times in prose, in three languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credo.language.deadlines import deadline
from credo.philosophy import read_target

OPEN, CLOCK, ASSUMED = (True, False), (False, False), (True, True)


@pytest.mark.parametrize(
    ("text", "target", "counted"),
    [
        ("We answer within 24 hours.", "PT24H", CLOCK),
        ("within 4 opening hours", "PT4H", OPEN),
        ("within one opening hour", "PT1H", OPEN),
        ("You hear from us within two working days", "P2D", OPEN),
        ("in 2-3 business days", "P3D", OPEN),
        ("by the next working day", "P1D", OPEN),
        ("within an hour", "PT1H", ASSUMED),
        ("in 90 minutes", "PT90M", ASSUMED),
        ("within half an hour", "PT30M", ASSUMED),
        ("within a week", "P7D", CLOCK),
        ("refunds take ten banking days", "P10D", OPEN),
        ("innerhalb von zwei Werktagen", "P2D", OPEN),
        ("innerhalb von 24 Stunden", "PT24H", CLOCK),
        ("binnen einer Stunde", "PT1H", ASSUMED),
        ("innerhalb von 4 Öffnungsstunden", "PT4H", OPEN),
        ("am nächsten Arbeitstag", "P1D", OPEN),
        ("in zwei bis drei Tagen", "P3D", CLOCK),
        ("innerhalb von 1,5 Stunden", "PT90M", ASSUMED),
        ("spätestens nach fünf Bankarbeitstagen", "P5D", OPEN),
        ("innerhalb von zwei Wochen", "P14D", CLOCK),
        ("en un plazo de tres días laborables", "P3D", OPEN),
        ("en 24 horas", "PT24H", CLOCK),
        ("en menos de una hora", "PT1H", ASSUMED),
        ("en media hora", "PT30M", ASSUMED),
        ("el siguiente día laborable", "P1D", OPEN),
        ("en 8 horas de apertura", "PT8H", OPEN),
        ("en dos semanas", "P14D", CLOCK),
        ("en 5 días hábiles", "P5D", OPEN),
    ],
)
def test_a_time_is_read_as_it_is_said(text: str, target: str, counted: tuple[bool, bool]) -> None:
    found = deadline(text)
    assert found
    assert (found.target, (found.open, found.assumed)) == (target, counted)
    assert found.words in " ".join(text.split())


@pytest.mark.parametrize(
    "text",
    [
        "as soon as we can",
        "so schnell wie möglich",
        "lo antes posible",
        "in a few days",
        "in einigen Tagen",
        "within 2 days by mail and 4 hours by chat",
        "we are here 24 hours a day",
        "we look into the mailbox twice a day",
        "rund um die Uhr, 24 Stunden am Tag",
        "24 horas al día",
        "for 20 years",
        "version 2.4 days",
        "0 days",
        "",
    ],
)
def test_what_is_vague_or_said_twice_is_no_time(text: str) -> None:
    assert deadline(text) is None


@given(st.text() | st.from_regex(r"(within|in|en) [0-9a-z ,.-]{0,9} (hours?|working days|Tagen|semanas)"))
def test_whatever_is_found_is_a_target(text: str) -> None:
    if found := deadline(text):
        assert read_target(found.target)
