"""What is decided for once moves due times by a recorded event, pauses promises, and leaves alone what is over."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credo import promises, tasks
from credo.access import Actor, NotAllowed
from credo.base import clock
from credo.base.blobs import blobs
from credo.base.db import Db
from credo.base.secrets import Keyring
from credo.base.settings import read
from credo.calendars import BadWindow, Calendar
from credo.conversations import conversation, views
from credo.fields import FIELDS
from credo.installation import Installation
from credo.philosophy import OneOff, exceptions, lately
from credo.philosophy.exceptions import Wish
from credo.promises import explain, of_conversation, recompute, rows, said, settle, standings, withheld
from credo.promises.timeline import Reckoned, reckon
from promises.histories import BOTH, MONDAY, History, in_force
from promises.histories import at as hour
from promises.histories import calendar as shop
from promises.test_clocks import at, believe, clocks, reply, ring_at, shown, told, write
from promises.test_timeline import CALENDARS, histories
from support.desks import Desk
from support.mails import arrive, mail

pytestmark = pytest.mark.anyio
MIDNIGHT = datetime(2026, 11, 23, 23, tzinfo=UTC)  # in Berlin


# ───────────── the timeline alone


def one_off(event: float, since: datetime, until: datetime | None, **more: Any) -> OneOff:
    """Closed from `since` on, made between the events before and after `event`."""
    plain = OneOff(
        int(event * 10), "closed_today", since, until, None, None, {}, 1, "Ada", "Power cut", since, 0, None, None, None
    )
    return replace(plain, **{"made_event_id": event, **more})


def reckoned(history: History, now: datetime, *one_offs: OneOff, on: Calendar | None = None) -> Reckoned:
    version = in_force(BOTH, on or shop())
    return reckon(history.moments, "email", lambda moment: version, now, one_offs)


def test_closing_moves_a_running_clock() -> None:
    history = History()
    history.asks(hour(0))
    (clock,) = reckoned(history, hour(2), one_off(1.5, hour(3), hour(15))).clocks
    assert (clock.due_at, clock.state, clock.broken_at) == (hour(25), "running", None)


def test_closing_leaves_alone_what_is_over() -> None:
    history = History()
    history.asks(hour(0))
    history.answers(hour(1))
    before = reckoned(history, hour(9)).clocks
    assert reckoned(history, hour(9), one_off(2.5, hour(2), hour(15))).clocks == before


def test_a_clock_that_runs_on_later_has_met_it_too() -> None:
    history = History()
    history.asks(hour(0))
    item = history.answers(hour(1))
    closed = one_off(2.5, hour(2), hour(15))
    assert reckoned(history, hour(2), closed).clocks[0].due_at == hour(4)
    history.fails(item, hour(3))
    (clock,) = reckoned(history, hour(3), closed).clocks
    assert (clock.state, clock.due_at) == ("running", hour(26))


def test_ending_it_opens_again_from_then_on() -> None:
    history = History()
    history.asks(hour(0))
    ended = one_off(1.5, hour(2), hour(15), ended_at=hour(3), ended_event_id=1.7)
    (clock,) = reckoned(history, hour(3), ended).clocks
    assert clock.due_at == hour(5)
    history.answers(hour(2.5))
    # Had it been answered before the end was known, the due time would have stayed where closing had put it.
    (clock,) = reckoned(history, hour(3), replace(ended, ended_event_id=2.7)).clocks
    assert (clock.state, clock.due_at) == ("kept", hour(26))


def test_only_the_calendar_it_names() -> None:
    history = History()
    history.asks(hour(0))
    elsewhere = one_off(1.5, hour(1), hour(15), calendar="workshop")
    assert reckoned(history, hour(1), elsewhere).clocks[0].due_at == hour(4)
    assert reckoned(history, hour(1), replace(elsewhere, calendar="shop")).clocks[0].due_at == hour(27)


def test_a_paused_promise_starts_nothing_while_it_lasts() -> None:
    history = History()
    history.asks(hour(1))
    pause = one_off(0.5, hour(0), hour(2), kind="rule_paused", element="promises/first")
    found = reckoned(history, hour(1), pause)
    assert (found.clocks, [one.promise for one in found.withheld]) == ([], ["first"])
    assert found.withheld[0].one_off == pause
    history.answers(hour(3))
    history.asks(hour(4))
    assert [one.promise for one in reckoned(history, hour(4), pause).clocks] == ["next"]
    assert reckoned(history, hour(4), replace(pause, element="promises/next")).clocks[0].promise == "first"


def test_incident_mode_pauses_all_or_those_it_names() -> None:
    history = History()
    history.asks(hour(1))
    incident = one_off(0.5, hour(0), None, kind="incident_mode")
    assert reckoned(history, hour(1), incident).clocks == []
    assert len(reckoned(history, hour(1), replace(incident, payload={"promises": ["next"]})).clocks) == 1
    over = replace(incident, ended_at=hour(0.5), ended_event_id=0.7)
    assert len(reckoned(history, hour(1), over).clocks) == 1


def test_a_running_clock_is_not_paused() -> None:
    history = History()
    history.asks(hour(0))
    pause = one_off(1.5, hour(1), None, kind="rule_paused", element="promises/first")
    assert [one.state for one in reckoned(history, hour(2), pause).clocks] == ["running"]


@settings(max_examples=300, deadline=None)
@given(histories(), st.sampled_from(CALENDARS), st.data())
def test_closing_lets_due_times_grow_and_breaks_nothing_sooner(
    made: tuple[History, datetime], on: Calendar, data: st.DataObject
) -> None:
    history, now = made
    place = data.draw(st.integers(0, len(history.moments)))
    recorded = max([moment.at for moment in history.moments[:place]], default=MONDAY)
    since = recorded + timedelta(minutes=data.draw(st.integers(0, 600)))
    closed = one_off(place + 0.5, since, since + timedelta(hours=data.draw(st.integers(1, 90))))
    before = {(one.promise, one.started_by): one for one in reckoned(history, now, on=on).clocks}
    after = reckoned(history, now, closed, on=on).clocks
    assert {(one.promise, one.started_by) for one in after} == set(before)
    for one in after:
        then = before[one.promise, one.started_by]
        assert one.due_at >= then.due_at
        assert then.due_at > since or one.due_at == then.due_at
        assert (one.stretches, one.stopped_at, one.started_at) == (then.stretches, then.stopped_at, then.started_at)
        assert one.broken_at is None or (then.broken_at is not None and one.broken_at >= then.broken_at)


# ───────────── on a desk


async def declare(db: Db, desk: Desk, hours: float, who: Actor | None = None, **wish: Any) -> OneOff:
    """Ada says it; the job that follows is done."""
    with clock.frozen(at(hours)):
        async with db.transaction(desk.id) as tx:
            made = await exceptions.declare(
                tx, who or desk.ada, Wish(**{"kind": "closed_today", "reason": "Power cut", **wish})
            )
        await work(db)
    return made


async def end(db: Db, desk: Desk, hours: float, one: OneOff) -> None:
    with clock.frozen(at(hours)):
        async with db.transaction(desk.id) as tx:
            await exceptions.end(tx, desk.ada, one.id)
        await work(db)


async def work(db: Db) -> None:
    settings = read({}, data_dir=Path(tempfile.gettempdir()))  # moving clocks keeps nothing there
    house = Installation(settings, db, blobs(settings), Keyring((b"k" * 32,)))
    async with tasks.app(house).open_async() as queue:
        await queue.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)


async def moves(db: Db, desk: Desk, id: int) -> list[Mapping[str, Any]]:
    async with db.reading(desk.id) as tx:
        return await tx.values(
            """select payload || cause from event where desk_id = %(desk)s and conversation_id = %(id)s
                  and kind = 'promise.moved' order by id""",
            id=id,
        )


async def test_closing_today_moves_what_is_due_and_says_why(db: Db, desk: Desk) -> None:
    await believe(db, desk)
    id = await write(db, desk, 0)
    made = await declare(db, desk, 3)
    assert (made.from_at, made.until_at) == (at(3), MIDNIGHT)
    tomorrow = datetime(2026, 11, 24, 9, tzinfo=UTC)  # ten o'clock in Berlin
    assert await shown(db, desk, id) == (tomorrow, at(0), False)
    (moved,) = await moves(db, desk, id)
    assert (moved["exception"], moved["promise"], moved["version"]) == (made.id, "first-answer", 7)
    assert datetime.fromisoformat(moved["due_at"]) == tomorrow
    assert await ring_at(db, desk, 4.5) == 0
    with clock.frozen(at(3.5)):
        async with db.reading(desk.id) as tx:
            (why,) = await of_conversation(tx, desk.ines, id)
            assert await explain(tx, desk.ines, why.id) == why
            row = await views.row(tx, desk.ines, id)
            standing = (await standings(tx, [row]))[id]
    lines = said(why, str, lambda moment: f"{moment:%d %b %H:%M}", "en")
    assert [(one.word, one.text) for one in lines][2] == (
        "Closed",
        "23 Nov 12:00 to 23 Nov 23:00, by Ada: Power cut",
    )
    assert [one.sentence() for one in why.counted] == [
        "Mon 23 Nov 10:00–13:00, 3 h",
        "Tue 24 Nov 09:00–10:00, 1 h",
    ]
    assert (why.so_far, standing.left, standing.whole) == (timedelta(hours=3), 3600, 4 * 3600)
    await reply(db, desk, id, 22)
    assert await told(db, desk, id) == [("moved", at(3)), ("kept", at(22))]


async def test_opening_again_moves_it_back(db: Db, desk: Desk) -> None:
    await believe(db, desk)
    id = await write(db, desk, 0)
    made = await declare(db, desk, 2)
    await end(db, desk, 3, made)
    assert (await shown(db, desk, id))[0] == at(5)
    with pytest.raises(exceptions.AlreadyOver):
        await end(db, desk, 4, made)


async def test_the_bell_knows_before_the_job_has_run(db: Db, desk: Desk) -> None:
    await believe(db, desk)
    id = await write(db, desk, 0)
    with clock.frozen(at(3)):
        async with db.transaction(desk.id) as tx:
            await exceptions.declare(tx, desk.ada, Wish("closed_today", "Power cut"))
    assert await ring_at(db, desk, 4.5) == 1
    assert [kind for kind, _at in await told(db, desk, id)] == ["moved"]


async def test_what_is_answered_or_broken_stays(db: Db, desk: Desk) -> None:
    await believe(db, desk)
    answered = await write(db, desk, 0)
    await reply(db, desk, answered, 1)
    with clock.frozen(at(0)):
        other = await arrive(db, desk, mail("Bo <bo@example.com>", message_id="<bo@example.com>"), at=at(0))
    broken = other.conversation_id or 0
    await ring_at(db, desk, 4.5)
    before = [*await clocks(db, desk, answered), *await clocks(db, desk, broken)]
    assert [(one.state, one.broken_at) for one in before] == [("kept", None), ("running", at(4))]
    await declare(db, desk, 5)
    async with db.transaction(desk.id) as tx:
        await settle(tx, answered, FIELDS, at(6))
        await settle(tx, broken, FIELDS, at(6))
    assert [*await clocks(db, desk, answered), *await clocks(db, desk, broken)] == before
    assert await moves(db, desk, broken) == []


async def test_other_hours_on_a_day(db: Db, desk: Desk) -> None:
    await believe(db, desk)
    id = await write(db, desk, 7)  # 17:00 in Berlin: three hours are left for tomorrow
    made = await declare(
        db, desk, 7.5, kind="changed_hours", day=date(2026, 11, 24), windows=("12:00-20:00",), calendar="shop"
    )
    assert (await shown(db, desk, id))[0] == datetime(2026, 11, 24, 14, tzinfo=UTC)
    assert made.payload == {"day": "2026-11-24", "windows": ["12:00-20:00"]}


async def test_a_paused_promise_is_not_given_and_says_why(db: Db, desk: Desk) -> None:
    await believe(db, desk)
    pause = await declare(db, desk, 0, kind="rule_paused", element="promises/first-answer", reason="Storm")
    id = await write(db, desk, 1)
    assert await clocks(db, desk, id) == []
    async with db.reading(desk.id) as tx:
        (one,) = await withheld(tx, desk.ines, id, FIELDS)
        with pytest.raises(conversation.NoConversation):
            await withheld(tx, desk.tom, id, FIELDS)
    assert (one.promise, one.one_off.id, one.asked_at) == ("first-answer", pause.id, at(1))
    line = promises.paused(one, str, lambda moment: f"{moment:%H:%M}")
    assert (line.word, line.text) == ("Paused", "09:00, by Ada: Storm")
    await end(db, desk, 2, pause)
    await write(db, desk, 3, again=1)
    assert await clocks(db, desk, id) == []  # the customer was promised nothing when this turn began
    await reply(db, desk, id, 4)
    await write(db, desk, 5, again=2)
    assert [one.promise for one in await clocks(db, desk, id)] == ["next-answer"]


async def test_who_may_and_what_fits(db: Db, desk: Desk) -> None:
    with pytest.raises(exceptions.NothingInForce):
        await declare(db, desk, 0)
    await believe(db, desk)
    assert (await declare(db, desk, 0, desk.lea)).author == "Lea"
    for who, wish, error in (
        (desk.ines, {}, NotAllowed),
        (desk.ada, {"reason": " "}, exceptions.ReasonMissing),
        (desk.ada, {"calendar": "moon"}, exceptions.UnknownHere),
        (desk.ada, {"kind": "rule_paused"}, exceptions.UnknownHere),
        (desk.ada, {"kind": "rule_paused", "element": "first-answer"}, exceptions.UnknownHere),
        (desk.ada, {"kind": "incident_mode", "promises": ("nothing",)}, exceptions.UnknownHere),
        (desk.ada, {"from_at": at(-1)}, exceptions.BadSpan),
        (desk.ada, {"until_at": at(-1)}, exceptions.BadSpan),
        (desk.ada, {"kind": "changed_hours"}, exceptions.BadSpan),
        (desk.ada, {"kind": "changed_hours", "day": date(2026, 11, 22)}, exceptions.BadSpan),
        (desk.ada, {"kind": "changed_hours", "day": date(2026, 11, 24), "windows": ("9-5",)}, BadWindow),
    ):
        with pytest.raises(error):
            await declare(db, desk, 0, who, **wish)


async def test_a_list_asks_once_in_a_while(db: Db, desk: Desk) -> None:
    await believe(db, desk)
    await declare(db, desk, 0)
    with clock.frozen(at(1)):
        async with db.reading(desk.id) as tx:
            assert len(await lately(tx)) == 1
            assert await lately(tx) is await lately(tx)


async def test_stored_clocks_are_what_the_events_say_with_one_offs(db: Db, desk: Desk) -> None:
    await believe(db, desk)
    id = await write(db, desk, 0)
    first = await declare(db, desk, 1)
    await end(db, desk, 2, first)
    await declare(db, desk, 2.5, kind="changed_hours", day=date(2026, 11, 23), windows=("14:00-22:00",))
    await reply(db, desk, id, 6)
    await declare(db, desk, 7, kind="rule_paused", element="promises/next-answer")
    await write(db, desk, 8, again=1)
    with clock.frozen(at(9)):
        async with db.transaction(desk.id) as tx:
            stored = [one.clock for one in await rows.stored(tx, id)]
            assert await recompute(tx, id, FIELDS) == stored
    assert len(await moves(db, desk, id)) == 3
