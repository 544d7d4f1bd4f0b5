"""What a worker does with kept bytes: read them, judge the sender, and let them become part of a conversation."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, replace

from credo import intake, live
from credo.base.blobs import Blobs
from credo.base.db import Db, Tx
from credo.base.errors import CredoError
from credo.channels import Inbound
from credo.channels.email import mailbox as mailboxes
from credo.channels.email import read as email
from credo.channels.email import verify
from credo.channels.email.mailbox import Mailbox
from credo.conversations.receiving import Arrival, Outcome, receive
from credo.delivery import bounces
from credo.history import Recorded
from credo.intake import Raw

_log = logging.getLogger("credo.reading")
_LARGE = 200_000  # bytes from which parsing leaves the event loop
_HUGE = 2_000_000  # bytes from which messages are read one after the other, so that memory holds one of them


@dataclass(frozen=True, slots=True)
class Prepared:
    """A message that was read and whose attachments are stored; all that is left is one short transaction."""

    raw: Raw
    inbound: Inbound


async def read_due(db: Db, blobs: Blobs, *, resolver: verify.Resolver | None = None, limit: int = 20) -> int:
    """Read the next due messages of one mailbox, in order, and return how many were claimed.

    Bytes, signatures and attachments are dealt with side by side; the conversations are changed one after another.
    """
    claimed = await intake.claim(db, limit=limit)
    mailbox = await _mailbox(db, claimed[0]) if claimed else None
    alone = asyncio.Semaphore(1)
    waiting = [
        asyncio.create_task(_prepare(blobs, raw, mailbox, resolver, alone if raw.size > _HUGE else nullcontext()))
        for raw in claimed
    ]
    try:
        for raw, task in zip(claimed, waiting, strict=True):
            await _one(db, raw, task)
    except asyncio.CancelledError:
        await intake.give_back(db, claimed)
        raise
    finally:
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
    return len(claimed)


async def tell_lookers(tx: Tx, recorded: Recorded) -> None:
    """Tell open browsers that the view Needs a look changed."""
    raw_id = recorded.event.payload()["raw_id"]
    mailbox_id = await tx.value("select mailbox_id from raw where desk_id = %(desk)s and id = %(id)s", id=raw_id)
    await live.changed(tx, "needs-a-look", mailbox_id=mailbox_id)


async def _mailbox(db: Db, raw: Raw) -> Mailbox | None:
    if raw.mailbox_id is None:
        return None
    async with db.reading(raw.desk_id) as tx:
        return await mailboxes.load(tx, raw.mailbox_id)


async def _one(db: Db, raw: Raw, task: asyncio.Task[Prepared]) -> None:
    """Bring one message home; one that fails is put aside and stops no other.

    Where even that cannot be written the database is in trouble: the error goes up, the claim runs out by itself.
    """
    try:
        prepared = await task
        async with db.transaction(raw.desk_id) as tx:
            await _take_in(tx, prepared)
    except intake.LeaseLost:
        _log.info("message %s was taken over by another worker", raw.id)
    except email.Unreadable as fault:
        await intake.put_aside(db, raw, fault.sentence, final=True)
    except CredoError as fault:
        await intake.put_aside(db, raw, fault.sentence)
    except Exception as fault:  # noqa: BLE001 - whatever it is, the mail becomes visible work and the next one is read
        _log.exception("message %s could not be read", raw.id)
        await intake.put_aside(db, raw, f"{type(fault).__name__}: {fault}"[:500])


async def _prepare(
    blobs: Blobs,
    raw: Raw,
    mailbox: Mailbox | None,
    resolver: verify.Resolver | None,
    turn: AbstractAsyncContextManager[None],
) -> Prepared:
    async with turn:
        content = await blobs.get(raw.desk_id, raw.sha256)
        inbound = await asyncio.to_thread(email.read, content) if len(content) > _LARGE else email.read(content)
        verdict = await verify.sender(
            content,
            inbound,
            envelope=_envelope(raw) if mailbox and mailbox.incoming.direct else None,
            trusted=mailbox.incoming.trusted if mailbox else (),
            resolver=resolver,
        )
        await asyncio.gather(*(blobs.put(raw.desk_id, one.content) for one in inbound.attachments))
    stored = tuple(replace(one, content=b"") for one in inbound.attachments)  # their bytes are in the store now
    return Prepared(replace(raw, verdict=verdict), replace(inbound, attachments=stored))


def _envelope(raw: Raw) -> verify.Envelope | None:
    """The path of a mail that came to our own listener."""
    told = raw.envelope
    if raw.origin != "listener" or not told.get("ip"):
        return None
    return verify.Envelope(str(told["ip"]), str(told.get("greeting") or ""), str(told.get("sender") or ""))


async def _take_in(tx: Tx, prepared: Prepared) -> None:
    raw, inbound = prepared.raw, prepared.inbound
    await _count_blobs(tx, ((one.sha256, one.size) for one in inbound.attachments))
    outcome = await receive(tx, Arrival(raw.id, raw.mailbox_id, raw.received_at, raw.digest, raw.verdict), inbound)
    if inbound.bounce is not None and outcome.state == "received":
        await _bounce(tx, raw, inbound, outcome)
    await intake.settle(
        tx,
        raw,
        "read" if outcome.state == "received" else "duplicate",
        conversation_id=outcome.conversation_id,
        item_id=outcome.item_id,
        reason=_reason(outcome),
        trace=[{"step": "received", "state": outcome.state, "verdict": raw.verdict, "how": list(outcome.trace)}],
    )


def _reason(outcome: Outcome) -> str | None:
    if outcome.state == "deleted":
        return "This message was deleted here before."
    return "This message is already here." if outcome.state == "duplicate" else None


async def _count_blobs(tx: Tx, found: Iterable[tuple[str, int]]) -> None:
    for sha256, size in sorted(found):
        await tx.run(
            "insert into blob (desk_id, sha256, size) values (%(desk)s, %(sha256)s, %(size)s) on conflict do nothing",
            sha256=sha256,
            size=size,
        )


async def _bounce(tx: Tx, raw: Raw, inbound: Inbound, outcome: Outcome) -> None:
    assert inbound.bounce is not None
    about = await tx.value(
        "select about_item_id from item where desk_id = %(desk)s and id = %(id)s", id=outcome.item_id
    )
    await bounces.note(
        tx,
        inbound.bounce,
        message_id=inbound.original_message_id,
        about_item_id=about,
        doubted=raw.verdict == "failed",
    )
