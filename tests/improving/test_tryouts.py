"""Try-outs on a desk whose past was lived through its own rooms."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credo import tasks
from credo.access import Actor
from credo.base import clock
from credo.base.blobs import blobs
from credo.base.db import Db
from credo.base.secrets import Keyring
from credo.base.settings import read as configured
from credo.fields import FIELDS
from credo.improving import running, tryouts
from credo.installation import Installation
from credo.philosophy import BadPhilosophy, current
from credo.promises import move_all, retell
from support.desks import Desk
from support.telling import DEMO, STEPS, Story, at, believe, somebody

pytestmark = pytest.mark.anyio

NOW = 60.0
ROUTES = """
  routing:
    - {id: same-person, serves: one-owner, when: 'customer.contacts_30d > 0', do: {prefer: last_owner}}
    - {id: hurt, serves: keep-word, when: 'customer.broken_promises_90d > 0', do: {priority: high}}
    - {id: tongue, serves: one-owner, when: 'customer.locale == "de"', do: {queue: trade}}
    - {id: anger, serves: heard, when: 'customer.emotion == "angry"', do: {queue: leads}}
    - {id: mixed, serves: heard, when: 'ticket.touches > 0 && customer.emotion == "angry"', do: {queue: leads}}
"""
WITH_ROUTES = DEMO[: DEMO.index("\n  routing:")] + ROUTES + DEMO[DEMO.index("\n  rules:") + 1 :]


def given_to(condition: str) -> str:
    """The demo's philosophy with the first answer promised to some only."""
    text = re.sub(r"(?m)^    to: 'ticket.channel in .*$", f"    to: {condition}", DEMO, count=1)
    assert text != DEMO
    return text


async def tried(
    db: Db, desk: Desk, text: str, *, actor: Actor | None = None, hours: float = NOW, days: int = 30
) -> int:
    """Ask for a try-out and run it as the worker would."""
    with clock.frozen(at(hours)):
        async with db.transaction(desk.id) as tx:
            id = await tryouts.try_out(tx, actor or desk.ada, text, days)
        await running.run(db, FIELDS, desk.id, id)
    return id


async def counts(db: Db, desk: Desk, id: int, actor: Actor | None = None) -> Mapping[str, Mapping[str, int]]:
    async with db.reading(desk.id) as tx:
        return {path: dict(found) for path, found in (await tryouts.figures(tx, actor or desk.ada, id)).items()}


async def state(db: Db, desk: Desk, id: int) -> tryouts.Tryout:
    async with db.reading(desk.id) as tx:
        return await tryouts.get(tx, id)


async def result(db: Db, desk: Desk, id: int, path: str) -> dict[str, object]:
    found = await state(db, desk, id)
    return next(one for one in found.results if one["path"] == path)


async def past(db: Db, desk: Desk) -> list[Story]:
    """One answered in an hour, one in six and again, one never, one solved without an answer."""
    stories = [Story(db, desk, f"{name}@example.com") for name in ("ada", "bo", "cy", "di")]
    for story in stories:
        await story.begins(0)
    await stories[0].reply(1)
    await stories[3].does("solve", 2)
    await stories[1].does("ring", 6)
    await stories[1].reply(6)
    await stories[1].writes(30)
    await stories[1].reply(31)
    await stories[2].does("ring", 59)
    return stories


