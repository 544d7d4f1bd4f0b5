"""Moments between two steps: nothing a customer sent is lost there, and nothing we send goes out twice."""

from __future__ import annotations

import asyncio
import smtplib
from datetime import timedelta

import psycopg
import pytest

from credo.base.blobs import Blobs
from credo.base.clock import frozen, now
from credo.base.db import Db
from credo.channels.email.listener import listen
from credo.channels.email.read import read
from credo.channels.email.send import Postman
from credo.conversations.receiving import Arrival, receive
from credo.delivery import outbox, sending
from credo.delivery.sending import send_due
from credo.intake import Raw, claim, keep, queue
from support.desks import Desk
from support.mails import mail
from support.outgoing import Reply
from support.smtp_server import SmtpServer

pytestmark = pytest.mark.anyio


async def _at_address(db: Db, desk: Desk) -> str:
    """An address of this desk alone."""
    address = f"care{desk.id}@lumen.example"
    async with db.transaction(desk.id) as tx:
        await tx.run(
            "update mailbox set address = %(address)s where desk_id = %(desk)s and id = %(id)s",
            address=address,
            id=desk.mailbox_id,
        )
    return address


async def _mine(db: Db, desk: Desk) -> list[Raw]:
    """Claims until one belongs to this desk; other tests leave rows of other desks in the same database."""
    for _ in range(50):
        taken = await claim(db)
        if not taken or taken[0].desk_id == desk.id:
            return taken
    return []


async def test_a_mailbox_archived_while_its_mail_comes_in_is_not_told_yes(db: Db, blobs: Blobs, desk: Desk) -> None:
    address = await _at_address(db, desk)
    listener = await listen(db, blobs, "127.0.0.1:0", max_bytes=100_000)
    client = smtplib.SMTP(timeout=5)
    try:
        await asyncio.to_thread(client.connect, "127.0.0.1", listener.port)
        await asyncio.to_thread(client.helo)
        await asyncio.to_thread(client.mail, "mara@example.org")
        assert (await asyncio.to_thread(client.rcpt, address))[0] == 250
        async with db.transaction(desk.id) as tx:
            await tx.run("update mailbox set state = 'archived' where desk_id = %(desk)s")
        code, _words = await asyncio.to_thread(client.data, mail(to=address))
    finally:
        client.close()
        await listener.close()
    async with db.reading(desk.id) as tx:
        assert not await tx.value("select 1 from raw where desk_id = %(desk)s")
    assert code == 451, "nobody stored it, so the other side must keep it"


async def test_a_database_that_stumbles_after_the_yes_repeats_no_mail(
    db: Db, blobs: Blobs, desk: Desk, server: SmtpServer, postman: Postman, reply: Reply
) -> None:
    """The server took the mail; our note of it fails twice, as when a database fails over."""
    queued = await reply()
    stumbles = iter([True, True])
    seen = db.before_commit

    async def stumbling(tx: object) -> None:
        closing = bool(server.taken) and await tx.value(  # type: ignore[attr-defined]
            "select 1 from attempt where desk_id = %(desk)s and outcome = 'accepted'"
        )
        if closing and next(stumbles, False):
            raise psycopg.OperationalError("the server closed the connection")
        await seen(tx)  # type: ignore[arg-type]

    db.before_commit = stumbling
    await send_due(db, blobs, postman)
    db.before_commit = seen
    with frozen(now() + outbox.LEASE + timedelta(minutes=1)):
        await send_due(db, blobs, postman)
    assert server.ids == [queued.message_id]


async def test_a_server_slower_than_our_claim_is_let_go_before_another_worker_comes(
    db: Db,
    blobs: Blobs,
    desk: Desk,
    server: SmtpServer,
    postman: Postman,
    reply: Reply,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert outbox.LEASE.total_seconds() > sending.AT_MOST
    monkeypatch.setattr(sending, "AT_MOST", 0.3)
    queued = await reply()
    server.before_answer = lambda: asyncio.sleep(2)
    async with asyncio.timeout(8):
        await send_due(db, blobs, postman)
    async with db.reading(desk.id) as tx:
        state = await tx.value(
            """select o.state || ' ' || a.outcome from outbox o join attempt a on a.desk_id = o.desk_id
                  and a.outbox_id = o.id where o.desk_id = %(desk)s and o.id = %(id)s""",
            id=queued.sent.outbox_id,
        )
    assert state == "ready retry"


async def test_a_mail_that_kills_its_worker_is_read_alone_and_then_needs_a_look(
    db: Db, blobs: Blobs, desk: Desk
) -> None:
    """Nobody reports these failures: the worker is gone each time, as when memory runs out."""
    bad, *good = [
        await keep(db, blobs, desk.id, desk.mailbox_id, mail(message_id=f"<{n}@x.example>"), origin="command")
        for n in range(4)
    ]
    moment, batches = now(), []
    for _ in range(12):
        with frozen(moment):
            taken = await _mine(db, desk)
        moment += queue.LEASE + timedelta(seconds=1)
        if taken:
            batches.append([raw.id for raw in taken])
        if taken and bad not in batches[-1]:
            async with db.transaction(desk.id) as tx:
                for raw in taken:
                    await queue.settle(tx, raw, "read")
    assert batches[0] == [bad, *good], "all of them were in hand when the worker died the first time"
    assert all(len(batch) == 1 for batch in batches[1:]), "then one at a time, so that it takes nobody along"
    async with db.reading(desk.id) as tx:
        rows = await tx.values("select state from raw where desk_id = %(desk)s order by id")
        assert await tx.value("select count(*) from event where desk_id = %(desk)s and kind = 'intake.failed'") == 1
    assert rows == ["failed", "read", "read", "read"]


async def test_people_who_write_to_each_other_through_two_mailboxes_do_not_block(
    db: Db, blobs: Blobs, desk: Desk
) -> None:
    """Each mail makes both people, in its own order; the second must wait for the first and not in a circle."""
    async with db.transaction(desk.id) as tx:
        other = await tx.value(
            "insert into mailbox (desk_id, name, address) values (%(desk)s, 'Two', 'two@l.example') returning id"
        )

    async def take(mailbox_id: int, sender: str, copied: str, number: int) -> None:
        raw = mail(f"{sender}@x.example", message_id=f"<{sender}{number}@x.example>", cc=f"{copied}@x.example")
        async with db.transaction(desk.id) as tx:
            arrival = Arrival(None, mailbox_id, now(), raw[:32])
            await receive(tx, arrival, read(raw))

    for number in range(25):
        one, two = f"ann{number}", f"ben{number}"
        await asyncio.gather(take(desk.mailbox_id, one, two, number), take(other, two, one, number))
    async with db.reading(desk.id) as tx:
        assert await tx.value("select count(*) from person where desk_id = %(desk)s") == 50
