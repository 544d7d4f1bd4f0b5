"""The queue of kept messages: claimed by one worker at a time, in order within a mailbox, given back after a crash.

Two workers never read the same mailbox at once, so an answer is never read before the message it answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from psycopg.types.json import Jsonb

from credo.base.clock import now
from credo.base.db import Db, Tx
from credo.base.errors import CredoError
from credo.history import by_system, record
from credo.intake.events import Failed

LEASE = timedelta(seconds=60)
TRIES = 3
BACKOFF = (timedelta(seconds=10), timedelta(minutes=2))
DEATHS = 5  # workers that may vanish over one message; a machine switched off in between is not its fault
Settled = Literal["read", "duplicate", "refused"]


class LeaseLost(CredoError):
    """Another worker took this message over; its reading counts, not this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """One kept message in the hands of a worker until `claimed_until`. The bytes lie in the blobs under `sha256`.

    `verdict` is what the reader found out about the sender (`verified`, `unknown`, `failed`); it is not stored here.
    """

    desk_id: int
    id: int
    mailbox_id: int | None
    channel: str
    sha256: str
    size: int
    digest: bytes
    origin: str
    envelope: Mapping[str, Any]
    tries: int
    received_at: datetime
    claimed_until: datetime
    verdict: Literal["verified", "unknown", "failed"] = "unknown"


async def claim(db: Db, *, limit: int = 20, lease: timedelta = LEASE) -> list[Raw]:
    """Take up to `limit` due messages of one mailbox, oldest first; empty when nothing waits.

    A message whose worker vanished is taken alone: if it is what ends workers, it takes no other along, and after
    five of them it needs a look.
    """
    moment = now()
    for desk_id in await _desks_with_work(db, moment):
        async with db.transaction(desk_id) as tx:
            for mailbox_id in await _free_mailboxes(tx, moment):
                if taken := await _take(tx, mailbox_id, moment, limit, lease):
                    return sorted(taken, key=lambda raw: raw.id)
    return []


async def settle(
    tx: Tx,
    raw: Raw,
    state: Settled,
    *,
    conversation_id: int | None = None,
    item_id: int | None = None,
    reason: str | None = None,
    trace: Sequence[Mapping[str, object]] = (),
) -> None:
    """Say inside the transaction of its effects that `raw` was read; raises LeaseLost, which undoes them."""
    touched = await tx.run(
        """update raw set state = %(state)s, claimed_until = null, conversation_id = %(conversation)s,
                  item_id = %(item)s, reason = %(reason)s, trace = trace || %(trace)s
            where desk_id = %(desk)s and id = %(id)s and state = 'kept' and claimed_until = %(lease)s""",
        state=state,
        conversation=conversation_id,
        item=item_id,
        reason=reason,
        trace=Jsonb(list(trace)),
        id=raw.id,
        lease=raw.claimed_until,
    )
    if touched != 1:
        raise LeaseLost


async def put_aside(db: Db, raw: Raw, reason: str, *, final: bool = False) -> bool:
    """Note that reading failed: try again later, or after three tries show it under Needs a look (then True).

    A `final` failure is one that no second try can mend.
    """
    tries = raw.tries + 1
    over = final or tries >= TRIES
    moment = now()
    step = {"step": "failed", "try": tries, "at": moment.isoformat(), "reason": reason}
    async with db.transaction(raw.desk_id) as tx:
        touched = await tx.run(
            """update raw set state = %(state)s, tries = %(tries)s, claimed_until = null, reason = %(reason)s,
                      next_try_at = %(next)s, trace = trace || %(trace)s
                where desk_id = %(desk)s and id = %(id)s and state = 'kept' and claimed_until = %(lease)s""",
            state="failed" if over else "kept",
            tries=tries,
            reason=reason,
            next=moment + BACKOFF[min(tries, len(BACKOFF)) - 1],
            trace=Jsonb([step]),
            id=raw.id,
            lease=raw.claimed_until,
        )
        if touched and over:
            await record(tx, Failed(at=moment, actor=by_system(), raw_id=raw.id, tries=tries))
    return bool(touched) and over


