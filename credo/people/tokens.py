"""API tokens: shown once, kept as a digest, never worth more than their owner."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from credo.access import Actor, ensure, may_administer
from credo.base import clock
from credo.base.db import Tx
from credo.base.errors import Invalid, NotFound
from credo.history import record
from credo.people import secrets
from credo.people.desks import named
from credo.people.events import TokenMade, TokenRevoked

SCOPES = ("read", "write", "admin")
# Each scope includes the ones before it, so that nobody makes a token that may write what it cannot read.
_INCLUDES = {"read": ("read",), "write": ("read", "write"), "admin": ("read", "write", "admin")}


class UnknownScope(Invalid):
    """A token may read, write or administer; choose at least one."""


class AlreadyPast(Invalid):
    """That moment has passed; choose a later one, or none."""


@dataclass(frozen=True, slots=True)
class Made:
    """A new token; `secret` is shown this once."""

    id: int
    secret: str


@dataclass(frozen=True, slots=True)
class Token:
    """A token that works, as its owner and administrators see it."""

    id: int
    name: str
    agent_id: int
    agent_name: str
    scopes: list[str]
    created_at: datetime
    used_at: datetime | None
    expires_at: datetime | None


async def make(tx: Tx, actor: Actor, name: str, scopes: Iterable[str], expires_at: datetime | None = None) -> Made:
    """Make a token that acts for `actor`; the scope "admin" takes an administrator. Not with a token itself."""
    ensure(actor.scopes is None)
    wanted = set(scopes)
    if not wanted or not wanted <= set(SCOPES):
        raise UnknownScope
    ensure("admin" not in wanted or may_administer(actor))
    if expires_at is not None and expires_at <= clock.now():
        raise AlreadyPast
    held = sorted({scope for one in wanted for scope in _INCLUDES[one]}, key=SCOPES.index)
    secret, hash_ = secrets.make_token(tx.desk_id)
    id = await tx.value(
        """insert into api_token (desk_id, agent_id, name, token_hash, scopes, created_at, expires_at)
           values (%(desk)s, %(agent)s, %(name)s, %(hash)s, %(scopes)s, %(now)s, %(expires)s) returning id""",
        agent=actor.agent_id,
        name=named(name),
        hash=hash_,
        scopes=held,
        now=clock.now(),
        expires=expires_at,
    )
    await record(tx, TokenMade(at=clock.now(), actor=actor.as_author(), token_id=id, scopes=tuple(held)))
    return Made(int(id), secret)


async def working(tx: Tx, actor: Actor) -> list[Token]:
    """The tokens in force: administrators see everybody's, others their own; the newest first."""
    return await tx.all(
        Token,
        """select t.id, t.name, t.agent_id, a.name as agent_name, t.scopes, t.created_at, t.used_at, t.expires_at
             from api_token t join agent a on a.desk_id = %(desk)s and a.id = t.agent_id
            where t.desk_id = %(desk)s and t.revoked_at is null and (t.expires_at is null or t.expires_at > %(now)s)
              and (%(all)s or t.agent_id = %(agent)s)
            order by t.id desc limit 500""",
        now=clock.now(),
        all=may_administer(actor),
        agent=actor.agent_id,
    )


async def revoke(tx: Tx, actor: Actor, token_id: int) -> None:
    """Let a token work no longer: one's own, or anybody's for administrators; else it is not found."""
    revoked = await tx.run(
        """update api_token set revoked_at = %(now)s
            where desk_id = %(desk)s and id = %(id)s and revoked_at is null and (%(all)s or agent_id = %(agent)s)""",
        now=clock.now(),
        id=token_id,
        all=may_administer(actor),
        agent=actor.agent_id,
    )
    if not revoked:
        raise NotFound
    await record(tx, TokenRevoked(at=clock.now(), actor=actor.as_author(), token_id=token_id))


async def revoke_all(tx: Tx, actor: Actor, agent_id: int) -> None:
    """Revoke every token of a colleague who leaves."""
    ids = await tx.values(
        """update api_token set revoked_at = %(now)s
            where desk_id = %(desk)s and agent_id = %(agent)s and revoked_at is null returning id""",
        now=clock.now(),
        agent=agent_id,
    )
    for id in ids:
        await record(tx, TokenRevoked(at=clock.now(), actor=actor.as_author(), token_id=id))
