"""The life of versions on a real desk: drafted by two, proposed, approved, published for later, in force, retired."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from credo.access import Actor, NotAllowed
from credo.base import clock
from credo.base.db import Db, Tx
from credo.philosophy import (
    BadPhilosophy,
    Decision,
    Life,
    approvals,
    come_into_force,
    current,
    drafts,
    lives,
    publish_draft,
    publish_text,
    publishing,
    retire,
    version,
)
from credo.philosophy.deciding import NotYetApproved
from support.desks import Desk
from support.documents import DEMO, governed

pytestmark = pytest.mark.anyio

TEXT = governed("""
  owner: ada
  approve: {philosophy: [ada, lea], promises: [ada, ines], policy: [lea, ines]}
  propose: anyone
""")
FASTER = TEXT.replace("target: PT4H", "target: PT2H", 1)
SINCE = datetime(2026, 9, 1, 8, tzinfo=UTC)
WHY = Decision(reason="Customers wait too long.")


@pytest.fixture
async def believing(db: Db, desk: Desk) -> Desk:
    """A desk on which a version is in force since September."""
    with clock.frozen(SINCE):
        async with db.transaction(desk.id) as tx:
            await publishing.publish(tx, desk.ada.as_author(), TEXT)
    return desk


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    with clock.frozen(SINCE + timedelta(days=80)):
        yield


def later(days: float) -> datetime:
    return clock.now() + timedelta(days=days)


async def drafted(tx: Tx, who: Actor, text: str = FASTER) -> drafts.Draft:
    here = await drafts.start(tx, who, "Answer faster")
    return await drafts.save(tx, who, here.id, text, here.revision)


async def approved(tx: Tx, desk: Desk, text: str = FASTER) -> int:
    """A draft of Ada's that Ines agreed to."""
    draft = await drafted(tx, desk.ada, text)
    assert not (await approvals.propose(tx, desk.ada, draft.id)).settled
    assert (await approvals.decide(tx, desk.ines, draft.id, draft.revision, "approved")).settled
    return draft.id


async def kinds(tx: Tx) -> list[str]:
    return await tx.values("select kind from event where desk_id = %(desk)s and kind like 'philosophy.%%' order by id")


async def test_from_draft_to_retired(db: Db, believing: Desk) -> None:
    desk = believing
    async with db.transaction(desk.id) as tx:
        draft_id = await approved(tx, desk)
        made = await publish_draft(tx, desk.ada, draft_id, WHY)
        assert (made.number, made.effective_at, await current(tx)) == (8, clock.now(), made)
        draft = await drafts.get(tx, desk.tom, draft_id)
        assert (draft.state, draft.version_id) == ("published", made.id)
        first = (await lives(tx))[1]
        assert (first.state, first.retired_at) == ("retired", clock.now())
    with clock.frozen(later(1)):
        async with db.transaction(desk.id) as tx:
            await _retired(tx, desk, made.id, first)


async def _retired(tx: Tx, desk: Desk, id: int, first: Life) -> None:
    await retire(tx, desk.ada, id, "We begin again.")
    assert await current(tx) is None
    assert await current(tx, SINCE + timedelta(days=1)) == await version(tx, first.id)
    assert [one.state for one in await lives(tx)] == ["retired", "retired"]
    with pytest.raises(publishing.NotInForce):
        await retire(tx, desk.ada, id, "Again.")
    assert (await kinds(tx))[2:] == [
        *("philosophy.draft_started", "philosophy.draft_proposed", "philosophy.draft_approved"),
        *("philosophy.draft_approved", "philosophy.published", "philosophy.in_force", "philosophy.retired"),
    ]
    life = (await lives(tx))[0]
    assert (life.reason, life.base_id, len(life.digest), life.retired_reason) == (
        *("Customers wait too long.", first.id),
        *(64, "We begin again."),
    )


