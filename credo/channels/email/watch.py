"""One fetcher for each active mailbox, begun anew when its settings change."""

from __future__ import annotations

import asyncio
import logging

from credo.base.blobs import Blobs
from credo.base.db import Db
from credo.base.secrets import Keyring
from credo.channels.email import mailbox as mailboxes
from credo.channels.email.fetch import Fetcher
from credo.channels.email.mailbox import Mailbox

_log = logging.getLogger("credo.fetch")


class Watch:
    """Keeps one fetcher running for each active mailbox, and begins anew when its settings change."""

    def __init__(self, db: Db, blobs: Blobs, keys: Keyring, *, max_bytes: int) -> None:
        self._db, self._blobs, self._keys, self._max_bytes = db, blobs, keys, max_bytes
        self._running: dict[tuple[int, int], tuple[object, asyncio.Event, asyncio.Task[None]]] = {}

    async def step(self) -> int:
        """Start and stop fetchers so that they match the mailboxes as they are now; returns how many began."""
        wanted = {(one.desk_id, one.id): one for one in await mailboxes.fetched(self._db)}
        for place, (settings, stop, task) in list(self._running.items()):
            if place not in wanted or _settings(wanted[place]) != settings or task.done():
                stop.set()
                if task.done():
                    del self._running[place]
        fresh = [place for place in wanted if place not in self._running]
        for place in fresh:
            stop = asyncio.Event()
            fetcher = Fetcher(self._db, self._blobs, self._keys, wanted[place], max_bytes=self._max_bytes)
            task = asyncio.create_task(fetcher.run(stop), name=f"fetch {place}")
            task.add_done_callback(_complain)
            self._running[place] = (_settings(wanted[place]), stop, task)
        return len(fresh)

    async def end(self, patience: float = 5.0) -> None:
        """Stop all fetchers."""
        tasks = [task for _, _, task in self._running.values()]
        for _, stop, _ in self._running.values():
            stop.set()
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=patience)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)


def _settings(mailbox: Mailbox) -> object:
    """What a fetcher was started with; tokens refresh all the time, so the secret counts only for passwords."""
    return (mailbox.incoming, mailbox.oauth, mailbox.secret if mailbox.incoming.sign_in == "password" else None)


def _complain(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (fault := task.exception()):
        _log.error("%s ended: %s", task.get_name(), fault, exc_info=fault)
