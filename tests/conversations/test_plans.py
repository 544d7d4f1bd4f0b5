"""No list and no search reads a big table from end to end: the plans of every statement they run, on a full desk."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from psycopg import AsyncConnection
from psycopg.rows import scalar_row

from bench.corpus import SEARCHED, Size
from bench.filling import Filled, fill
from credo.access import Actor, visible_mailboxes
from credo.base.db import Ask, Db, Tx
from credo.base.paging import Cursor
from credo.conversations import search, snoozing, tags, thread, views
from credo.intake import looking
from credo.replying import reading

BIG = {"conversation", "item", "event", "message_key", "raw", "outbox", "recipient", "participant", "clock"}


class Listening(Tx):
    """A transaction that remembers what it ran."""

    def __init__(self, connection: AsyncConnection[Any], desk_id: int) -> None:
        super().__init__(connection, desk_id)
        self.heard: list[tuple[str, dict[str, object]]] = []

    async def all(self, row: type[Any], sql: str, *, prepare: bool | None = None, **params: object) -> list[Any]:
        self.heard.append((sql, self._with_desk(params)))
        return await super().all(row, sql, prepare=prepare, **params)

    async def together(self, *asked: Ask[Any]) -> list[list[Any]]:
        self.heard += [(each.sql, self._with_desk(each.params)) for each in asked]
        return await super().together(*asked)

    async def maybe(self, row: type[Any], sql: str, **params: object) -> Any:
        self.heard.append((sql, self._with_desk(params)))
        return await super().maybe(row, sql, **params)

    async def value(self, sql: str, **params: object) -> Any:
        self.heard.append((sql, self._with_desk(params)))
        return await super().value(sql, **params)

    async def values(self, sql: str, **params: object) -> list[Any]:
        self.heard.append((sql, self._with_desk(params)))
        return await super().values(sql, **params)

    async def run(self, sql: str, **params: object) -> int:
        self.heard.append((sql, self._with_desk(params)))
        return await super().run(sql, **params)


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks what of whom: a conversation with twenty items and the customer behind it."""

    actor: Actor
    long_one: int
    now: datetime


@pytest.fixture(scope="module")
def filled(database_url: str) -> Iterator[Filled]:
    """A desk of ten thousand conversations, gone again after this module."""
    made = fill(database_url, Size(10_000, 50_000), datetime.now(UTC))
    yield made
    _forget(database_url, made.desk_id)


def _forget(url: str, desk_id: int) -> None:
    """Take the desk away again, so that later tests meet small tables; links need no checking."""
    with psycopg.connect(url) as connection:
        connection.execute("set session_replication_role = replica")
        for (table,) in connection.execute(
            """select c.table_name from information_schema.columns c join information_schema.tables t using (table_name)
                where c.column_name = 'desk_id' and t.table_type = 'BASE TABLE' and t.table_schema = current_schema()"""
        ).fetchall():
            connection.execute(f"delete from {table} where desk_id = %s", [desk_id])
        connection.execute("delete from desk where id = %s", [desk_id])


@pytest.fixture(params=["admin", "colleague", "stranger"])
async def asked(request: pytest.FixtureRequest, db: Db, filled: Filled) -> Asked:
    """An administrator, somebody with two of four mailboxes, somebody with nothing at all."""
    bases = filled.bases
    two_mailboxes = (bases.mailbox + 2, bases.mailbox + 3)
    actors = {
        "admin": Actor(filled.desk_id, filled.admin, "Agent 0", "admin"),
        "colleague": Actor(filled.desk_id, filled.colleague, "Agent 6", "agent", two_mailboxes, (bases.team + 2,)),
        "stranger": Actor(filled.desk_id, bases.agent + 7, "Agent 7", "agent"),
    }
    actor = actors[request.param]
    async with db.reading(filled.desk_id) as tx:
        long_one = await tx.value(
            """select id from conversation where desk_id = %(desk)s and last_seq = 20
                  and (%(all)s or mailbox_id = any(%(mailboxes)s)) order by id limit 1""",
            all=request.param != "colleague",
            mailboxes=list(actor.mailboxes),
        )
    return Asked(actor, long_one, filled.now)


@asynccontextmanager
async def listening(db: Db, desk_id: int) -> AsyncIterator[Listening]:
    """A connection whose statements are remembered, undone afterwards."""
    async with (
        await AsyncConnection.connect(db.url, autocommit=True) as connection,
        connection.transaction(force_rollback=True),
    ):
        yield Listening(connection, desk_id)


Read = Callable[[Tx, Asked], Awaitable[object]]


def _view(key: str, *, paged: bool = False, team: bool = False, tag: str | None = None) -> Read:
    async def read(tx: Tx, asked: Asked) -> object:
        top = await views.in_view(
            tx,
            asked.actor,
            key,
            Cursor(),
            tag=tag,
            team_id=asked.actor.teams[0] if team and asked.actor.teams else None,
        )
        after = top.next if paged and top.next else Cursor(asked.now, 1) if paged else Cursor()
        return await views.in_view(tx, asked.actor, key, after, tag=tag)

    return read


