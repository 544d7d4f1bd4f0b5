"""What every request to the API passes: who asks, how often, and one transaction for each write.

A write's answer is held back until its transaction has committed; an answer that says "no" undoes everything.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import psycopg
from litestar import Request
from litestar.di import NamedDependency
from litestar.params import SkipValidation
from litestar.types import ASGIApp, HTTPSendMessage, Message, Receive, Scope, Send

from credo.access import Actor
from credo.api import idempotency, limits, problems
from credo.api.problems import NotSignedIn
from credo.base.blobs import Blobs
from credo.base.db import Tx
from credo.base.errors import Forbidden
from credo.installation import Installation
from credo.people import actors, throttle

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_ACTOR, _TX = "credo.api.actor", "credo.api.tx"
_Asked = Request[Any, Any, Any]


class ScopeMissing(Forbidden):
    """This token may not do that; make one whose scopes include it."""


class Door:
    """The middleware of the API's router."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, or answer it with a problem."""
        request: _Asked = Request(scope, receive, send)
        try:
            messages = await self._answered(request)
        except Exception as error:  # noqa: BLE001 - told as a problem, and logged there when nobody foresaw it
            response = problems.answer(request, error)
            await response.to_asgi_response(app=None, request=request)(scope, receive, send)
            return
        for message in messages:
            await send(message)

    async def _answered(self, request: _Asked) -> list[Message]:
        """What is still to be sent; nothing for a reading request, which answers by itself."""
        house = _house(request)
        if _is_open(request):
            await self.app(request.scope, request.receive, request.send)
            return []
        actor = await _let_in(request, house)
        request.scope["state"][_ACTOR] = actor
        if request.method in SAFE or _opt(request, "alone"):
            await self.app(request.scope, request.receive, request.send)
            return []
        return await self._written(request, house, actor)

    async def _written(self, request: _Asked, house: Installation, actor: Actor) -> list[Message]:
        held = _Held()
        body = await request.body()  # before the transaction, because a slow sender must not keep one open
        key = _key(request, actor, body)
        async with house.db.transaction(actor.desk_id) as tx:
            if key and (given := await idempotency.answered(tx, house.keys, key)):
                return _again(given)
            request.scope["state"][_TX] = tx
            await self.app(request.scope, request.receive, held.keep)
            if held.status >= 400:
                raise psycopg.Rollback
            if key:
                await idempotency.keep(tx, house.keys, key, idempotency.Answer(held.status, held.body))
        return held.messages


class _Held:
    """Messages of an answer that waits for its transaction."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    async def keep(self, message: Message) -> None:
        self.messages.append(message)

    @property
    def status(self) -> int:
        return next((m["status"] for m in self.messages if m["type"] == "http.response.start"), 500)

    @property
    def body(self) -> bytes:
        return b"".join(m["body"] for m in self.messages if m["type"] == "http.response.body")


def _key(request: _Asked, actor: Actor, body: bytes) -> idempotency.Key | None:
    """The key the request came with, if any; raises KeyUnfit."""
    text = request.headers.get(idempotency.HEADER)
    if text is None or actor.token_id is None:
        return None
    where = (request.method.encode(), request.url.path.encode(), request.scope["query_string"])
    return idempotency.key(text, actor.token_id, *where, body)


def _again(given: idempotency.Answer) -> list[Message]:
    """The kept answer, marked as such."""
    headers = [
        (b"idempotency-replayed", b"true"),
        (b"cache-control", b"no-store"),
        (b"content-length", str(len(given.body)).encode()),
    ]
    if given.body:
        headers.append((b"content-type", b"application/json"))
    start: HTTPSendMessage = {"type": "http.response.start", "status": given.status, "headers": headers}
    return [start, {"type": "http.response.body", "body": given.body, "more_body": False}]


def _house(request: _Asked) -> Installation:
    house: Installation = request.app.state.installation
    return house


def _is_open(request: _Asked) -> bool:
    """The description of the API, and questions about methods, need no token."""
    return _opt(request, "public") or request.method == "OPTIONS"


def _opt(request: _Asked, name: str) -> bool:
    """What a handler says of itself: `public` needs no token, `alone` asks other servers and holds no transaction."""
    handler: Any = request.route_handler
    return bool(handler.opt.get(name))


async def _let_in(request: _Asked, house: Installation) -> Actor:
    """The colleague whose token came along; raises NotSignedIn, ScopeMissing, TooOften or Slowed."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    actor = await actors.by_token(house.db, token.strip()) if kind.lower() == "bearer" else None
    if actor is None or actor.token_id is None:
        await _count_failure(request, house)
        raise NotSignedIn
    await _limits(request).take(house.db, actor.desk_id, actor.token_id)
    needed = "read" if request.method in SAFE else "write"
    if needed not in (actor.scopes or ()):
        raise ScopeMissing('This token lacks the scope "%(scope)s"; make one that has it.', scope=needed)
    return actor


async def _count_failure(request: _Asked, house: Installation) -> None:
    """Whoever keeps trying tokens that do not work waits longer and longer; good tokens from there still pass."""
    address = request.client.host if request.client else "?"
    gate = throttle.Gate(f"api-token:{address}", free=60, longest=timedelta(minutes=1))
    async with house.db.reading(0) as tx:
        await throttle.knock(tx, gate)


def _limits(request: _Asked) -> limits.Limits:
    """The permits this process holds, made on first use."""
    state = request.app.state
    if not hasattr(state, "api_limits"):
        state.api_limits = limits.Limits()
    found: limits.Limits = state.api_limits
    return found


async def provide_actor(request: _Asked) -> Actor:
    """Who asks."""
    actor: Actor = request.scope["state"][_ACTOR]
    return actor


async def provide_tx(request: _Asked) -> AsyncIterator[Tx]:
    """The transaction of a write, or a connection for reading that goes back before the answer leaves."""
    state = request.scope["state"]
    if _TX in state:
        yield state[_TX]
        return
    async with _house(request).db.reading(state[_ACTOR].desk_id) as tx:
        yield tx


async def provide_blobs(request: _Asked) -> Blobs:
    """The store of files."""
    return _house(request).blobs


async def provide_house(request: _Asked) -> Installation:
    """The whole installation, for what needs its keys."""
    return _house(request)


Asker = NamedDependency[SkipValidation[Actor]]
Work = NamedDependency[SkipValidation[Tx]]
Files = NamedDependency[SkipValidation[Blobs]]
House = NamedDependency[SkipValidation[Installation]]
