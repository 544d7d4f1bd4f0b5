"""What is remembered is exactly what would be drawn now: for this content, this reader, this day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from credo.base import clock
from credo.conversations.views import Summary
from credo.web import remembered, wording
from credo.web.rendering import draw
from credo.web.threads import Part, Shown

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    """A still clock."""
    with clock.frozen(NOON):
        yield


def summary(**more: object) -> Summary:
    blank = dict.fromkeys(Summary.__dataclass_fields__)
    known = {
        "id": 7,
        "subject": "A lamp",
        "snippet": "It hums",
        "state": "open",
        "channel": "email",
        "customer": "Hanna",
        "tags": ["dimmer"],
        "created_at": NOON,
        "last_item_at": NOON,
        "work_key": NOON,
        "due_late": False,
        "unread": True,
        "doubtful": False,
    }
    return Summary(**{**blank, **known, **more})  # type: ignore[arg-type]


def letter(**more: object) -> Shown:
    return replace(
        Shown(
            id=9,
            seq=2,
            kind="message",
            at=NOON,
            direction="in",
            nature="message",
            author="Hanna",
            address="hanna@example.com",
            verdict="verified",
            guest=False,
            parts=[Part("text", "It hums <loudly>", 1)],
            html=None,
            framed=False,
            remote=False,
            attachments=[],
            recipients=[],
            outbox_id=None,
            outbox_state="",
            release_at=None,
            problems=[],
        ),
        **more,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    "more",
    [
        *({"subject": "Another"}, {"snippet": "It sings"}, {"tags": ["app"]}, {"unread": False}, {"customer": "Moira"}),
        *(
            {"assignee_id": 3, "assignee": "Ines Duarte"},
            {"doubtful": True},
            {"last_item_at": NOON - timedelta(days=3)},
        ),
    ],
)
def test_a_row_that_changed_is_drawn_anew(more: dict[str, object]) -> None:
    before = remembered.row(summary(), None, "open", 1)
    changed = summary(**more)
    assert remembered.row(changed, None, "open", 1) == draw("lists", "row", changed, None, "open", 1, False)
    assert remembered.row(changed, None, "open", 1) != before
    assert remembered.row(summary(), None, "open", 1) == before


def test_a_row_is_its_readers_own() -> None:
    mine = summary(assignee_id=3, assignee="Ines Duarte")
    assert "Ines Duarte" in remembered.row(mine, None, "open", 1)
    assert "Ines Duarte" not in remembered.row(mine, None, "open", 3)
    assert "aria-current" in remembered.row(mine, None, "open", 3, 7)
    assert "view=waiting" in remembered.row(mine, None, "waiting", 3)


def test_days_zones_and_languages_are_told_apart() -> None:
    today = remembered.row(summary(), None, "open", 1)
    with clock.frozen(NOON + timedelta(days=2)):
        later = remembered.row(summary(), None, "open", 1)
    zone = wording.zone.set("Asia/Kolkata")
    elsewhere = remembered.row(summary(), None, "open", 1)
    wording.zone.reset(zone)
    language = wording.language.set("de")
    german = remembered.row(summary(), None, "open", 1)
    wording.language.reset(language)
    assert len({today, later, elsewhere, german}) == 4


@pytest.mark.parametrize(
    "more",
    [
        *({"parts": [Part("text", "It sings", 1)]}, {"verdict": "failed"}, {"nature": "bounce"}, {"author": "Moira"}),
        *({"kind": "note"}, {"direction": "out"}),
    ],
)
def test_a_letter_that_changed_is_drawn_anew(more: dict[str, object]) -> None:
    before = remembered.letter(letter())
    changed = letter(**more)
    assert remembered.letter(changed) == draw("letters", "shown", changed)
    assert remembered.letter(changed) != before
    assert "&lt;loudly&gt;" in before


def test_a_long_letter_is_not_kept() -> None:
    kept = remembered._letter.cache_info().currsize
    assert len(remembered.letter(letter(parts=[Part("text", "word " * 9_000, 1)]))) > 40_000
    assert remembered._letter.cache_info().currsize == kept
