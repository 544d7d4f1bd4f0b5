"""Mail of the house to its own people, such as invitations; it belongs to no conversation."""

from __future__ import annotations

from dataclasses import dataclass

from psycopg.types.json import Jsonb

from credo.base.clock import now
from credo.base.db import Tx
from credo.base.ids import short_key


@dataclass(frozen=True, slots=True)
class _Mailbox:
    address: str


async def send(tx: Tx, mailbox_id: int, to: str, subject: str, text: str) -> int:
    """Put a letter to the address `to` into the outbox of a mailbox, ready to leave; returns the outbox id.

    Raises NotFound when the mailbox is not of this desk.
    """
    moment = now()
    mailbox = await tx.one(
        _Mailbox, "select address from mailbox where desk_id = %(desk)s and id = %(id)s", id=mailbox_id
    )
    outbox_id = await tx.value(
        """insert into outbox (desk_id, mailbox_id, content, message_id, kind, state, pressed_at, release_at,
                               next_try_at)
           values (%(desk)s, %(mailbox)s, %(content)s, %(message_id)s, 'notice', 'ready', %(now)s, %(now)s, %(now)s)
           returning id""",
        mailbox=mailbox_id,
        content=Jsonb({"subject": subject, "text": text}),
        message_id=f"credo-notice.{short_key(20)}@{mailbox.address.rpartition('@')[2]}",
        now=moment,
    )
    await tx.run(
        """insert into recipient (desk_id, outbox_id, address, role)
           values (%(desk)s, %(outbox)s, %(address)s, 'to')""",
        outbox=outbox_id,
        address=to,
    )
    return int(outbox_id)