async def test_two_who_write_on_different_parts_both_stay(db: Db, believing: Desk) -> None:
    desk = believing
    async with db.transaction(desk.id) as tx:
        begun = await drafts.start(tx, desk.ada, "Answer faster")

    async def save(who: Actor, text: str) -> drafts.Draft:
        async with db.transaction(desk.id) as tx:
            return await drafts.save(tx, who, begun.id, text, 1)

    await asyncio.gather(save(desk.ada, FASTER), save(desk.lea, TEXT.replace("owner: ada", "owner: lea")))
    async with db.reading(desk.id) as tx:
        here = await drafts.get(tx, desk.ada, begun.id)
        saved = await drafts.revisions(tx, desk.ada, begun.id)
        assert await drafts.text_of(tx, desk.ada, begun.id, 1) == TEXT
    assert here.source == FASTER.replace("owner: ada", "owner: lea")
    assert [(one.revision, one.merged) for one in saved] == [(3, 2), (2, None), (1, None)]


async def test_two_who_write_on_one_part_are_told(db: Db, believing: Desk) -> None:
    desk = believing
    async with db.transaction(desk.id) as tx:
        begun = await drafts.start(tx, desk.ada, "Answer faster")
        await drafts.save(tx, desk.ada, begun.id, FASTER, 1)
    with pytest.raises(drafts.DraftMovedOn) as moved:
        async with db.transaction(desk.id) as tx:
            await drafts.save(tx, desk.lea, begun.id, TEXT.replace("target: PT4H", "target: PT3H", 1), 1)
    assert (moved.value.details["source"], moved.value.details["revision"]) == (FASTER, 2)
    async with db.transaction(desk.id) as tx:
        saved = await drafts.save(tx, desk.lea, begun.id, TEXT.replace("target: PT4H", "target: PT3H", 1), 2)
    assert (saved.revision, saved.saved_by) == (3, desk.lea.agent_id)


async def test_what_has_errors_is_not_proposed_but_can_be_saved(db: Db, believing: Desk) -> None:
    async with db.transaction(believing.id) as tx:
        draft = await drafted(tx, believing.ada, FASTER.replace("serves: heard", "serves: hear"))
        with pytest.raises(BadPhilosophy):
            await approvals.propose(tx, believing.ada, draft.id)
        same = await drafted(tx, believing.ada, TEXT)
        with pytest.raises(approvals.StillTheSame):
            await approvals.propose(tx, believing.ada, same.id)


async def test_a_proposed_draft_is_not_written_on(db: Db, believing: Desk) -> None:
    desk = believing
    async with db.transaction(desk.id) as tx:
        draft = await drafted(tx, desk.lea)
        await approvals.propose(tx, desk.lea, draft.id)
        with pytest.raises(drafts.DraftNotOpen):
            await drafts.save(tx, desk.ada, draft.id, TEXT, draft.revision)
        with pytest.raises(NotYetApproved):
            await publish_draft(tx, desk.ada, draft.id, WHY)
        with pytest.raises(approvals.AnotherRevision):
            await approvals.decide(tx, desk.ines, draft.id, 1, "approved")
        await approvals.withdraw(tx, desk.lea, draft.id)
        await drafts.save(tx, desk.ada, draft.id, FASTER.replace("PT2H", "PT1H"), draft.revision)


async def test_only_those_named_decide_and_a_no_takes_a_reason(db: Db, believing: Desk) -> None:
    desk = believing
    async with db.transaction(desk.id) as tx:
        draft = await drafted(tx, desk.ada)
        await approvals.propose(tx, desk.ada, draft.id)
        with pytest.raises(approvals.NotAnApprover):
            await approvals.decide(tx, desk.tom, draft.id, draft.revision, "approved")
        with pytest.raises(publishing.ReasonMissing):
            await approvals.decide(tx, desk.ines, draft.id, draft.revision, "rejected", " ")
        standing = await approvals.decide(tx, desk.ines, draft.id, draft.revision, "rejected", "We are too few.")
        assert (await drafts.get(tx, desk.ada, draft.id)).state == "draft"
        assert [(one.decision, one.reason) for one in standing.said] == [
            ("approved", ""),
            ("rejected", "We are too few."),
        ]
        # What was said counts for the revision it was said about.
        await drafts.save(tx, desk.ada, draft.id, FASTER.replace("PT2H", "PT3H"), draft.revision)
        assert not (await approvals.propose(tx, desk.ada, draft.id)).settled


