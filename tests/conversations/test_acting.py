"""What colleagues do with a conversation, and who may."""

from __future__ import annotations

from datetime import timedelta

import pytest

from credo.access import Actor
from credo.base import clock
from credo.base.db import Db, Tx
from credo.base.paging import Cursor
from credo.conversations import assignment, conversation, search, snoozing, state, tags, thread, views
from credo.web import shell
from support.desks import Desk
from support.mails import MONDAY, arrive, mail


async def _new(db: Db, desk: Desk, number: int = 1, **more: str) -> int:
    outcome = await arrive(
        db, desk, mail(message_id=f"<{number}@example.com>", **more), at=MONDAY + timedelta(minutes=number)
    )
    assert outcome.conversation_id is not None
    return outcome.conversation_id


async def _ids(tx: Tx, actor: Actor, view: str) -> list[int]:
    return [row.id for row in (await views.in_view(tx, actor, view, Cursor())).rows]


async def test_assigning_moves_between_views_and_leaves_a_line(db: Db, desk: Desk) -> None:
    id = await _new(db, desk)
    async with db.transaction(desk.id) as tx:
        assert await _ids(tx, desk.ines, "unassigned") == [id]
        await assignment.assign(tx, desk.lea, id, desk.ines.agent_id)
        assert await _ids(tx, desk.ines, "mine") == [id]
        assert await _ids(tx, desk.ines, "unassigned") == []
        line = (await thread.read(tx, desk.ines, id)).items[-1]
    assert (line.kind, line.event_kind, line.author) == ("event", "conversation.assigned", "Lea")


async def test_nobody_is_handed_what_they_may_not_see(db: Db, desk: Desk) -> None:
    id = await _new(db, desk)
    async with db.transaction(desk.id) as tx:
        assert [c.name for c in await assignment.candidates(tx, desk.ines, id)] == ["Ada", "Ines", "Lea"]
        with pytest.raises(assignment.CannotSee):
            await assignment.assign(tx, desk.lea, id, desk.tom.agent_id)


@pytest.mark.parametrize(
    ("close", "view"),
    [(state.solve, "solved"), (state.mark_spam, "spam"), (state.trash, "trash"), (state.wait, "waiting")],
)
async def test_closing_and_undoing_come_back_to_open(db: Db, desk: Desk, close: object, view: str) -> None:
    id = await _new(db, desk)
    async with db.transaction(desk.id) as tx:
        await close(tx, desk.ines, id)  # type: ignore[operator]
        assert await _ids(tx, desk.ines, view) == [id]
        await state.reopen(tx, desk.ines, id)
        assert await _ids(tx, desk.ines, "open") == [id]


async def test_solving_twice_is_refused(db: Db, desk: Desk) -> None:
    id = await _new(db, desk)
    async with db.transaction(desk.id) as tx:
        await state.solve(tx, desk.ines, id)
        with pytest.raises(state.NotOpen):
            await state.solve(tx, desk.ines, id)


async def test_a_snooze_ends_at_its_time_and_at_a_customers_word(db: Db, desk: Desk) -> None:
    id, other = await _new(db, desk, 1), await _new(db, desk, 2)
    until = clock.now() + timedelta(hours=2)
    async with db.transaction(desk.id) as tx:
        await snoozing.snooze(tx, desk.ines, id, until)
        await snoozing.snooze(tx, desk.ines, other, until)
        with pytest.raises(snoozing.NotAhead):
            await snoozing.snooze(tx, desk.ines, id, clock.now() - timedelta(minutes=1))
    await arrive(db, desk, mail(message_id="<3@example.com>", in_reply_to="<2@example.com>", text="And?"))
    async with db.transaction(desk.id) as tx:
        assert await _ids(tx, desk.ines, "open") == [other]
        assert await snoozing.wake_due(tx) == 0
    with clock.frozen(until + timedelta(seconds=1)):
        async with db.transaction(desk.id) as tx:
            assert await snoozing.wake_due(tx) == 1
            assert sorted(await _ids(tx, desk.ines, "open")) == [id, other]


async def test_tags_are_set_as_a_whole(db: Db, desk: Desk) -> None:
    id = await _new(db, desk)
    async with db.transaction(desk.id) as tx:
        await tags.set_tags(tx, desk.ines, id, [" trade ", "glass", "glass"])
        assert (await conversation.get(tx, desk.ines, id)).tags == ["glass", "trade"]
        assert await tags.known(tx, "gl") == ["glass"]
        with pytest.raises(tags.NotATag):
            await tags.set_tags(tx, desk.ines, id, ["a,b"])


