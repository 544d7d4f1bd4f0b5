"""A client of the API over the application, with a token in its hand."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
from litestar import Litestar

from credo.access import Actor
from credo.api import problems
from credo.api.v1 import routes
from credo.base.blobs import Blobs
from credo.base.db import Db
from credo.base.secrets import Keyring
from credo.base.settings import Settings
from credo.installation import Installation
from credo.people import tokens


def application(db: Db, blobs: Blobs, settings: Settings) -> Litestar:
    """The API alone, over an installation that the test holds."""
    app = Litestar(
        routes,
        openapi_config=None,
        logging_config=None,
        request_max_body_size=2_000_000,
        exception_handlers={Exception: problems.answer},
    )
    app.state.installation = Installation(settings, db, blobs, Keyring((b"k" * 32,)))
    return app


async def token(db: Db, actor: Actor, *scopes: str) -> str:
    """A token of `actor`."""
    async with db.transaction(actor.desk_id) as tx:
        return (await tokens.make(tx, actor, "test", scopes or ("write",))).secret


@asynccontextmanager
async def client(app: Litestar, secret: str = "") -> AsyncIterator[httpx2.AsyncClient]:
    """Requests go straight into the application."""
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    address = (f"198.51.{secrets.randbelow(256)}.{secrets.randbelow(256)}", 4711)  # throttles count by address
    transport: Any = httpx2.ASGITransport(app=app, raise_app_exceptions=False, client=address)
    async with httpx2.AsyncClient(transport=transport, base_url="http://desk.test/api/v1", headers=headers) as opened:
        yield opened
