"""Seen in your own cases: quick, bounded, and only what its reader may see."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from credo.base import clock
from credo.base.db import Db
from credo.fields import FIELDS
from credo.improving.asking import asked
from credo.improving.evidence import NoCondition, evidence
from credo.philosophy import load
from support.desks import Desk
from support.telling import DEMO, Story, at, believe

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def later() -> Iterator[None]:
    """An hour after everything below."""
    with clock.frozen(at(100)):
        yield


async def test_the_newest_examples_of_a_condition(db: Db, desk: Desk) -> None:
    await believe(db, desk)
    stories = [Story(db, desk) for _ in range(7)]
    for hour, story in enumerate(stories):
        await story.begins(hour)
    async with db.reading(desk.id) as tx:
        found = await evidence(tx, desk.ines, FIELDS, DEMO, "policy/routing/same-person")
        assert (found.path, found.lacks) == ("policy/routing/same-person/when", ())
        assert (found.matched, found.looked_at, found.all) == (6, 7, True)
        assert [one.conversation_id for one in found.examples] == [story.id for story in stories[:1:-1]]
        hidden = await evidence(tx, desk.tom, FIELDS, DEMO, "policy/routing/same-person/when")
    assert (hidden.matched, hidden.looked_at, hidden.examples) == (0, 0, [])


async def test_what_is_older_than_ninety_days_is_not_looked_at(db: Db, desk: Desk) -> None:
    story = Story(db, desk)
    await story.begins(100 - 24 * 91)
    async with db.reading(desk.id) as tx:
        found = await evidence(tx, desk.ada, FIELDS, DEMO, "promises/first-answer")
        assert (found.matched, found.looked_at) == (0, 0)
    await story.writes(99)
    async with db.reading(desk.id) as tx:
        found = await evidence(tx, desk.ada, FIELDS, DEMO, "promises/first-answer")
    assert (found.path, found.matched, found.looked_at) == ("promises/first-answer/to", 1, 1)
    assert found.examples[0].at == at(99)


async def test_what_cannot_be_known_says_so(db: Db, desk: Desk) -> None:
    async with db.reading(desk.id) as tx:
        found = await evidence(tx, desk.ada, FIELDS, DEMO, "practice/behaviours/name-the-feeling")
        assert [(one.field, one.waits_for) for one in found.lacks] == [
            ("customer.emotion", "listening"),
            ("customer.emotion_strength", "listening"),
        ]
        with pytest.raises(NoCondition):
            await evidence(tx, desk.ada, FIELDS, DEMO, "philosophy/purpose")


def test_every_condition_of_the_document_is_asked() -> None:
    """The paths are those of the document, and none of its conditions is left out."""
    document = load(DEMO)
    found = {one.path for one in asked(document, FIELDS)}
    assert found <= set(document.places)
    keys = ("to", "when", "observe", "match", "card_when")
    places = [path for path in document.places if not {"golden", "expects", "measure"} & set(path.split("/"))]
    written = {path for path in places if path.rpartition("/")[2] in keys}
    numbered = {path for path in places if path.rpartition("/")[0].endswith("_when")}
    assert found == written | numbered
