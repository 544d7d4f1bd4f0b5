"""Clocks on a real desk: stored as rows, shown on the conversation, broken by the worker, always what events say."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from importlib.resources import files

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credo.base import clock
from credo.base.db import Db, Tx
from credo.channels import Address
from credo.conversations import conversation, state
from credo.delivery import events as delivered
from credo.delivery.release import release_due
from credo.fields import FIELDS
from credo.history import by_agent, by_system, record
from credo.philosophy import exceptions, publish, versions
from credo.promises import (
    Clock,
    due_lines,
    explain,
    move_all,
    of_conversation,
    recompute,
    ring,
    ring_due,
    rows,
    said,
)
from credo.replying import sending
from support.desks import Desk
from support.mails import arrive, mail

pytestmark = pytest.mark.anyio

DEMO = files("credo").joinpath("demo/lumen-lamps.yaml").read_text()
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # 10:00 in Berlin: an hour after opening


def at(hours: float) -> datetime:
    return MONDAY + timedelta(hours=hours)


async def believe(db: Db, desk: Desk, text: str = DEMO, since: datetime = datetime(2026, 9, 1, 8, tzinfo=UTC)) -> None:
    with clock.frozen(since):
        async with db.transaction(desk.id) as tx:
            await publish(tx, by_agent(desk.ada.agent_id), text)


async def write(db: Db, desk: Desk, hours: float, *, again: int = 0, **headers: str) -> int:
    more = {"in_reply_to": "<1@example.com>", **headers} if again else headers
    with clock.frozen(at(hours)):
        raw = mail(message_id=f"<{again + 1}@example.com>", text=f"Message {again}", **more)
        outcome = await arrive(db, desk, raw, at=at(hours))
    assert outcome.conversation_id is not None
    return outcome.conversation_id


async def send(db: Db, desk: Desk, id: int, hours: float, *, then: sending.Then = "waiting") -> sending.Sent:
    with clock.frozen(at(hours)):
        async with db.transaction(desk.id) as tx:
            here = await conversation.get(tx, desk.ines, id)
            answer = sending.Answer(
                text="A new shade leaves today.",
                to=(Address(name="Hanna", address="hanna@example.com"),),
                last_seen_seq=here.last_word_seq,
                then=then,
            )
            return await sending.send(tx, desk.ines, id, answer)


async def reply(db: Db, desk: Desk, id: int, hours: float) -> sending.Sent:
    sent = await send(db, desk, id, hours)
    with clock.frozen(at(hours) + timedelta(seconds=11)):
        assert await release_due(db) == 1
    return sent


async def ring_at(db: Db, desk: Desk, hours: float) -> int:
    """A worker's round, as far as it concerns this desk; other tests' desks have clocks of their own."""
    with clock.frozen(at(hours)):
        async with db.transaction(desk.id) as tx:
            return await ring_due(tx, at(hours), FIELDS)


async def clocks(db: Db, desk: Desk, id: int) -> list[Clock]:
    async with db.reading(desk.id) as tx:
        return [one.clock for one in await rows.stored(tx, id)]


async def shown(db: Db, desk: Desk, id: int) -> tuple[datetime | None, datetime | None, bool]:
    async with db.reading(desk.id) as tx:
        here = await conversation.get(tx, desk.ines, id)
    return here.next_due_at, here.due_since, here.due_late


async def told(db: Db, desk: Desk, id: int) -> list[tuple[str, datetime]]:
    async with db.reading(desk.id) as tx:
        found = await tx.all(
            _Told,
            """select kind, at from event where desk_id = %(desk)s and conversation_id = %(id)s
                  and kind like 'promise.%%' order by id""",
            id=id,
        )
    return [(one.kind.removeprefix("promise."), one.at) for one in found]


class _Told:
    def __init__(self, kind: str, at: datetime) -> None:
        self.kind, self.at = kind, at


async def timers(db: Db, desk: Desk) -> int:
    async with db.reading(desk.id) as tx:
        return int(await tx.value("select count(*) from due where desk_id = %(desk)s"))


async def test_a_first_mail_is_promised_an_answer(db: Db, desk: Desk) -> None:
    await believe(db, desk)
    id = await write(db, desk, 0)
    (found,) = await clocks(db, desk, id)
    assert (found.promise, found.state, found.due_at) == ("first-answer", "running", at(4))
    assert await shown(db, desk, id) == (at(4), at(0), False)
    assert await timers(db, desk) == 1
    assert await told(db, desk, id) == []


async def test_without_a_philosophy_no_clock_runs(db: Db, desk: Desk) -> None:
    id = await write(db, desk, 0)
    assert await clocks(db, desk, id) == []
    await believe(db, desk)
    await write(db, desk, 1, again=1)
    assert await clocks(db, desk, id) == []  # nobody promised the first message anything, and it is still unanswered


async def test_it_is_kept_at_the_press_of_send(db: Db, desk: Desk) -> None:
    await believe(db, desk)
    id = await write(db, desk, 0)
    await reply(db, desk, id, 1)
    (found,) = await clocks(db, desk, id)
    assert (found.state, found.stopped_at, found.stretches[-1].end) == ("kept", at(1), at(1))
    assert await shown(db, desk, id) == (None, None, False)
    assert await told(db, desk, id) == [("kept", at(1))]
    assert await timers(db, desk) == 0
    await write(db, desk, 2, again=1)
    assert [(one.promise, one.state) for one in await clocks(db, desk, id)] == [
        ("first-answer", "kept"),
        ("next-answer", "running"),
    ]
    assert (await shown(db, desk, id))[0] == datetime(2026, 11, 24, 17, 0, tzinfo=UTC)  # close of the next working day


async def test_an_undone_answer_changes_nothing(db: Db, desk: Desk) -> None:
    await believe(db, desk)
    id = await write(db, desk, 0)
    sent = await send(db, desk, id, 1)
    with clock.frozen(at(1) + timedelta(seconds=5)):
        async with db.transaction(desk.id) as tx:
            await sending.undo(tx, desk.ines, sent.outbox_id)
    assert [one.state for one in await clocks(db, desk, id)] == ["running"]


async def test_it_breaks_at_the_moment_it_happens(db: Db, desk: Desk) -> None:
    await believe(db, desk)
    id = await write(db, desk, 0)
    assert await ring_at(db, desk, 4) == 0
    assert await ring_at(db, desk, 4.001) == 1
    assert await ring_at(db, desk, 4.002) == 0
    assert await told(db, desk, id) == [("broken", at(4))]
    assert await shown(db, desk, id) == (at(4), at(0), True)
    await reply(db, desk, id, 5)
    assert await told(db, desk, id) == [("broken", at(4)), ("kept_late", at(5))]
    (found,) = await clocks(db, desk, id)
    assert (found.state, found.broken_at) == ("late", at(4))


async def test_a_worker_that_slept_tells_it_with_the_true_time(db: Db, desk: Desk) -> None:
    await believe(db, desk)
    id = await write(db, desk, 0)
    await reply(db, desk, id, 6)
    assert await told(db, desk, id) == [("broken", at(4)), ("kept_late", at(6))]


async def test_an_answer_in_its_time_to_undo_holds_the_bell(db: Db, desk: Desk) -> None:
    await believe(db, desk)
    id = await write(db, desk, 0)
    await send(db, desk, id, 4 - 5 / 3600)
    assert await ring_at(db, desk, 4.001) == 0
    with clock.frozen(at(4.01)):
        await release_due(db)
    assert [one.state for one in await clocks(db, desk, id)] == ["kept"]
    assert await ring_at(db, desk, 4.01) == 0


async def test_a_message_that_comes_while_the_answer_is_held_breaks_nothing_either(db: Db, desk: Desk) -> None:
    await believe(db, desk)
    id = await write(db, desk, 0)
    await send(db, desk, id, 4 - 5 / 3600)
    await write(db, desk, 4 + 2 / 3600, again=1)
    assert await told(db, desk, id) == []
    with clock.frozen(at(4.01)):
        await release_due(db)
    assert [(one.promise, one.state) for one in await clocks(db, desk, id)] == [
        ("first-answer", "kept"),
        ("next-answer", "running"),
    ]


async def test_one_that_cannot_be_reckoned_does_not_keep_others_from_ringing(db: Db, desk: Desk) -> None:
    await believe(db, desk)
    bad = await write(db, desk, 0)
    await believe(db, desk)
    with clock.frozen(at(0)):  # received later, it would be found broken at once
        raw = mail("Bo <bo@example.com>", message_id="<bo@x.example>")
        good = (await arrive(db, desk, raw, at=at(0))).conversation_id
    async with db.transaction(desk.id) as tx:
        await tx.run("update philosophy_version set compiled = '{}' where desk_id = %(desk)s and version = 7")
    versions._kept.clear()
    assert await ring_at(db, desk, 5) == 1
    assert await ring_at(db, desk, 5) == 0  # put off for a few minutes, so that it is not tried without a pause
    assert await told(db, desk, good or 0) == [("broken", at(4))]
    assert await told(db, desk, bad) == []


async def test_closed_and_taken_back(db: Db, desk: Desk) -> None:
    await believe(db, desk)
    id = await write(db, desk, 0)
    with clock.frozen(at(1)):
        async with db.transaction(desk.id) as tx:
            await state.mark_spam(tx, desk.ines, id)
    assert await shown(db, desk, id) == (None, None, False)
    assert await ring_at(db, desk, 4.5) == 0
    with clock.frozen(at(5)):
        async with db.transaction(desk.id) as tx:
            await state.reopen(tx, desk.ines, id)
    assert await ring_at(db, desk, 5.001) == 1
    assert await told(db, desk, id) == [("released", at(1)), ("ran_on", at(5)), ("broken", at(5))]
    (found,) = await clocks(db, desk, id)
    assert [(one.cause, one.start) for one in found.stretches] == [
        ("message.received", at(0)),
        ("conversation.restored", at(1)),
    ]


async def test_an_answer_that_reaches_nobody_runs_on(db: Db, desk: Desk) -> None:
    await believe(db, desk)
    id = await write(db, desk, 0)
    sent = await reply(db, desk, id, 1)
    with clock.frozen(at(2)):
        async with db.transaction(desk.id) as tx:
            await record(
                tx,
                delivered.Bounced(
                    at=at(2),
                    actor=by_system(),
                    conversation_id=id,
                    item_id=sent.item_id,
                    outbox_id=sent.outbox_id,
                    permanent=True,
                    all=True,
                ),
            )
    assert await shown(db, desk, id) == (at(4), at(0), False)
    assert await timers(db, desk) == 1
    assert await told(db, desk, id) == [("kept", at(1)), ("ran_on", at(2))]


@pytest.mark.parametrize(
    "headers", [{"auto_submitted": "auto-replied"}, {"precedence": "bulk", "auto_submitted": "auto-replied"}]
)
async def test_automatic_replies_are_promised_nothing(db: Db, desk: Desk, headers: dict[str, str]) -> None:
    await believe(db, desk)
    assert await clocks(db, desk, await write(db, desk, 0, **headers)) == []


async def test_a_contact_form_is_ordinary_work(db: Db, desk: Desk) -> None:
    await believe(db, desk)
    assert len(await clocks(db, desk, await write(db, desk, 0, auto_submitted="auto-generated"))) == 1


async def test_a_new_version_leaves_running_clocks_alone(db: Db, desk: Desk) -> None:
    await believe(db, desk)
    id = await write(db, desk, 0)
    await believe(db, desk, DEMO.replace("target: PT4H", "target: PT1H").replace("DE-BE", "DE-BY"))
    await write(db, desk, 1, again=1)
    assert (await shown(db, desk, id))[0] == at(4)
    with clock.frozen(at(1)):
        other = await arrive(db, desk, mail("Bo <bo@example.com>", message_id="<bo@example.com>"), at=at(1))
    assert (await shown(db, desk, other.conversation_id or 0))[0] == at(2)


async def test_two_workers_ring_once(db: Db, desk: Desk) -> None:
    await believe(db, desk)
    id = await write(db, desk, 0)

    async def work() -> None:
        async with db.transaction(desk.id) as tx:
            await ring_due(tx, at(5), FIELDS)
            await asyncio.sleep(0.05)

    await asyncio.gather(work(), work(), work())
    assert await told(db, desk, id) == [("broken", at(4))]


async def test_a_conversation_somebody_works_on_is_left_to_the_next_round(db: Db, desk: Desk) -> None:
    await believe(db, desk)
    id = await write(db, desk, 0)
    async with db.transaction(desk.id) as busy:
        await conversation.lock(busy, id)
        assert await ring_at(db, desk, 5) == 0
    assert await ring_at(db, desk, 5) == 1


async def test_the_workers_round_reaches_every_desk(db: Db, desk: Desk) -> None:
    await believe(db, desk)
    id = await write(db, desk, 0)
    with clock.frozen(at(5)):
        while await ring(db, FIELDS):
            pass
    assert await told(db, desk, id) == [("broken", at(4))]


async def test_one_desk_does_not_ring_for_another(db: Db, desk: Desk) -> None:
    await believe(db, desk)
    id = await write(db, desk, 0)
    async with db.transaction(desk.id + 1_000_000) as tx:
        assert await ring_due(tx, at(9), FIELDS) == 0
    assert await told(db, desk, id) == []


async def test_it_says_why(db: Db, desk: Desk) -> None:
    await believe(db, desk)
    id = await write(db, desk, 0)
    with clock.frozen(at(1)):
        async with db.reading(desk.id) as tx:
            (why,) = await of_conversation(tx, desk.ines, id)
            assert await explain(tx, desk.ines, why.id) == why
            with pytest.raises(conversation.NoConversation):
                await explain(tx, desk.tom, why.id)
    assert [(link.word, link.text) for link in said(why, str, lambda moment: f"{moment:%d %b %H:%M}", "de")] == [
        ("What happened", "Due 23 Nov 13:00"),
        ("Because", "The customer wrote 23 Nov 09:00; due 23 Nov 13:00"),
        ("Rule", "Ein Mensch antwortet innerhalb von 4 Öffnungsstunden."),
        ("Principle", "We make few promises and keep every one."),
        ("In force", "Version 7, by Ada, since 01 Sep 08:00"),
    ]
    assert due_lines(why, str, "en") == ["Mon 23 Nov 10:00–14:00, 4 h"]
    assert why.so_far == timedelta(hours=1)


async def test_a_line_in_the_thread_carries_its_cause(db: Db, desk: Desk) -> None:
    await believe(db, desk)
    id = await write(db, desk, 0)
    await reply(db, desk, id, 1)
    async with db.reading(desk.id) as tx:
        cause = await tx.value(
            """select e.cause from item i join event e on e.desk_id = i.desk_id and e.id = i.event_id
                where i.desk_id = %(desk)s and i.conversation_id = %(id)s and e.kind = 'promise.kept'""",
            id=id,
        )
    assert {**cause, "version_id": 0, "event": 0} == {
        "promise": "first-answer",
        "principle": "keep-word",
        "version": 7,
        "version_id": 0,
        "event": 0,
    }


ONE_OFFS = ["close", "other hours", "pause", "end"]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["write", "write", "reply", "reply", "hold", "solve", "spam", "reopen", "bounce", "ring", *ONE_OFFS]
        ),
        st.sampled_from([0.01, 0.5, 3.0, 5.0, 26.0, 80.0]),
    ),
    min_size=1,
    max_size=9,
)
ZONES = st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo"])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, zone=ZONES, start=st.sampled_from([0.0, -31 * 24.0 - 20, -240 * 24.0]))
async def test_stored_clocks_are_what_the_events_say(
    db: Db, desk: Desk, steps: list[tuple[str, float]], zone: str, start: float
) -> None:
    await believe(
        db,
        desk,
        DEMO.replace("{zone: Europe/Berlin, hours", f"{{zone: {zone}, hours").replace(
            "      zone: Europe/Berlin\n", f"      zone: {zone}\n"
        ),
        since=datetime(2026, 1, 2, 8, tzinfo=UTC),
    )
    hours = start
    with clock.frozen(at(hours)):
        first = await arrive(
            db,
            desk,
            mail(f"H <{hash((str(steps), zone, start)) & 0xFFFFFFFF}@example.com>", message_id=None),
            at=at(hours),
        )
    id = first.conversation_id or 0
    held: list[sending.Sent] = []
    for act, pause in steps:
        hours += pause
        with clock.frozen(at(hours)):
            await _act(db, desk, id, act, hours, held)
    with clock.frozen(at(hours + 0.01)):
        await release_due(db)
        await ring(db, FIELDS)
        await move_all(db, desk.id, [id], FIELDS)
        async with db.transaction(desk.id) as tx:
            stored = [one.clock for one in await rows.stored(tx, id)]
            assert await recompute(tx, id, FIELDS) == stored
            running = [one for one in stored if one.state == "running"]
            here = await conversation.get(tx, desk.ada, id)
            nearest = min(running, key=lambda one: one.due_at, default=None)
            assert here.next_due_at == (nearest.due_at if nearest else None)
            assert here.due_late == bool(nearest and nearest.broken_at)
            failures = await tx.value("select count(*) from reaction_failure where desk_id = %(desk)s")
            waiting = await tx.value(
                """select count(*) from due d join clock c on c.desk_id = d.desk_id and c.id = d.clock_id
                    where d.desk_id = %(desk)s and c.conversation_id = %(id)s""",
                id=id,
            )
    assert failures == 0
    assert waiting == sum(one.broken_at is None for one in running)


async def _act(db: Db, desk: Desk, id: int, act: str, hours: float, held: list[sending.Sent]) -> None:
    async with db.reading(desk.id) as tx:
        here = await conversation.get(tx, desk.ada, id)
        address = await tx.value(
            "select address from participant where desk_id = %(desk)s and conversation_id = %(id)s", id=id
        )
        key = await tx.value("select signing_key from desk where id = %(desk)s")
    if act == "write":
        from credo.conversations import addressing

        to = addressing.reply_address("care@lumen.example", key, here.reply_key)
        raw = mail(f"H <{address}>", to=to, message_id=None, text=f"At {hours}")
        outcome = await arrive(db, desk, raw, at=at(hours))
        assert outcome.conversation_id == id
    elif act in ("reply", "hold"):
        sent = await send(db, desk, id, hours, then="solved" if hours % 2 < 1 else "waiting")
        held.append(sent)
        if act == "reply":
            with clock.frozen(at(hours) + timedelta(seconds=11)):
                await release_due(db)
    elif act == "ring":
        await ring(db, FIELDS)
    elif act in ONE_OFFS:
        async with db.transaction(desk.id) as tx:
            await _for_once(tx, desk, act)
        if round(hours) % 2:  # sometimes the job comes at once, sometimes whatever happens next is there before it
            await move_all(db, desk.id, [id], FIELDS)
    elif act == "bounce" and held:
        sent = held.pop()
        async with db.transaction(desk.id) as tx:
            await record(
                tx,
                delivered.Bounced(
                    at=at(hours),
                    actor=by_system(),
                    conversation_id=id,
                    item_id=sent.item_id,
                    outbox_id=sent.outbox_id,
                    permanent=True,
                    all=True,
                ),
            )
    elif act == "reopen" and here.state != "open":
        async with db.transaction(desk.id) as tx:
            await state.reopen(tx, desk.ada, id)
    elif act in ("solve", "spam") and here.state not in ("solved", "spam"):
        async with db.transaction(desk.id) as tx:
            await (state.solve if act == "solve" else state.mark_spam)(tx, desk.ada, id)


async def _for_once(tx: Tx, desk: Desk, act: str) -> None:
    if act == "end":
        now = clock.now()
        open_ = [one for one in await exceptions.every(tx) if one.end > now and one.ended_at is None]
        if open_:
            await exceptions.end(tx, desk.ada, open_[0].id)
        return
    tomorrow = (clock.now() + timedelta(days=1)).date()
    wish = {
        "close": exceptions.Wish("closed_today", "Power cut"),
        "other hours": exceptions.Wish("changed_hours", "Fair", day=tomorrow, windows=("06:00-12:00", "19:00-22:00")),
        "pause": exceptions.Wish("rule_paused", "Storm", element="promises/next-answer"),
    }[act]
    await exceptions.declare(tx, desk.ada, wish)
