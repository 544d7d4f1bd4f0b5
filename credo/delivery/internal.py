"""Mail of the house to its own people, such as invitations; it belongs to no conversation."""

from __future__ import annotations

from dataclasses import dataclass

from psycopg.types.json import Jsonb

from credo.base.clock import now
from credo.base.db import Tx
from credo.base.ids import short_key
from credo.base.settings import Settings
from credo.channels.email.system import system


@dataclass(frozen=True, slots=True)
class Way:
    """How letters to colleagues leave: from a mailbox, or with no `mailbox_id` by the installation's own server."""

    mailbox_id: int | None
    address: str


async def way(tx: Tx, settings: Settings) -> Way | None:
    """The installation's own server, else the first mailbox that can send, else None."""
    if own := system(settings):
        return Way(None, own.address)
    return await tx.maybe(
        Way,
        """select id as mailbox_id, address from mailbox
            where desk_id = %(desk)s and state = 'active' and coalesce(outgoing->>'host', '') <> ''
            order by id limit 1""",
    )


async def send(tx: Tx, way: Way, to: str, subject: str, text: str) -> int:
    """Put a letter to the address `to` into the outbox, ready to leave; returns the outbox id.

    Its words are forgotten as soon as it has left or was given up: they may hold a link that opens a door.
    """
    moment = now()
    outbox_id = await tx.value(
        """insert into outbox (desk_id, mailbox_id, content, message_id, kind, state, pressed_at, release_at,
                               next_try_at)
           values (%(desk)s, %(mailbox)s, %(content)s, %(message_id)s, 'notice', 'ready', %(now)s, %(now)s, %(now)s)
           returning id""",
        mailbox=way.mailbox_id,
        content=Jsonb({"subject": subject, "text": text}),
        message_id=f"credo-notice.{short_key(20)}@{way.address.rpartition('@')[2]}",
        now=moment,
    )
    await tx.run(
        """insert into recipient (desk_id, outbox_id, address, role)
           values (%(desk)s, %(outbox)s, %(address)s, 'to')""",
        outbox=outbox_id,
        address=to,
    )
    return int(outbox_id)
