"""The measured desk: exact in its numbers, the same every time, and consistent enough for the desk's own code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from bench.corpus import SEARCHED, Bases, Corpus, Row, Rows, Size
from bench.filling import Filled, fill
from bench.ground import Keys
from bench.memory import Spent
from bench.pages import Asked, _read, _script
from credo import promises
from credo.base.db import Db
from credo.fields import FIELDS

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
SIZE = Size(3_000, 15_000, customers=500)


def made(seed: int = 7) -> list[Rows]:
    return list(Corpus(SIZE, 1, Bases(*[1] * 12), NOW, seed).chunks())


@pytest.fixture(scope="module")
def rows() -> list[Rows]:
    """One corpus of the size."""
    return made()


def every(rows: list[Rows], table: str) -> Iterator[Row]:
    for chunk in rows:
        yield from getattr(chunk, table)


def test_it_has_exactly_as_much_as_was_asked_for(rows: list[Rows]) -> None:
    items = list(every(rows, "item"))
    assert (len(list(every(rows, "conversation"))), len(items)) == (3_000, 15_000)
    a_thread = Counter(item[1] for item in items)
    assert sum(count == 20 for count in a_thread.values()) == 200
    assert sum(SEARCHED in str(item[10]) for item in items) == 150


def test_states_stand_in_the_promised_shares(rows: list[Rows]) -> None:
    states = Counter(row[5] for row in every(rows, "conversation"))
    assert states["open"] / 3_000 == pytest.approx(0.15, abs=0.02)
    assert states["waiting"] / 3_000 == pytest.approx(0.10, abs=0.02)
    assert states["solved"] / 3_000 == pytest.approx(0.75, abs=0.03)


def test_the_same_seed_tells_the_same(rows: list[Rows]) -> None:
    assert rows == made()
    assert rows != made(seed=8)


def test_nothing_lies_ahead_and_threads_go_on_in_time(rows: list[Rows]) -> None:
    last: dict[object, datetime] = {}
    for item in every(rows, "item"):
        at = item[5]
        assert isinstance(at, datetime)
        assert last.get(item[1], at) <= at <= NOW
        last[item[1]] = at


@pytest.fixture(scope="module")
def filled(database_url: str) -> Iterator[Filled]:
    """A small desk in the database, and gone again."""
    found = fill(database_url, Size(600, 3_000, customers=50), datetime.now(UTC) - timedelta(seconds=1))
    yield found
    with psycopg.connect(database_url) as connection:
        connection.execute("set session_replication_role = replica")
        tables = connection.execute(
            """select table_name from information_schema.columns join information_schema.tables using (table_name)
                where column_name = 'desk_id' and table_type = 'BASE TABLE'"""
        ).fetchall()
        for (table,) in tables:
            connection.execute(f"delete from {table} where desk_id = %s", [found.desk_id])
        connection.execute("delete from desk where id = %s", [found.desk_id])


async def test_the_desk_counts_as_the_rows_do(db: Db, filled: Filled) -> None:
    async with db.reading(filled.desk_id) as tx:
        assert await tx.value("select count(*) from item where desk_id = %(desk)s") == 3_000
        strays = await tx.value(
            """select count(*) from item i where i.desk_id = %(desk)s and not exists
                 (select from conversation c where c.desk_id = i.desk_id and c.id = i.conversation_id)"""
        )
        assert strays == 0
        assert await tx.value("select max(id) from item where desk_id = %(desk)s") <= await tx.value(
            "select last_value from item_id_seq"
        )


async def test_its_promises_can_be_reckoned(db: Db, filled: Filled) -> None:
    async with db.transaction(filled.desk_id) as tx:
        for id in await tx.values("select id from conversation where desk_id = %(desk)s order by id limit 20"):
            for clock in await promises.recompute(tx, id, FIELDS):
                assert clock.promise in ("first-answer", "next-answer")


def test_what_wrk_says_is_read() -> None:
    point = _read("noise\nMEASURED 412.500 2.250 4.500 3 2000\n", 16, Spent(4.0, 2.0))
    assert (point.connections, point.a_second, point.median, point.p95, point.errors) == (16, 412.5, 2.25, 4.5, 3)
    assert (point.credo, point.database) == (2.0, 1.0)
    with pytest.raises(SystemExit, match="something else"):
        _read("wrk: unable to connect", 1, Spent(0, 0))


def test_pages_are_asked_for_as_browsers_and_programs_do() -> None:
    keys = Keys(1, 7, "box0@lumen.example", "1.cookie", "credo_1_token", [5, 6], 1, 1, 0.0)
    page = _script(keys, Asked("page", ["/inbox/open"]))
    assert 'wrk.headers["Cookie"] = "credo=1.cookie"' in page
    assert "HX-Request" not in page
    assert "HX-Request" in _script(keys, Asked("part", ["/inbox/open/list"], fragment=True))
    create = _script(keys, Asked("create", ["/api/v1/conversations"], creates=True))
    assert 'wrk.headers["Authorization"] = "Bearer credo_1_token"' in create
    assert '"mailbox_id": 7' in create
