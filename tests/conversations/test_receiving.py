"""A message finds its conversation by sure keys only, and once."""

from __future__ import annotations

import pytest

from credo.base.db import Db
from credo.conversations import conversation, state, thread
from credo.conversations.addressing import message_id, reply_address
from support.desks import Desk
from support.mails import arrive, mail


async def _conversation(db: Db, desk: Desk, id: int | None) -> conversation.Conversation:
    assert id is not None
    async with db.reading(desk.id) as tx:
        return await conversation.get(tx, desk.ada, id)


async def _key(db: Db, desk: Desk) -> bytes:
    async with db.reading(desk.id) as tx:
        return bytes(await tx.value("select signing_key from desk where id = %(desk)s"))


async def test_a_first_mail_opens_a_conversation(db: Db, desk: Desk) -> None:
    outcome = await arrive(db, desk, mail())
    found = await _conversation(db, desk, outcome.conversation_id)
    assert (found.subject, found.state, found.last_word_seq) == ("Cracked glass", "open", 1)
    async with db.reading(desk.id) as tx:
        read = await thread.read(tx, desk.ines, found.id)
        customer, others = await thread.customer(tx, desk.ines, found.id)
    assert [(i.kind, i.author, (i.text or "").strip()) for i in read.items] == [
        ("message", "Hanna Vogel", "The shade has a crack.")
    ]
    assert (customer.name, customer.addresses, others) == ("Hanna Vogel", ["hanna@example.com"], [])


async def test_the_same_id_with_the_same_body_is_one_message(db: Db, desk: Desk) -> None:
    first = await arrive(db, desk, mail())
    again = await arrive(db, desk, mail())
    assert again.state == "duplicate"
    assert again.item_id == first.item_id


async def test_the_same_id_with_another_body_is_kept(db: Db, desk: Desk) -> None:
    await arrive(db, desk, mail())
    other = await arrive(db, desk, mail(text="Another text under a stolen id."))
    assert other.state == "received"


async def test_without_an_id_equal_bytes_are_one_message(db: Db, desk: Desk) -> None:
    first = await arrive(db, desk, mail(message_id=None))
    again = await arrive(db, desk, mail(message_id=None))
    assert (first.state, again.state) == ("received", "duplicate")


@pytest.mark.parametrize("header", ["in_reply_to", "references"])
async def test_a_known_id_joins_when_the_sender_takes_part(db: Db, desk: Desk, header: str) -> None:
    first = await arrive(db, desk, mail())
    answer = await arrive(
        db, desk, mail(message_id="<two@example.com>", text="One more thing.", **{header: "<one@example.com>"})
    )
    assert answer.conversation_id == first.conversation_id


async def test_a_strangers_forged_in_reply_to_never_joins(db: Db, desk: Desk) -> None:
    first = await arrive(db, desk, mail())
    forged = await arrive(
        db, desk, mail("Mallory <m@evil.example>", message_id="<x@evil.example>", in_reply_to="<one@example.com>")
    )
    assert forged.conversation_id != first.conversation_id
    found = await _conversation(db, desk, forged.conversation_id)
    assert found.related_id == first.conversation_id


async def test_a_participant_whose_checks_fail_does_not_join_by_a_weak_key(db: Db, desk: Desk) -> None:
    first = await arrive(db, desk, mail())
    forged = await arrive(
        db, desk, mail(message_id="<x@evil.example>", in_reply_to="<one@example.com>"), verdict="failed"
    )
    assert forged.conversation_id != first.conversation_id
    assert (await _conversation(db, desk, forged.conversation_id)).doubtful


