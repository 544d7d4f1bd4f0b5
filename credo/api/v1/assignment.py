"""/conversations/{id}/assignment and /team: who has it, and whom it lies with."""

from __future__ import annotations

from dataclasses import dataclass

from litestar import get, put
from litestar.params import JSONBody

from credo.api.door import Asker, Work
from credo.api.values import Id, Listed, Number, shaped
from credo.conversations import assignment


@dataclass(frozen=True, slots=True)
class Assignment:
    """The colleague who has it; null gives it back to the team."""

    agent_id: Number | None


@dataclass(frozen=True, slots=True)
class Belonging:
    """The team it lies with; null for none."""

    team_id: Number | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A colleague who could have it."""

    id: int
    name: str


@put("/conversations/{id:int}/assignment", operation_id="assign", status_code=204)
async def assign(tx: Work, actor: Asker, id: Id, data: JSONBody[Assignment]) -> None:
    """Hand the conversation to a colleague who may see it, or back to the team."""
    await assignment.assign(tx, actor, id, data.agent_id)


@get("/conversations/{id:int}/candidates", operation_id="list_candidates")
async def candidates(tx: Work, actor: Asker, id: Id) -> Listed[Candidate]:
    """List the colleagues who may see the conversation, by name."""
    return Listed([shaped(Candidate, one) for one in await assignment.candidates(tx, actor, id)])


@put("/conversations/{id:int}/team", operation_id="move_to_team", status_code=204)
async def move(tx: Work, actor: Asker, id: Id, data: JSONBody[Belonging]) -> None:
    """Lay the conversation with a team; whoever has it keeps it only if they may still see it."""
    await assignment.move_to_team(tx, actor, id, data.team_id)


HANDLERS = [assign, candidates, move]