async def test_trying_the_version_in_force_reproduces_history(db: Db, desk: Desk) -> None:
    await believe(db, desk)
    await past(db, desk)
    id = await tried(db, desk, DEMO)
    found = await counts(db, desk, id)
    assert found["promises/first-answer"] == {
        "kept": 1,
        "late": 1,
        "broken": 1,
        "released": 1,
        "was_kept": 1,
        "was_late": 1,
        "was_broken": 1,
        "was_released": 1,
    }
    assert found["promises/next-answer"] == {"kept": 1, "was_kept": 1}
    assert (await state(db, desk, id)).state == "done"


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, since=st.sampled_from([-1.0, 4.0, 60.0]))
async def test_it_reproduces_any_history(db: Db, desk: Desk, steps: list[tuple[str, float]], since: float) -> None:
    """Every clock with its due time, its end and what became of it; also a promise to some only."""
    await believe(db, desk, given_to("'customer.broken_promises_90d < 2'"))
    story = Story(db, desk, somebody())
    await story.begins(0.0)
    hours = 0.0
    for act, pause in steps:
        hours += pause
        await story.act(act, hours)
    await story.release(hours + 0.1)
    await story.does("ring", hours + 0.1)
    async with db.reading(desk.id) as tx:
        ids: list[int] = await tx.values(
            """select id from conversation where desk_id = %(desk)s and person_id =
                      (select person_id from conversation where desk_id = %(desk)s and id = %(id)s) order by id""",
            id=story.id,
        )
    with clock.frozen(at(hours + 0.1)):
        await move_all(db, desk.id, ids, FIELDS)  # what the job of a closed day does, which runs a little later
    async with db.reading(desk.id) as tx:
        version = await current(tx, at(hours + 0.1))
        assert version is not None
        retold = await retell(tx, FIELDS, ids, version, at(since), at(hours + 0.1))
        assert retold.would_be == retold.were
        assert retold.would_be or since > 0


async def test_a_new_target_is_tried_on_past_answers(db: Db, desk: Desk) -> None:
    await believe(db, desk)
    stories = await past(db, desk)
    id = await tried(db, desk, DEMO.replace("target: PT4H", "target: PT8H"))
    found = await counts(db, desk, id)
    assert found["promises/first-answer"] == {
        "kept": 2,
        "broken": 1,
        "released": 1,
        "changed": 1,
        "was_kept": 1,
        "was_late": 1,
        "was_broken": 1,
        "was_released": 1,
    }
    async with db.reading(desk.id) as tx:
        assert (await tryouts.get(tx, id)).version_id is None
        (changed,), more = await tryouts.cases(tx, desk.ada, id, "promises/first-answer#changed")
    assert (changed.conversation_id, changed.at, more) == (stories[1].id, at(0), None)


async def test_conditions_are_asked_as_of_each_message(db: Db, desk: Desk) -> None:
    await believe(db, desk)
    stories = await past(db, desk)
    again = Story(db, desk, "cy@example.com")
    await again.begins(59.5)
    id = await tried(db, desk, WITH_ROUTES)
    found = await counts(db, desk, id)
    assert found["moments/message"] == {"all": 5}
    assert found["policy/routing/same-person/when"] == {"matched": 1}
    assert found["policy/routing/hurt/when"] == {"matched": 2}
    async with db.reading(desk.id) as tx:
        hurt, _more = await tryouts.cases(tx, desk.ada, id, "policy/routing/hurt/when#matched")
    assert [(one.conversation_id, one.at) for one in hurt] == [(again.id, at(59.5)), (stories[1].id, at(30))]
    assert (await result(db, desk, id, "policy/routing/hurt/when"))["kind"] == "routing"


async def test_what_history_does_not_tell_is_not_counted(db: Db, desk: Desk) -> None:
    await believe(db, desk)
    await past(db, desk)
    id = await tried(db, desk, WITH_ROUTES)
    assert await result(db, desk, id, "policy/routing/tongue/when") == {
        "path": "policy/routing/tongue/when",
        "kind": "routing",
        "moment": "message",
        "verdict": "unknowable",
        "untold": ["customer.locale"],
        "waits_for": [],
    }
    for path in ("policy/routing/anger/when", "policy/routing/mixed/when"):
        assert (await result(db, desk, id, path))["verdict"] == "waits"
        assert (await result(db, desk, id, path))["waits_for"] == ["listening"]
    words = await result(db, desk, id, "practice/behaviours/date-every-promise/when")
    assert (words["verdict"], words["waits_for"]) == ("waits", ["replying"])
    silence = await result(db, desk, id, "promises/no-silence")
    assert (silence["verdict"], silence["waits_for"]) == ("waits", ["clock periodic_update"])
    found = await counts(db, desk, id)
    assert not {"policy/routing/tongue/when", "policy/routing/anger/when", "policy/routing/mixed/when"} & set(found)


