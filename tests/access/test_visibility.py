"""Nobody sees what they may not: random grants against every function of the rooms and every address of the doors."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx2
import psycopg
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings

from access import doors, probes
from credo.access import Actor
from credo.base.db import Db, Tx
from credo.base.errors import NotFound
from credo.conversations import conversation
from credo.live import Hub
from credo.live.changes import changed
from credo.live.hub import START
from credo.people import actors, agents, grants, sessions
from credo.people.sessions import Place
from support.browser import Browsers, browsers
from support.desks import Desk
from support.world import Case, Colleague, Drawing, Letter, Somebody, World, build, drawings, small_drawings

T = TypeVar("T")
_PHASES = (Phase.explicit, Phase.reuse, Phase.generate)  # shrinking worlds takes longer than reading them
_QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


@dataclass(slots=True)
class Ground:
    """One installation for all examples, in an event loop of its own, and a second desk that never changes."""

    runner: asyncio.Runner
    db: Db
    house: Browsers
    other: World

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    @property
    def blobs(self) -> Any:
        return self.house.app.state.installation.blobs  # type: ignore[attr-defined]


OTHER = Drawing(
    (Somebody("admin", True, frozenset({1, 2}), frozenset({1, 2})),) * 3,
    (Letter(1, 1, "open", 1), Letter(2, 0, "waiting", 0)),
)


# One sees by mailbox, one by team, one is gone; nobody sees the last.
CROSSED = Drawing(
    (
        Somebody("agent", True, frozenset({1}), frozenset()),
        Somebody("lead", True, frozenset(), frozenset({2})),
        Somebody("admin", False, frozenset({1, 2}), frozenset({1, 2})),
    ),
    (Letter(1, 0, "open", 1), Letter(2, 2, "open", 0), Letter(0, 0, "trash", 2)),
)


@pytest.fixture(scope="module")
def ground(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    folder: Path = tmp_path_factory.mktemp("data")
    with asyncio.Runner() as runner:
        begun: asyncio.Future[Ground] = runner.get_loop().create_future()
        over = asyncio.Event()

        async def live() -> None:  # in one task, as the application wants to end where it began
            async with browsers(database_url, folder) as house:
                held = house.app.state.installation  # type: ignore[attr-defined]
                begun.set_result(Ground(runner, held.db, house, await build(held.db, held.blobs, OTHER)))
                await over.wait()

        async def first() -> Ground:
            living.append(asyncio.create_task(live()))
            done, _ = await asyncio.wait([begun, living[0]], return_when=asyncio.FIRST_COMPLETED)
            return begun.result() if begun in done else await living[0]  # type: ignore[func-returns-value]

        async def last() -> None:
            over.set()
            await living[0]

        living: list[asyncio.Task[None]] = []
        yield runner.run(first())
        runner.run(last())


@settings(max_examples=12, deadline=None, suppress_health_check=_QUIET, phases=_PHASES)
@given(drawing=drawings)
def test_rooms_show_and_change_what_may_be_seen_and_nothing_else(ground: Ground, drawing: Drawing) -> None:
    ground.run(_rooms(ground, drawing))


async def _rooms(ground: Ground, drawing: Drawing) -> None:
    world = await build(ground.db, ground.blobs, drawing)
    for who in world.colleagues:
        actor = await actors.by_session(ground.db, who.cookie)
        assert (actor is not None) == who.drawn.active
        if actor is None:
            continue
        seen = world.visible(who)
        async with ground.db.reading(world.desk_id) as tx:
            for listing in probes.LISTS:
                should = {case.id for case in world.cases if case.id in seen and listing.among(case)}
                assert await listing.call(tx, actor, world) == should, listing.name
        for case in (*world.cases, *ground.other.cases):
            async with ground.db.transaction(world.desk_id) as tx:
                for probe in probes.OPENS:
                    await _opened(tx, actor, case, probe, case.id in seen)
                raise psycopg.Rollback
        for name, counting in probes.COUNTS:
            async with ground.db.transaction(world.desk_id) as tx:
                found, right = await counting(tx, actor, world, who)
                assert found == right, name
                raise psycopg.Rollback


async def _opened(tx: Tx, actor: Actor, case: Case, probe: probes.Opens, may: bool) -> None:
    """For whoever may see it a reading succeeds; for others everything ends in "not found"."""
    if may and probe.reads:
        await probe.call(tx, actor, case)
    elif not may:
        with pytest.raises(NotFound):
            async with tx.savepoint():
                await probe.call(tx, actor, case)
                pytest.fail(f"{probe.name} let somebody in who may not see conversation {case.id}")


@settings(max_examples=2, deadline=None, suppress_health_check=_QUIET, phases=_PHASES)
@example(drawing=CROSSED)
@given(drawing=small_drawings)
def test_doors_tell_nothing_of_what_may_not_be_seen(ground: Ground, drawing: Drawing) -> None:
    ground.run(_doors(ground, drawing))


async def _doors(ground: Ground, drawing: Drawing) -> None:
    world = await build(ground.db, ground.blobs, drawing)
    before = await _fingerprint(ground.db, ground.other)
    app = ground.house.app
    for who in world.colleagues:
        hidden = _hidden(world, who) + _everything(ground.other)
        screen, reading, writing = _clients(ground, who)
        nothing: dict[tuple[str, str], int] = {}
        for door, client in (("web", screen), ("api", reading)):
            for address in doors.readings(app, door, world, ground.other):
                await _tells_nothing(client, address, hidden, who, nothing)
        mine = await _fingerprint(ground.db, world)
        for door, client in (("web", screen), ("api", writing)):
            for act in doors.changes(app, door, world, ground.other):
                if not act.may(who):
                    await _tells_nothing(client, act, hidden, who, nothing)
        assert await _fingerprint(ground.db, world) == mine
    assert await _fingerprint(ground.db, ground.other) == before


async def _tells_nothing(
    client: httpx2.AsyncClient,
    address: doors.Address,
    hidden: list[str],
    who: Colleague,
    nothing: dict[tuple[str, str], int],
) -> None:
    """No secret word comes back, and what may not be seen answers exactly as what does not exist.

    `nothing` remembers how the addresses of what does not exist answered.
    """
    key = (address.method, address.twin or address.path)
    if not who.drawn.active and key in nothing:
        return
    answer = await client.request(address.method, address.path, **address.body)
    said = f"{address.method} {address.path} -> {answer.status_code}"
    told = [secret for secret in hidden if secret in answer.text]
    assert not told, f"{said} told {told[0]}"
    assert answer.status_code < 500, f"{said}: {answer.text[-300:]}"
    if not who.drawn.active:
        assert answer.status_code in (303, 401, 429), said  # 429: whoever keeps trying has to wait
        nothing[key] = answer.status_code
    elif address.about is not None and not address.may(who):
        if key not in nothing:
            nothing[key] = (await client.request(address.method, address.twin, **address.body)).status_code
        assert answer.status_code >= 400 or address.method == "DELETE", said  # to delete nothing again is no error
        assert answer.status_code == nothing[key], f"{said}, but {address.twin} -> {nothing[key]}"
    elif address.must_show:
        assert answer.status_code == 200, said


def _hidden(world: World, who: Colleague) -> list[str]:
    seen = world.visible(who)
    cases = [case.secret for case in world.cases if case.id not in seen]
    admin = who.drawn.active and who.drawn.role == "admin"
    # Raw mail follows the mailbox alone: a team sees the conversation, and not what could not be read.
    unread = [one.secret for one in world.unread if not (admin or (who.drawn.active and one.mailbox_id in who.granted))]
    drafts = [one.own_secret for one in world.colleagues if one is not who or not who.drawn.active]
    return cases + unread + drafts


def _everything(world: World) -> list[str]:
    return [
        *(case.secret for case in world.cases),
        *(one.secret for one in world.unread),
        *(one.own_secret for one in world.colleagues),
    ]


def _clients(ground: Ground, who: Colleague) -> tuple[httpx2.AsyncClient, httpx2.AsyncClient, httpx2.AsyncClient]:
    """A screen and two programs of one colleague."""
    screen, reading, writing = (ground.house.open() for _ in range(3))
    screen.cookies.set("credo", who.cookie)
    reading.headers["authorization"] = f"Bearer {who.reading}"
    writing.headers["authorization"] = f"Bearer {who.writing}"
    return screen, reading, writing


async def _state(db: Db, desk_id: int, conversation_id: int) -> str:
    """Everything that stands about one conversation, as a digest."""
    async with db.reading(desk_id) as tx:
        rows = [
            await tx.values(
                f"select t::text from {table} t where desk_id = %(desk)s and {which} order by 1",
                id=conversation_id,
            )
            for table, which in _ABOUT
        ]
    return hashlib.sha256(repr(rows).encode()).hexdigest()


_TABLES = (
    "item",
    "participant",
    "assignment",
    "closure",
    "snooze",
    "draft",
    "outbox",
    "clock",
    "event",
    "seen",
    "presence",
)
_ABOUT = (
    ("conversation", "id = %(id)s"),
    ("attachment", "item_id in (select id from item where desk_id = %(desk)s and conversation_id = %(id)s)"),
    *((table, "conversation_id = %(id)s") for table in _TABLES),
)


async def _fingerprint(db: Db, world: World) -> list[str]:
    return [await _state(db, world.desk_id, case.id) for case in world.cases]


@settings(max_examples=6, deadline=None, suppress_health_check=_QUIET, phases=_PHASES)
@given(drawing=drawings)
def test_live_names_reach_only_who_may_see(ground: Ground, drawing: Drawing) -> None:
    ground.run(_live(ground, drawing))


async def _live(ground: Ground, drawing: Drawing) -> None:
    world = await build(ground.db, ground.blobs, drawing)
    hub = Hub(ground.db)
    hub.start()
    heard: dict[int, set[str]] = {who.id: set() for who in world.colleagues}

    async def listen(who: Colleague) -> None:
        async def asked() -> Any:
            return await actors.by_session(ground.db, who.cookie)

        actor = await asked()
        if actor is not None:
            async for names in hub.stream(actor, asked):
                heard[who.id].update(names)
                if "done" in names:
                    return

    listening = [asyncio.create_task(listen(who)) for who in world.colleagues]
    streams = list(zip(world.colleagues, listening, strict=True))

    async def everybody_heard(name: str) -> None:
        while not all(task.done() or name in heard[who.id] for who, task in streams):
            await asyncio.sleep(0.01)

    await asyncio.wait_for(everybody_heard(START), 30)
    # A transaction of another database holds names back for a while: those of the world in the making come first.
    async with ground.db.transaction(world.desk_id) as tx:
        await changed(tx, "made")
    await asyncio.wait_for(everybody_heard("made"), 30)
    for names in heard.values():
        names.clear()
    for place in (world, ground.other):
        async with ground.db.transaction(place.desk_id) as tx:
            for case in place.cases:
                await conversation.tell(tx, case.id)
    async with ground.db.transaction(world.desk_id) as tx:
        await changed(tx, "done")
    await asyncio.wait_for(asyncio.gather(*listening), 30)
    await hub.stop()
    for who in world.colleagues:
        right = {f"conversation:{id}" for id in world.visible(who)}
        assert {name for name in heard[who.id] if name.startswith("conversation:")} == right


def test_every_address_of_the_doors_is_known_here(ground: Ground) -> None:
    """A new address must say what its numbers mean, or it would be left out of the test above."""
    assert doors.unknown(ground.house.app) == []


async def test_a_stream_ends_with_the_session_and_follows_the_grants(db: Db, desk: Desk) -> None:
    hub = Hub(db)
    hub.start()
    async with db.transaction(desk.id) as tx:
        opened = await sessions.begin(tx, desk.tom.agent_id, Place(), how="password")

    async def asked() -> Actor | None:
        return await actors.by_session(db, opened.token)

    heard: list[str] = []

    async def listen() -> None:
        async for names in hub.stream(desk.tom, asked):
            heard.extend(names)

    listening = asyncio.create_task(listen())
    while heard != [START]:
        await asyncio.sleep(0.01)
    for grants_now in ([], [desk.mailbox_id], []):
        async with db.transaction(desk.id) as tx:
            await grants.give(tx, desk.ada, desk.tom.agent_id, grants_now, [])
        await asyncio.sleep(0.3)
        async with db.transaction(desk.id) as tx:
            await changed(tx, f"conversation:{len(grants_now)}", mailbox_id=desk.mailbox_id)
        await asyncio.sleep(0.3)
    assert heard == ["start", "conversation:1"]
    for boxes in ([desk.mailbox_id], []):
        async with db.transaction(desk.id) as tx:
            await grants.give(tx, desk.ada, desk.tom.agent_id, boxes, [])
            await changed(tx, "conversation:7", mailbox_id=desk.mailbox_id)
        await asyncio.sleep(0.3)
    assert "conversation:7" not in heard  # told at the same moment as the grant was taken away
    async with db.transaction(desk.id) as tx:
        await agents.deactivate(tx, desk.ada, desk.tom.agent_id)
    await asyncio.wait_for(listening, 5)
    await hub.stop()