async def test_our_signed_address_joins_and_marks_a_stranger_as_guest(db: Db, desk: Desk) -> None:
    first = await arrive(db, desk, mail())
    found = await _conversation(db, desk, first.conversation_id)
    address = reply_address(desk.address, await _key(db, desk), found.reply_key)
    joined = await arrive(db, desk, mail("Otto <otto@example.org>", to=address, message_id="<o@example.org>"))
    assert joined.conversation_id == first.conversation_id
    async with db.reading(desk.id) as tx:
        people = await thread.participants(tx, desk.ines, found.id)
    assert {(p.address, p.role) for p in people} == {("hanna@example.com", "requester"), ("otto@example.org", "guest")}


async def test_a_forged_signature_opens_a_conversation_of_its_own(db: Db, desk: Desk) -> None:
    first = await arrive(db, desk, mail())
    found = await _conversation(db, desk, first.conversation_id)
    forged = f"care+{found.reply_key}.0123456789abcdef@lumen.example"
    other = await arrive(db, desk, mail("Otto <otto@example.org>", to=forged, message_id="<o@example.org>"))
    assert other.conversation_id != first.conversation_id


async def test_our_signed_message_id_joins(db: Db, desk: Desk) -> None:
    first = await arrive(db, desk, mail())
    found = await _conversation(db, desk, first.conversation_id)
    ours = message_id(desk.address, await _key(db, desk), found.reply_key)
    joined = await arrive(db, desk, mail(message_id="<two@example.com>", in_reply_to=f"<{ours}>"))
    assert joined.conversation_id == first.conversation_id


async def test_a_number_in_the_subject_joins_only_participants(db: Db, desk: Desk) -> None:
    first = await arrive(db, desk, mail())
    subject = f"Re: Cracked glass [#{first.conversation_id}]"
    own = await arrive(db, desk, mail(subject=subject, message_id="<two@example.com>"))
    stranger = await arrive(db, desk, mail("Eve <eve@evil.example>", subject=subject, message_id="<3@evil.example>"))
    assert own.conversation_id == first.conversation_id
    assert stranger.conversation_id != first.conversation_id


async def test_a_customers_word_reopens_and_an_automatic_reply_does_not(db: Db, desk: Desk) -> None:
    first = await arrive(db, desk, mail())
    assert first.conversation_id is not None
    async with db.transaction(desk.id) as tx:
        await state.solve(tx, desk.ines, first.conversation_id)
    away = mail(message_id="<a@example.com>", in_reply_to="<one@example.com>", auto_submitted="auto-replied")
    await arrive(db, desk, away)
    assert (await _conversation(db, desk, first.conversation_id)).state == "solved"
    await arrive(db, desk, mail(message_id="<b@example.com>", in_reply_to="<one@example.com>", text="Still broken."))
    assert (await _conversation(db, desk, first.conversation_id)).state == "open"


async def test_what_was_deleted_is_not_imported_again(db: Db, desk: Desk) -> None:
    first = await arrive(db, desk, mail())
    assert first.conversation_id is not None
    async with db.transaction(desk.id) as tx:
        await state.trash(tx, desk.ines, first.conversation_id)
    assert (await arrive(db, desk, mail())).state == "deleted"
    async with db.transaction(desk.id) as tx:
        await state.reopen(tx, desk.ines, first.conversation_id)
    assert (await arrive(db, desk, mail())).state == "duplicate"


@pytest.mark.parametrize(
    "raw",
    [
        b"Subject: nobody\r\n\r\nNo sender at all.",
        b"From: \r\nSubject: empty\r\n\r\nx",
        b"From: a\x00b@example.com\r\nSubject: nul \x00\r\nMessage-ID: <a\x00@b>\r\n\r\nbody \x00 here",
        b"From: \xff\xfe@example.com\r\nSubject: \xff\r\n\r\n\xff\xfe",
        b"From: =?utf-8?q?=ED=A0=80?= <s@example.com>\r\nSubject: surrogate\r\n\r\nx",
    ],
)
async def test_odd_mail_is_received_too(db: Db, desk: Desk, raw: bytes) -> None:
    outcome = await arrive(db, desk, raw)
    assert outcome.state == "received"
    assert (await _conversation(db, desk, outcome.conversation_id)).state == "open"
