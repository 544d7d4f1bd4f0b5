"""Inviting somebody to work here, and accepting."""

from __future__ import annotations

import re
from collections.abc import Sequence

from psycopg.types.json import Jsonb

from credo import history
from credo.access import Actor, ensure, may_administer
from credo.access.actor import Role
from credo.base import clock
from credo.base.db import Db, Tx
from credo.base.errors import Conflict, Invalid
from credo.base.ids import fold
from credo.history import record
from credo.people import grants, links, passwords, sessions
from credo.people.desks import named
from credo.people.events import AgentInvited, AgentJoined
from credo.people.links import Link
from credo.people.sessions import Opened, Place

_ADDRESS = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+\.?[^@\s<>,;\"]+")


class AddressUnclear(Invalid):
    """That does not look like an e-mail address."""


class AlreadyHere(Conflict):
    """Somebody with this address works here already, or did; look in the list of people."""


class NotInvited(Conflict):
    """There is no open invitation for this colleague."""


async def invite(
    tx: Tx,
    actor: Actor,
    email: str,
    name: str,
    role: Role,
    *,
    mailboxes: Sequence[int] = (),
    teams: Sequence[int] = (),
) -> Link:
    """Invite somebody with the grants they will have; returns the link to send or hand over, good for seven days."""
    ensure(may_administer(actor))
    agent_id = await add(tx, email, name, role)
    await grants.write(tx, actor, agent_id, mailboxes, teams)
    await record(tx, AgentInvited(at=clock.now(), actor=actor.as_author(), agent_id=agent_id, role=role))
    return await links.issue(tx, agent_id, "invite")


async def again(tx: Tx, actor: Actor, agent_id: int) -> Link:
    """A new link for an invitation that was not accepted yet; the old link stops working."""
    ensure(may_administer(actor))
    role = await tx.value(
        "select role from agent where desk_id = %(desk)s and id = %(id)s and state = 'invited'", id=agent_id
    )
    if role is None:
        raise NotInvited
    await record(tx, AgentInvited(at=clock.now(), actor=actor.as_author(), agent_id=agent_id, role=role))
    return await links.issue(tx, agent_id, "invite")


async def inviter(tx: Tx, agent_id: int) -> str:
    """The name of whoever invited `agent_id` last, empty when nobody did."""
    name = await tx.value(
        """select a.name from event e join agent a on a.desk_id = %(desk)s and a.id = e.actor_id
            where e.desk_id = %(desk)s and e.kind = 'agent.invited' and e.payload @> %(about)s
            order by e.id desc limit 1""",
        about=Jsonb({"agent_id": agent_id}),
    )
    return name or ""


async def accept(db: Db, token: str, name: str, password: str, place: Place) -> Opened:
    """Accept with a name and a password, and be signed in."""
    holder = await links.holder(db, token, "invite")
    name = named(name)
    passwords.ensure_good(password, holder.email, name, holder.desk_name)
    hash_ = await passwords.hashed(password)
    async with db.transaction(holder.desk_id) as tx:
        await links.spend(tx, holder.link_id)
        joined = await tx.run(
            """update agent set name = %(name)s, sort_key = %(key)s, password_hash = %(hash)s, state = 'active'
                where desk_id = %(desk)s and id = %(id)s and state = 'invited'""",
            name=name,
            key=fold(name),
            hash=hash_,
            id=holder.agent_id,
        )
        if not joined:
            raise links.LinkUsedUp
        by = history.by_agent(holder.agent_id)
        await record(tx, AgentJoined(at=clock.now(), actor=by, agent_id=holder.agent_id))
        return await sessions.begin(tx, holder.agent_id, place, how="password")


async def add(tx: Tx, email: str, name: str, role: Role, *, password_hash: str | None = None) -> int:
    """Write the row of a colleague, active when a password is given; raises AlreadyHere, AddressUnclear."""
    email = addressed(email)
    agent_id = await tx.value(
        """insert into agent (desk_id, email, name, sort_key, role, state, password_hash)
           values (%(desk)s, %(email)s, %(name)s, %(key)s, %(role)s, %(state)s, %(hash)s)
           on conflict (desk_id, lower(email)) do nothing returning id""",
        email=email,
        name=named(name),
        key=fold(named(name)),
        role=role,
        state="active" if password_hash else "invited",
        hash=password_hash,
    )
    if agent_id is None:
        raise AlreadyHere
    return int(agent_id)


def addressed(email: str) -> str:
    """The address in lower case; raises AddressUnclear."""
    email = email.strip().lower()
    if len(email) > 254 or not _ADDRESS.fullmatch(email):
        raise AddressUnclear
    return email
