"""Mailboxes connected to servers of a test."""

from __future__ import annotations

from psycopg.types.json import Jsonb

from credo.base.db import Db
from credo.base.secrets import Keyring
from credo.channels.email import mailbox as mailboxes
from credo.channels.email.mailbox import Mailbox, Secrets
from support.desks import Desk
from support.imap_server import PASSWORD, USER


async def connect(db: Db, keys: Keyring, desk: Desk, port: int, **more: object) -> Mailbox:
    """Let the desk's mailbox fetch from the server on `port`, and return it as saved."""
    incoming = {"host": "127.0.0.1", "port": port, "security": "plain", "user": USER, **more}
    async with db.transaction(desk.id) as tx:
        await tx.run(
            "update mailbox set incoming = %(incoming)s where desk_id = %(desk)s and id = %(id)s",
            incoming=Jsonb(incoming),
            id=desk.mailbox_id,
        )
        await mailboxes.keep_secrets(tx, keys, desk.mailbox_id, Secrets(password=PASSWORD))
        return await mailboxes.load(tx, desk.mailbox_id)
