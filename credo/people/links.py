"""Links that work once: to accept an invitation, to set a new password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from credo.base import clock
from credo.base.db import Db, Tx
from credo.base.errors import NotFound
from credo.base.ids import digest
from credo.people import secrets

Purpose = Literal["invite", "reset"]
LASTS: dict[Purpose, timedelta] = {"invite": timedelta(days=7), "reset": timedelta(hours=1)}


class LinkUsedUp(NotFound):
    """This link was used, replaced by a newer one, or is too old. Ask for a new one."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link just made: the secret for its address, for whom, and until when it works."""

    token: str
    agent_id: int
    email: str
    name: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Holder:
    """Whom a link was made for."""

    link_id: int
    agent_id: int
    email: str
    name: str
    desk_id: int
    desk_name: str
    language: str


async def issue(tx: Tx, agent_id: int, purpose: Purpose) -> Link:
    """Make a link for `agent_id`; earlier ones of the same purpose stop working."""
    await revoke(tx, agent_id, purpose)
    now = clock.now()
    token, hash_ = secrets.make(tx.desk_id)
    expires = now + LASTS[purpose]
    await tx.run(
        """insert into one_time_link (desk_id, agent_id, purpose, token_hash, made_at, expires_at)
           values (%(desk)s, %(agent)s, %(purpose)s, %(hash)s, %(now)s, %(expires)s)""",
        agent=agent_id,
        purpose=purpose,
        hash=hash_,
        now=now,
        expires=expires,
    )
    who = await tx.one(_Who, "select email, name from agent where desk_id = %(desk)s and id = %(id)s", id=agent_id)
    return Link(token, agent_id, who.email, who.name, expires)


async def holder(db: Db, token: str, purpose: Purpose) -> Holder:
    """Whom the link of `token` is for, while it works; raises LinkUsedUp."""
    desk_id = secrets.desk_of(token)
    if desk_id is None:
        raise LinkUsedUp
    async with db.reading(desk_id) as tx:
        found = await tx.maybe(
            Holder,
            """select l.id as link_id, a.id as agent_id, a.email, a.name, d.id as desk_id, d.name as desk_name,
                      coalesce(a.language, d.language) as language
                 from one_time_link l
                 join agent a on a.desk_id = %(desk)s and a.id = l.agent_id
                 join desk d on d.id = %(desk)s
                where l.desk_id = %(desk)s and l.token_hash = %(hash)s and l.purpose = %(purpose)s
                  and l.used_at is null and l.expires_at > %(now)s and a.state <> 'deactivated'""",
            hash=digest(token),
            purpose=purpose,
            now=clock.now(),
        )
    if found is None:
        raise LinkUsedUp
    return found


async def spend(tx: Tx, link_id: int) -> None:
    """Use the link up; raises LinkUsedUp when somebody was faster."""
    spent = await tx.run(
        """update one_time_link set used_at = %(now)s
            where desk_id = %(desk)s and id = %(id)s and used_at is null and expires_at > %(now)s""",
        now=clock.now(),
        id=link_id,
    )
    if not spent:
        raise LinkUsedUp


async def revoke(tx: Tx, agent_id: int, *purposes: Purpose) -> None:
    """End the links of a colleague for `purposes`; all of them when none is named."""
    await tx.run(
        """update one_time_link set used_at = %(now)s
            where desk_id = %(desk)s and agent_id = %(agent)s and used_at is null and purpose = any(%(purposes)s)""",
        now=clock.now(),
        agent=agent_id,
        purposes=list(purposes or LASTS),
    )


@dataclass(frozen=True, slots=True)
class _Who:
    email: str
    name: str
