"""Bounces find the mail they speak of, mark whom it did not reach, and doubt addresses that are gone."""

from __future__ import annotations

import pytest

from credo.base.blobs import Blobs
from credo.base.db import Db
from credo.channels import Address
from credo.channels.email.send import Postman
from credo.delivery.sending import send_due
from credo.intake import keep
from credo.reading import read_due
from support.desks import Desk
from support.outgoing import Queued, Reply
from support.smtp_server import SmtpServer

pytestmark = pytest.mark.anyio


def bounce(original: str, recipient: str, *, status: str = "5.1.1", action: str = "failed") -> bytes:
    """A delivery status notification as servers write it."""
    return f"""\
From: MAILER-DAEMON@mx.example.com (Mail Delivery System)
To: care@lumen.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <bounce-{status}-{recipient}>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

<{recipient}>: host mx.example.com said: {status} no such user

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} no such user

--b
Content-Type: message/rfc822

From: Care <care@lumen.example>
To: {recipient}
Subject: Re: Lamp
Message-ID: <{original}>

A new shade is on its way.

--b--
""".replace("\n", "\r\n").encode()


async def come_back(db: Db, blobs: Blobs, desk: Desk, content: bytes) -> None:
    """Let a mail arrive and be read."""
    await keep(db, blobs, desk.id, desk.mailbox_id, content, origin="command")
    while await read_due(db, blobs, resolver=lambda name, kind: []):
        pass


async def fates(db: Db, desk: Desk, queued: Queued) -> dict[str, str]:
    """Each recipient's state."""
    async with db.reading(desk.id) as tx:
        rows = await tx.values(
            "select address || ' ' || state from recipient where desk_id = %(desk)s and outbox_id = %(id)s",
            id=queued.sent.outbox_id,
        )
    return dict(row.split() for row in rows)


async def doubted(db: Db, desk: Desk) -> list[str]:
    """Addresses that are doubted."""
    async with db.reading(desk.id) as tx:
        return await tx.values(
            "select address from identity where desk_id = %(desk)s and doubted_at is not null order by address"
        )


@pytest.fixture
async def sent(db: Db, blobs: Blobs, server: SmtpServer, postman: Postman, reply: Reply) -> Queued:
    """An answer to two people that a server took."""
    queued = await reply(
        to=(Address(name="Hanna", address="hanna@example.com"), Address(name="Ben", address="ben@example.com"))
    )
    await send_due(db, blobs, postman)
    return queued


async def payloads(db: Db, desk: Desk) -> list[dict[str, object]]:
    """What was recorded about bounces."""
    async with db.reading(desk.id) as tx:
        return await tx.values(
            "select payload from event where desk_id = %(desk)s and kind = 'delivery.bounced' order by id"
        )


async def test_a_permanent_bounce_marks_its_recipient_and_doubts_the_address(
    db: Db, blobs: Blobs, desk: Desk, sent: Queued
) -> None:
    await come_back(db, blobs, desk, bounce(sent.message_id, "ben@example.com"))
    assert await fates(db, desk, sent) == {"hanna@example.com": "accepted", "ben@example.com": "bounced"}
    assert await doubted(db, desk) == ["ben@example.com"]
    assert [(one["permanent"], one["all"]) for one in await payloads(db, desk)] == [(True, False)]
    await come_back(db, blobs, desk, bounce(sent.message_id, "hanna@example.com"))
    assert [(one["permanent"], one["all"]) for one in await payloads(db, desk)] == [(True, False), (True, True)]


async def test_a_delay_is_no_loss(db: Db, blobs: Blobs, desk: Desk, sent: Queued) -> None:
    await come_back(db, blobs, desk, bounce(sent.message_id, "ben@example.com", status="4.4.1", action="delayed"))
    assert await fates(db, desk, sent) == {"hanna@example.com": "accepted", "ben@example.com": "deferred"}
    assert await doubted(db, desk) == []


async def test_a_full_box_loses_the_mail_but_not_the_trust(db: Db, blobs: Blobs, desk: Desk, sent: Queued) -> None:
    await come_back(db, blobs, desk, bounce(sent.message_id, "ben@example.com", status="5.2.2"))
    assert (await fates(db, desk, sent))["ben@example.com"] == "bounced"
    assert await doubted(db, desk) == []


async def test_a_bounce_stands_in_the_thread_and_moves_nothing(db: Db, blobs: Blobs, desk: Desk, sent: Queued) -> None:
    async with db.reading(desk.id) as tx:
        before = await tx.value("select state from conversation where desk_id = %(desk)s")
    await come_back(db, blobs, desk, bounce(sent.message_id, "ben@example.com"))
    async with db.reading(desk.id) as tx:
        assert await tx.value("select count(*) from conversation where desk_id = %(desk)s") == 1
        assert await tx.value("select state from conversation where desk_id = %(desk)s") == before
        assert await tx.value("select count(*) from item where desk_id = %(desk)s and nature = 'bounce'") == 1


async def test_a_bounce_about_the_mail_of_others_touches_nothing(
    db: Db, blobs: Blobs, desk: Desk, sent: Queued
) -> None:
    await come_back(db, blobs, desk, bounce("forged@elsewhere.example", "hanna@example.com"))
    assert set((await fates(db, desk, sent)).values()) == {"accepted"}
    assert await doubted(db, desk) == []


async def test_a_bounce_for_an_address_we_never_wrote_to_touches_nobody(
    db: Db, blobs: Blobs, desk: Desk, sent: Queued
) -> None:
    await come_back(db, blobs, desk, bounce(sent.message_id, "stranger@example.com"))
    assert set((await fates(db, desk, sent)).values()) == {"accepted"}
    assert await doubted(db, desk) == []
