"""The worker's rounds: one that fails stops no other, and a stop waits for what is in hand."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from credo import turning
from credo.base import settings
from credo.installation import Installation, opened
from credo.turning import Round, Standing


@pytest.fixture
async def installation(database_url: str, tmp_path: Path) -> AsyncIterator[Installation]:
    async with opened(settings.read({"CREDO_DATA_DIR": str(tmp_path)}), database_url) as one:
        yield one


async def test_a_round_that_fails_is_tried_again_and_stops_no_other(
    installation: Installation, caplog: pytest.LogCaptureFixture
) -> None:
    stop, turned, tries = asyncio.Event(), 0, 0

    async def good(_: Installation) -> int:
        nonlocal turned
        turned += 1
        return 0

    async def bad(_: Installation) -> int:
        nonlocal tries
        tries += 1
        if tries == 2:
            stop.set()
        raise ValueError("no luck")

    with caplog.at_level(logging.ERROR):
        await turning.turn(installation, [Round("good", 0.05, good), Round("bad", 0.1, bad)], [], stop)
    assert tries == 2
    assert turned > 5
    assert "bad failed; it is tried again in 1.0 s: no luck" in caplog.text


async def test_a_round_with_more_to_do_comes_again_at_once_and_can_be_woken(installation: Installation) -> None:
    stop, steps = asyncio.Event(), [1, 1, 0, 0]

    async def step(_: Installation) -> int:
        done = steps.pop(0)
        if len(steps) == 1:
            asyncio.get_running_loop().call_later(0.05, one.wake)
        if not steps:
            stop.set()
        return done

    one = Round("mail", 3600, step)
    async with asyncio.timeout(5):
        await turning.turn(installation, [one], [], stop)
    assert steps == []


async def test_a_stop_lets_a_step_finish_and_ends_what_stands_open(installation: Installation) -> None:
    stop, told = asyncio.Event(), []

    async def slow(_: Installation) -> int:
        stop.set()
        await asyncio.sleep(0.2)
        told.append("finished")
        return 1

    async def listener(_: Installation) -> None:
        try:
            await asyncio.sleep(3600)
        finally:
            told.append("closed")

    async with asyncio.timeout(5):
        await turning.turn(installation, [Round("slow", 1, slow)], [Standing("listener", listener)], stop)
    assert sorted(told) == ["closed", "finished"]


async def test_the_heartbeat_is_written_down(installation: Installation) -> None:
    await turning.beat(installation)
    await turning.beat(installation)
    async with installation.db.connection() as connection:
        found = await connection.execute("select count(*) from heartbeat where at > now() - interval '10 seconds'")
        assert await found.fetchone() == (1,)
