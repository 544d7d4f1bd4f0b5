"""The way out: released, sent once over one connection, each recipient's fate on record, patient with troubles."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from credo.base.blobs import Blobs
from credo.base.clock import frozen, now
from credo.base.db import Db
from credo.base.errors import Conflict
from credo.channels import Address
from credo.channels.email.send import Postman
from credo.delivery import outbox
from credo.delivery.sending import Dispatch, send_due
from credo.replying.sending import undo
from support.desks import Desk
from support.outgoing import Queued, Reply, point
from support.smtp_server import SmtpServer, smtp_server

pytestmark = pytest.mark.anyio


async def _state(db: Db, desk: Desk, queued: Queued) -> tuple[str, dict[str, str], list[str]]:
    """The outbox row's state, each recipient's and the outcomes of all attempts."""
    async with db.reading(desk.id) as tx:
        state = await tx.value(
            "select state from outbox where desk_id = %(desk)s and id = %(id)s", id=queued.sent.outbox_id
        )
        addresses = await tx.values(
            "select address || ' ' || state from recipient where desk_id = %(desk)s and outbox_id = %(id)s",
            id=queued.sent.outbox_id,
        )
        attempts = await tx.values(
            "select outcome from attempt where desk_id = %(desk)s and outbox_id = %(id)s order by id",
            id=queued.sent.outbox_id,
        )
    return state, dict(one.split(" ") for one in addresses), attempts


async def _events(db: Db, desk: Desk, conversation_id: int) -> list[str]:
    async with db.reading(desk.id) as tx:
        return await tx.values(
            "select kind from event where desk_id = %(desk)s and conversation_id = %(id)s order by id",
            id=conversation_id,
        )


async def test_an_answer_is_sent_once_with_its_own_id(
    db: Db, blobs: Blobs, desk: Desk, server: SmtpServer, postman: Postman, reply: Reply
) -> None:
    queued = await reply()
    await send_due(db, blobs, postman)
    await send_due(db, blobs, postman)
    (taken,) = server.taken
    assert taken.message_id == queued.message_id
    assert (taken.sender, taken.recipients) == (desk.address, ("hanna@example.com",))
    assert taken.message["In-Reply-To"] == "<hanna@example.com>"
    assert taken.message["References"] == "<hanna@example.com>"
    assert taken.message["Subject"] == "Re: Lamp of hanna"
    assert taken.message["From"] == "Care <care@lumen.example>"
    assert "Bcc" not in taken.message
    assert await _state(db, desk, queued) == ("sent", {"hanna@example.com": "accepted"}, ["accepted"])
    kinds = await _events(db, desk, queued.conversation_id)
    assert kinds.count("message.replied") == kinds.count("delivery.accepted") == 1
    assert kinds.index("message.replied") < kinds.index("delivery.accepted")


async def test_replied_is_dated_at_the_press_of_send(
    db: Db, blobs: Blobs, desk: Desk, server: SmtpServer, postman: Postman, reply: Reply
) -> None:
    queued = await reply(undo=timedelta(seconds=10))
    await send_due(db, blobs, postman)
    assert server.taken == [], "there is still time to undo"
    assert "message.replied" not in await _events(db, desk, queued.conversation_id)
    with frozen(now() + timedelta(seconds=11)):
        await send_due(db, blobs, postman)
    assert server.ids == [queued.message_id]
    async with db.reading(desk.id) as tx:
        pressed = await tx.value(
            "select pressed_at from outbox where desk_id = %(desk)s and id = %(id)s", id=queued.sent.outbox_id
        )
        replied = await tx.value("select at from event where desk_id = %(desk)s and kind = 'message.replied'")
    assert replied == pressed


async def test_what_was_undone_never_leaves(
    db: Db, blobs: Blobs, desk: Desk, server: SmtpServer, postman: Postman, reply: Reply
) -> None:
    queued = await reply(undo=timedelta(seconds=10))
    async with db.transaction(desk.id) as tx:
        await undo(tx, desk.ines, queued.sent.outbox_id)
    with frozen(now() + timedelta(minutes=1)):
        await send_due(db, blobs, postman)
    assert server.taken == []


async def test_one_connection_carries_all_mails_of_a_mailbox(
    db: Db, blobs: Blobs, desk: Desk, server: SmtpServer, postman: Postman, reply: Reply
) -> None:
    queued = [await reply(name) for name in ("ann", "ben", "cem", "dor")]
    await send_due(db, blobs, postman)
    assert sorted(server.ids) == sorted(one.message_id for one in queued)
    assert server.connections == 1


async def test_every_recipient_has_a_fate_of_their_own_and_bcc_stays_blind(
    db: Db, blobs: Blobs, desk: Desk, server: SmtpServer, postman: Postman, reply: Reply
) -> None:
    server.recipients = {"gone@example.com": "550 5.1.1 No such user", "full@example.com": "452 4.2.2 Mailbox full"}
    queued = await reply(
        to=(Address(name="", address="hanna@example.com"), Address(name="", address="gone@example.com")),
        cc=(Address(name="", address="full@example.com"),),
        bcc=(Address(name="", address="boss@example.com"),),
    )
    await send_due(db, blobs, postman)
    (taken,) = server.taken
    assert b"boss@example.com" not in taken.content
    assert "boss@example.com" in taken.recipients
    state, fates, attempts = await _state(db, desk, queued)
    assert (state, attempts) == ("ready", ["partial"])
    assert fates == {
        "hanna@example.com": "accepted",
        "boss@example.com": "accepted",
        "gone@example.com": "refused",
        "full@example.com": "deferred",
    }
    server.recipients = {}
    with frozen(now() + timedelta(minutes=2)):
        await send_due(db, blobs, postman)
    assert server.taken[1].recipients == ("full@example.com",), "only who still waits is written to again"
    assert server.taken[1].content == taken.content, "it is the same mail to the byte"
    assert (await _state(db, desk, queued))[0] == "sent"


async def test_when_all_are_refused_for_good_the_conversation_hears_of_it(
    db: Db, blobs: Blobs, desk: Desk, server: SmtpServer, postman: Postman, reply: Reply
) -> None:
    server.data = "554 5.7.1 Looks like spam"
    queued = await reply()
    await send_due(db, blobs, postman)
    assert await _state(db, desk, queued) == ("failed", {"hanna@example.com": "refused"}, ["permanent"])
    kinds = await _events(db, desk, queued.conversation_id)
    assert kinds.count("delivery.failed") == 1
    assert "conversation.reopened" in kinds[kinds.index("delivery.failed") :], "it is our turn again"
    server.data = None
    async with db.transaction(desk.id) as tx:
        await outbox.try_again(tx, queued.sent.outbox_id, desk.ines.as_author())
        with pytest.raises(Conflict):
            await outbox.try_again(tx, queued.sent.outbox_id, desk.ines.as_author())
    await send_due(db, blobs, postman)
    assert server.ids == [queued.message_id]
    assert (await _state(db, desk, queued))[0] == "sent"


async def test_troubles_are_tried_again_with_growing_patience_and_given_up_after_two_days(
    db: Db, blobs: Blobs, desk: Desk, server: SmtpServer, postman: Postman, reply: Reply
) -> None:
    server.data = "451 4.3.0 Try later"
    queued = await reply()
    moment = now()
    waits = []
    for _ in range(60):
        with frozen(moment):
            await send_due(db, blobs, postman)
        state, fates, attempts = await _state(db, desk, queued)
        if state == "failed":
            break
        async with db.reading(desk.id) as tx:
            due = await tx.value(
                "select next_try_at from outbox where desk_id = %(desk)s and id = %(id)s", id=queued.sent.outbox_id
            )
        waits.append(round((due - moment).total_seconds() / 60))
        moment = due + timedelta(seconds=1)
    assert waits[:4] == [1, 5, 15, 30]
    assert state == "failed"
    assert fates == {"hanna@example.com": "refused"}
    assert set(attempts[:-1]) == {"retry"}
    assert attempts[-1] == "permanent"
    assert 2 * 24 * 60 - 300 < sum(waits) < 2 * 24 * 60 + 300
    kinds = await _events(db, desk, queued.conversation_id)
    assert kinds.count("delivery.failed") == 1
    assert "conversation.reopened" in kinds[kinds.index("delivery.failed") :], "it is our turn again"


async def test_a_silent_server_costs_no_attempts_and_stands_on_the_mailbox(
    db: Db, blobs: Blobs, desk: Desk, postman: Postman, reply: Reply
) -> None:
    async with smtp_server() as server:
        port = server.port
    await point(db, desk, port)
    queued = [await reply("ann"), await reply("ben")]
    await send_due(db, blobs, postman)
    for one in queued:
        state, fates, attempts = await _state(db, desk, one)
        assert (state, list(fates.values()), attempts) == ("ready", ["waiting"], [])
    async with db.reading(desk.id) as tx:
        error = await tx.value(
            "select send_error from mailbox where desk_id = %(desk)s and id = %(id)s", id=desk.mailbox_id
        )
    assert error.startswith("The mail server could not be used")
    async with smtp_server() as server:
        await point(db, desk, server.port)
        with frozen(now() + timedelta(minutes=2)):
            await send_due(db, blobs, postman)
        assert sorted(server.ids) == sorted(one.message_id for one in queued)
    async with db.reading(desk.id) as tx:
        assert (
            await tx.value(
                "select send_error from mailbox where desk_id = %(desk)s and id = %(id)s", id=desk.mailbox_id
            )
            is None
        )


async def test_many_workers_send_each_mail_once(
    db: Db, blobs: Blobs, desk: Desk, server: SmtpServer, postman: Postman, reply: Reply
) -> None:
    queued = [await reply(f"c{number}") for number in range(12)]
    await asyncio.gather(*(send_due(db, blobs, postman) for _ in range(4)))
    assert sorted(server.ids) == sorted(one.message_id for one in queued)


async def test_dispatch_serves_mailboxes_side_by_side(
    db: Db, blobs: Blobs, desk: Desk, server: SmtpServer, postman: Postman, reply: Reply
) -> None:
    queued = await reply()
    dispatch = Dispatch(db, blobs, postman)
    assert await dispatch.step() >= 1
    await dispatch.end()
    assert server.ids == [queued.message_id]
    assert await dispatch.step() == 0


async def test_addresses_that_no_server_understands_are_refused_not_tried_for_ever(
    db: Db, blobs: Blobs, desk: Desk, server: SmtpServer, postman: Postman, reply: Reply
) -> None:
    queued = await reply(
        to=(Address(name="", address='a"b\\c@example.com'), Address(name="Jörg", address="jörg@bücher.example"))
    )
    await send_due(db, blobs, postman)
    state, fates, _ = await _state(db, desk, queued)
    assert fates == {'a"b\\c@example.com': "refused", "jörg@bücher.example": "accepted"}
    assert state == "sent"
    assert server.taken[0].recipients == ("jörg@xn--bcher-kva.example",)