def _search(words: str, *, paged: bool = False) -> Read:
    return lambda tx, asked: search.search(tx, asked.actor, words, Cursor(asked.now, 10**12) if paged else None)


READS: dict[str, Read] = {
    **{f"view {key}": _view(key) for key in views.VIEWS},
    **{f"view {key}, further on": _view(key, paged=True) for key in views.VIEWS},
    "view open of a team": _view("open", team=True),
    "view solved with a tag": _view("solved", tag="refund"),
    "counts": lambda tx, asked: views.counts(tx, asked.actor),
    "closed counts": lambda tx, asked: views.closed_counts(tx, asked.actor),
    "team counts": lambda tx, asked: views.team_counts(tx, asked.actor),
    "a row": lambda tx, asked: _none_if_hidden(views.row(tx, asked.actor, asked.long_one)),
    "a conversation opened": lambda tx, asked: _none_if_hidden(
        reading.opened(tx, asked.actor, asked.long_one, "reply")
    ),
    "thread": lambda tx, asked: _none_if_hidden(thread.read(tx, asked.actor, asked.long_one)),
    "thread before": lambda tx, asked: _none_if_hidden(thread.read(tx, asked.actor, asked.long_one, before=9)),
    "thread after": lambda tx, asked: _none_if_hidden(thread.read(tx, asked.actor, asked.long_one, after=9)),
    "customer": lambda tx, asked: _none_if_hidden(thread.customer(tx, asked.actor, asked.long_one)),
    "participants": lambda tx, asked: _none_if_hidden(thread.participants(tx, asked.actor, asked.long_one)),
    "search a word in one item of a hundred": _search(SEARCHED),
    "search a word in every item": _search("the"),
    "search a word in none": _search("zzyzx"),
    "search two words": _search(f"{SEARCHED} again"),
    "search further on": _search(SEARCHED, paged=True),
    "search a beginning": _search("qui"),
    "tags": lambda tx, asked: tags.known(tx, "re"),
    "needs a look": lambda tx, asked: looking.to_look_at(tx, visible_mailboxes(asked.actor, "r")),
    "wake what is due": lambda tx, asked: snoozing.wake_due(tx),
}


async def _none_if_hidden(reading: Awaitable[object]) -> object:
    from credo.base.errors import NotFound

    try:
        return await reading
    except NotFound:
        return None


@pytest.mark.parametrize("name", READS)
async def test_no_read_goes_through_a_big_table_from_end_to_end(name: str, asked: Asked, db: Db) -> None:
    async with listening(db, asked.actor.desk_id) as tx:
        await READS[name](tx, asked)
        heard = list(tx.heard)
        assert heard or not (asked.actor.sees_all or asked.actor.mailboxes)
        for sql, params in heard:
            for plan in (await _plan(tx.connection, sql, params), await _generic_plan(tx.connection, sql, params)):
                read = _scanned(plan) & BIG
                assert not read, f"{name} reads all of {read}:\n{sql}\n{plan}"


async def _plan(connection: AsyncConnection[Any], sql: str, params: dict[str, object]) -> Any:
    """The plan for these very values."""
    cursor = connection.cursor(row_factory=scalar_row)
    return await (await cursor.execute(f"explain (format json) {sql}", params)).fetchone()


async def _generic_plan(connection: AsyncConnection[Any], sql: str, params: dict[str, object]) -> Any:
    """The plan a prepared statement ends with, made without looking at the values."""
    await connection.execute("set local plan_cache_mode = force_generic_plan")
    plan = await _plan(connection, sql, params)
    await connection.execute("reset plan_cache_mode")
    return plan


def _scanned(plan: Any) -> set[str]:
    """The tables that a plan reads from end to end."""
    if isinstance(plan, list):
        return set().union(*(_scanned(part) for part in plan))
    if not isinstance(plan, dict):
        return set()
    below = set().union(*(_scanned(part) for part in plan.values()))
    return below | ({plan["Relation Name"]} if plan.get("Node Type") == "Seq Scan" else set())


async def test_the_judge_sees_a_scan(db: Db, filled: Filled) -> None:
    async with listening(db, filled.desk_id) as tx:
        plan = await _plan(tx.connection, "select count(*) from item where text like '%%lamp%%'", {})
    assert _scanned(plan) == {"item"}
    assert re.search("Seq Scan", str(plan))


async def test_paging_through_a_search_finds_every_hit(db: Db, filled: Filled) -> None:
    admin = Actor(filled.desk_id, filled.admin, "Agent 0", "admin")
    async with db.reading(filled.desk_id) as tx:
        wanted = await tx.values(
            "select distinct conversation_id from item where desk_id = %(desk)s and text like %(word)s",
            word=f"%{SEARCHED}%",
        )
        found: set[int] = set()
        after: Cursor | None = Cursor()
        while after is not None:
            page = await search.search(tx, admin, SEARCHED, after)
            found |= {hit.conversation_id for hit in page.rows}
            after = page.next
    assert len(wanted) > 300
    assert found == set(wanted)
