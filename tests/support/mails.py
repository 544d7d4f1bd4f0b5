"""Mails as they come over the wire, and the short way to let one arrive."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Literal

from credo.base.db import Db
from credo.channels.email.read import read
from credo.conversations.receiving import Arrival, Outcome, receive
from support.desks import Desk

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def mail(
    sender: str = "Hanna Vogel <hanna@example.com>",
    *,
    to: str = "care@lumen.example",
    subject: str = "Cracked glass",
    text: str = "The shade has a crack.",
    message_id: str | None = "<one@example.com>",
    **headers: str,
) -> bytes:
    """A plain mail; `in_reply_to="<x>"` becomes `In-Reply-To: <x>`."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"] = format_datetime(MONDAY)
    if message_id is not None:
        message["Message-ID"] = message_id
    for name, value in headers.items():
        message[name.replace("_", "-").title()] = value
    message.set_content(text)
    return message.as_bytes()


async def arrive(
    db: Db,
    desk: Desk,
    raw: bytes,
    *,
    verdict: Literal["verified", "unknown", "failed"] = "unknown",
    at: datetime = MONDAY,
) -> Outcome:
    """Read `raw` and receive it at the desk's mailbox."""
    async with db.transaction(desk.id) as tx:
        raw_id = await tx.value(
            """insert into raw (desk_id, mailbox_id, sha256, size, digest, origin, state, received_at)
               values (%(desk)s, %(mailbox)s, %(sha)s, %(size)s, %(digest)s, 'api', 'read', %(at)s) returning id""",
            mailbox=desk.mailbox_id,
            sha=hashlib.sha256(raw).hexdigest(),
            size=len(raw),
            digest=hashlib.sha256(raw).digest(),
            at=at,
        )
        arrival = Arrival(raw_id, desk.mailbox_id, at, hashlib.sha256(raw).digest(), verdict)
        outcome = await receive(tx, arrival, read(raw))
        await tx.run(
            """update raw set conversation_id = %(c)s, item_id = %(i)s where desk_id = %(desk)s and id = %(id)s""",
            c=outcome.conversation_id,
            i=outcome.item_id,
            id=raw_id,
        )
        return outcome
