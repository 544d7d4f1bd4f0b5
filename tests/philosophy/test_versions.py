"""Published versions: numbered, stored as they were compiled, kept for clocks that started under them."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.resources import files

import pytest

from credo.base import clock
from credo.base.db import Db
from credo.history import by_agent
from credo.philosophy import BadPhilosophy, current, publish, source, version, versions
from support.desks import Desk

pytestmark = pytest.mark.anyio

DEMO = files("credo").joinpath("demo/lumen-lamps.yaml").read_text()


async def test_publishing_stores_what_runs(db: Db, desk: Desk) -> None:
    async with db.transaction(desk.id) as tx:
        assert await current(tx) is None
        with clock.frozen(datetime(2026, 9, 1, 8, tzinfo=UTC)):
            published = await publish(tx, by_agent(desk.ada.agent_id), DEMO)
    versions._kept.clear()
    async with db.reading(desk.id) as tx:
        found = await current(tx)
        assert found == published
        assert await source(tx, published.id) == DEMO
        stored = await tx.value("select compiled from philosophy_version where desk_id = %(desk)s")
        told = await tx.value("select payload from event where desk_id = %(desk)s and kind = 'philosophy.published'")
    assert (found.number, found.published_by, found.published_at.month) == (7, desk.ada.agent_id, 9)
    assert list(found.running) == ["first-answer", "next-answer", "chat-answer"]
    assert (
        found.principles[found.promises["first-answer"].serves].statement == "We make few promises and keep every one."
    )
    assert "2026-10-03" in stored["calendars"]["shop"]["holidays"]
    assert told == {"version_id": published.id, "version": 7}


async def test_an_overlay_is_not_published_alone(db: Db, desk: Desk) -> None:
    overlay = "format: philosophy/1\nid: night\noverlay: {of: lumen-lamps, team: night}\n"
    async with db.transaction(desk.id) as tx:
        with pytest.raises(BadPhilosophy, match="line 3, column 10: overlay: This document is laid over another one"):
            await publish(tx, by_agent(desk.ada.agent_id), overlay)
        assert await current(tx) is None


async def test_numbers_go_up_and_old_versions_stay(db: Db, desk: Desk) -> None:
    author = by_agent(desk.ada.agent_id)
    async with db.transaction(desk.id) as tx:
        first = await publish(tx, author, DEMO)
        second = await publish(tx, author, DEMO.replace("target: PT4H", "target: PT2H"))
        third = await publish(tx, author, DEMO.replace("version: 7", "version: 12"))
    async with db.reading(desk.id) as tx:
        assert [first.number, second.number, third.number] == [7, 8, 12]
        newest = await current(tx)
        assert newest is not None
        assert newest.id == third.id
        assert (await version(tx, first.id)).running["first-answer"].target.text == "PT4H"
        assert (await version(tx, second.id)).running["first-answer"].target.text == "PT2H"


async def test_what_has_errors_is_not_published(db: Db, desk: Desk) -> None:
    async with db.transaction(desk.id) as tx:
        with pytest.raises(BadPhilosophy):
            await publish(tx, by_agent(desk.ada.agent_id), DEMO.replace("serves: heard", "serves: hear"))
        assert await current(tx) is None
