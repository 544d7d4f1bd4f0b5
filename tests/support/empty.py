"""A database with tables and nothing in them, for what happens before there is a desk."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import LiteralString, cast

import psycopg

from credo import flow
from credo.base.db import Db
from credo.base.ids import short_key
from credo.base.migrations import migrate


@asynccontextmanager
async def empty_database(server_url: str) -> AsyncIterator[Db]:
    """A migrated database of its own, dropped afterwards."""
    name = f"credo_empty_{short_key(8)}"
    await _on(server_url, f"create database {name}")
    url = psycopg.conninfo.make_conninfo(server_url, dbname=name)
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await migrate(connection)
    opened = await Db(url, size=4, before_commit=flow.react).open()
    try:
        yield opened
    finally:
        await opened.close()
        await _on(server_url, f"drop database {name} with (force)")


async def _on(url: str, statement: str) -> None:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute(cast(LiteralString, statement))
