"""/breakers: addresses to which nothing goes out by itself any more, because too much went or came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from litestar import delete, get

from credo.access import ensure, may_administer
from credo.api.door import Asker, Work
from credo.api.values import Id, Listed, Moment, shaped
from credo.delivery import guard


@dataclass(frozen=True, slots=True)
class Breaker:
    """An open breaker; `reason` says which limit was passed. Colleagues can still write there."""

    id: int
    address: str
    reason: Literal["address", "subject", "flood"]
    tripped_at: Moment


@get("/breakers", operation_id="list_breakers")
async def index(tx: Work, actor: Asker) -> Listed[Breaker]:
    """List the newest two hundred open breakers; for administrators."""
    ensure(may_administer(actor))
    return Listed([shaped(Breaker, one) for one in await guard.tripped(tx)])


@delete("/breakers/{id:int}", operation_id="reset_breaker", status_code=204)
async def reset(tx: Work, actor: Asker, id: Id) -> None:
    """Allow automatic mail to the address again, counting from now; for administrators."""
    ensure(may_administer(actor))
    await guard.reset(tx, id, actor.as_author())


HANDLERS = [index, reset]