async def test_a_fact_learned_later_changes_no_figure(db: Db, desk: Desk) -> None:
    """A broken promise that is dated before the message, and was recorded after it."""
    await believe(db, desk)
    story = Story(db, desk)
    await story.begins(0)
    await story.reply(1)
    await story.writes(40)
    async with db.transaction(desk.id) as tx:
        await tx.run(
            """insert into event (desk_id, kind, at, conversation_id, actor_kind, payload)
               values (%(desk)s, 'promise.broken', %(at)s, %(id)s, 'system', '{"clock_id": 1, "promise": "x"}')""",
            at=at(2),
            id=story.id,
        )
    id = await tried(db, desk, WITH_ROUTES)
    assert "policy/routing/hurt/when" not in await counts(db, desk, id)
    await story.writes(41)
    id = await tried(db, desk, WITH_ROUTES)
    assert (await counts(db, desk, id))["policy/routing/hurt/when"] == {"matched": 1}


async def test_what_happens_after_it_was_asked_for_is_left_out(db: Db, desk: Desk) -> None:
    await believe(db, desk)
    await past(db, desk)
    with clock.frozen(at(NOW)):
        async with db.transaction(desk.id) as tx:
            id = await tryouts.try_out(tx, desk.ada, WITH_ROUTES, 30)
    await Story(db, desk, "late@example.com").begins(NOW - 1)
    await running.run(db, FIELDS, desk.id, id)
    assert (await counts(db, desk, id))["moments/message"] == {"all": 4}


async def test_every_figure_shows_only_what_its_reader_may_see(db: Db, desk: Desk) -> None:
    await believe(db, desk)
    stories = await past(db, desk)
    id = await tried(db, desk, WITH_ROUTES, actor=desk.tom)
    async with db.transaction(desk.id) as tx:
        await tx.run(
            "update conversation set mailbox_id = null, team_id = null where desk_id = %(desk)s and id = %(id)s",
            id=stories[1].id,
        )
    assert (await counts(db, desk, id))["promises/first-answer"]["was_late"] == 1
    assert "was_late" not in (await counts(db, desk, id, desk.ines))["promises/first-answer"]
    assert (await counts(db, desk, id, desk.ines))["promises/first-answer"]["kept"] == 1
    assert await counts(db, desk, id, desk.tom) == {}
    for actor, visible in ((desk.ada, 4), (desk.ines, 3), (desk.tom, 0)):
        async with db.reading(desk.id) as tx:
            found, _more = await tryouts.cases(tx, actor, id, "moments/message#all")
        assert len(found) == visible == (await counts(db, desk, id, actor)).get("moments/message", {}).get("all", 0)


async def test_a_list_pages_to_its_end(db: Db, desk: Desk) -> None:
    await believe(db, desk)
    stories = await past(db, desk)
    id = await tried(db, desk, DEMO)
    seen, after = [], None
    for _ in range(4):
        async with db.reading(desk.id) as tx:
            found, after = await tryouts.cases(tx, desk.ada, id, "moments/message#all", after, limit=1)
        seen += [one.conversation_id for one in found]
    assert after is None
    assert seen == [story.id for story in reversed(stories)]


