"""Make a database ready for this version: reach it, make it, migrate it, and once fill it with the demo desk."""

from __future__ import annotations

import sys
from typing import Any

import psycopg
from psycopg import AsyncConnection, sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.types.json import Jsonb

from credo.base import embedded
from credo.base.errors import CredoError
from credo.base.migrations import migrate, numbered
from credo.base.secrets import keyring
from credo.base.settings import Settings


class DatabaseUnreachable(CredoError):
    """The database cannot be reached; check CREDO_DATABASE_URL and that the server runs."""


class NotPrepared(CredoError):
    """The database is not ready for this version; run `credo migrate` once."""


async def prepare(settings: Settings, database_url: str, *, demo: bool = False) -> None:
    """Bring the database to this version; raises sentences for what stands in the way."""
    async with await connect(database_url) as connection:
        applied = await migrate(connection)
    keyring(settings)  # make the key now, so that the first backup already holds it
    if applied:
        print(f"The database is ready for this version ({len(applied)} steps).", file=sys.stderr)
    if demo:
        print(await _load_demo(settings, database_url))
    elif line := await _first_run(settings, database_url):
        print(line)


async def ensure_ready(database_url: str) -> None:
    """Raise `NotPrepared` unless every table of this version is there; for processes that start by themselves."""
    async with await connect(database_url) as connection:
        there = await (await connection.execute("select to_regclass('migration') is not null")).fetchone()
        found = await connection.execute("select name from migration") if there == (True,) else None
        done = {name for (name,) in await found.fetchall()} if found else set()
    if any(one.name not in done for one in numbered()):
        raise NotPrepared


async def connect(database_url: str) -> AsyncConnection[Any]:
    """A bare connection in autocommit; the embedded server's database is made when it is missing."""
    try:
        return await AsyncConnection.connect(database_url, autocommit=True, connect_timeout=8)
    except psycopg.OperationalError as error:
        if 'database "' in str(error) and "does not exist" in str(error) and embedded.is_ours(database_url):
            await _create(database_url)
            return await AsyncConnection.connect(database_url, autocommit=True, connect_timeout=8)
        raise DatabaseUnreachable(_reason(error)) from error


async def _create(database_url: str) -> None:
    name = str(conninfo_to_dict(database_url)["dbname"])
    above = make_conninfo(database_url, dbname="postgres")
    async with await AsyncConnection.connect(above, autocommit=True) as connection:
        try:
            await connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
            pass  # another command made it a moment ago


def _reason(error: psycopg.OperationalError) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    reason = lines[0].removeprefix("connection failed: ") if lines else "no answer"
    return f"The database cannot be reached: {reason}. Check CREDO_DATABASE_URL and that the server runs."


async def _first_run(settings: Settings, database_url: str) -> str:
    """Where and with which code the desk is set up, while there is none; else empty."""
    async with await connect(database_url) as connection:
        found = await (await connection.execute("select exists (select from desk)")).fetchone()
    if found and found[0]:
        return ""
    from credo.people import first_run  # heavy, and needed once

    return f"Set it up at {settings.address}/welcome?code={first_run.code(settings.data_dir)}"


async def _load_demo(settings: Settings, database_url: str) -> str:
    """Load the demo desk, once a database, and say how to sign in; what is said is kept, so later starts are quick."""
    async with await connect(database_url) as connection:
        told = await (await connection.execute("select value from fact where key = 'demo'")).fetchone()
    if told is not None:
        return str(told[0])
    from credo import demo
    from credo.installation import opened

    print("Loading the demo desk; this takes a moment …", file=sys.stderr, flush=True)
    async with opened(settings, database_url) as installation:
        sign_in = str(await demo.load(installation.db, installation.blobs, settings))
        async with installation.db.connection() as connection:
            await connection.execute(
                """insert into fact (key, value) values ('demo', %(told)s)
                   on conflict (key) do update set value = excluded.value""",
                {"told": Jsonb(sign_in)},
            )
    return sign_in