async def give_back(db: Db, raws: Sequence[Raw]) -> None:
    """Return messages unread, for a worker that stops."""
    for raw in raws:
        async with db.transaction(raw.desk_id) as tx:
            await tx.run(
                """update raw set claimed_until = null
                    where desk_id = %(desk)s and id = %(id)s and state = 'kept' and claimed_until = %(lease)s""",
                id=raw.id,
                lease=raw.claimed_until,
            )


async def _desks_with_work(db: Db, moment: datetime) -> list[int]:
    async with db.reading(0) as tx:
        return await tx.values(
            """select d.id from desk d where exists (
                 select 1 from raw r where r.desk_id = d.id and r.state = 'kept' and r.next_try_at <= %(now)s
                    and (r.claimed_until is null or r.claimed_until <= %(now)s))
               order by random()""",
            now=moment,
        )


async def _free_mailboxes(tx: Tx, moment: datetime) -> list[int]:
    """Mailboxes with due messages of which none is in a worker's hands; 0 stands for mail of no mailbox."""
    return await tx.values(
        """select m.id from (select id from mailbox where desk_id = %(desk)s union all select 0) m
            where exists (
              select 1 from raw r where r.desk_id = %(desk)s and coalesce(r.mailbox_id, 0) = m.id
                 and r.state = 'kept' and r.next_try_at <= %(now)s
                 and (r.claimed_until is null or r.claimed_until <= %(now)s))
              and not exists (
              select 1 from raw r where r.desk_id = %(desk)s and coalesce(r.mailbox_id, 0) = m.id
                 and r.state = 'kept' and r.claimed_until > %(now)s)
            order by random()""",
        now=moment,
    )


async def _take(tx: Tx, mailbox_id: int, moment: datetime, limit: int, lease: timedelta) -> list[Raw]:
    """Claim from one mailbox under its own lock, because two workers may have found it free at the same time."""
    name = f"credo intake {tx.desk_id} {mailbox_id}"
    if not await tx.value("select pg_try_advisory_xact_lock(hashtextextended(%(name)s, 0))", name=name):
        return []
    if mailbox_id not in await _free_mailboxes(tx, moment):
        return []
    await _put_deadly_aside(tx, mailbox_id, moment)
    return await tx.all(
        Raw,
        """with left_behind as (
             select id from raw
              where desk_id = %(desk)s and coalesce(mailbox_id, 0) = %(mailbox)s and state = 'kept'
                and next_try_at <= %(now)s and claimed_until <= %(now)s
              order by id limit 1 for update skip locked),
           due as (
             select id from raw
              where desk_id = %(desk)s and coalesce(mailbox_id, 0) = %(mailbox)s and state = 'kept'
                and next_try_at <= %(now)s and claimed_until is null and not exists (select from left_behind)
              order by next_try_at, id limit %(limit)s for update skip locked)
           update raw set claimed_until = %(until)s,
                  tries = case when claimed_until is null then tries else tries + 1 end
             from (select id from left_behind union all select id from due) mine
            where raw.desk_id = %(desk)s and raw.id = mine.id
           returning raw.desk_id, raw.id, raw.mailbox_id, raw.channel, raw.sha256, raw.size, raw.digest, raw.origin,
                     raw.envelope, raw.tries, raw.received_at, raw.claimed_until""",
        mailbox=mailbox_id,
        now=moment,
        limit=limit,
        until=moment + lease,
    )


async def _put_deadly_aside(tx: Tx, mailbox_id: int, moment: datetime) -> None:
    """Show under Needs a look what has outlived five workers: they ended without a word while they read it."""
    ids = await tx.values(
        """update raw set state = 'failed', claimed_until = null, reason = %(reason)s
            where desk_id = %(desk)s and coalesce(mailbox_id, 0) = %(mailbox)s and state = 'kept'
              and claimed_until <= %(now)s and tries >= %(most)s returning id""",
        mailbox=mailbox_id,
        now=moment,
        most=DEATHS,
        reason="Whoever began to read this message stopped without a word, several times.",
    )
    for id in ids:
        await record(tx, Failed(at=moment, actor=by_system(), raw_id=id, tries=DEATHS))
