"""/conversations/{id}/presence: who looks at it or writes in it now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from litestar import delete, get, put
from litestar.params import JSONBody

from credo.api.door import Asker, Work
from credo.api.values import Id, Listed, shaped
from credo.conversations import presence


@dataclass(frozen=True, slots=True)
class Being:
    """What you do there."""

    doing: Literal["viewing", "writing"]


@dataclass(frozen=True, slots=True)
class Present:
    """A colleague who is there now."""

    agent_id: int
    name: str
    doing: Literal["viewing", "writing"]


@get("/conversations/{id:int}/presence", operation_id="list_present")
async def index(tx: Work, actor: Asker, id: Id) -> Listed[Present]:
    """List the other colleagues who are there now, writers first."""
    return Listed([shaped(Present, one) for one in await presence.present(tx, actor, id)])


@put("/conversations/{id:int}/presence", operation_id="be_present", status_code=204)
async def renew(tx: Work, actor: Asker, id: Id, data: JSONBody[Being]) -> None:
    """Say that you are there; it holds for thirty seconds."""
    await presence.here(tx, actor, id, data.doing)


@delete("/conversations/{id:int}/presence", operation_id="leave", status_code=204)
async def leave(tx: Work, actor: Asker, id: Id) -> None:
    """Say that you left."""
    await presence.gone(tx, actor, id)


HANDLERS = [index, renew, leave]
