"""Sending what is due: one connection a mailbox, mailboxes side by side, so that a slow server delays only its own."""

from __future__ import annotations

import asyncio
import logging
from contextlib import AbstractAsyncContextManager
from typing import Protocol

import psycopg

from credo.base.blobs import Blobs
from credo.base.clock import now
from credo.base.db import Db
from credo.base.errors import CredoError
from credo.channels.email import mailbox as mailboxes
from credo.channels.email.mailbox import Mailbox
from credo.channels.email.send import Fate, Nowhere, Session, Unsent
from credo.delivery import letters, outbox
from credo.delivery.outbox import Lane, LeaseLost, Outgoing, Started
from credo.delivery.release import release_due

_log = logging.getLogger("credo.delivery")
AT_MOST = 240.0  # seconds for one mail: less than a claim holds, or another worker would send it a second time
_PAUSES = (0.2, 1.0, 5.0, 15.0)  # seconds between tries to write down what a server said


class Sender(Protocol):
    """What opens a mailbox's way out."""

    async def origin(self, desk_id: int, mailbox_id: int | None) -> Mailbox:
        """The mailbox with this id, or without one the installation's own server as a mailbox; raises CredoError."""

    def session(self, mailbox: Mailbox) -> AbstractAsyncContextManager[Session | Nowhere]:
        """A connection for many mails; raises Unsent."""


async def send_due(db: Db, blobs: Blobs, sender: Sender) -> int:
    """Release and send everything due, and return how many mails were tried."""
    await release_due(db)
    tried = await asyncio.gather(*(send_lane(db, blobs, sender, lane) for lane in await outbox.lanes(db)))
    return sum(tried)


class Dispatch:
    """Sends for as long as it is turned: each mailbox in a task of its own, so that none waits for another."""

    def __init__(self, db: Db, blobs: Blobs, sender: Sender) -> None:
        self._db, self._blobs, self._sender = db, blobs, sender
        self._running: dict[Lane, asyncio.Task[int]] = {}

    async def step(self) -> int:
        """Release what is due and start a task for each mailbox that has work and none yet; returns how much began."""
        released = await release_due(self._db)
        self._running = {lane: task for lane, task in self._running.items() if not task.done()}
        fresh = [lane for lane in await outbox.lanes(self._db) if lane not in self._running]
        for lane in fresh:
            self._running[lane] = asyncio.create_task(self._lane(lane), name=f"send {lane}")
        return released + len(fresh)

    async def end(self, patience: float = 5.0) -> None:
        """Let mails in hand finish for a few seconds, then stop; what is cut off is sent again under its own id."""
        if self._running:
            _, late = await asyncio.wait(self._running.values(), timeout=patience)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _lane(self, lane: Lane) -> int:
        try:
            return await send_lane(self._db, self._blobs, self._sender, lane)
        except Exception:  # noqa: BLE001 - one mailbox never stops the others, and the log has it
            _log.exception("sending for mailbox %s failed; its mails are claimed again when their lease ends", lane)
            return 0


async def send_lane(db: Db, blobs: Blobs, sender: Sender, lane: Lane) -> int:
    """Send all due mails of one mailbox over one connection and return how many were tried."""
    mails = await outbox.claim(db, lane)
    if not mails:
        return 0
    tried = 0
    try:
        mailbox = await sender.origin(lane.desk_id, lane.mailbox_id)
        async with sender.session(mailbox) as session:
            while mails:
                tried += len(mails)
                for place, mail in enumerate(mails):
                    if trouble := await _send_one(db, blobs, session, mailbox, mail):
                        return tried - await _wait(db, lane, mails[place + 1 :], trouble)
                mails = await outbox.claim(db, lane)
    except CredoError as trouble:  # nobody gets in: no server, no sign-in, or a secret that cannot be read
        return tried - await _wait(db, lane, mails, _told(trouble))
    await _say(db, lane, None)
    return tried


async def _send_one(db: Db, blobs: Blobs, session: Session | Nowhere, mailbox: Mailbox, mail: Outgoing) -> str | None:
    """Send one mail and write down what became of it; returns what is wrong with the connection, if anything is."""
    try:
        sha256, content = await letters.built(db, blobs, mailbox, mail)
        mail, started = await outbox.start(db, mail, sha256)
    except LeaseLost:
        return None
    except CredoError as fault:
        await outbox.postpone(db, mail, None, f"This message could not be put together. {fault.sentence}")
        return None
    try:
        fates = await _fates(session, mailbox, started, content)
    except Unsent as trouble:
        await outbox.postpone(db, mail, started, _told(trouble))
        return _told(trouble)
    await _write_down(db, mail, started, fates)
    return None


async def _fates(session: Session | Nowhere, mailbox: Mailbox, started: Started, content: bytes) -> list[Fate]:
    if not started.recipients:
        return []
    try:
        async with asyncio.timeout(AT_MOST):
            return await session.send(mailbox.address, started.recipients, content)
    except TimeoutError as late:
        raise Unsent(reason=f"no answer within {AT_MOST:.0f} seconds") from late


async def _write_down(db: Db, mail: Outgoing, started: Started, fates: list[Fate]) -> None:
    """Note what the server said, through short troubles of the database: without the note the mail would go twice."""
    for pause in _PAUSES:
        try:
            await outbox.finish(db, mail, started, fates)
        except psycopg.Error as trouble:
            _log.warning("the fate of mail %s could not be written down and is tried again: %s", mail.id, trouble)
            await asyncio.sleep(pause)
        else:
            return
    await outbox.finish(db, mail, started, fates)


async def _wait(db: Db, lane: Lane, mails: list[Outgoing], trouble: str) -> int:
    """Put mails back that have met a closed door, and say on the mailbox why; returns how many."""
    for mail in mails:
        await outbox.wait_for_server(db, mail, trouble)
    await _say(db, lane, trouble)
    return len(mails)


async def _say(db: Db, lane: Lane, error: str | None) -> None:
    if lane.mailbox_id is None:
        if error:
            _log.warning("letters to colleagues wait: %s", error)
        return
    async with db.transaction(lane.desk_id) as tx:
        await mailboxes.note_sent(tx, lane.mailbox_id, now(), error)


def _told(trouble: CredoError) -> str:
    reason = trouble.details.get("reason")
    return f"{trouble.sentence} ({reason})" if reason else trouble.sentence
