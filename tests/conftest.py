"""One real PostgreSQL for the run, one database a worker made by the migrations, one fresh desk a test."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest
from obstore.store import LocalStore

from credo import flow
from credo.base import embedded
from credo.base.blobs import Blobs
from credo.base.db import Db
from credo.base.migrations import migrate
from support.desks import Desk, make_desk


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """All async code here is asyncio's."""
    return "asyncio"


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """The address of a PostgreSQL server: CREDO_TEST_DATABASE_URL, or a throw-away embedded one of this worker."""
    if url := os.environ.get("CREDO_TEST_DATABASE_URL"):
        yield url
        return
    # Not below pytest's own folder: any other run closes that to everybody but its owner, which ends our server.
    with tempfile.TemporaryDirectory(prefix="credo-tests-") as folder:
        server = embedded.server(Path(folder) / "postgres", throwaway=True)
        server.start()
        yield server.url("postgres")
        server.stop()


@pytest.fixture(scope="session")
def database_url(server_url: str) -> Iterator[str]:
    """A database of this worker, brought up by the migrations and dropped afterwards."""
    name = f"credo_{os.getpid()}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"create database {name}")
    url = psycopg.conninfo.make_conninfo(server_url, dbname=name)
    asyncio.run(_migrate(url))
    yield url
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)")


async def _migrate(url: str) -> None:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await migrate(connection)


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Db]:
    """The database as the processes open it, with the flow reacting before each commit."""
    opened = await Db(database_url, size=4, before_commit=flow.react).open()
    yield opened
    await opened.close()


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    """A blob store in a folder of this test."""
    folder = tmp_path / "blobs"
    folder.mkdir()
    return Blobs(LocalStore(prefix=folder), folder)


@pytest.fixture
async def desk(db: Db) -> Desk:
    """A fresh desk with a mailbox, a team, an administrator, a lead and two colleagues."""
    return await make_desk(db)
