"""One poller a process reads names of what changed and hands them to the browsers that may hear of them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg.rows import class_row

from credo.access import Actor
from credo.base.db import Db
from credo.live.changes import ACCESS

_log = logging.getLogger("credo.live")
_PAUSE = 0.06  # seconds between two looks: about 16 a second
_RECHECK = 30.0  # seconds after which a stream asks again who it belongs to
_MOST = 500  # names a browser may be behind before it is told to fetch everything again
EVERYTHING = "everything"
START = "start"  # the first name of every stream: what changed before was not heard here

WhoIsIt = Callable[[], Awaitable[Actor | None]]


@dataclass(frozen=True, slots=True)
class Change:
    """A name, and what decides who may hear it."""

    xid: str
    id: int
    desk_id: int
    name: str
    mailbox_id: int | None
    team_id: int | None


@dataclass(slots=True, eq=False)
class Browser:
    """An open stream: whom it belongs to and the names it has not been told yet."""

    actor: Actor
    names: dict[str, None] = field(default_factory=dict)
    waiting: asyncio.Event = field(default_factory=asyncio.Event)
    doubt: bool = False
    started: bool = False

    def start(self) -> None:
        """Say that from now on nothing is missed, so that the page can fetch what changed since it was drawn."""
        if not self.started:
            self.started = True
            self.names[START] = None
            self.waiting.set()

    def hear(self, change: Change) -> None:
        """Note a change, unless this person may not hear of it."""
        if change.desk_id != self.actor.desk_id:
            return
        if change.name == ACCESS:
            self.doubt = True
        elif not may_hear(self.actor, change):
            return
        elif len(self.names) >= _MOST:
            self.names = {EVERYTHING: None}
        else:
            self.names[change.name] = None
        self.waiting.set()


def may_hear(actor: Actor, change: Change) -> bool:
    """The same rule as `access.visible_to`, on the two columns a change carries."""
    if actor.sees_all:
        return True
    if change.mailbox_id is None and change.team_id is None:
        # A conversation that lies nowhere is for administrators, and so is who is there.
        return not change.name.startswith(("conversation:", "presence:"))
    return change.mailbox_id in actor.mailboxes or change.team_id in actor.teams


class Hub:
    """The streams of this process and the one poller that feeds them; it rests while nobody listens."""

    def __init__(self, db: Db) -> None:
        self._db = db
        self._browsers: set[Browser] = set()
        self._somebody = asyncio.Event()
        self._poller: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to poll."""
        self._poller = asyncio.create_task(self._poll(), name="live")

    async def stop(self) -> None:
        """End the poller and every stream."""
        if self._poller is not None:
            self._poller.cancel()
            await asyncio.gather(self._poller, return_exceptions=True)
        for browser in self._browsers:
            browser.doubt = True
            browser.waiting.set()

    async def stream(self, actor: Actor, who: WhoIsIt) -> AsyncIterator[list[str]]:
        """Names for one browser, an empty list every 15 seconds; ends when `who` no longer knows the person."""
        browser = Browser(actor)
        self._browsers.add(browser)
        self._somebody.set()
        checked = asyncio.get_running_loop().time()
        try:
            while True:
                await _wait(browser.waiting, 15)
                now = asyncio.get_running_loop().time()
                if browser.doubt or now - checked > _RECHECK:
                    doubted, browser.doubt = browser.doubt, False  # before asking: rights may change again meanwhile
                    known = await who()
                    if known is None:
                        return
                    if doubted and browser.names:
                        browser.names = {EVERYTHING: None}  # heard under rights that may no longer hold
                    browser.actor, checked = known, now
                    if browser.doubt:
                        continue
                names, browser.names = list(browser.names), {}
                browser.waiting.clear()
                yield names
        finally:
            self._browsers.discard(browser)  # nothing here may await: the request is gone already

    async def _poll(self) -> None:
        place: tuple[str, int] | None = None
        while True:
            if not self._browsers:
                place = None
                self._somebody.clear()
                await self._somebody.wait()
            try:
                place = await self._look(place)
                for browser in self._browsers:
                    browser.start()
            except (psycopg.Error, OSError) as failure:
                _log.warning("live updates pause: %s", failure)
                await asyncio.sleep(2)
            await asyncio.sleep(_PAUSE)

    async def _look(self, place: tuple[str, int] | None) -> tuple[str, int]:
        """Hand out what was committed since `place`; without one, only find out where now is."""
        async with self._db.connection() as connection:
            if place is None:
                cursor = await connection.execute("select pg_snapshot_xmin(pg_current_snapshot())::text")
                start = await cursor.fetchone()
                assert start is not None
                return (start[0], -1)
            changes = await _since(connection, place)
        for change in changes:
            for browser in self._browsers:
                browser.hear(change)
        return (changes[-1].xid, changes[-1].id) if changes else place


async def _since(connection: psycopg.AsyncConnection[Any], place: tuple[str, int]) -> list[Change]:
    """Read by transaction snapshot: what commits later has a higher place, so nothing is missed."""
    async with connection.cursor(row_factory=class_row(Change)) as cursor:
        await cursor.execute(
            """select xid::text as xid, id, desk_id, name, mailbox_id, team_id from change
                where (xid, id) > (%(xid)s::text::xid8, %(id)s) and xid < pg_snapshot_xmin(pg_current_snapshot())
                order by change.xid, change.id limit 2000""",
            {"xid": place[0], "id": place[1]},
        )
        return await cursor.fetchall()


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return
