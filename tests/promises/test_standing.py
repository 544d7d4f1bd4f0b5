"""How promises stand now, in hours of opening: while open, overnight, over a weekend, and late over one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from credo.base import clock
from credo.base.db import Db, Tx
from credo.conversations import conversation, views
from credo.history import by_agent
from credo.philosophy import publish
from credo.promises import Standing, standings
from promises.test_clocks import believe, write
from support.desks import Desk

pytestmark = pytest.mark.anyio

HOUR = 3600
BERLIN = ZoneInfo("Europe/Berlin")
DOCUMENT = """format: philosophy/1
id: hours
title: Hours
zone: Europe/Berlin
philosophy:
  values: [{id: care, name: Care, statement: We care.}]
  principles: [{id: word, serves: care, statement: We keep our word.}]
promises: []
policy:
  calendars:
    shop: {hours: {mon-fri: ["09:00-18:00"]}}
    lunch: {hours: {mon-fri: ["09:00-12:00", "13:00-18:00"]}}
"""


@dataclass(frozen=True, slots=True)
class Row:
    """A row that shows a promise."""

    id: int
    next_due_at: datetime | None
    due_since: datetime | None
    due_version_id: int | None
    due_calendar: str | None


class Mute(Tx):
    """A transaction in which nobody may ask anything."""

    async def maybe(self, row: type[Any], sql: str, **params: object) -> Any:
        raise AssertionError(sql)


def at(text: str) -> datetime:
    """A moment of the week of Monday 23 November 2026 in Berlin: "Mon 10:00", "Sat 12:00", "next Mon 9:30"."""
    *weeks, day, hour = text.split()
    number = 23 + ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].index(day)
    there = datetime.fromisoformat(f"2026-11-{number} {hour}").replace(tzinfo=BERLIN)
    return (there + timedelta(days=7) if weeks else there).astimezone(UTC)


TABLE = [
    # now, calendar, since, due, late, hours left, hours in all, spent, at risk, next change
    ("Mon 10:00", "shop", "Mon 09:00", "Mon 13:00", False, 3, 4, 25, False, "Mon 18:00"),
    ("Mon 12:30", "lunch", "Mon 11:00", "Mon 14:00", False, 1, 2, 50, False, "Mon 13:00"),
    ("Mon 12:40", "shop", "Mon 09:00", "Mon 13:00", False, 1 / 3, 4, 92, True, "Mon 18:00"),
    # closed overnight: what is left at closing is what is left in the morning
    ("Mon 18:00", "shop", "Mon 16:00", "Tue 11:00", False, 2, 4, 50, False, "Tue 09:00"),
    ("Mon 23:00", "shop", "Mon 16:00", "Tue 11:00", False, 2, 4, 50, False, "Tue 09:00"),
    ("Tue 08:59", "shop", "Mon 16:00", "Tue 11:00", False, 2, 4, 50, False, "Tue 09:00"),
    ("Tue 09:30", "shop", "Mon 16:00", "Tue 11:00", False, 1.5, 4, 62, False, "Tue 18:00"),
    # over a weekend
    ("Sat 12:00", "shop", "Fri 17:00", "next Mon 12:00", False, 3, 4, 25, False, "next Mon 09:00"),
    # a customer who wrote while it was closed has used up nothing yet
    ("Sun 12:00", "shop", "Sat 12:00", "next Mon 13:00", False, 4, 4, 0, False, "next Mon 09:00"),
    # late since Friday 17:20: forty minutes, all weekend long
    ("Fri 18:00", "shop", "Fri 13:20", "Fri 17:20", True, -2 / 3, 4, 100, False, "next Mon 09:00"),
    ("Sun 23:00", "shop", "Fri 13:20", "Fri 17:20", True, -2 / 3, 4, 100, False, "next Mon 09:00"),
    ("next Mon 09:30", "shop", "Fri 13:20", "Fri 17:20", True, -7 / 6, 4, 100, False, "next Mon 18:00"),
    # due as the door closed: late at once, by no opening time until the morning
    ("Fri 20:00", "shop", "Fri 14:00", "Fri 18:00", True, 0, 4, 100, False, "next Mon 09:00"),
    ("Mon 10:00", "", "Mon 09:00", "Mon 13:00", False, 3, 4, 25, False, "far"),
]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row[0]} due {row[3]}")
async def test_what_is_left_counts_hours_of_opening(db: Db, desk: Desk, row: tuple) -> None:  # type: ignore[type-arg]
    now, calendar, since, due, late, left, whole, spent, risk, change = row
    async with db.transaction(desk.id) as tx:
        version = await publish(tx, by_agent(desk.ada.agent_id), DOCUMENT)
        keys = (version.id, calendar) if calendar else (None, None)
        with clock.frozen(at(now)):
            found = (await standings(tx, [Row(7, at(due), at(since), *keys), Row(8, None, None, None, None)]))[7]
    assert [found.left, found.whole] == pytest.approx([left * HOUR, whole * HOUR])
    assert found.late is late
    assert (round(found.spent), found.at_risk) == (spent, risk)
    assert _changes(found, at(now)) == (None if change == "far" else at(change))


def _changes(found: Standing, now: datetime) -> datetime | None:
    """When the desk opens or closes next; None when that is weeks away."""
    start, end = found.open[0]
    then = end if start == now else start
    return then if (then - now).days < 14 else None


async def test_a_row_knows_whose_hours_its_promise_counts(db: Db, desk: Desk) -> None:
    await believe(db, desk)
    id = await write(db, desk, 8.5)  # Monday 18:30 in Berlin, half an hour after closing
    async with db.reading(desk.id) as tx:
        row = await views.row(tx, desk.ines, id)
        with clock.frozen(at("Mon 23:00")):
            found = (await standings(tx, [row]))[id]
        here = await conversation.get(tx, desk.ines, id)
    assert (here.due_calendar, here.due_version_id) == ("shop", row.due_version_id)
    assert (found.left, found.whole, found.spent) == (4 * HOUR, 4 * HOUR, 0)
    assert found.open[0] == (at("Tue 09:00"), at("Tue 18:00"))


async def test_a_page_of_known_versions_asks_nothing(db: Db, desk: Desk) -> None:
    await believe(db, desk)
    id = await write(db, desk, 0)
    async with db.reading(desk.id) as tx:
        row = await views.row(tx, desk.ines, id)
        await standings(tx, [row])
        assert len(await standings(Mute(tx.connection, desk.id), [row] * 50)) == 1
