"""Answers are held for an undo, refused when stale, and dated at the press of Send."""

from __future__ import annotations

from datetime import timedelta

import pytest

from credo.access import Actor
from credo.base import clock
from credo.base.db import Db
from credo.channels import Address
from credo.conversations import conversation, notes, thread
from credo.replying import drafts, sending
from credo.replying.drafts import Writing
from credo.replying.sending import Answer
from support.desks import Desk
from support.mails import MONDAY, arrive, mail

HANNA = Address(name="Hanna Vogel", address="hanna@example.com")


async def _send(db: Db, desk: Desk, id: int | None, actor: Actor, *, seen: int = 1, **more: object) -> sending.Sent:
    assert id is not None
    answer = Answer(text="A new shade leaves today.", to=(HANNA,), last_seen_seq=seen, **more)  # type: ignore[arg-type]
    with clock.frozen(MONDAY + timedelta(hours=1)):
        async with db.transaction(desk.id) as tx:
            return await sending.send(tx, actor, id, answer)


async def test_an_answer_is_held_and_not_yet_a_word(db: Db, desk: Desk) -> None:
    outcome = await arrive(db, desk, mail())
    sent = await _send(db, desk, outcome.conversation_id, desk.ines)
    assert sent.release_at == MONDAY + timedelta(hours=1, seconds=10)
    async with db.reading(desk.id) as tx:
        found = await conversation.get(tx, desk.ines, outcome.conversation_id or 0)
        read = await thread.read(tx, desk.ines, found.id)
    assert (found.last_word_seq, found.state) == (1, "open")
    assert [item.state for item in read.items] == ["shown", "held"]
    assert [(r.address, r.state) for r in read.receipts[sent.item_id]] == [("hanna@example.com", "waiting")]


async def test_a_stale_answer_is_refused(db: Db, desk: Desk) -> None:
    outcome = await arrive(db, desk, mail())
    await arrive(db, desk, mail(message_id="<2@example.com>", in_reply_to="<one@example.com>", text="Forget it."))
    with pytest.raises(sending.SomethingNew):
        await _send(db, desk, outcome.conversation_id, desk.ines, seen=1)
    await _send(db, desk, outcome.conversation_id, desk.ines, seen=2)


async def test_a_colleagues_note_makes_an_answer_stale_too(db: Db, desk: Desk) -> None:
    outcome = await arrive(db, desk, mail())
    async with db.transaction(desk.id) as tx:
        await notes.add_note(tx, desk.lea, outcome.conversation_id or 0, text="I called her already.")
    with pytest.raises(sending.SomethingNew):
        await _send(db, desk, outcome.conversation_id, desk.ines, seen=1)


async def test_undo_brings_the_text_back_and_rewrites_nothing(db: Db, desk: Desk) -> None:
    outcome = await arrive(db, desk, mail())
    sent = await _send(db, desk, outcome.conversation_id, desk.ines)
    async with db.transaction(desk.id) as tx:
        assert await sending.undo(tx, desk.ines, sent.outbox_id) == outcome.conversation_id
    async with db.reading(desk.id) as tx:
        draft = await drafts.find(tx, desk.ines, outcome.conversation_id, "reply")
        read = await thread.read(tx, desk.ines, outcome.conversation_id or 0)
        kinds = await tx.values("select kind from event where desk_id = %(desk)s order by id")
    assert draft is not None
    assert draft.text == "A new shade leaves today."
    assert [item.seq for item in read.items] == [1]
    assert kinds == ["message.received", "message.retracted"]


async def test_only_the_writer_can_undo_and_only_once(db: Db, desk: Desk) -> None:
    outcome = await arrive(db, desk, mail())
    sent = await _send(db, desk, outcome.conversation_id, desk.ines)
    async with db.transaction(desk.id) as tx:
        with pytest.raises(sending.TooLateToUndo):
            await sending.undo(tx, desk.lea, sent.outbox_id)
        await sending.undo(tx, desk.ines, sent.outbox_id)
        with pytest.raises(sending.TooLateToUndo):
            await sending.undo(tx, desk.ines, sent.outbox_id)


async def test_nobody_answers_what_they_may_not_see(db: Db, desk: Desk) -> None:
    outcome = await arrive(db, desk, mail())
    with pytest.raises(conversation.NoConversation):
        await _send(db, desk, outcome.conversation_id, desk.tom)


@pytest.mark.parametrize("address", ["nobody", "a b@example.com", "x@", "@example.com", "a@b>\r\nBcc: c@d"])
async def test_a_bad_address_is_one_sentence(db: Db, desk: Desk, address: str) -> None:
    outcome = await arrive(db, desk, mail())
    with pytest.raises(sending.NotAnAddress, match="does not look like"):
        await _send(db, desk, outcome.conversation_id, desk.ines, cc=(Address(name="", address=address),))


async def test_a_draft_changed_in_another_window_is_not_overwritten(db: Db, desk: Desk) -> None:
    outcome = await arrive(db, desk, mail())
    id = outcome.conversation_id
    async with db.transaction(desk.id) as tx:
        first = await drafts.save(tx, desk.ines, id, "reply", Writing(text="one"))
        await drafts.save(tx, desk.ines, id, "reply", Writing(text="two", version=first.version))
        with pytest.raises(drafts.DraftMovedOn):
            await drafts.save(tx, desk.ines, id, "reply", Writing(text="three", version=first.version))
    async with db.reading(desk.id) as tx:
        kept = await drafts.find(tx, desk.ines, id, "reply")
        assert kept is not None
        assert kept.text == "two"
        assert await drafts.find(tx, desk.lea, id, "reply") is None
