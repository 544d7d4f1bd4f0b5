"""What is remembered is exactly what would be drawn now: for this content, this reader, this day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from credo.base import clock
from credo.conversations.thread import File, Item, Receipt, Stretch
from credo.conversations.views import Summary
from credo.web import remembered, threads, wording
from credo.web.rendering import draw

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


def letter(**more: object) -> Item:
    blank = dict.fromkeys(Item.__dataclass_fields__)
    known = {
        "id": 9,
        "seq": 2,
        "kind": "message",
        "at": NOON,
        "direction": "in",
        "nature": "message",
        "author": "Hanna",
        "text": "It hums <loudly>",
        "zones": [],
        "addresses": {"from": [["Hanna", "hanna@example.com"]]},
        "meta": {},
        "verdict": "verified",
        "guest": False,
        "state": "shown",
    }
    return Item(**{**blank, **known, **more})  # type: ignore[arg-type]


def drawn(item: Item, me: int = 1, files: Sequence[File] = (), receipts: Sequence[Receipt] = ()) -> str:
    thread = Stretch([item], {item.id: list(files)}, {item.id: list(receipts)}, None)
    remembered_one = remembered.letters(thread, me)[0]
    assert remembered_one == draw("letters", "shown", threads.shown(thread, me)[0])
    return remembered_one


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
        *({"text": "It sings"}, {"verdict": "failed"}, {"nature": "bounce"}, {"author": "Moira"}),
        *({"kind": "note"}, {"direction": "out"}, {"zones": [["quote", 0, 7]]}, {"html": "<p>It sings</p>"}),
    ],
)
def test_a_letter_that_changed_is_drawn_anew(more: dict[str, object]) -> None:
    before = drawn(letter())
    assert drawn(letter(**more)) != before
    assert "&lt;loudly&gt;" in drawn(letter())


def test_what_belongs_to_a_letter_belongs_to_what_is_remembered() -> None:
    ours = letter(direction="out")
    sent = Receipt(9, 4, "hanna@example.com", "to", "waiting", None, None, None, NOON, "sending")
    delivered = replace(sent, state="accepted")
    file = File(3, 9, "bill.pdf", "application/pdf", 900, "0" * 64, None, False)
    seen = {
        drawn(ours),
        drawn(ours, receipts=[sent]),
        drawn(ours, receipts=[delivered]),
        drawn(ours, receipts=[delivered, replace(delivered, address="moira@example.com")]),
        drawn(ours, receipts=[delivered], files=[file]),
    }
    assert len(seen) == 5


def test_an_event_says_you_to_who_did_it_and_a_name_to_the_others() -> None:
    event = letter(kind="event", event_kind="conversation.solved", event_payload={}, agent_id=3, author="Ines Duarte")
    assert "Ines Duarte" in drawn(event, me=1)
    assert "Ines Duarte" not in drawn(event, me=3)


def test_a_long_letter_is_not_kept() -> None:
    kept = remembered._letter.cache_info().currsize
    assert len(drawn(letter(text="word " * 9_000))) > 40_000
    assert remembered._letter.cache_info().currsize == kept
