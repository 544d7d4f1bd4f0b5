"""The demo desk, loaded once into a database of its own and looked at from all sides."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from obstore.store import LocalStore

from credo import demo, flow, promises
from credo.base import settings
from credo.base.blobs import Blobs
from credo.base.db import Db
from credo.base.migrations import migrate
from credo.channels.email.mailbox import load as load_mailbox
from credo.demo.cast import COLLEAGUES
from credo.fields import FIELDS
from credo.people import passwords


@dataclass(frozen=True, slots=True)
class Loaded:
    """Where the demo lies."""

    url: str
    folder: Path
    sign_in: demo.DemoSignIn


@pytest.fixture(scope="module")
def loaded(server_url: str) -> Iterator[Loaded]:
    """A database with the demo desk in it."""
    name = f"demo_{os.getpid()}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"create database {name}")
    url = psycopg.conninfo.make_conninfo(server_url, dbname=name)
    with tempfile.TemporaryDirectory() as folder:
        yield Loaded(url, Path(folder), asyncio.run(_load(url, Path(folder), cut_off=True)))
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)")


async def _load(url: str, folder: Path, *, cut_off: bool = False) -> demo.DemoSignIn:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await migrate(connection)
        if cut_off:  # as an earlier start leaves it that was killed in the middle
            await connection.execute("insert into fact (key, value) values ('demo begun', 'true')")
            await connection.execute("insert into desk (name, signing_key) values ('half a demo', 'key')")
    db = await Db(url, before_commit=flow.react).open()
    try:
        return await demo.load(db, Blobs(LocalStore(prefix=folder), folder), settings.read({}))
    finally:
        await db.close()


@pytest.fixture
async def db(loaded: Loaded) -> AsyncIterator[Db]:
    """The demo's database."""
    opened = await Db(loaded.url, size=2, before_commit=flow.react).open()
    yield opened
    await opened.close()


@pytest.fixture
async def desk_id(db: Db) -> int:
    """The one desk there is."""
    async with db.reading(0) as tx:
        assert await tx.values("select name from desk") == ["Lumen Lamps"]
        return int(await tx.value("select id from desk"))


async def test_it_is_full_and_varied(db: Db, desk_id: int) -> None:
    async with db.reading(desk_id) as tx:
        states = dict(await _pairs(tx, "select state, count(*) from conversation where desk_id = %(desk)s group by 1"))
        assert 280 <= sum(states.values()) <= 330
        assert states["open"] >= 15
        assert all(states.get(state) for state in ("waiting", "snoozed", "solved", "spam", "trash"))
        written = await tx.values("select text from item where desk_id = %(desk)s and kind = 'message'")
        assert len(set(written)) > 0.99 * len(written)
        languages = set(await tx.values("select distinct language from person where desk_id = %(desk)s"))
        assert {"en", "de", "es", "fr"} <= languages
        natures = set(await tx.values("select distinct nature from item where desk_id = %(desk)s"))
        assert {"message", "auto_reply", "bounce"} <= natures
        types = set(await tx.values("select distinct type from attachment where desk_id = %(desk)s"))
        assert {"image/png", "application/pdf"} <= types
        assert await tx.value("select count(*) from attachment where desk_id = %(desk)s and inline") > 3
        assert await tx.value("select count(*) from raw where desk_id = %(desk)s and state = 'failed'") == 1
        assert await tx.value("select count(*) from item where desk_id = %(desk)s and meta ? 'invite'") == 1
        assert (
            await tx.value("select count(*) from attachment where desk_id = %(desk)s and name = 'wartezimmer.pdf'") == 1
        )


async def test_no_text_holds_a_slot_that_nobody_filled(db: Db, desk_id: int) -> None:
    async with db.reading(desk_id) as tx:
        told = await tx.values(
            """select text from item where desk_id = %(desk)s and text ~ '[{}|]'
               union all select subject from conversation where desk_id = %(desk)s and subject ~ '[{}|]'"""
        )
    assert told == []