async def test_who_may_write_see_and_publish(db: Db, believing: Desk) -> None:
    desk = believing
    async with db.transaction(desk.id) as tx:
        with pytest.raises(NotAllowed):
            await drafts.start(tx, desk.tom, "Mine")
        draft = await drafted(tx, desk.ines)  # named in the document, so she writes too
        with pytest.raises(drafts.NoDraft):
            await drafts.get(tx, desk.tom, draft.id)
        assert await drafts.every(tx, desk.tom) == []
        await approvals.propose(tx, desk.ines, draft.id)
        assert [one.id for one in await drafts.every(tx, desk.tom)] == [draft.id]
        await approvals.decide(tx, desk.ada, draft.id, draft.revision, "approved")
        with pytest.raises(NotAllowed):
            await publish_draft(tx, desk.ines, draft.id, WHY)
        with pytest.raises(publishing.ReasonMissing):
            await publish_draft(tx, desk.ada, draft.id, Decision())
        assert (await publish_draft(tx, desk.ada, draft.id, WHY)).number == 8


async def test_publishing_at_once_is_for_who_decides_alone(db: Db, desk: Desk) -> None:
    async with db.transaction(desk.id) as tx:
        # Nothing is in force yet; and then nobody here is called Maya, so the only administrator owns the document.
        assert (await publish_text(tx, desk.ada, DEMO)).number == 7
        assert (await publish_text(tx, desk.ada, TEXT)).number == 8
    with pytest.raises(NotYetApproved):
        async with db.transaction(desk.id) as tx:
            await publish_text(tx, desk.ada, FASTER)
    async with db.reading(desk.id) as tx:
        assert [one.state for one in await drafts.every(tx, desk.ada)] == ["published"]


async def test_two_who_publish_at_once_make_one_version(db: Db, believing: Desk) -> None:
    desk = believing
    async with db.transaction(desk.id) as tx:
        draft_id = await approved(tx, desk)

    async def go() -> int:
        async with db.transaction(desk.id) as tx:
            return (await publish_draft(tx, desk.ada, draft_id, WHY)).number

    done = await asyncio.gather(go(), go(), go(), return_exceptions=True)
    assert sorted(str(one) for one in done if isinstance(one, int)) == ["8"]
    assert sum(isinstance(one, approvals.NotProposed) for one in done) == 2


async def test_two_who_approve_at_once_settle_it_once(db: Db, believing: Desk) -> None:
    desk = believing
    text = FASTER.replace("statement: We write so that a tired person", "statement: We write so that anybody")
    async with db.transaction(desk.id) as tx:
        draft = await drafted(tx, desk.lea, text)
        await approvals.propose(tx, desk.lea, draft.id)

    async def agree(who: Actor) -> bool:
        async with db.transaction(desk.id) as tx:
            return (await approvals.decide(tx, who, draft.id, draft.revision, "approved")).settled

    assert sorted(await asyncio.gather(agree(desk.ada), agree(desk.ines))) == [False, True]


async def test_of_two_drafts_the_second_must_follow_the_first(db: Db, believing: Desk) -> None:
    desk = believing
    renamed = TEXT.replace("We write so that a tired person", "We write so that anybody")
    async with db.transaction(desk.id) as tx:
        other = await drafted(tx, desk.ada, renamed)
        clash = await drafted(tx, desk.ada, TEXT.replace("target: PT4H", "target: PT1H", 1))
        await publish_draft(tx, desk.ada, await approved(tx, desk), WHY)
        with pytest.raises(approvals.BasedOnOlder):
            await approvals.propose(tx, desk.ada, other.id)
        followed = await drafts.follow(tx, desk.ada, other.id)
        assert followed.source == FASTER.replace("We write so that a tired person", "We write so that anybody")
        assert (await approvals.propose(tx, desk.ada, other.id)).parts == ("philosophy/principles/plain",)
        with pytest.raises(drafts.DraftMovedOn):
            await drafts.follow(tx, desk.ada, clash.id)


