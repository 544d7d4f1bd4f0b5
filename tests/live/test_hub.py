"""Browsers hear names of what changed, each only what its person may see."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from credo import live
from credo.access import Actor
from credo.base.db import Db
from credo.live import Hub
from credo.live.hub import START
from support.desks import Desk, make_desk


async def test_names_reach_only_who_may_hear_them(db: Db, desk: Desk) -> None:
    other = await make_desk(db)
    hub = Hub(db)
    hub.start()
    heard = {
        name: _listen(hub, actor) for name, actor in {"ines": desk.ines, "tom": desk.tom, "far": other.ada}.items()
    }
    tasks = {name: asyncio.create_task(_first(stream)) for name, stream in heard.items()}
    await asyncio.sleep(0.3)
    async with db.transaction(desk.id) as tx:
        await live.changed(tx, "conversation:1", mailbox_id=desk.mailbox_id)
    assert await asyncio.wait_for(tasks["ines"], 3) == ["conversation:1"]
    await asyncio.sleep(0.3)
    assert not tasks["tom"].done()
    assert not tasks["far"].done()
    await _end(hub, tasks)


async def test_a_late_commit_is_not_missed(db: Db, desk: Desk) -> None:
    hub = Hub(db)
    hub.start()
    stream = _listen(hub, desk.ada)
    task = asyncio.create_task(_collect(stream, 3))
    await asyncio.sleep(0.3)
    async with db.transaction(desk.id) as early:
        await live.changed(early, "early")
        async with db.transaction(desk.id) as late:
            await live.changed(late, "late")
        await asyncio.sleep(0.3)
    assert sorted(await asyncio.wait_for(task, 3)) == ["early", "late", START]
    await _end(hub, {"one": task})


async def test_nothing_is_missed_after_the_start(db: Db, desk: Desk) -> None:
    hub = Hub(db)
    hub.start()
    for number in range(10):
        stream = _listen(hub, desk.ada)
        assert await asyncio.wait_for(anext(stream), 3) == [START]
        async with db.transaction(desk.id) as tx:
            await live.changed(tx, f"conversation:{number}", mailbox_id=desk.mailbox_id)
        assert await asyncio.wait_for(anext(stream), 3) == [f"conversation:{number}"]
    await hub.stop()


async def test_a_stream_ends_when_its_person_is_gone(db: Db, desk: Desk) -> None:
    hub = Hub(db)
    hub.start()

    async def nobody() -> Actor | None:
        return None

    async def drain() -> int:
        return len([names async for names in hub.stream(desk.ines, nobody)])

    task = asyncio.create_task(drain())
    await asyncio.sleep(0.3)
    async with db.transaction(desk.id) as tx:
        await live.changed(tx, live.ACCESS)
    assert await asyncio.wait_for(task, 3) == 1, "it heard the start, and nothing else"
    await hub.stop()


def _listen(hub: Hub, actor: Actor) -> AsyncIterator[list[str]]:
    async def who() -> Actor | None:
        return actor

    return hub.stream(actor, who)


async def _first(stream: AsyncIterator[list[str]]) -> list[str]:
    """The first names after the start."""
    return (await _collect(stream, 2))[1:]


async def _collect(stream: AsyncIterator[list[str]], many: int) -> list[str]:
    names: list[str] = []
    while len(names) < many:
        names += await anext(stream)
    return names


async def _end(hub: Hub, tasks: dict[str, asyncio.Task[list[str]]]) -> None:
    for task in tasks.values():
        task.cancel()
    await asyncio.gather(*tasks.values(), return_exceptions=True)
    await hub.stop()
