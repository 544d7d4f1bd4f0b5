"""Colleagues: who they are, their role, leaving and coming back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from credo.access import Actor, ensure, may_administer
from credo.access.actor import Role
from credo.base import clock
from credo.base.db import Tx
from credo.base.errors import Conflict, Invalid, NotFound
from credo.base.ids import fold
from credo.history import record
from credo.people import links, sessions, tokens
from credo.people.desks import named
from credo.people.events import AgentDeactivated, AgentReactivated, AgentRenamed, RoleChanged

ROLES: tuple[Role, ...] = ("admin", "lead", "agent")


class LastAdministrator(Conflict):
    """This is the only administrator; make somebody else one first."""


class NotYourself(Conflict):
    """You cannot deactivate yourself; another administrator can."""


class UnknownRole(Invalid):
    """There are three roles: administrator, lead and colleague."""


@dataclass(frozen=True, slots=True)
class Agent:
    """A colleague as the list of people shows them; `seen_at` is when they last used a screen."""

    id: int
    name: str
    email: str
    role: Role
    state: str
    totp_on: bool
    seen_at: datetime | None
    invited_until: datetime | None
    mailboxes: list[int]
    teams: list[int]


@dataclass(frozen=True, slots=True)
class Name:
    """A colleague, to be chosen from a list."""

    id: int
    name: str


async def everybody(tx: Tx, actor: Actor) -> list[Agent]:
    """Everybody who works here, is invited or once did, by state and name; for administrators."""
    ensure(may_administer(actor))
    return await tx.all(
        Agent, f"{_SELECT} order by array_position(array['active','invited'], a.state), a.sort_key, a.id"
    )


async def get(tx: Tx, actor: Actor, agent_id: int) -> Agent:
    """One colleague; for administrators, and for oneself."""
    ensure(may_administer(actor) or agent_id == actor.agent_id)
    return await tx.one(Agent, f"{_SELECT} and a.id = %(id)s", id=agent_id)


async def by_email(tx: Tx, email: str) -> Agent | None:
    """The active colleague with this address, for what is done at the console; asks for no actor."""
    return await tx.maybe(
        Agent, f"{_SELECT} and lower(a.email) = lower(%(email)s) and a.state = 'active'", email=email.strip()
    )


async def names(tx: Tx) -> list[Name]:
    """Everybody who is active, by name."""
    return await tx.all(
        Name, "select id, name from agent where desk_id = %(desk)s and state = 'active' order by sort_key, id"
    )


async def rename(tx: Tx, actor: Actor, agent_id: int, name: str) -> None:
    """Give a colleague another name; administrators anybody, everybody themselves."""
    ensure(may_administer(actor) or agent_id == actor.agent_id)
    changed = await tx.run(
        "update agent set name = %(name)s, sort_key = %(key)s where desk_id = %(desk)s and id = %(id)s",
        name=named(name),
        key=fold(named(name)),
        id=agent_id,
    )
    if not changed:
        raise NotFound
    await record(tx, AgentRenamed(at=clock.now(), actor=actor.as_author(), agent_id=agent_id))


async def set_role(tx: Tx, actor: Actor, agent_id: int, role: Role) -> None:
    """Give a colleague another role; raises LastAdministrator when nobody could administer the desk afterwards."""
    ensure(may_administer(actor))
    if role not in ROLES:
        raise UnknownRole
    admins = await _admins(tx)
    was = await tx.value("select role from agent where desk_id = %(desk)s and id = %(id)s for update", id=agent_id)
    if was is None:
        raise NotFound
    if was == role:
        return
    if admins == [agent_id]:
        raise LastAdministrator
    await tx.run("update agent set role = %(role)s where desk_id = %(desk)s and id = %(id)s", role=role, id=agent_id)
    by = actor.as_author()
    await record(tx, RoleChanged(at=clock.now(), actor=by, agent_id=agent_id, role=role, was=was))


async def deactivate(tx: Tx, actor: Actor, agent_id: int) -> None:
    """End all that lets a colleague in; the event makes the desk hand back their open work."""
    ensure(may_administer(actor))
    if agent_id == actor.agent_id:
        raise NotYourself
    if await _admins(tx) == [agent_id]:
        raise LastAdministrator
    gone = await tx.run(
        """update agent set state = 'deactivated', deactivated_at = %(now)s
            where desk_id = %(desk)s and id = %(id)s and state <> 'deactivated'""",
        now=clock.now(),
        id=agent_id,
    )
    if not gone:
        raise NotFound
    await sessions.end_all(tx, actor.as_author(), agent_id)
    await tokens.revoke_all(tx, actor, agent_id)
    await links.revoke(tx, agent_id)
    await record(tx, AgentDeactivated(at=clock.now(), actor=actor.as_author(), agent_id=agent_id))


async def reactivate(tx: Tx, actor: Actor, agent_id: int) -> str:
    """Let a colleague back in with the grants they had; returns the state: "invited" for one who never accepted."""
    ensure(may_administer(actor))
    state = await tx.value(
        """update agent set deactivated_at = null,
                  state = case when password_hash is null then 'invited' else 'active' end
            where desk_id = %(desk)s and id = %(id)s and state = 'deactivated' returning state""",
        id=agent_id,
    )
    if state is None:
        raise NotFound
    await record(tx, AgentReactivated(at=clock.now(), actor=actor.as_author(), agent_id=agent_id))
    return str(state)


async def _admins(tx: Tx) -> list[int]:
    """The active administrators, locked, so that two of them cannot remove each other at the same moment."""
    return await tx.values(
        """select id from agent where desk_id = %(desk)s and role = 'admin' and state = 'active'
            order by id for update"""
    )


_SELECT = """
    select a.id, a.name, a.email, a.role, a.state, a.totp_confirmed_at is not null as totp_on,
           (select max(s.seen_at) from session s
             where s.desk_id = %(desk)s and s.agent_id = a.id and s.state <> 'half') as seen_at,
           (select max(l.expires_at) from one_time_link l
             where l.desk_id = %(desk)s and l.agent_id = a.id and l.purpose = 'invite' and l.used_at is null
           ) as invited_until,
           array(select g.mailbox_id from mailbox_grant g
                  where g.desk_id = %(desk)s and g.agent_id = a.id order by 1) as mailboxes,
           array(select t.team_id from team_member t
                  where t.desk_id = %(desk)s and t.agent_id = a.id order by 1) as teams
      from agent a where a.desk_id = %(desk)s"""
