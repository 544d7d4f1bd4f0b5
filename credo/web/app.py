"""The web application: every door of the house in one ASGI app."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar, Request
from litestar.datastructures import CacheControlHeader
from litestar.di import Provide
from litestar.static_files import create_static_files_router
from litestar.types import ControllerRouterHandler, Message, Scope

from credo.api import v1
from credo.base.settings import Settings
from credo.installation import Installation, opened
from credo.live import Hub
from credo.web import asking, screens
from credo.web.answering import answer_error
from credo.web.bundle import STATIC

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "frame-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
        "base-uri 'none'",
    )
)
_ON_ALL = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
)
_ON_PAGES = (*_ON_ALL, (b"cache-control", b"no-store"), (b"vary", b"HX-Request"))
YEAR = 31_536_000


def create_app(settings: Settings, database_url: str | None = None) -> Litestar:
    """The application over one installation; it opens the database when it starts and closes it when it stops."""

    @asynccontextmanager
    async def living(app: Litestar) -> AsyncIterator[None]:
        async with opened(settings, database_url) as installation:
            hub = Hub(installation.db)
            app.state.installation, app.state.hub = installation, hub
            hub.start()
            try:
                yield
            finally:
                await hub.stop()

    return Litestar(
        route_handlers=[*screens.ROUTES, *v1.routes, _static()],
        lifespan=[living],
        guards=[asking.let_in],
        dependencies={"who": Provide(asking.who), "actor": Provide(asking.actor), "house": Provide(_house)},
        exception_handlers={Exception: answer_error},
        before_send=[_with_headers],
        request_max_body_size=settings.upload_max_bytes + 1_000_000,
        openapi_config=None,
        logging_config=None,
    )


async def _house(request: Request[Any, Any, Any]) -> Installation:
    return asking.house(request)


def _static() -> ControllerRouterHandler:
    """Built files carry a hash in their name, so browsers may keep them for good."""
    return create_static_files_router(
        "/static",
        [STATIC],
        cache_control=CacheControlHeader(max_age=YEAR, public=True, immutable=True),
        opt={"public": True},
    )


async def _with_headers(message: Message, scope: Scope) -> None:
    """The content policy and its like, on every answer that has not set a narrower one."""
    if message["type"] != "http.response.start":
        return
    given = {name.lower(): value for name, value in message["headers"]}
    wanted = _ON_PAGES if given.get(b"content-type", b"").startswith(b"text/html") else _ON_ALL
    message["headers"] = [*message["headers"], *(pair for pair in wanted if pair[0] not in given)]