async def test_its_promises_are_what_its_events_make_of_them(db: Db, desk_id: int) -> None:
    async with db.reading(desk_id) as tx:
        every = dict(await _pairs(tx, "select state, count(*) from clock where desk_id = %(desk)s group by 1"))
        assert every["kept"] > 200
        assert every["late"] >= 3
        assert every["running"] >= 10
        assert await tx.values("select error from reaction_failure where desk_id = %(desk)s") == []
        some = await tx.values("select id from conversation where desk_id = %(desk)s order by id desc limit 60")
    async with db.transaction(desk_id) as tx:
        for id in some:
            reckoned = [
                (one.promise, one.state, one.due_at, one.broken_at) for one in await promises.recompute(tx, id, FIELDS)
            ]
            stored = await tx.all(
                _Clock,
                """select promise, state, due_at, broken_at from clock
                    where desk_id = %(desk)s and conversation_id = %(id)s order by id""",
                id=id,
            )
            assert [(one.promise, one.state, one.due_at, one.broken_at) for one in stored] == reckoned


@dataclass(frozen=True, slots=True)
class _Clock:
    promise: str
    state: str
    due_at: object
    broken_at: object


async def test_no_mail_of_it_can_leave(db: Db, desk_id: int) -> None:
    async with db.reading(desk_id) as tx:
        assert set(await tx.values("select distinct state from outbox where desk_id = %(desk)s")) == {"sent"}
        for id in await tx.values("select id from mailbox where desk_id = %(desk)s"):
            mailbox = await load_mailbox(tx, id)
            assert mailbox.outgoing.nowhere
            assert not mailbox.outgoing.host
            assert not mailbox.incoming.host


async def test_what_it_shows_is_stored(loaded: Loaded, db: Db, desk_id: int) -> None:
    blobs = Blobs(LocalStore(prefix=loaded.folder), loaded.folder)
    async with db.reading(desk_id) as tx:
        named = await tx.values(
            """select sha256 from attachment where desk_id = %(desk)s
               union select sha256 from raw where desk_id = %(desk)s"""
        )
        counted = set(await tx.values("select sha256 from blob where desk_id = %(desk)s"))
    assert set(named) <= counted
    assert all([await blobs.size(desk_id, one) for one in named])


async def test_everybody_can_sign_in(loaded: Loaded, db: Db, desk_id: int) -> None:
    async with db.reading(desk_id) as tx:
        hashes = await tx.values("select password_hash from agent where desk_id = %(desk)s and state = 'active'")
    assert len(hashes) == len(COLLEAGUES)
    right, _ = await passwords.check(loaded.sign_in.password, hashes[0])
    assert right
    assert "ines@lumen.example" in str(loaded.sign_in)
    assert loaded.sign_in.password in str(loaded.sign_in)


async def test_it_is_loaded_once(loaded: Loaded, db: Db) -> None:
    before = await _size(db)
    await _load(loaded.url, loaded.folder)
    assert await _size(db) == before


async def test_it_refuses_to_stand_beside_a_real_desk(db: Db, loaded: Loaded) -> None:
    async with await psycopg.AsyncConnection.connect(loaded.url) as connection:
        await connection.execute("update desk set demo_loaded_at = null")
        await connection.commit()
        try:
            with pytest.raises(demo.NotEmpty, match="data folder of its own"):
                await _load(loaded.url, loaded.folder)
        finally:
            await connection.execute("update desk set demo_loaded_at = now()")
            await connection.commit()


async def _size(db: Db) -> int:
    async with db.reading(0) as tx:
        return int(await tx.value("select count(*) from event"))


async def _pairs(tx: object, sql: str) -> list[tuple[str, int]]:
    cursor = await tx.connection.execute(sql, {"desk": tx.desk_id})  # type: ignore[attr-defined]
    return list(await cursor.fetchall())
