"""Mail on its way out, made the short way: a mailbox that sends to a server of the test, and answers in the outbox."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from psycopg.types.json import Jsonb

from credo.base.db import Db
from credo.channels import Address
from credo.replying.sending import Answer, Sent, send
from support.desks import Desk
from support.mails import arrive, mail


@dataclass(frozen=True)
class Queued:
    """An answer in the outbox."""

    conversation_id: int
    sent: Sent
    message_id: str


Reply = Callable[..., Awaitable[Queued]]


async def point(db: Db, desk: Desk, port: int, **more: object) -> None:
    """Let the desk's mailbox send by the server on `port`."""
    outgoing = {"host": "127.0.0.1", "port": port, "security": "plain", "sign_in": "none", **more}
    async with db.transaction(desk.id) as tx:
        await tx.run(
            "update mailbox set outgoing = %(outgoing)s where desk_id = %(desk)s and id = %(id)s",
            outgoing=Jsonb(outgoing),
            id=desk.mailbox_id,
        )


async def answer(
    db: Db,
    desk: Desk,
    name: str = "hanna",
    *,
    undo: timedelta = timedelta(seconds=-1),
    text: str = "A new shade is on its way.",
    to: tuple[Address, ...] = (),
    cc: tuple[Address, ...] = (),
    bcc: tuple[Address, ...] = (),
    html: str | None = None,
) -> Queued:
    """Let a customer write and Ines answer; by default the time to undo is over at once."""
    sender = f"{name}@example.com"
    came = await arrive(
        db, desk, mail(f"{name.title()} <{sender}>", message_id=f"<{sender}>", subject=f"Lamp of {name}")
    )
    assert came.conversation_id is not None
    told = Answer(
        text=text, html=html, to=to or (Address(name=name.title(), address=sender),), cc=cc, bcc=bcc, last_seen_seq=1
    )
    async with db.transaction(desk.id) as tx:
        sent = await send(tx, desk.ines, came.conversation_id, told, undo=undo)
        message_id = await tx.value(
            "select message_id from outbox where desk_id = %(desk)s and id = %(id)s", id=sent.outbox_id
        )
    return Queued(came.conversation_id, sent, message_id)
