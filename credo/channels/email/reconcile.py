"""Reconcile: every message that stands on a server and is not stored here, with the reason.

It is done once a day and whenever somebody asks; what it finds missing without a reason is fetched at once.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Literal

from psycopg.types.json import Jsonb

from credo.base.blobs import Blobs
from credo.base.clock import now
from credo.base.db import Db, Tx
from credo.base.errors import CredoError
from credo.base.secrets import Keyring
from credo.channels.email import imap, sources
from credo.channels.email import mailbox as mailboxes
from credo.channels.email import read as reader
from credo.channels.email.fetch import Fetcher
from credo.channels.email.imap import Connection, Folder, Listed
from credo.channels.email.mailbox import Mailbox
from credo.channels.email.sources import Cursor, Known

_log = logging.getLogger("credo.reconcile")
Why = Literal["before", "withheld", "too large", "not yet"]
EVERY = timedelta(hours=24)
_NAMED = 500  # messages whose subject and sender are looked up; beyond that only date and size are shown
_KEPT = 1000

WORDS: dict[Why, str] = {
    "before": "It was there before this mailbox was connected.",
    "withheld": "The server lists it but does not hand it over; it is asked for again.",
    "too large": "It is larger than this desk takes; the sender was told.",
    "not yet": "It has not been fetched yet.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """One message that is not stored. `why` is a code whose sentence stands in `WORDS`."""

    folder: str
    uid: int
    received: datetime | None
    size: int
    sender: str
    subject: str
    why: Why


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a comparison found; `missing` is complete unless `error` says why the server could not be asked."""

    at: datetime
    on_server: int
    stored: int
    missing: tuple[Missing, ...]
    error: str | None = None

    @property
    def counts(self) -> dict[Why, int]:
        """How many messages are missing, by reason."""
        found: dict[Why, int] = {}
        for one in self.missing:
            found[one.why] = found.get(one.why, 0) + 1
        return found


async def compare(db: Db, blobs: Blobs, keys: Keyring, mailbox: Mailbox, *, max_bytes: int) -> Report:
    """Fetch what can be fetched, then compare every folder of `mailbox` with what is stored, and keep the report."""
    fetcher = Fetcher(db, blobs, keys, mailbox, max_bytes=max_bytes)
    try:
        await fetcher.once()
        report = await _compared(db, fetcher, mailbox)
    except (CredoError, *imap.Trouble) as trouble:
        told = trouble.sentence if isinstance(trouble, CredoError) else str(trouble)[:300]
        report = Report(at=now(), on_server=0, stored=0, missing=(), error=told)
    finally:
        fetcher.end()
    await keep(db, mailbox, report)
    return report


async def latest(tx: Tx, mailbox: Mailbox) -> dict[str, Any] | None:
    """The last report as it was kept (its list cut at a thousand), or None."""
    found: dict[str, Any] | None = await tx.value("select value from fact where key = %(key)s", key=_key(mailbox))
    return found


async def due(db: Db, blobs: Blobs, keys: Keyring, *, max_bytes: int) -> int:
    """Compare the mailboxes whose last report is older than a day; how many were compared."""
    compared = 0
    for mailbox in await mailboxes.fetched(db):
        if await _take_turn(db, mailbox):
            report = await compare(db, blobs, keys, mailbox, max_bytes=max_bytes)
            compared += 1
            if waiting := report.counts.get("not yet", 0):
                _log.warning("mailbox %s: %s messages on the server are not stored yet", mailbox.id, waiting)
    return compared


async def _compared(db: Db, fetcher: Fetcher, mailbox: Mailbox) -> Report:
    connection = await fetcher.connect()
    missing: list[Missing] = []
    on_server = stored = 0
    try:
        for name in mailbox.incoming.folders:
            folder = await fetcher.in_thread(partial(connection.open, name))
            there = await fetcher.in_thread(partial(connection.uids, "ALL"))
            known = await sources.known(db, mailbox, folder)
            cursor = await sources.cursor(db, mailbox, folder)
            absent = [uid for uid in there if known.get(uid) != "stored"]
            on_server += len(there)
            stored += len(there) - len(absent)
            missing += await _described(fetcher, connection, folder, cursor, absent, known)
    finally:
        await fetcher.in_thread(connection.close)
    return Report(at=now(), on_server=on_server, stored=stored, missing=tuple(missing))


async def _described(
    fetcher: Fetcher,
    connection: Connection,
    folder: Folder,
    cursor: Cursor,
    uids: Sequence[int],
    known: dict[int, Known],
) -> list[Missing]:
    listed: dict[int, Listed] = {}
    for start in range(0, len(uids), _NAMED):
        listed |= await fetcher.in_thread(partial(connection.listed, uids[start : start + _NAMED]))
    headers = await fetcher.in_thread(partial(connection.headers, list(uids)[-_NAMED:])) if uids else {}
    return [
        _missing(folder, cursor, listed[uid], headers.get(uid, b""), known.get(uid)) for uid in uids if uid in listed
    ]


def _missing(folder: Folder, cursor: Cursor, one: Listed, headers: bytes, known: Known | None) -> Missing:
    sender = subject = ""
    try:
        inbound = reader.read(headers)
        sender, subject = (inbound.from_.address if inbound.from_ else ""), inbound.subject[:200]
    except reader.Unreadable:
        pass  # the line then shows date and size alone
    why: Why = "before" if known is None and cursor.is_before(one.uid, one.received) else "not yet"
    if known in ("before", "withheld", "too large"):
        why = known
    return Missing(
        folder=folder.name, uid=one.uid, received=one.received, size=one.size, sender=sender, subject=subject, why=why
    )


async def _take_turn(db: Db, mailbox: Mailbox) -> bool:
    """Whether a comparison is due; of several processes one gets yes."""
    moment = now()
    async with db.transaction(mailbox.desk_id) as tx:
        return bool(
            await tx.run(
                """insert into fact (key, value, at) values (%(key)s, '{}', %(now)s)
                   on conflict (key) do update set at = excluded.at where fact.at <= %(before)s""",
                key=_key(mailbox),
                now=moment,
                before=moment - EVERY,
            )
        )


async def keep(db: Db, mailbox: Mailbox, report: Report) -> None:
    """Let `latest` tell this report from now on."""
    value = {
        "at": report.at,
        "on_server": report.on_server,
        "stored": report.stored,
        "counts": report.counts,
        "error": report.error,
        "missing": [
            {
                "folder": one.folder,
                "uid": one.uid,
                "received": one.received,
                "size": one.size,
                "sender": one.sender,
                "subject": one.subject,
                "why": one.why,
            }
            for one in report.missing[-_KEPT:]
        ],
    }
    async with db.transaction(mailbox.desk_id) as tx:
        await tx.run(
            """insert into fact (key, value, at) values (%(key)s, %(value)s, %(now)s)
               on conflict (key) do update set value = excluded.value, at = excluded.at""",
            key=_key(mailbox),
            value=Jsonb(value),
            now=now(),
        )


def _key(mailbox: Mailbox) -> str:
    return f"reconcile {mailbox.desk_id} {mailbox.id}"
