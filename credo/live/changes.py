"""Writing names of what changed."""

from __future__ import annotations

from credo.base.db import Tx


async def changed(tx: Tx, *names: str) -> None:
    """Say that `names` changed, such as `conversation:42`; a poller in each web process tells open browsers."""
    for name in names:
        await tx.run("insert into change (desk_id, name) values (%(desk)s, %(name)s)", name=name)


async def prune(tx: Tx) -> int:
    """Forget names older than an hour, of every desk; `event` stays the history."""
    return await tx.run("delete from change where at < now() - interval '1 hour'")
