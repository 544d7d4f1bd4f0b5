"""`/live`: names of what changed, over one stream a browser."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

from litestar import Request, get
from litestar.response import Stream

from credo.access import Actor
from credo.live import Hub
from credo.people import actors
from credo.web import asking
from credo.web.asking import Asker, House


@get("/live")
async def live(request: Request[Any, Any, Any], house: House, actor: Asker) -> Stream:
    """Names this person may hear of, until they sign out or go away; a comment every 15 seconds keeps it open."""
    hub: Hub = request.app.state.hub
    token = request.cookies.get(asking.cookie_name(request), "")

    async def who() -> Actor | None:
        return await actors.by_session(house.db, token)

    return Stream(
        _told(hub.stream(actor, who)),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _told(names: AsyncIterator[list[str]]) -> AsyncIterator[str]:
    yield "retry: 2000\n\n"
    async for found in names:
        yield f"data: {json.dumps(found)}\n\n" if found else ": still here\n\n"


ROUTES = [live]
