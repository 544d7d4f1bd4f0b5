"""Keep: the bytes are on the disk and their row is committed before anybody is told that they arrived."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from psycopg.types.json import Jsonb

from credo.base.blobs import Blobs
from credo.base.clock import now
from credo.base.db import Db, Tx
from credo.history import by_system, record
from credo.intake.events import Refused

Origin = Literal["imap", "listener", "command", "api", "demo"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where on a server a message stands: folder, its UIDVALIDITY, UID."""

    folder: str
    uidvalidity: int
    uid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One message to keep. With `unless_known`, equal bytes already kept for the mailbox are linked, not doubled."""

    content: bytes
    envelope: Mapping[str, object] = field(default_factory=dict)
    source: Source | None = None
    unless_known: bool = False


@dataclass(frozen=True, slots=True)
class _Hashed:
    arrival: Arrival
    sha256: str
    digest: bytes


async def keep(
    db: Db,
    blobs: Blobs,
    desk_id: int,
    mailbox_id: int | None,
    content: bytes,
    *,
    origin: Origin,
    envelope: Mapping[str, object] | None = None,
) -> int:
    """Keep one message and return its raw id; once this returns, nothing can lose it and the sender may be told."""
    arrival = Arrival(content=content, envelope=envelope or {})
    return (await keep_many(db, blobs, desk_id, mailbox_id, [arrival], origin=origin))[0]


async def keep_many(
    db: Db, blobs: Blobs, desk_id: int, mailbox_id: int | None, arrivals: Sequence[Arrival], *, origin: Origin
) -> list[int]:
    """Keep messages in one commit and return their raw ids in order; all of them are kept, or none."""
    hashed = [
        _Hashed(arrival, sha256, digest(arrival.content))
        for arrival, sha256 in zip(
            arrivals, await asyncio.gather(*(blobs.put(desk_id, one.content) for one in arrivals)), strict=True
        )
    ]
    async with db.transaction(desk_id) as tx:
        return [await _row(tx, mailbox_id, one, origin) for one in hashed]


async def refuse(
    db: Db,
    blobs: Blobs,
    desk_id: int,
    mailbox_id: int,
    headers: bytes,
    *,
    size: int,
    envelope: Mapping[str, object],
    source: Source,
    reason: str,
) -> int | None:
    """Keep only the `headers` of a message that is too large (`size` bytes), so that it can be seen and answered.

    `envelope` holds what a refusal needs: `from`, `subject`, `message_id`. None when that was done before.
    """
    sha256 = await blobs.put(desk_id, headers)
    async with db.transaction(desk_id) as tx:
        hashed = _Hashed(Arrival(content=headers, envelope=envelope), sha256, digest(headers))
        if not await _claim_source(tx, mailbox_id, source):
            return None
        raw_id = await _insert(tx, mailbox_id, hashed, "imap", state="refused", size=size, reason=reason)
        await _link_source(tx, mailbox_id, source, raw_id)
        await record(tx, Refused(at=now(), actor=by_system(), raw_id=raw_id, mailbox_id=mailbox_id, size=size))
        return raw_id


async def _row(tx: Tx, mailbox_id: int | None, hashed: _Hashed, origin: Origin) -> int:
    source = hashed.arrival.source
    if source is None or mailbox_id is None:
        return await _insert(tx, mailbox_id, hashed, origin)
    if not await _claim_source(tx, mailbox_id, source):
        return int(
            await tx.value(
                """select raw_id from raw_source where desk_id = %(desk)s and mailbox_id = %(mailbox)s
                      and folder = %(folder)s and uidvalidity = %(uidvalidity)s and uid = %(uid)s""",
                **_place(mailbox_id, source),
            )
        )
    known = await _known(tx, mailbox_id, hashed.digest) if hashed.arrival.unless_known else None
    raw_id = known or await _insert(tx, mailbox_id, hashed, origin)
    await _link_source(tx, mailbox_id, source, raw_id)
    return raw_id


async def _claim_source(tx: Tx, mailbox_id: int, source: Source) -> bool:
    """Take the place on the server for this transaction; False when a message is already stored from there."""
    touched = await tx.run(
        """insert into raw_source (desk_id, mailbox_id, folder, uidvalidity, uid)
           values (%(desk)s, %(mailbox)s, %(folder)s, %(uidvalidity)s, %(uid)s)
           on conflict (desk_id, mailbox_id, folder, uidvalidity, uid)
           do update set seen_at = now() where raw_source.raw_id is null""",
        **_place(mailbox_id, source),
    )
    return touched == 1


async def _link_source(tx: Tx, mailbox_id: int, source: Source, raw_id: int) -> None:
    await tx.run(
        """update raw_source set raw_id = %(raw)s, reason = null
            where desk_id = %(desk)s and mailbox_id = %(mailbox)s and folder = %(folder)s
              and uidvalidity = %(uidvalidity)s and uid = %(uid)s""",
        raw=raw_id,
        **_place(mailbox_id, source),
    )


def _place(mailbox_id: int, source: Source) -> dict[str, object]:
    return {
        "mailbox": mailbox_id,
        "folder": source.folder,
        "uidvalidity": source.uidvalidity,
        "uid": source.uid,
    }


async def _known(tx: Tx, mailbox_id: int, of: bytes) -> int | None:
    found = await tx.value(
        """select id from raw where desk_id = %(desk)s and digest = %(digest)s and mailbox_id = %(mailbox)s
            order by received_at limit 1""",
        digest=of,
        mailbox=mailbox_id,
    )
    return int(found) if found is not None else None


async def _insert(
    tx: Tx,
    mailbox_id: int | None,
    hashed: _Hashed,
    origin: Origin,
    *,
    state: str = "kept",
    size: int | None = None,
    reason: str | None = None,
) -> int:
    await tx.run(
        "insert into blob (desk_id, sha256, size) values (%(desk)s, %(sha256)s, %(size)s) on conflict do nothing",
        sha256=hashed.sha256,
        size=len(hashed.arrival.content),
    )
    return int(
        await tx.value(
            """insert into raw (desk_id, mailbox_id, sha256, size, digest, origin, envelope, state, reason,
                                received_at, next_try_at)
               values (%(desk)s, %(mailbox)s, %(sha256)s, %(size)s, %(digest)s, %(origin)s, %(envelope)s, %(state)s,
                       %(reason)s, %(now)s, %(now)s)
               returning id""",
            mailbox=mailbox_id,
            sha256=hashed.sha256,
            size=len(hashed.arrival.content) if size is None else size,
            digest=hashed.digest,
            origin=origin,
            envelope=Jsonb(dict(hashed.arrival.envelope)),
            state=state,
            reason=reason,
            now=now(),
        )
    )


_TRACE = re.compile(
    rb"^(?:received|return-path|delivered-to|x-original-to|(?:x-)?envelope-to|x-envelope-from|received-spf"
    rb"|authentication-results|arc-[\w-]+|x-received|x-spam[\w-]*|x-google-smtp[\w-]*|x-gm-[\w-]+|x-gmail-labels"
    rb"|x-ms-exchange-[\w-]+|x-mozilla-[\w-]+|status|x-status|x-uid|x-uidl|x-keywords|x-imap[\w-]*"
    rb"|content-length|lines):.*\n(?:[ \t].*\n)*",
    re.IGNORECASE | re.MULTILINE,
)
_ENVELOPE_LINE = re.compile(rb"\A>?From .*\n")
_HEADERS_AT_MOST = 500_000


def digest(content: bytes) -> bytes:
    """The SHA-256 of a message less what servers wrote on it along the way: what two copies of it share."""
    even = content.replace(b"\r\n", b"\n")
    head, gap, body = even.partition(b"\n\n")
    if len(head) <= _HEADERS_AT_MOST:
        head = _TRACE.sub(b"", _ENVELOPE_LINE.sub(b"", head + b"\n"))
    return hashlib.sha256(head.rstrip(b"\n") + gap + body.rstrip(b"\n")).digest()
