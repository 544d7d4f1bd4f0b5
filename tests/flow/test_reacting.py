"""A fault in one reaction never costs a message; it is written down and tried again as a job."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from credo import flow, tasks
from credo.base import jobs
from credo.base.blobs import Blobs
from credo.base.db import Db, Tx
from credo.base.secrets import Keyring
from credo.base.settings import read
from credo.conversations.events import Received
from credo.history import Recorded
from credo.installation import Installation
from credo.reacting import GoingRound, Reaction, reacting
from support.desks import Desk
from support.mails import arrive, mail

_failing = True


async def stumble(tx: Tx, recorded: Recorded) -> None:
    """Write something, then fail as long as the test says so."""
    await tx.run("insert into tag (desk_id, name) values (%(desk)s, 'stumbled')")
    if _failing:
        raise ZeroDivisionError("on purpose")


async def test_a_failing_reaction_is_undone_noted_and_tried_again(
    database_url: str, desk: Desk, blobs: Blobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    global _failing
    _failing = True
    monkeypatch.setitem(flow.NOW, Received, (stumble,))
    db = await Db(database_url, size=3, before_commit=reacting(flow.NOW, flow.LATER)).open()
    outcome = await arrive(db, desk, mail())
    assert outcome.state == "received"
    async with db.reading(desk.id) as tx:
        assert await tx.values("select name from tag where desk_id = %(desk)s") == []
        errors = await tx.values("select error from reaction_failure where desk_id = %(desk)s")
    assert errors == ["ZeroDivisionError: on purpose"]
    _failing = False
    house = Installation(read({}, data_dir=tmp_path), db, blobs, Keyring((b"k" * 32,)))
    async with tasks.app(house).open_async() as queue:
        await queue.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)
    async with db.reading(desk.id) as tx:
        assert await tx.values("select name from tag where desk_id = %(desk)s") == ["stumbled"]
        assert await tx.value("select solved_at is not null from reaction_failure where desk_id = %(desk)s")
    await db.close()


async def note(tx: Tx, recorded: Recorded) -> None:
    """Write something that must outlive the fault beside it."""
    await tx.run("insert into tag (desk_id, name) values (%(desk)s, 'noted')")


@pytest.mark.parametrize("reactions", [(note, stumble), (stumble, note)])
async def test_a_fault_costs_the_reactions_beside_it_nothing(
    database_url: str, desk: Desk, reactions: tuple[Reaction, ...]
) -> None:
    global _failing
    _failing = True
    db = await Db(database_url, size=2, before_commit=reacting({Received: reactions}, {})).open()
    await arrive(db, desk, mail())
    async with db.reading(desk.id) as tx:
        assert await tx.values("select name from tag where desk_id = %(desk)s") == ["noted"]
        failed = await tx.values("select reaction from reaction_failure where desk_id = %(desk)s")
    assert [name.rpartition(".")[2] for name in failed] == ["stumble"]
    await db.close()


async def test_a_failed_job_can_be_started_again(db: Db, desk: Desk) -> None:
    async with db.transaction(desk.id) as tx:
        id = await jobs.defer(tx, "react", event_id=1, reaction="x")
        await tx.run("update procrastinate_jobs set status = 'doing' where id = %(id)s", id=id)
        await tx.run("update procrastinate_jobs set status = 'failed' where id = %(id)s", id=id)
        assert [job.id for job in await jobs.failed(tx)] == [id]
        await jobs.retry(tx, id)
        assert await jobs.failed(tx) == []
        with pytest.raises(jobs.NoFailedJob):
            await jobs.retry(tx, id)
        await tx.run("delete from procrastinate_jobs where id = %(id)s", id=id)


async def test_reactions_that_set_each_other_off_are_stopped(database_url: str, desk: Desk) -> None:
    async def again(tx: Tx, recorded: Recorded) -> None:
        tx.recorded.append(recorded)

    db = await Db(database_url, size=2, before_commit=reacting({Received: (again,)}, {})).open()
    with pytest.raises(GoingRound):
        await arrive(db, desk, mail())
    await db.close()
    await asyncio.sleep(0)
