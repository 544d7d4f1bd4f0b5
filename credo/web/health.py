"""`GET /health`: for load balancers and watchers, without sign-in."""

from __future__ import annotations

from litestar import Response, get
from litestar.datastructures import State

from credo import vitals
from credo.installation import Installation


@get("/health", include_in_schema=False, opt={"public": True})
async def health(state: State) -> Response[vitals.Vitals]:
    """The vital figures; status 503 when something stands still."""
    installation: Installation = state.installation
    figures = await vitals.read(installation)
    return Response(figures, status_code=200 if figures.healthy else 503, headers={"Cache-Control": "no-store"})
