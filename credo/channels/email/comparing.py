"""A comparison with the server that somebody asked for: it runs as a job, because a slow server may take minutes."""

from __future__ import annotations

from datetime import datetime

from credo.base import jobs
from credo.base.db import Tx
from credo.base.errors import Invalid
from credo.channels.email import mailbox as mailboxes

TASK, QUEUE = "compare", "slow"


class NoServer(Invalid):
    """This mailbox is handed its mail by your own server; there is nothing to compare it with."""


async def ask(tx: Tx, mailbox_id: int) -> datetime:
    """Have a mailbox compared with its server, once however often it is asked for; since when that waits or runs."""
    mailbox = await mailboxes.load(tx, mailbox_id)
    if not mailbox.incoming.host:
        raise NoServer
    await tx.run("select pg_advisory_xact_lock(hashtextextended(%(key)s, 4))", key=f"{tx.desk_id}:{mailbox_id}")
    since = await running(tx, mailbox_id)
    if since is None:
        await jobs.defer(tx, TASK, queue=QUEUE, mailbox_id=mailbox_id)
        since = await running(tx, mailbox_id)
    assert since is not None
    return since


async def running(tx: Tx, mailbox_id: int) -> datetime | None:
    """Since when a comparison waits or runs; None when none does."""
    return await jobs.unfinished_since(tx, TASK, mailbox_id=mailbox_id)