async def test_a_version_ahead_comes_into_force_by_the_worker(db: Db, believing: Desk) -> None:
    desk = believing
    start = later(3)
    async with db.transaction(desk.id) as tx:
        draft_id = await approved(tx, desk)
        ahead = await publish_draft(tx, desk.ada, draft_id, Decision(start, "From Monday on."))
        old = await current(tx)
        assert old is not None and old.number == 7
        assert [one.state for one in await lives(tx)] == ["scheduled", "in_force"]
    assert await come_into_force(db) == 0
    with clock.frozen(start + timedelta(hours=5)):  # the worker slept
        async with db.reading(desk.id) as tx:
            assert await current(tx) == ahead
        assert sorted(await asyncio.gather(come_into_force(db), come_into_force(db))) == [0, 1]
        async with db.reading(desk.id) as tx:
            found = await lives(tx)
            at = await tx.values(
                "select at from event where desk_id = %(desk)s and kind = 'philosophy.in_force' order by id"
            )
            cause = await tx.value(
                "select cause from event where desk_id = %(desk)s and kind = 'philosophy.in_force' order by id desc"
            )
    assert [(one.state, one.retired_at) for one in found] == [("in_force", None), ("retired", start)]
    assert at == [SINCE, start]
    assert cause["version"] == 8


async def test_a_version_ahead_can_be_taken_back(db: Db, believing: Desk) -> None:
    desk = believing
    start = later(3)
    async with db.transaction(desk.id) as tx:
        ahead = await publish_draft(tx, desk.ada, await approved(tx, desk), Decision(start, "From Monday on."))
        with pytest.raises(publishing.BeforeAnother):
            await publishing.publish(tx, desk.ada.as_author(), FASTER, Decision(later(1)))
        await retire(tx, desk.ada, ahead.id, "Not yet.")
        # So the next one follows version 7 again.
        assert await approved(tx, desk, FASTER.replace("PT2H", "PT3H"))
    with clock.frozen(start + timedelta(hours=1)):
        assert await come_into_force(db) == 0
        async with db.reading(desk.id) as tx:
            found = await current(tx)
            assert found is not None and found.number == 7
            assert [one.state for one in await lives(tx)] == ["withdrawn", "in_force"]


async def test_nothing_comes_into_force_in_the_past(db: Db, believing: Desk) -> None:
    async with db.transaction(believing.id) as tx:
        draft_id = await approved(tx, believing)
        with pytest.raises(publishing.InThePast):
            await publish_draft(tx, believing.ada, draft_id, Decision(later(-0.1), "Too late."))


GOLDEN = governed("""
  owner: ada
  golden:
    - id: first-mail
      say: A first customer writes by mail.
      given: {ticket.channel: email, ticket.status: new}
      expect: [first-answer]
""")


async def test_a_golden_conversation_that_fails_takes_a_written_reason(db: Db, believing: Desk) -> None:
    desk = believing
    text = GOLDEN.replace(
        'to: \'ticket.channel in ["email", "form", "social", "api"]\'', "to: 'ticket.channel == \"form\"'"
    )
    assert text != GOLDEN
    async with db.transaction(desk.id) as tx:
        good = await publishing.publish(tx, desk.ada.as_author(), GOLDEN, Decision(override_reason="Not needed."))
        assert (good.number, (await lives(tx))[0].override_reason) == (8, None)
        draft = await drafted(tx, desk.ada, text)
        standing = await approvals.propose(tx, desk.ada, draft.id)
        assert [one.golden for one in standing.judgement.failed] == ["first-mail"] and standing.settled
        with pytest.raises(publishing.GoldenFailed) as failed:
            await publish_draft(tx, desk.ada, draft.id, WHY)
        assert "expects “first-answer”" in failed.value.details["failures"][0]  # type: ignore[index]
        made = await publish_draft(tx, desk.ada, draft.id, Decision(reason="Mail ends.", override_reason="On purpose."))
        assert (made.number, (await lives(tx))[0].override_reason) == (9, "On purpose.")
