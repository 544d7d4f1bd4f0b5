"""/openapi.json: the description of all this, for programs that make clients. No page loads anything from elsewhere."""

from __future__ import annotations

from functools import cache

import msgspec
from litestar import Response, get
from litestar.datastructures import CacheControlHeader

from credo.api.describing import document


@get(
    "/openapi.json",
    include_in_schema=False,
    opt={"public": True},
    media_type="application/json",
    cache_control=CacheControlHeader(public=True, max_age=300),
)
async def openapi() -> Response[bytes]:
    """The description in OpenAPI 3.1; it needs no token."""
    return Response(_described(), media_type="application/json")


@cache
def _described() -> bytes:
    from credo.api.v1 import router  # the router holds this handler

    return msgspec.json.encode(document(router))


HANDLERS = [openapi]
