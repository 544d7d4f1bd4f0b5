"""The written scenes: complete, in their language, and different every time."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar
from tnefparse import TNEF

from credo.demo import scenes
from credo.demo.files import invitation, pdf, photo, winmail
from credo.demo.wording import Writer

SCENES = scenes.every()
WORDS = dict.fromkeys(
    ("short", "lamp", "room", "day", "order", "carrier", "amount", "street", "city", "first", "formal", "colleague"),
    "x",
)


def test_there_are_many_in_four_languages() -> None:
    assert len(SCENES) >= 55
    assert {scene.language for scene in SCENES} == {"en", "de", "es", "fr"}
    assert {scene.mailbox for scene in SCENES} == {"care", "trade"}


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: f"{scene.language}-{scene.name}")
def test_a_scene_can_be_told_many_ways(scene: scenes.Scene) -> None:
    writer = Writer(random.Random(1))
    told = []
    for _ in range(5):
        parts = [writer.fresh(text, WORDS) for text in (scene.subject, *(part.text for part in scene.parts))]
        assert all(part and not set("{}|") & set(part) for part in parts)
        told.append(tuple(parts))
    assert len({parts[1] for parts in told}) >= 4
    assert scene.parts[0].who == "customer"
    assert all(one.who != other.who for one, other in zip(scene.parts, scene.parts[1:], strict=False))


def test_a_writer_spreads_its_choices() -> None:
    writer = Writer(random.Random(3))
    taken = [writer.write("{a|b|c|d}", {}) for _ in range(8)]
    assert sorted(taken) == sorted("aabbccdd")
    assert set(taken[:4]) == set("abcd")


def test_a_writer_fills_words_inside_choices() -> None:
    assert Writer(random.Random(1)).write("{{x}|{x}}  and  {y}", {"x": "one", "y": "two"}) == "one and two"


def test_files_are_what_they_say() -> None:
    assert photo(1).startswith(b"\x89PNG")
    assert photo(1) != photo(2)
    assert pdf("A (title)", ["line"]).endswith(b"%%EOF\n")
    assert [one.data for one in TNEF(winmail("a.pdf", b"inside")).attachments] == [b"inside"]
    now = datetime.now(UTC)
    read = Calendar.from_ical(
        invitation("1", "Visit", "Here", now, now + timedelta(hours=1), "a@b.example", "c@d.example")
    )
    assert [str(event["summary"]) for event in read.walk("VEVENT")] == ["Visit"]
