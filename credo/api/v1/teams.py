"""/teams: who answers together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from litestar import delete, get, post, put
from litestar.params import JSONBody
from msgspec import Meta

from credo.api.door import Asker, Work
from credo.api.values import Id, Listed, Number, shaped
from credo.people import teams


@dataclass(frozen=True, slots=True)
class Team:
    """A team and its members, as ids of colleagues."""

    id: int
    name: str
    archived: bool
    members: list[int]


@dataclass(frozen=True, slots=True)
class TeamDetails:
    """What a team is called and who belongs to it."""

    name: Annotated[str, Meta(min_length=1, max_length=200)]
    members: Annotated[list[Number], Meta(max_length=1000)]


@dataclass(frozen=True, slots=True)
class NewTeam:
    """The id of the new team."""

    id: int


@get("/teams", operation_id="list_teams")
async def index(tx: Work, actor: Asker) -> Listed[Team]:
    """List all teams, the archived ones last; who neither leads nor administers sees their own."""
    return Listed([shaped(Team, one) for one in await teams.every(tx, actor)])


@get("/teams/{id:int}", operation_id="get_team")
async def show(tx: Work, actor: Asker, id: Id) -> Team:
    """Read one team; for administrators."""
    return shaped(Team, await teams.get(tx, actor, id))


@post("/teams", operation_id="make_team")
async def make(tx: Work, actor: Asker, data: JSONBody[TeamDetails]) -> NewTeam:
    """Found a team; for administrators."""
    return NewTeam(await teams.make(tx, actor, data.name, data.members))


@put("/teams/{id:int}", operation_id="change_team", status_code=204)
async def change(tx: Work, actor: Asker, id: Id, data: JSONBody[TeamDetails]) -> None:
    """Set name and members of a team; for administrators."""
    await teams.change(tx, actor, id, data.name, data.members)


@post("/teams/{id:int}/archiving", operation_id="archive_team", status_code=204)
async def archive(tx: Work, actor: Asker, id: Id) -> None:
    """Give the team nothing new; its members still see what lies with it. For administrators."""
    await teams.archive(tx, actor, id)


@delete("/teams/{id:int}/archiving", operation_id="restore_team", status_code=204)
async def restore(tx: Work, actor: Asker, id: Id) -> None:
    """Let an archived team work again; for administrators."""
    await teams.restore(tx, actor, id)


HANDLERS = [index, show, make, change, archive, restore]
