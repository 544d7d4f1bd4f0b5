"""The worker process."""

from __future__ import annotations

import asyncio
import signal

from credo.base import lifeline
from credo.base.settings import Settings
from credo.installation import opened
from credo.rounds import rounds, standing
from credo.turning import turn


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
    async with opened(settings, database_url) as installation, rounds(installation) as everything:
        await turn(installation, everything, standing(), stop)
