"""`schema.sql` and the migrations arrive at the same tables, and what stood in an older database is carried along."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files
from typing import Any

import psycopg
import pytest
from psycopg import AsyncConnection

from credo.base.migrations import numbered

pytestmark = pytest.mark.anyio

_COLUMNS = """select table_name, column_name, data_type, is_nullable, column_default, identity_generation
                from information_schema.columns where table_schema = 'public'"""
_CONSTRAINTS = "select conrelid::regclass::text, pg_get_constraintdef(oid) from pg_constraint where conrelid <> 0"
_INDEXES = "select tablename, indexdef from pg_indexes where schemaname = 'public'"


@asynccontextmanager
async def fresh(server_url: str, name: str) -> AsyncIterator[AsyncConnection[Any]]:
    """An empty database of its own, dropped afterwards."""
    name = f"credo_schema_{name}_{os.getpid()}"
    async with await AsyncConnection.connect(server_url, autocommit=True) as server:
        await server.execute(f"create database {name}")  # type: ignore[call-overload]
        try:
            url = psycopg.conninfo.make_conninfo(server_url, dbname=name)
            async with await AsyncConnection.connect(url, autocommit=True) as connection:
                yield connection
        finally:
            await server.execute(f"drop database {name} with (force)")  # type: ignore[call-overload]


async def shape(connection: AsyncConnection[Any]) -> list[set[tuple[object, ...]]]:
    """Columns, constraints and indexes, whatever their order."""
    return [set(await (await connection.execute(ask)).fetchall()) for ask in (_COLUMNS, _CONSTRAINTS, _INDEXES)]


async def test_the_migrations_arrive_at_the_readable_truth(server_url: str) -> None:
    async with fresh(server_url, "written") as connection:
        await connection.execute(files("credo").joinpath("schema.sql").read_text())  # type: ignore[arg-type]
        written = await shape(connection)
    async with fresh(server_url, "migrated") as connection:
        for migration in numbered():
            await connection.execute(migration.sql)  # type: ignore[arg-type]
        migrated = await shape(connection)
    assert [one - other for one, other in zip(written, migrated, strict=True)] == [set(), set(), set()]
    assert [other - one for one, other in zip(written, migrated, strict=True)] == [set(), set(), set()]
    assert all(written)


async def test_versions_of_an_older_database_follow_each_other(server_url: str) -> None:
    before, after = (lambda name: name < "0002"), (lambda name: name >= "0002")
    async with fresh(server_url, "older") as connection:
        for migration in numbered():
            if before(migration.name):
                await connection.execute(migration.sql)  # type: ignore[arg-type]
        await connection.execute("insert into desk (id, name, signing_key) values (1, 'Lumen Lamps', 'x')")
        await connection.execute(
            """insert into philosophy_version (desk_id, document_id, version, source, compiled, published_at, event_id)
               values (1, 'a', 7, 'one', '{}', '2026-09-01 08:00Z', 5),
                      (1, 'a', 8, 'two', '{}', '2026-10-01 08:00Z', 9)"""
        )
        for migration in numbered():
            if after(migration.name):
                await connection.execute(migration.sql)  # type: ignore[arg-type]
        found = await connection.execute(
            """select version, base_id, effective_at = published_at, in_force_event_id = event_id,
                      retired_at = '2026-10-01 08:00Z', left(digest, 8) from philosophy_version order by id"""
        )
        assert await found.fetchall() == [
            (7, None, True, True, True, "7692c3ad"),
            (8, 1, True, True, None, "3fc4ccfe"),
        ]