async def test_it_can_be_cancelled_and_goes_on_after_a_crash(
    db: Db, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await believe(db, desk)
    await past(db, desk)
    monkeypatch.setattr(running, "AT_ONCE", 1)
    with clock.frozen(at(NOW)):
        async with db.transaction(desk.id) as tx:
            id = await tryouts.try_out(tx, desk.ines, DEMO, 30)
        async with db.transaction(desk.id) as tx:
            begun = await running._begin(tx, FIELDS, id)
        assert begun is not None
        assert await running._step(db, FIELDS, desk.id, id, begun)
        found = await state(db, desk, id)
        assert (found.state, found.looked_at, found.total) == ("running", 1, 4)
        await running.run(db, FIELDS, desk.id, id)  # another worker takes it up
        assert (await state(db, desk, id)).looked_at == 4
        assert (await counts(db, desk, id))["moments/message"] == {"all": 4}
        async with db.transaction(desk.id) as tx:
            other = await tryouts.try_out(tx, desk.ines, DEMO, 30)
            with pytest.raises(tryouts.TryingAlready):
                await tryouts.try_out(tx, desk.ines, DEMO, 30)
            with pytest.raises(tryouts.NotYours):
                await tryouts.cancel(tx, desk.lea, other)
            await tryouts.cancel(tx, desk.ada, other)
        await running.run(db, FIELDS, desk.id, other)
    found = await state(db, desk, other)
    assert (found.state, found.looked_at) == ("cancelled", 0)


async def test_what_cannot_be_tried_is_refused(db: Db, desk: Desk) -> None:
    async with db.transaction(desk.id) as tx:
        with pytest.raises(BadPhilosophy):
            await tryouts.try_out(tx, desk.ada, "format: philosophy/1", 30)
        with pytest.raises(tryouts.BadDays):
            await tryouts.try_out(tx, desk.ada, DEMO, 0)
        with pytest.raises(tryouts.NoTryout):
            await tryouts.get(tx, 2**40)


async def test_a_finished_one_is_found_by_its_text(db: Db, desk: Desk) -> None:
    await believe(db, desk)
    id = await tried(db, desk, DEMO, days=90)
    async with db.reading(desk.id) as tx:
        found = await tryouts.last_done(tx, DEMO, 90)
        assert found is not None and found.id == id
        assert await tryouts.last_done(tx, DEMO, 91) is None
        assert await tryouts.last_done(tx, DEMO + "\n", 30) is None


async def test_a_promise_to_some_is_given_by_what_was_known(db: Db, desk: Desk) -> None:
    """On the desk itself and in a try-out: the second message of a new customer is no longer of somebody new."""
    text = given_to("'customer.contacts_30d == 0'")
    await believe(db, desk, text)
    await Story(db, desk).begins(0)
    await Story(db, desk).begins(1)
    id = await tried(db, desk, text, hours=2)
    found = await counts(db, desk, id)
    assert found["promises/first-answer"] == {"open": 1, "was_open": 1}
    id = await tried(db, desk, DEMO, hours=2)
    assert (await counts(db, desk, id))["promises/first-answer"] == {"open": 2, "was_open": 1}


async def test_older_versions_stay_what_they_were(db: Db, desk: Desk) -> None:
    """What began before the days that are looked at keeps the version it met."""
    await believe(db, desk)
    story = Story(db, desk)
    await story.begins(0)
    await believe(db, desk, DEMO.replace("target: PT4H", "target: PT8H"), datetime(2026, 11, 24, tzinfo=UTC))
    await story.reply(40 * 24)
    await story.writes(40 * 24 + 1)
    id = await tried(db, desk, DEMO, hours=40 * 24 + 2, days=30)
    found = await counts(db, desk, id)
    assert "promises/first-answer" not in found
    assert found["promises/next-answer"] == {"open": 1, "was_open": 1}
    assert (await state(db, desk, id)).since == at(40 * 24 + 2) - timedelta(days=30)


async def test_a_worker_runs_it(db: Db, desk: Desk, tmp_path: Path) -> None:
    await believe(db, desk)
    await past(db, desk)
    with clock.frozen(at(NOW)):
        async with db.transaction(desk.id) as tx:
            id = await tryouts.try_out(tx, desk.ada, DEMO, 30)
    settings = configured({}, data_dir=tmp_path)
    house = Installation(settings, db, blobs(settings), Keyring((b"k" * 32,)))
    async with tasks.app(house).open_async() as queue:
        await queue.run_worker_async(
            queues=[tryouts.QUEUE], wait=False, install_signal_handlers=False, listen_notify=False
        )
    found = await state(db, desk, id)
    assert (found.state, found.looked_at) == ("done", 4)
    assert (await counts(db, desk, id))["promises/first-answer"]["was_kept"] == 1
