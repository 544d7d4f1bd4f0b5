"""Fetching by IMAP: every message of the chosen folders is stored, whatever happened before or in between.

A cursor follows the UIDs; what lies below it and was never stored (after an outage, or because a server showed it
late) is found by a full look at each connection and every hour. Nothing depends on the flag `\\Seen`. One process at a
time fetches a mailbox, by a lease on its row; two would still store nothing twice.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import ssl
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TypeVar

import psycopg

from credo.base.blobs import Blobs
from credo.base.clock import now
from credo.base.db import Db
from credo.base.errors import CredoError
from credo.base.ids import short_key
from credo.base.secrets import Keyring
from credo.channels.email import imap, oauth, sources
from credo.channels.email import mailbox as mailboxes
from credo.channels.email.imap import Connection, Folder, Listed
from credo.channels.email.mailbox import Mailbox
from credo.channels.email.refusing import refuse_large
from credo.channels.email.sources import Cursor
from credo.intake import Arrival, Source, keep_many

_log = logging.getLogger("credo.fetch")
T = TypeVar("T")

LEASE = timedelta(seconds=100)
POLL = 55.0  # seconds; an IDLE may last 29 minutes, but a net below it should not
FULL_LOOK = 3600.0
BACKOFF = (5.0, 15.0, 30.0, 60.0, 120.0, 300.0)
MESSAGES_AT_ONCE = 50
BYTES_AT_ONCE = 20_000_000


@dataclass(slots=True)
class Tally:
    """What one look at a server brought."""

    stored: int = 0
    refused: int = 0
    withheld: int = 0


class Fetcher:
    """Fetches one mailbox; blocking IMAP calls run in a thread of its own."""

    def __init__(
        self,
        db: Db,
        blobs: Blobs,
        keys: Keyring,
        mailbox: Mailbox,
        *,
        max_bytes: int,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._db, self._blobs, self._keys, self._mailbox = db, blobs, keys, mailbox
        self._max_bytes = max_bytes
        self._context = context
        self._owner = f"{os.getpid()}.{short_key(8)}"
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"imap-{mailbox.id}")
        self._singly = False
        self._next = 0  # the UID that the next message of the first folder gets, as far as we have looked

    async def run(self, stop: asyncio.Event) -> None:
        """Fetch until `stop`, through every trouble: connect, look at everything, then wait for news."""
        failures = 0
        try:
            while not stop.is_set():
                try:
                    failures = await self._turn(stop, failures)
                except psycopg.OperationalError as trouble:
                    # The database comes back in a moment; who gave up now would wait for the end of the own lease.
                    _log.warning("mailbox %s waits for the database: %s", self._mailbox.id, trouble)
                    await _pause(stop, 1.0)
        finally:
            with contextlib.suppress(psycopg.OperationalError):
                await self._let_go()
            self.end()

    async def _turn(self, stop: asyncio.Event, failures: int) -> int:
        """Stay at the server for as long as it goes well; returns how many times in a row it did not."""
        if not await self._hold():
            await _pause(stop, LEASE.total_seconds() / 4)
            return failures
        try:
            await self._stay(stop)
        except (CredoError, *imap.Trouble) as trouble:
            await self._say(_told(trouble))
            _log.warning("mailbox %s: %s", self._mailbox.id, _told(trouble))
            await _pause(stop, BACKOFF[min(failures + 1, len(BACKOFF)) - 1])
            return failures + 1
        return 0

    async def once(self) -> Tally:
        """Connect, look at everything, store what is missing, and part; raises what `connect` raises."""
        connection = await self.connect()
        try:
            tally = await self._look(connection, everything=True)
        finally:
            await self.in_thread(connection.close)
        await self._say(None)
        return tally

    async def connect(self) -> Connection:
        """An open connection by password or token; raises Unreachable, SignInRefused or NotAuthorised."""
        incoming = self._mailbox.incoming
        user = incoming.user or self._mailbox.address
        token = None
        if incoming.sign_in == "oauth":
            token = await oauth.access_token(self._db, self._keys, self._mailbox)
        password = mailboxes.secrets(self._keys, self._mailbox).password
        return await self.in_thread(
            partial(imap.connect, incoming, user, password=password, token=token, context=self._context)
        )

    async def in_thread(self, call: Callable[[], T]) -> T:
        """Run a blocking call of the connection; the calls of one fetcher never overlap."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, call)

    def end(self) -> None:
        """Let the thread go."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _stay(self, stop: asyncio.Event) -> None:
        connection = await self.connect()
        try:
            looked = 0.0
            while not stop.is_set():
                everything = time.monotonic() - looked > FULL_LOOK or not looked
                await self._look(connection, everything=everything)
                looked = time.monotonic() if everything else looked
                await self._say(None)
                await self._wait_for_news(connection, stop)
                if not await self._hold():
                    return
        except BaseException:
            connection.cut()  # the thread may be waiting for news; nothing else ends that at once
            raise
        finally:
            await self.in_thread(connection.close)

    async def _wait_for_news(self, connection: Connection, stop: asyncio.Event) -> None:
        if not connection.can_idle:
            await _pause(stop, POLL)
            return
        folder = await self.in_thread(partial(connection.open, self._mailbox.incoming.folders[0]))
        if folder.uidnext > self._next:
            return  # it came after we looked, and nobody would tell us of it
        idling = asyncio.ensure_future(self.in_thread(partial(connection.idle, POLL)))
        stopping = asyncio.ensure_future(stop.wait())
        await asyncio.wait({idling, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if stop.is_set() and not idling.done():
            connection.cut()
            await asyncio.gather(idling, return_exceptions=True)
            return
        await idling

    async def _look(self, connection: Connection, *, everything: bool) -> Tally:
        tally = Tally()
        for name in self._mailbox.incoming.folders:
            folder = await self.in_thread(partial(connection.open, name))
            if name == self._mailbox.incoming.folders[0]:
                self._next = folder.uidnext
            cursor = await sources.cursor(self._db, self._mailbox, folder)
            await self._folder(connection, folder, cursor, tally, everything=everything)
        return tally

    async def _folder(
        self, connection: Connection, folder: Folder, cursor: Cursor, tally: Tally, *, everything: bool
    ) -> None:
        """Store what `folder` has and we have not, oldest first, in batches that commit by themselves."""
        there = await self.in_thread(partial(connection.beyond, cursor.last_uid))
        if everything:
            day = (cursor.since - timedelta(days=1)).date()
            there = sorted({*there, *await self.in_thread(partial(connection.since, day))})
        wanted = await sources.missing(self._db, self._mailbox, folder, there)
        size = 1 if self._singly else MESSAGES_AT_ONCE
        for start in range(0, len(wanted), size):
            await self._batch(connection, folder, cursor, wanted[start : start + size], tally)
            await self._hold()
        if there:
            await sources.move_on(self._db, self._mailbox, folder, there[-1])
        if everything and self._mailbox.incoming.archive:
            await self._archive(connection, folder, await sources.stored(self._db, self._mailbox, folder, there))

    async def _batch(
        self, connection: Connection, folder: Folder, cursor: Cursor, uids: Sequence[int], tally: Tally
    ) -> None:
        """Store one batch. When it breaks the connection, its messages are asked for one by one the next time."""
        try:
            listed = await self.in_thread(partial(connection.listed, uids))
            await self._sort(connection, folder, cursor, uids, listed, tally)
        except (imap.Abort, OSError, EOFError):
            self._singly = len(uids) > 1
            if not self._singly:
                await self._withheld(folder, uids, tally)
            raise

    async def _sort(
        self,
        connection: Connection,
        folder: Folder,
        cursor: Cursor,
        uids: Sequence[int],
        listed: dict[int, Listed],
        tally: Tally,
    ) -> None:
        """Leave what is gone or older than us, refuse what is too large, and store the rest."""
        await sources.note(self._db, self._mailbox, folder, [uid for uid in uids if uid not in listed], "gone")
        old = [uid for uid, one in listed.items() if cursor.is_before(uid, one.received)]
        await sources.note(self._db, self._mailbox, folder, old, "before")
        taken = [one for uid, one in sorted(listed.items()) if uid not in old]
        for one in taken:
            if one.size > self._max_bytes:
                tally.refused += await self._refuse(connection, folder, one)
        for group in _groups([one for one in taken if one.size <= self._max_bytes]):
            await self._store(connection, folder, cursor, [one.uid for one in group], tally)

    async def _store(
        self, connection: Connection, folder: Folder, cursor: Cursor, uids: list[int], tally: Tally
    ) -> None:
        """Fetch and keep messages; when the server refuses them together, one by one."""
        try:
            contents = await self.in_thread(partial(connection.contents, uids))
        except imap.Refusal as refusal:
            if isinstance(refusal, imap.Abort):
                raise
            if len(uids) == 1:
                await self._withheld(folder, uids, tally)
                return
            for uid in uids:
                await self._store(connection, folder, cursor, [uid], tally)
            return
        whole = {uid: content for uid, content in contents.items() if uid in uids and content}
        await self._keep(folder, cursor, whole)
        tally.stored += len(whole)
        await self._withheld(folder, [uid for uid in uids if uid not in whole], tally)
        if self._mailbox.incoming.archive:
            await self._archive(connection, folder, sorted(whole))

    async def _keep(self, folder: Folder, cursor: Cursor, whole: dict[int, bytes]) -> None:
        arrivals = [
            Arrival(
                content=whole[uid],
                envelope={"folder": folder.name},
                source=Source(folder.name, folder.uidvalidity, uid),
                unless_known=cursor.again and uid < cursor.first_uid,
            )
            for uid in sorted(whole)
        ]
        if arrivals:
            await keep_many(self._db, self._blobs, self._mailbox.desk_id, self._mailbox.id, arrivals, origin="imap")

    async def _withheld(self, folder: Folder, uids: Sequence[int], tally: Tally) -> None:
        tally.withheld += len(uids)
        await sources.note(self._db, self._mailbox, folder, uids, "withheld")

    async def _refuse(self, connection: Connection, folder: Folder, one: Listed) -> int:
        headers = (await self.in_thread(partial(connection.headers, [one.uid]))).get(one.uid, b"")
        refused = await refuse_large(
            self._db, self._blobs, self._mailbox, folder, one, headers, max_bytes=self._max_bytes
        )
        return int(refused)

    async def _archive(self, connection: Connection, folder: Folder, uids: list[int]) -> None:
        """Move what is stored; trouble with the archive is said on the mailbox and never stops the fetching."""
        into = self._mailbox.incoming.archive
        if not uids or into == folder.name:
            return
        try:
            await self.in_thread(partial(connection.archive, folder.name, uids, into))
        except imap.CannotMove as trouble:
            _log.warning("mailbox %s: %s", self._mailbox.id, trouble.sentence)
        except imap.Refusal as trouble:
            if isinstance(trouble, imap.Abort):
                raise
            _log.warning("mailbox %s: the archive folder %r: %s", self._mailbox.id, into, trouble)

    async def _hold(self) -> bool:
        """Take or renew the right to fetch this mailbox; False while another process has it."""
        async with self._db.transaction(self._mailbox.desk_id) as tx:
            return await mailboxes.hold(tx, self._mailbox.id, self._owner, now(), now() + LEASE)

    async def _let_go(self) -> None:
        async with self._db.transaction(self._mailbox.desk_id) as tx:
            await mailboxes.let_go(tx, self._mailbox.id, self._owner)

    async def _say(self, error: str | None) -> None:
        async with self._db.transaction(self._mailbox.desk_id) as tx:
            await mailboxes.note_fetched(tx, self._mailbox.id, now(), error)


def _groups(messages: Sequence[Listed]) -> list[list[Listed]]:
    """Messages in groups that fit into memory together."""
    groups: list[list[Listed]] = []
    held = 0
    for one in messages:
        if not groups or held + one.size > BYTES_AT_ONCE:
            groups.append([])
            held = 0
        groups[-1].append(one)
        held += one.size
    return groups


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        pass


def _told(trouble: BaseException) -> str:
    if isinstance(trouble, CredoError):
        reason = trouble.details.get("reason")
        return f"{trouble.sentence} ({reason})" if reason else trouble.sentence
    return f"{imap.Unreachable.__doc__} ({str(trouble)[:300]})"
