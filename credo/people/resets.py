"""A new password: changed by its owner, or set again through a link."""

from __future__ import annotations

from credo import history
from credo.access import Actor, ensure, may_administer
from credo.base import clock
from credo.base.db import Db, Tx
from credo.base.errors import NotFound
from credo.history import record
from credo.people import links, passwords, sessions, sign_in, throttle
from credo.people.events import PasswordChanged, ResetAsked
from credo.people.links import Link
from credo.people.sessions import Opened, Place
from credo.people.throttle import Gate


async def ask(tx: Tx, email: str, place: Place) -> Link | None:
    """A link for whoever has this address, or None; the door answers the same in both cases. Raises `Slowed`."""
    await throttle.knock(
        tx,
        Gate(f"reset {tx.desk_id} {sign_in.account_key(email)}", 3),
        Gate(f"reset from {tx.desk_id} {sign_in.network_of(place.address)}", 20),
    )
    agent_id = await tx.value(
        """select id from agent
            where desk_id = %(desk)s and lower(email) = lower(%(email)s) and state = 'active'""",
        email=email.strip()[:320],
    )
    if agent_id is None:
        return None
    await record(tx, ResetAsked(at=clock.now(), actor=history.by_system(), agent_id=agent_id))
    return await links.issue(tx, agent_id, "reset")


async def hand_over(tx: Tx, actor: Actor, agent_id: int) -> Link:
    """A link for an administrator to hand to a colleague whom no mail can reach."""
    ensure(may_administer(actor))
    return await issue(tx, actor.as_author(), agent_id)


async def issue(tx: Tx, author: history.Actor, agent_id: int) -> Link:
    """A link to set a new password for an active colleague, made on the word of `author`."""
    if not await tx.value(
        "select true from agent where desk_id = %(desk)s and id = %(id)s and state = 'active'", id=agent_id
    ):
        raise NotFound
    await record(tx, ResetAsked(at=clock.now(), actor=author, agent_id=agent_id))
    return await links.issue(tx, agent_id, "reset")


async def use(db: Db, token: str, password: str, place: Place) -> Opened:
    """Set a new password through a link, end every session, and sign in; a code is still asked where it is on."""
    holder = await links.holder(db, token, "reset")
    passwords.ensure_good(password, holder.email, holder.name, holder.desk_name)
    hash_ = await passwords.hashed(password)
    async with db.transaction(holder.desk_id) as tx:
        await links.spend(tx, holder.link_id)
        by = history.by_agent(holder.agent_id)
        totp_on = await _store(tx, by, holder.agent_id, hash_, how="reset")
        await sessions.end_all(tx, by, holder.agent_id)
        return await sessions.begin(tx, holder.agent_id, place, how="password", half=totp_on)


async def change(db: Db, actor: Actor, session_id: int, current: str, new: str) -> None:
    """Change one's own password, given the current one; all other sessions end."""
    await sign_in.confirm_password(db, actor.desk_id, actor.agent_id, current)
    async with db.reading(actor.desk_id) as tx:
        email = await tx.value("select email from agent where desk_id = %(desk)s and id = %(id)s", id=actor.agent_id)
        desk = await tx.value("select name from desk where id = %(desk)s")
    passwords.ensure_good(new, email, actor.name, desk)
    hash_ = await passwords.hashed(new)
    async with db.transaction(actor.desk_id) as tx:
        await _store(tx, actor.as_author(), actor.agent_id, hash_, how="change")
        await links.revoke(tx, actor.agent_id, "reset")
        await sessions.end_others(tx, actor, keep=session_id)


async def _store(tx: Tx, author: history.Actor, agent_id: int, hash_: str, *, how: str) -> bool:
    """Write the new hash; returns whether a code is asked besides."""
    totp_on = await tx.value(
        """update agent set password_hash = %(hash)s
            where desk_id = %(desk)s and id = %(id)s and state = 'active' returning totp_confirmed_at is not null""",
        hash=hash_,
        id=agent_id,
    )
    if totp_on is None:
        raise NotFound
    await record(tx, PasswordChanged(at=clock.now(), actor=author, agent_id=agent_id, how=how))
    return bool(totp_on)
