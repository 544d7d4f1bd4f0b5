"""/agents: colleagues, their roles and what they may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from litestar import delete, get, post, put
from litestar.params import JSONBody
from msgspec import Meta

from credo.api.door import Asker, Work
from credo.api.values import Id, Listed, MailAddress, Moment, Number, shaped
from credo.people import agents, grants, invitations

Role = Literal["admin", "lead", "agent"]
Ids = Annotated[list[Number], Meta(max_length=1000)]


@dataclass(frozen=True, slots=True)
class Agent:
    """A colleague. `seen_at` is when they last used a screen, `invited_until` the end of an open invitation."""

    id: int
    name: str
    email: str
    role: Role
    state: Literal["invited", "active", "deactivated"]
    totp_on: bool
    seen_at: Moment | None
    invited_until: Moment | None
    mailboxes: list[int]
    teams: list[int]


@dataclass(frozen=True, slots=True)
class Colleague:
    """A colleague, to be chosen from a list."""

    id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """Whom to invite, as what, and what they will see."""

    email: MailAddress
    name: Annotated[str, Meta(min_length=1, max_length=200)]
    role: Role
    mailboxes: Ids | None = None
    teams: Ids | None = None


@dataclass(frozen=True, slots=True)
class Invited:
    """The invited colleague and the secret of the link /invite/{token}, to be handed over; it is shown this once."""

    agent_id: int
    token: str
    expires_at: Moment


@dataclass(frozen=True, slots=True)
class NewName:
    """Another name."""

    name: Annotated[str, Meta(min_length=1, max_length=200)]


@dataclass(frozen=True, slots=True)
class NewRole:
    """Another role."""

    role: Role


@dataclass(frozen=True, slots=True)
class Grants:
    """Exactly the mailboxes a colleague may see and the teams they belong to."""

    mailboxes: Ids
    teams: Ids


@get("/colleagues", operation_id="list_colleagues")
async def colleagues(tx: Work) -> Listed[Colleague]:
    """List everybody who is active, by name."""
    return Listed([shaped(Colleague, one) for one in await agents.names(tx)])


@get("/agents", operation_id="list_agents")
async def index(tx: Work, actor: Asker) -> Listed[Agent]:
    """List everybody who works here, is invited or once did; for administrators."""
    return Listed([shaped(Agent, one) for one in await agents.everybody(tx, actor)])


@get("/agents/{id:int}", operation_id="get_agent")
async def show(tx: Work, actor: Asker, id: Id) -> Agent:
    """Read one colleague; for administrators, and for oneself."""
    return shaped(Agent, await agents.get(tx, actor, id))


@post("/agents", operation_id="invite_agent")
async def invite(tx: Work, actor: Asker, data: JSONBody[Invitation]) -> Invited:
    """Invite a colleague; for administrators."""
    seen = {"mailboxes": data.mailboxes or [], "teams": data.teams or []}
    return shaped(Invited, await invitations.invite(tx, actor, data.email, data.name, data.role, **seen))


@post("/agents/{id:int}/invitation", operation_id="invite_agent_again")
async def invite_again(tx: Work, actor: Asker, id: Id) -> Invited:
    """Make another link for an invitation that was not taken up; the one before works no longer; for administrators."""
    return shaped(Invited, await invitations.again(tx, actor, id))


@put("/agents/{id:int}/name", operation_id="rename_agent", status_code=204)
async def rename(tx: Work, actor: Asker, id: Id, data: JSONBody[NewName]) -> None:
    """Give a colleague another name; administrators anybody, everybody themselves."""
    await agents.rename(tx, actor, id, data.name)


@put("/agents/{id:int}/role", operation_id="set_role", status_code=204)
async def set_role(tx: Work, actor: Asker, id: Id, data: JSONBody[NewRole]) -> None:
    """Give a colleague another role; for administrators."""
    await agents.set_role(tx, actor, id, data.role)


@put("/agents/{id:int}/grants", operation_id="set_grants", status_code=204)
async def give(tx: Work, actor: Asker, id: Id, data: JSONBody[Grants]) -> None:
    """Let a colleague see exactly these mailboxes and belong to exactly these teams; for administrators."""
    await grants.give(tx, actor, id, data.mailboxes, data.teams)


@post("/agents/{id:int}/deactivation", operation_id="deactivate_agent", status_code=204)
async def deactivate(tx: Work, actor: Asker, id: Id) -> None:
    """End sessions and tokens of a colleague and hand their open work back to its teams; for administrators."""
    await agents.deactivate(tx, actor, id)


@delete("/agents/{id:int}/deactivation", operation_id="reactivate_agent", status_code=204)
async def reactivate(tx: Work, actor: Asker, id: Id) -> None:
    """Let a colleague back in with the grants they had; for administrators."""
    await agents.reactivate(tx, actor, id)


HANDLERS = [colleagues, index, show, invite, invite_again, rename, set_role, give, deactivate, reactivate]
