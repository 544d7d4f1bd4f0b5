"""One conversation in which everything is too long, too many, or went wrong."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from email.message import EmailMessage

from credo.base import clock
from credo.base.db import Db
from credo.channels import Address
from credo.conversations import conversation, notes, tags
from credo.replying import sending
from support.desks import Desk
from support.mails import arrive, mail

WORD = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz"
SUBJECT = f"{WORD} " + "and a subject that goes on " * 9
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
EARLIER = "\n".join(f"> Line {number} of what we wrote before." for number in range(40))


async def crowd(db: Db, desk: Desk) -> int:
    """A hundred people in copy, thirty tags, files, an answer that came back, a guest, two notes in a row."""
    first = await arrive(db, desk, _letter(), at=_ago(60))
    id = first.conversation_id
    assert id
    async with db.transaction(desk.id) as tx:
        await tags.set_tags(tx, desk.lea, id, [f"{number} {WORD}"[:40] for number in range(30)])
        for text in (f"{WORD * 3}", "A second note, directly below."):
            await notes.add_note(tx, desk.tom, id, text=text)
    await _answer(db, desk, id)
    joined = mail(
        "A Guest With A Name That Hardly Ends <someone.3@a-long-domain.example>",
        subject=f"Re: {SUBJECT[:200]}",
        text=f"I join in.\n\n{EARLIER}",
        message_id="<guest@x>",
        in_reply_to="<crowded@x>",
    )
    guest = await arrive(db, desk, joined, at=_ago(5))
    async with db.transaction(desk.id) as tx:
        await tx.run(
            "update item set guest = true, verdict = 'failed' where desk_id = %(desk)s and id = %(id)s",
            id=guest.item_id,
        )
    return id


def _letter() -> bytes:
    message = EmailMessage()
    message["From"] = "Maximiliane Donaudampfschifffahrt-Hauptmannstochter <maximiliane@example.com>"
    message["To"] = "care@lumen.example"
    message["Cc"] = ", ".join(
        f"Somebody Else {number} <someone.{number}@a-long-domain.example>" for number in range(99)
    )
    message["Subject"], message["Message-ID"] = SUBJECT, "<crowded@x>"
    message.set_content(f"Good morning,\n\n{WORD * 2}\n\nhttps://example.com/{'a' * 200}\n\nM.\n\n{EARLIER}")
    message.add_related(PIXEL, "image", "png", cid="<pixel@x>", filename="inside.png")
    for number in range(6):
        name = f"{number}-{WORD}-{WORD}.pdf"
        message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename=name)
    return message.as_bytes()


async def _answer(db: Db, desk: Desk, id: int) -> None:
    async with db.transaction(desk.id) as tx:
        answer = sending.Answer(
            text="It is on its way.",
            to=(Address(name="", address="maximiliane@example.com"),),
            cc=tuple(Address(name="", address=f"someone.{number}@a-long-domain.example") for number in range(9)),
            last_seen_seq=(await conversation.get(tx, desk.lea, id)).last_word_seq,
            then="open",
        )
        sent = await sending.send(tx, desk.lea, id, answer)
        await tx.run("update outbox set state = 'failed' where desk_id = %(desk)s and id = %(o)s", o=sent.outbox_id)
        await tx.run("update item set state = 'shown' where desk_id = %(desk)s and id = %(i)s", i=sent.item_id)
        await tx.run(
            """update recipient set state = 'bounced', code = '5.1.1', detail = %(why)s
                where desk_id = %(desk)s and outbox_id = %(o)s""",
            o=sent.outbox_id,
            why="550 5.1.1 " + "The mailbox does not exist. " * 6,
        )


def _ago(minutes: int) -> datetime:
    return clock.now() - timedelta(minutes=minutes)
