"""Passwords for colleagues of test desks, hashed once a run."""

from __future__ import annotations

from functools import lru_cache

from pwdlib.hashers.argon2 import Argon2Hasher

from credo.access import Actor
from credo.base.db import Db
from support.desks import Desk

PASSWORD = "seven grey herons at noon"


async def give_password(db: Db, desk: Desk, actor: Actor) -> None:
    """Let `actor` sign in with PASSWORD."""
    async with db.transaction(desk.id) as tx:
        await tx.run(
            "update agent set password_hash = %(hash)s where desk_id = %(desk)s and id = %(id)s",
            hash=_hash(),
            id=actor.agent_id,
        )


@lru_cache
def _hash() -> str:
    return Argon2Hasher().hash(PASSWORD)
