"""The API over a real database, and clients with tokens of the desk's people."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from litestar import Litestar

from credo.base.blobs import Blobs
from credo.base.db import Db
from credo.base.settings import Settings, read
from support.api import application, client, token
from support.desks import Desk


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a folder of this test."""
    return read({}, data_dir=tmp_path)


@pytest.fixture
def app(db: Db, blobs: Blobs, settings: Settings) -> Litestar:
    """The API alone."""
    return application(db, blobs, settings)


@dataclass(frozen=True)
class Clients:
    """A client each: the administrator, a colleague with grants, one without any."""

    ada: httpx2.AsyncClient
    ines: httpx2.AsyncClient
    tom: httpx2.AsyncClient
    nobody: httpx2.AsyncClient


@pytest.fixture
async def clients(app: Litestar, db: Db, desk: Desk) -> AsyncIterator[Clients]:
    """Clients that may read and write; Ada's may administer."""
    async with (
        client(app, await token(db, desk.ada, "admin")) as ada,
        client(app, await token(db, desk.ines)) as ines,
        client(app, await token(db, desk.tom)) as tom,
        client(app) as nobody,
    ):
        yield Clients(ada, ines, tom, nobody)
