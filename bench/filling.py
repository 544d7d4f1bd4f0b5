"""Copy a corpus into a migrated database, as one desk, with indexes made afterwards."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files

import psycopg
from psycopg import AsyncConnection, Connection, sql

from bench.corpus import COLUMNS, MAILBOXES, STAFF, Bases, Corpus, Row, Size
from credo.base import clock
from credo.base.db import Tx
from credo.history import by_system
from credo.philosophy import publish

_DEFERRED = ("item_search", "item_newest", "item_seq", "conversation_by_work", "conversation_person", "event_kind")
_TEAMS = ("Care", "Trade desk", "Returns", "Leads")


@dataclass(frozen=True, slots=True)
class Filled:
    """The desk that was made. The first agent administers, the second to fourth lead, the others see two mailboxes."""

    desk_id: int
    bases: Bases
    size: Size
    now: datetime

    @property
    def admin(self) -> int:
        """The id of the administrator."""
        return self.bases.agent

    @property
    def colleague(self) -> int:
        """The id of one who sees two of four mailboxes."""
        return self.bases.agent + 6


def fill(url: str, size: Size, now: datetime) -> Filled:
    """Make a desk of `size` as of `now` in the database at `url`; needs the right to leave links unchecked."""
    with psycopg.connect(url, autocommit=True) as connection:
        desk_id = _desk(connection)
        version = asyncio.run(_philosophy(url, desk_id, now - timedelta(days=800)))
        with connection.transaction():
            connection.execute("set local session_replication_role = replica")  # links are right by construction
            connection.execute("set local synchronous_commit = off")
            bases = _reserve(connection, size, version)
            corpus = Corpus(size, desk_id, bases, now)
            _people(connection, desk_id, corpus)
            with _without_indexes(connection):
                _threads(connection, desk_id, corpus)
        connection.execute("vacuum analyze")
    return Filled(desk_id, bases, size, now)


def _desk(connection: Connection) -> int:
    made = connection.execute(
        """insert into desk (name, zone, signing_key, setup_step)
           values ('Bench', 'Europe/Berlin', %s, 3) returning id""",
        [secrets.token_bytes(32)],
    ).fetchone()
    assert made is not None
    return int(made[0])


async def _philosophy(url: str, desk_id: int, at: datetime) -> int:
    """The demo's philosophy, published before anybody wrote; returns the id of the version."""
    text = files("credo.demo").joinpath("lumen-lamps.yaml").read_text("utf-8")
    async with await AsyncConnection.connect(url, autocommit=True) as connection, connection.transaction():
        with clock.frozen(at):
            return (await publish(Tx(connection, desk_id), by_system(), text)).id


def _reserve(connection: Connection, size: Size, version: int) -> Bases:
    """Take ids from the sequences, so that whoever inserts later comes after."""
    wanted = {
        "agent": STAFF,
        "team": MAILBOXES,
        "mailbox": MAILBOXES,
        "person": size.customers,
        "identity": size.customers,
        "conversation": size.conversations,
        "item": size.items,
        "event": size.items,
        "raw": size.items,
        "outbox": size.items,
        "clock": size.conversations,
    }
    return Bases(version=version, **{table: _take(connection, table, count) for table, count in wanted.items()})


def _take(connection: Connection, table: str, count: int) -> int:
    row = connection.execute(
        "select setval(ids, nextval(ids) + %(count)s) from pg_get_serial_sequence(%(table)s, 'id') ids(ids)",
        {"table": table, "count": count},
    ).fetchone()
    assert row is not None
    return int(row[0]) - count


def _people(connection: Connection, desk_id: int, corpus: Corpus) -> None:
    bases = corpus.bases
    places = range(MAILBOXES)
    _copy(connection, desk_id, "team", "id, name, sort_key", ((bases.team + n, _TEAMS[n], _TEAMS[n]) for n in places))
    boxes = ((bases.mailbox + n, _TEAMS[n], f"box{n}@lumen.example", bases.team + n) for n in places)
    _copy(connection, desk_id, "mailbox", "id, name, address, team_id", boxes)
    roles = ["admin", *["lead"] * 3, *["agent"] * (STAFF - 4)]
    agents = [
        (bases.agent + n, f"agent{n}@lumen.example", f"Agent {n}", f"agent {n:02}", role, "active")
        for n, role in enumerate(roles)
    ]
    _copy(connection, desk_id, "agent", "id, email, name, sort_key, role, state", agents)
    granted = [
        (bases.mailbox + place, bases.agent + n)
        for n, role in enumerate(roles)
        for place in (places if role != "agent" else (n % MAILBOXES, (n + 1) % MAILBOXES))
    ]
    _copy(connection, desk_id, "mailbox_grant", "mailbox_id, agent_id", granted)
    members = [(bases.team + n % MAILBOXES, bases.agent + n) for n in range(STAFF)]
    _copy(connection, desk_id, "team_member", "team_id, agent_id", members)
    _copy(connection, desk_id, "person", "id, name, sort_key, language, created_at", corpus.persons())
    _copy(connection, desk_id, "identity", "id, person_id, kind, address", corpus.identities())


def _threads(connection: Connection, desk_id: int, corpus: Corpus) -> None:
    """Items go by way of a table that is thrown away, because the server makes their search vectors."""
    connection.execute("create temp table new_item (like item, searched text, day text) on commit drop")
    connection.execute("alter table new_item alter meta set default '{}', alter nature set default 'message'")
    connection.execute("alter table new_item alter state set default 'shown', alter guest set default false")
    columns = COLUMNS["item"].removesuffix(", searched, day")
    for rows in corpus.chunks():
        for table, names in COLUMNS.items():
            _copy(connection, desk_id, "new_item" if table == "item" else table, names, getattr(rows, table))
        connection.execute(
            f"""insert into item (desk_id, {columns}, search)
                select desk_id, {columns}, to_tsvector('simple', searched) || day::tsvector from new_item"""
        )
        connection.execute("truncate new_item")


@contextmanager
def _without_indexes(connection: Connection) -> Iterator[None]:
    """Drop what slows copying down and make it again, as it was."""
    found = connection.execute(
        "select indexname, indexdef from pg_indexes where schemaname = current_schema() and indexname = any(%s)",
        [list(_DEFERRED)],
    ).fetchall()
    for name, _ in found:
        connection.execute(sql.SQL("drop index {}").format(sql.Identifier(name)))
    yield
    connection.execute("set local maintenance_work_mem = '512MB'")
    for _, definition in found:
        connection.execute(definition)


def _copy(connection: Connection, desk_id: int, table: str, columns: str, rows: Iterable[Row]) -> None:
    with connection.cursor().copy(f"copy {table} (desk_id, {columns}) from stdin") as copy:
        for row in rows:
            copy.write_row((desk_id, *row))