async def test_pages_go_on_without_a_gap(db: Db, desk: Desk) -> None:
    made = [await _new(db, desk, number) for number in range(1, 54)]
    async with db.reading(desk.id) as tx:
        first = await views.in_view(tx, desk.ines, "open", Cursor())
        assert first.next is not None
        rest = await views.in_view(tx, desk.ines, "open", Cursor.parse(str(first.next)))
    assert [row.id for row in (*first.rows, *rest.rows)] == made[::-1]
    assert rest.next is None


async def test_counts_and_lists_say_the_same(db: Db, desk: Desk) -> None:
    id = await _new(db, desk, 1)
    await _new(db, desk, 2)
    async with db.transaction(desk.id) as tx:
        await assignment.assign(tx, desk.ines, id, desk.ines.agent_id)
        counts = await views.counts(tx, desk.ines)
        teams = await views.team_counts(tx, desk.ines)
        nothing = await views.counts(tx, desk.tom)
    assert (counts.mine, counts.unassigned, counts.open, counts.waiting) == (1, 1, 2, 0)
    assert [(team.name, team.open) for team in teams] == [("Care", 2)]
    assert (nothing.open, nothing.unassigned) == (0, 0)


async def test_what_is_closed_is_counted_among_the_newest(db: Db, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [await _new(db, desk, number) for number in range(1, 5)]
    async with db.transaction(desk.id) as tx:
        for id in made[:3]:
            await state.solve(tx, desk.ines, id)
        await state.mark_spam(tx, desk.ines, made[3])
        assert await views.closed_counts(tx, desk.ines) == views.ClosedCounts(3, False, 1, False)
        assert await views.closed_counts(tx, desk.ada) == views.ClosedCounts(3, False, 1, False)
        assert await views.closed_counts(tx, desk.tom) == views.ClosedCounts(0, False, 0, False)
        monkeypatch.setattr(views, "_LOOKED_AT", 2)
        assert await views.closed_counts(tx, desk.ines) == views.ClosedCounts(2, True, 1, False)
        monkeypatch.setattr(views, "ENOUGH", 2)
        assert await views.closed_counts(tx, desk.ada) == views.ClosedCounts(3, True, 1, False)
    assert [shell.said(3), shell.said(2, more=True), shell.said(0, more=True)] == ["3", "2+", ""]
    assert shell.said(501, more=True) == "500+"


async def test_search_finds_words_beginnings_and_folded_accents(db: Db, desk: Desk) -> None:
    id = await _new(db, desk, 1, text="Der Lampenschirm hat einen Sprung, schöne Grüße aus Köln.")
    await _new(db, desk, 2, text="Something else entirely.")
    async with db.reading(desk.id) as tx:
        for words in ("lampenschirm", "LAMPENSCH", "koln sprung", "grüsse", "hanna@example.com lampenschirm"):
            hits = (await search.search(tx, desk.ines, words)).rows
            assert [hit.conversation_id for hit in hits] == [id], words
        assert (await search.search(tx, desk.tom, "lampenschirm")).rows == []
        assert (await search.search(tx, desk.ines, "' & | !")).rows == []
        hit = (await search.search(tx, desk.ines, "sprung")).rows[0]
    assert hit.snippet[1] == "Sprung"


async def test_a_conversation_is_found_once_by_its_newest_words(db: Db, desk: Desk) -> None:
    id = await _new(db, desk, 1, text="The lamp hums.")
    louder = mail(message_id="<2@example.com>", in_reply_to="<1@example.com>", text="It hums louder.")
    await arrive(db, desk, louder, at=MONDAY + timedelta(minutes=5))
    async with db.reading(desk.id) as tx:
        hits = (await search.search(tx, desk.ines, "hums")).rows
    assert [(hit.conversation_id, hit.seq) for hit in hits] == [(id, 2)]


async def test_search_does_not_index_card_numbers(db: Db, desk: Desk) -> None:
    await _new(db, desk, 1, text="My card is 4111111111111111, please.")
    async with db.reading(desk.id) as tx:
        assert (await search.search(tx, desk.ines, "411111111111")).rows == []
        row = (await views.in_view(tx, desk.ines, "open", Cursor())).rows[0]
    assert "41111" not in row.snippet
