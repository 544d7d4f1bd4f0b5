"""The worker process: rounds that come again and again, each by itself, so that one that fails stops no other."""

from __future__ import annotations

import asyncio
import logging
import os
import platform
import signal
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from psycopg.types.json import Jsonb

from credo import lifeline
from credo.base.settings import Settings
from credo.installation import Installation, opened

_log = logging.getLogger("credo.worker")
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


def run(settings: Settings, database_url: str) -> None:
    """Work until SIGTERM or Ctrl-C, then finish what is in hand."""
    import uvloop

    lifeline.hold()
    uvloop.run(_work(settings, database_url))


async def _work(settings: Settings, database_url: str) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with opened(settings, database_url) as installation:
        await turn(installation, rounds(), stop)


def rounds() -> list[Round]:
    """Everything a worker does."""
    return [Round("heartbeat", 5.0, beat)]


async def turn(installation: Installation, everything: list[Round], stop: asyncio.Event) -> None:
    """Turn all rounds until `stop`, then give each a few seconds to finish its step."""
    tasks = [asyncio.create_task(_keep_turning(installation, one, stop), name=one.name) for one in everything]
    lifeline.say_ready()
    await stop.wait()
    for one in everything:
        one.wake()
    _, late = await asyncio.wait(tasks, timeout=_PATIENCE)
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
            pause = min(_LONGEST_PAUSE, max(one.every, 0.5) * 2**failures)
            _log.error("%s failed; it is tried again in %.1f s: %s", one.name, pause, fault, exc_info=failures == 1)
            done = 0
        if not done and not stop.is_set():
            try:
                await asyncio.wait_for(one.woken.wait(), pause)
            except TimeoutError:
                pass


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
