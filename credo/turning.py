"""Turning: rounds that come again and again, each by itself, so that one that fails stops no other."""

from __future__ import annotations

import asyncio
import logging
import os
import platform
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from psycopg.types.json import Jsonb

from credo.base import lifeline
from credo.installation import Installation

_log = logging.getLogger("credo.turning")
_LONGEST_PAUSE = 30.0
_PATIENCE = 7.0  # the supervisor waits ten seconds


@dataclass(slots=True)
class Round:
    """Something done every `every` seconds; `step` returns how much it did, and more than nothing means: again at once.

    A failing step is logged and tried again after a pause that doubles up to half a minute.
    """

    name: str
    every: float
    step: Callable[[Installation], Awaitable[int]]
    woken: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        """Let the next step come now."""
        self.woken.set()


@dataclass(frozen=True, slots=True)
class Standing:
    """Something that runs until it is cancelled, such as a listener; one that fails is started again."""

    name: str
    work: Callable[[Installation], Awaitable[None]]


async def turn(
    installation: Installation, everything: list[Round], beside: list[Standing], stop: asyncio.Event
) -> None:
    """Turn all rounds until `stop`, then give each a few seconds to finish its step; cancel what stands beside."""
    tasks = [asyncio.create_task(_keep_turning(installation, one, stop), name=one.name) for one in everything]
    open_ended = [asyncio.create_task(_keep_standing(installation, one), name=one.name) for one in beside]
    lifeline.say_ready()
    await stop.wait()
    for one in everything:
        one.wake()
    for task in open_ended:
        task.cancel()
    _, late = await asyncio.wait([*tasks, *open_ended], timeout=_PATIENCE)
    for task in late:
        _log.warning("%s did not finish in time and was cut off", task.get_name())
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)


async def _keep_turning(installation: Installation, one: Round, stop: asyncio.Event) -> None:
    failures = 0
    while not stop.is_set():
        pause = one.every
        one.woken.clear()
        try:
            done = await one.step(installation)
            failures = 0
        except Exception as fault:  # noqa: BLE001 - a worker outlives every fault of a step, and the log has it
            failures += 1
            pause = _told(one.name, fault, failures, one.every)
            done = 0
        if not done and not stop.is_set():
            try:
                await asyncio.wait_for(one.woken.wait(), pause)
            except TimeoutError:
                pass


async def _keep_standing(installation: Installation, one: Standing) -> None:
    failures = 0
    while True:
        started = time.monotonic()
        try:
            await one.work(installation)
        except Exception as fault:  # noqa: BLE001 - as above
            failures = 1 if time.monotonic() - started > 60 else failures + 1
            await asyncio.sleep(_told(one.name, fault, failures, 0.5))
        else:
            await asyncio.sleep(1)


def _told(name: str, fault: Exception, failures: int, least: float) -> float:
    """Log a fault, the first time with where it happened, and return the pause before the next try."""
    pause = float(min(_LONGEST_PAUSE, max(least, 0.5) * 2 ** min(failures, 10)))
    _log.error("%s failed; it is tried again in %.1f s: %s", name, pause, fault, exc_info=failures == 1)
    return pause


async def beat(installation: Installation) -> int:
    """Say that this worker lives, and forget those that have been silent for a day."""
    async with installation.db.connection() as connection:
        await connection.execute(
            """insert into heartbeat (process, at, detail) values (%(process)s, now(), %(detail)s)
               on conflict (process) do update set at = excluded.at, detail = excluded.detail""",
            {"process": f"worker {platform.node()} {os.getpid()}", "detail": Jsonb({"up": round(time.process_time())})},
        )
        await connection.execute("delete from heartbeat where at < now() - interval '1 day'")
    return 0
