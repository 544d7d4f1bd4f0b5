"""What every process of one installation holds: settings, database, blobs and keys."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from credo.base.blobs import Blobs, blobs
from credo.base.db import Db
from credo.base.secrets import Keyring, keyring
from credo.base.settings import Settings


@dataclass(frozen=True, slots=True)
class Installation:
    """The ground a process stands on; handed to whatever needs more than one part of it."""

    settings: Settings
    db: Db
    blobs: Blobs
    keys: Keyring


@asynccontextmanager
async def opened(settings: Settings, database_url: str | None = None) -> AsyncIterator[Installation]:
    """Open everything, with the flow reacting before each commit; raises `Unreachable`."""
    from credo import flow

    db = Db(database_url or settings.database_url, size=settings.database_pool, before_commit=flow.react)
    await db.open()
    try:
        yield Installation(settings, db, blobs(settings), keyring(settings))
    finally:
        await db.close()
