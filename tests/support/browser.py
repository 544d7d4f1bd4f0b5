"""A browser without a screen: the real application over the real database, spoken to in this process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
from litestar import Litestar

from credo.base import settings as reading
from credo.base.db import Db
from credo.web.app import create_app

HOME = "192.0.2.7"


@asynccontextmanager
async def browsers(database_url: str, data_dir: Path, **environ: str) -> AsyncIterator[Browsers]:
    """Browsers for one installation, which lives as long as the block."""
    settings = reading.read(
        {"CREDO_DATA_DIR": str(data_dir), "CREDO_PUBLIC_URL": "https://care.example.com", **environ}
    )
    app = create_app(settings, database_url)
    async with app.lifespan():
        found = Browsers(app)
        try:
            yield found
        finally:
            await found.close()


class Browsers:
    """Opens browsers, each with cookies of its own."""

    def __init__(self, app: Litestar) -> None:
        self.app = app
        self._opened: list[httpx2.AsyncClient] = []

    def open(self, host: str = "care.example.com", *, address: str = HOME, scheme: str = "http") -> httpx2.AsyncClient:
        """A browser at `address` that looks at `host`."""
        client = httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=self.app, client=(address, 4711)),  # type: ignore[arg-type]
            base_url=f"{scheme}://{host}",
            headers={"accept": "text/html", "user-agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/145.0"},
        )
        self._opened.append(client)
        return client

    async def close(self) -> None:
        """Close them all."""
        for client in self._opened:
            await client.aclose()


async def host_of(db: Db, desk_id: int) -> str:
    """A host name that leads to this desk, among all the desks of a test database."""
    host = f"desk-{desk_id}.example.com"
    async with db.transaction(desk_id) as tx:
        await tx.run("update desk set host = %(host)s where id = %(desk)s", host=host)
    return host
