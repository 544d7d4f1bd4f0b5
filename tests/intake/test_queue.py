"""The queue: one worker at a time, in order within a mailbox, back after a crash, aside after three failures."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from credo import intake
from credo.access import visible_mailboxes
from credo.base.blobs import Blobs
from credo.base.clock import frozen, now
from credo.base.db import Db
from credo.base.errors import Conflict, NotFound
from credo.intake import LeaseLost, Raw, claim, keep, put_aside, queue, settle
from support.desks import Desk, make_desk

pytestmark = pytest.mark.anyio


async def _keep(db: Db, blobs: Blobs, desk: Desk, *words: str, mailbox_id: int | None = None) -> list[int]:
    return [
        await keep(
            db, blobs, desk.id, mailbox_id or desk.mailbox_id, f"Subject: {word}\r\n\r\n".encode(), origin="command"
        )
        for word in words
    ]


async def _mine(db: Db, desk: Desk, **more: int) -> list[Raw]:
    """Claims until one belongs to this test's desk; other tests leave rows of other desks in the same database."""
    for _ in range(50):
        taken = await claim(db, **more)
        if not taken or taken[0].desk_id == desk.id:
            return taken
    return []


async def _second_mailbox(db: Db, desk: Desk) -> int:
    async with db.transaction(desk.id) as tx:
        return int(
            await tx.value(
                "insert into mailbox (desk_id, name, address) values (%(desk)s, 'Two', 'two@l.example') returning id"
            )
        )


async def test_rows_are_claimed_once_and_in_order(db: Db, blobs: Blobs, desk: Desk) -> None:
    kept = await _keep(db, blobs, desk, "a", "b", "c")
    first = await _mine(db, desk, limit=2)
    assert [raw.id for raw in first] == kept[:2]
    assert await _mine(db, desk) == [], "while somebody reads a mailbox, nobody else does"
    for raw in first:
        async with db.transaction(desk.id) as tx:
            await settle(tx, raw, "read")
    assert [raw.id for raw in await _mine(db, desk)] == kept[2:]


async def test_two_workers_share_mailboxes_but_never_one(db: Db, blobs: Blobs, desk: Desk) -> None:
    other = await _second_mailbox(db, desk)
    await _keep(db, blobs, desk, *"abcdef")
    await _keep(db, blobs, desk, *"uvwxyz", mailbox_id=other)
    batches = await asyncio.gather(*(_mine(db, desk, limit=4) for _ in range(4)))
    taken = [raw for batch in batches for raw in batch]
    assert len({raw.id for raw in taken}) == len(taken)
    assert {raw.mailbox_id for raw in taken} <= {desk.mailbox_id, other}
    for mailbox_id in (desk.mailbox_id, other):
        assert sum(1 for batch in batches if batch and batch[0].mailbox_id == mailbox_id) <= 1


async def test_a_worker_that_died_loses_its_claim_but_no_mail(db: Db, blobs: Blobs, desk: Desk) -> None:
    await _keep(db, blobs, desk, "a")
    (dead,) = await _mine(db, desk)
    with frozen(now() + queue.LEASE + timedelta(seconds=1)):
        (taken,) = await _mine(db, desk)
    assert taken.id == dead.id
    with pytest.raises(LeaseLost):
        async with db.transaction(desk.id) as tx:
            await settle(tx, dead, "read")
    assert not await put_aside(db, dead, "too late to say so")
    async with db.transaction(desk.id) as tx:
        await settle(tx, taken, "read")


async def test_after_three_failures_it_needs_a_look_and_can_be_read_again(db: Db, blobs: Blobs, desk: Desk) -> None:
    bad, good = await _keep(db, blobs, desk, "bad", "good")
    moment = now()
    for attempt in (1, 2, 3):
        moment += timedelta(minutes=5)
        with frozen(moment):
            over = [await _fail_or_read(db, raw, bad) for raw in await _mine(db, desk)]
        assert any(over) == (attempt == 3)
    scope = visible_mailboxes(desk.ines, "r")
    async with db.reading(desk.id) as tx:
        (look,) = await intake.to_look_at(tx, scope)
        assert (look.id, look.tries, look.reason) == (bad, 3, "The date makes no sense.")
        assert await intake.source(tx, blobs, scope, bad) == b"Subject: bad\r\n\r\n"
        assert await tx.value("select state from raw where desk_id = %(desk)s and id = %(id)s", id=good) == "read"
    async with db.transaction(desk.id) as tx:
        await intake.read_again(tx, scope, bad, desk.ines.as_author())
    with frozen(moment + timedelta(minutes=5)):
        (again,) = await _mine(db, desk)
    assert (again.id, again.tries) == (bad, 0)
    async with db.reading(desk.id) as tx:
        kinds = await tx.values("select kind from event where desk_id = %(desk)s order by id")
    assert kinds == ["intake.failed", "intake.read_again"]


async def _fail_or_read(db: Db, raw: Raw, bad: int) -> bool:
    if raw.id == bad:
        return await put_aside(db, raw, "The date makes no sense.")
    async with db.transaction(raw.desk_id) as tx:
        await settle(tx, raw, "read")
    return False


async def _failed(db: Db, blobs: Blobs, desk: Desk, moment: datetime) -> int:
    (raw_id,) = await _keep(db, blobs, desk, "bad")
    async with db.transaction(desk.id) as tx:
        await tx.run(
            "update raw set state = 'failed', reason = 'x' where desk_id = %(desk)s and id = %(id)s", id=raw_id
        )
    return raw_id


async def test_who_has_no_grant_sees_and_does_nothing(db: Db, blobs: Blobs, desk: Desk) -> None:
    raw_id = await _failed(db, blobs, desk, now())
    stranger = (await make_desk(db, "Elsewhere")).ada
    for actor in (desk.tom, stranger):
        scope = visible_mailboxes(actor, "r")
        async with db.transaction(actor.desk_id) as tx:
            assert await intake.to_look_at(tx, scope) == []
            for act in (
                intake.source(tx, blobs, scope, raw_id),
                intake.read_again(tx, scope, raw_id, actor.as_author()),
                intake.dismiss(tx, scope, raw_id, actor.as_author()),
            ):
                with pytest.raises(NotFound):
                    await act


async def test_what_was_dismissed_leaves_the_list_and_stays_readable(db: Db, blobs: Blobs, desk: Desk) -> None:
    raw_id = await _failed(db, blobs, desk, now())
    scope = visible_mailboxes(desk.ada, "r")
    async with db.transaction(desk.id) as tx:
        await intake.dismiss(tx, scope, raw_id, desk.ada.as_author())
        assert await intake.to_look_at(tx, scope) == []
        with pytest.raises(Conflict):
            await intake.dismiss(tx, scope, raw_id, desk.ada.as_author())
        assert (await intake.look_at(tx, scope, raw_id)).state == "dismissed"
        await intake.read_again(tx, scope, raw_id, desk.ada.as_author())
        with pytest.raises(Conflict):
            await intake.read_again(tx, scope, raw_id, desk.ada.as_author())


async def test_claiming_uses_the_queue_index(db: Db, blobs: Blobs, desk: Desk) -> None:
    async with db.transaction(desk.id) as tx:
        await tx.run("set local enable_seqscan = off")
        plan = await tx.values(
            """explain select id from raw where desk_id = %(desk)s and coalesce(mailbox_id, 0) = %(mailbox)s
                  and state = 'kept' and next_try_at <= now() order by next_try_at, id limit 20""",
            mailbox=desk.mailbox_id,
        )
    assert "raw_queue" in "\n".join(plan)
    assert "Sort" not in "\n".join(plan)
