from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from credo.base import clock
from credo.base.db import Db
from credo.people import throttle
from credo.people.throttle import Gate, Slowed
from support.desks import Desk

START = datetime(2026, 11, 21, 9, tzinfo=UTC)


async def _knock(db: Db, desk: Desk, *gates: Gate) -> int:
    async with db.transaction(desk.id) as tx:
        return await throttle.knock(tx, *gates)


async def test_waits_grow_and_end(db: Db, desk: Desk) -> None:
    gate = Gate(f"grow {desk.id}", 3, timedelta(seconds=20))
    waits, moment = [], START
    for _ in range(10):
        with clock.frozen(moment):
            await _knock(db, desk, gate)
            waits.append(await _shut_for(db, gate))
            if waits[-1]:
                with pytest.raises(Slowed) as slowed:
                    await _knock(db, desk, gate)
                assert slowed.value.details["wait"] in (waits[-1], waits[-1] + 1)
        moment += timedelta(seconds=waits[-1])
    assert waits == [0, 0, 0, 1, 2, 4, 8, 16, 20, 20]


async def _shut_for(db: Db, gate: Gate) -> int:
    async with db.reading(0) as tx:
        until = await tx.value("select until from throttle where key = %(key)s", key=gate.key)
    return int((until - clock.now()).total_seconds())


async def test_tries_left_are_counted_down_and_forgiven(db: Db, desk: Desk) -> None:
    gate = Gate(f"left {desk.id}", 3)
    assert [await _knock(db, desk, gate) for _ in range(3)] == [2, 1, 0]
    async with db.transaction(desk.id) as tx:
        await throttle.forgive(tx, gate)
    assert await _knock(db, desk, gate) == 2


async def test_an_hour_of_quiet_starts_anew(db: Db, desk: Desk) -> None:
    gate = Gate(f"quiet {desk.id}", 2)
    with clock.frozen(START):
        await _knock(db, desk, gate)
        await _knock(db, desk, gate)
    with clock.frozen(START + timedelta(minutes=61)):
        assert await _knock(db, desk, gate) == 1


async def test_many_at_once_do_not_slip_through(db: Db, desk: Desk) -> None:
    gate = Gate(f"flood {desk.id}", 5)
    found = await asyncio.gather(*(_knock(db, desk, gate) for _ in range(30)), return_exceptions=True)
    assert (
        sum(1 for one in found if not isinstance(one, Slowed)) == 6
    )  # five free ones, and the one that shuts the gate
    assert all(isinstance(one, int | Slowed) for one in found)


async def test_a_shut_gate_counts_nothing_anywhere(db: Db, desk: Desk) -> None:
    first, second = Gate(f"first {desk.id}", 50), Gate(f"second {desk.id}", 1)
    with clock.frozen(START):
        await _knock(db, desk, first, second)
        await _knock(db, desk, first, second)
        with pytest.raises(Slowed):
            await _knock(db, desk, first, second)
        assert await _knock(db, desk, first) == 47


async def test_pruning_forgets_only_what_is_quiet(db: Db, desk: Desk) -> None:
    old, young = Gate(f"old {desk.id}", 3), Gate(f"young {desk.id}", 3)
    with clock.frozen(START - timedelta(days=2)):
        await _knock(db, desk, old)
    with clock.frozen(START):
        await _knock(db, desk, young)
        async with db.transaction(desk.id) as tx:
            await throttle.prune(tx)
            keys = await tx.values("select key from throttle where key = any(%(keys)s)", keys=[old.key, young.key])
    assert keys == [young.key]
