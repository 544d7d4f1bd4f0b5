"""What fields say now and as of then: the same, and never anything learned later."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from credo.base import clock
from credo.base.db import Db
from credo.conversations.knowing import Facts, known_now, known_then
from credo.fields import FIELDS, TOLD, UNTOLD
from credo.philosophy.vocabulary import KNOWN_TODAY, VOCABULARY
from support.desks import Desk
from support.telling import STEPS, Story, at, believe, somebody

pytestmark = pytest.mark.anyio

HOURS = frozenset(name for name in FIELDS if name.endswith("_h")) | {"now.ts"}


async def now(story: Story, hours: float) -> Facts:
    async with story.db.reading(story.desk.id) as tx:
        return await known_now(tx, FIELDS, FIELDS, story.id, at(hours))


async def newest(story: Story) -> tuple[int, str]:
    async with story.db.reading(story.desk.id) as tx:
        row = await tx.value(
            """select array[max(id)::text, (array_agg(kind order by id desc))[1]] from event
                where desk_id = %(desk)s and conversation_id = %(id)s""",
            id=story.id,
        )
    return int(row[0]), row[1]


async def then(story: Story, *event_ids: int) -> Mapping[int, Facts]:
    async with story.db.reading(story.desk.id) as tx:
        return await known_then(tx, FIELDS, FIELDS, event_ids)


def test_every_binding_defines_itself_in_a_sentence() -> None:
    for name, binding in FIELDS.items():
        assert binding.says.endswith("."), name
    assert TOLD.isdisjoint(UNTOLD) and TOLD | set(UNTOLD) == set(FIELDS)
    assert set(UNTOLD) == {"customer.locale", "promise.due_in_h"}


def test_fields_and_vocabulary_agree() -> None:
    """Clocks may ask for what history tells, nothing is told that nobody can ask for, and the page defines it all."""
    assert set(FIELDS) <= set(VOCABULARY)
    assert KNOWN_TODAY == TOLD
    page = (Path(__file__).parents[2] / "docs/tryouts.md").read_text()
    assert [name for name in TOLD if f"| `{name}` | {FIELDS[name].says} |" not in page] == []
    assert [name for name in UNTOLD if f"`{name}`" not in page] == []


async def test_a_conversation_as_it_goes(db: Db, desk: Desk) -> None:
    await believe(db, desk)
    story = Story(db, desk)
    await story.begins(0)
    found = await now(story, 2)
    assert found["ticket.channel"] == "email" and found["ticket.status"] == "new" and found["customer.new"] is True
    assert (found["ticket.age_h"], found["ticket.waiting_h"], found["ticket.silent_h"]) == (2, 2, 2)
    assert (found["promise.state"], found["customer.open_promises"]) == ("open", 1)
    assert found["promise.due_in_h"] == 2
    await story.reply(3)
    found = await now(story, 5)
    assert (found["ticket.status"], found["ticket.touches"]) == ("waiting_on_customer", 1)
    assert (found["ticket.age_h"], found["ticket.waiting_h"], found["ticket.silent_h"]) == (5, 0, 2)
    assert (found["promise.state"], found["customer.open_promises"]) == ("kept", 0)
    await story.writes(6)
    await story.does("hand over", 6.1)
    await story.does("hand over", 6.2)
    found = await now(story, 7)
    assert (found["ticket.status"], found["ticket.transfers"], found["ticket.waiting_h"]) == ("open", 1, 1)
    await story.does("ring", 33)
    assert (await now(story, 33))["customer.broken_promises_90d"] == 1
    assert (await now(story, 33 + 90 * 24))["customer.broken_promises_90d"] == 0
    await story.does("solve", 34)
    await story.does("reopen", 35)
    found = await now(story, 35)
    assert (found["ticket.reopens"], found["ticket.status"], found["promise.state"]) == (1, "open", "broken")
    assert found["ticket.waiting_h"] == 29  # the closure was taken back, so the customer has waited all the while


async def test_what_a_customer_wrote_elsewhere(db: Db, desk: Desk) -> None:
    first, second = Story(db, desk), Story(db, desk)
    await first.begins(0)
    await second.begins(40 * 24)
    found = await now(second, 40 * 24)
    assert (found["customer.new"], found["customer.contacts_30d"]) == (False, 0)
    event, _kind = await newest(second)
    await first.writes(41 * 24)
    assert (await now(second, 42 * 24))["customer.contacts_30d"] == 1
    assert (await now(first, 42 * 24))["customer.contacts_30d"] == 1
    assert (await now(first, 42 * 24))["customer.new"] is True
    assert (await then(second, event))[event]["customer.contacts_30d"] == 0


@pytest.mark.parametrize(
    ("kind", "field", "before", "after"),
    [
        ("promise.broken", "customer.broken_promises_90d", 0, 1),
        ("conversation.assigned", "ticket.transfers", 0, 1),
        ("conversation.reopened", "ticket.reopens", 0, 1),
        ("message.replied", "ticket.touches", 0, 1),
        ("message.replied", "ticket.silent_h", 5.0, 4.0),
        ("message.replied", "ticket.waiting_h", 5.0, 0.0),
        ("conversation.solved", "ticket.status", "new", "solved"),
    ],
)
async def test_a_fact_learned_later_is_not_seen(
    db: Db, desk: Desk, kind: str, field: str, before: object, after: object
) -> None:
    """It is dated an hour after the beginning, and recorded after the message that is asked about."""
    story = Story(db, desk)
    await story.begins(0)
    await story.writes(5)
    event, _kind = await newest(story)
    async with db.transaction(desk.id) as tx:
        await tx.run(
            """insert into event (desk_id, kind, at, conversation_id, item_id, actor_kind, payload)
               values (%(desk)s, %(kind)s, %(at)s, %(id)s, -1, 'agent',
                       '{"was": "solved", "to": 4, "seq": 9, "clock_id": 1}')""",
            kind=kind,
            at=at(1),
            id=story.id,
        )
        await tx.run("update conversation set state = 'solved' where desk_id = %(desk)s and id = %(id)s", id=story.id)
    assert (await now(story, 5))[field] == after
    assert (await then(story, event))[event][field] == before


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
async def test_what_is_told_of_then_is_what_was_known_then(db: Db, desk: Desk, steps: list[tuple[str, float]]) -> None:
    await believe(db, desk)
    story = Story(db, desk, somebody())
    hours = 0.0
    await story.begins(hours)
    seen: dict[int, tuple[Facts, str]] = {}
    for act, pause in [("nothing", 0.0), *steps]:
        hours += pause
        await story.act(act, hours)
        event, kind = await newest(story)
        seen.setdefault(event, (await now(story, hours), kind))
    told = await then(story, *seen)
    for event, (known, kind) in seen.items():
        # A clock leaves no event when it starts, so it is known from the next event on.
        unsure = {"customer.open_promises", "promise.state"} if kind == "message.received" else set()
        if told[event]["now.ts"] != known["now.ts"]:  # dated before it was recorded, so the windows differ
            unsure |= {"customer.contacts_30d", "customer.broken_promises_90d"}
        for name in TOLD - HOURS - unsure:
            assert told[event][name] == known[name], (name, kind, steps)


async def test_waiting_hours_of_then(db: Db, desk: Desk) -> None:
    story = Story(db, desk)
    await story.begins(0)
    await story.writes(2)
    second, _kind = await newest(story)
    await story.reply(3)
    await story.writes(10)
    await story.bounces(12)
    bounced, _kind = await newest(story)
    await story.does("solve", 13)
    await story.writes(20)
    last, _kind = await newest(story)
    found = await then(story, second, bounced, last)
    assert found[second]["ticket.waiting_h"] == 2
    assert found[bounced]["ticket.waiting_h"] == 12  # the answer reached nobody
    assert found[last]["ticket.waiting_h"] == 0
    assert found[bounced]["ticket.touches"] == 1
    with clock.frozen(at(20) + timedelta(hours=1)):
        assert (await now(story, 21))["ticket.waiting_h"] == 1
