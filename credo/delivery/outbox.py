"""The outbox: rows claimed by one worker, every attempt written down before the server hears of it.

A worker that dies between the server's yes and our note of it leaves an attempt `started`; when its lease ends the
mail is tried again with the same bytes and the same Message-ID, by which the receiving side recognises it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Literal

from credo.base.clock import now
from credo.base.db import Db, Tx
from credo.base.errors import Conflict, CredoError
from credo.channels.email.send import Fate
from credo.conversations.conversation import tell
from credo.delivery.events import Delivered, DeliveryFailed, TriedAgain
from credo.history import Actor, by_system, record

LEASE = timedelta(minutes=5)
GIVE_UP = timedelta(days=2)
BACKOFF = tuple(timedelta(minutes=m) for m in (1, 5, 15, 30, 60, 120, 240))
SERVER_DOWN = timedelta(minutes=1)


class LeaseLost(CredoError):
    """Another worker took this mail over."""


@dataclass(frozen=True, slots=True)
class Lane:
    """A mailbox with mail to send: what one connection serves. Without one: the installation's own server."""

    desk_id: int
    mailbox_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One mail in the hands of a worker until `claimed_until`; `sha256` names its bytes once they are built."""

    desk_id: int
    id: int
    mailbox_id: int | None
    item_id: int | None
    conversation_id: int | None
    kind: str
    message_id: str
    release_at: datetime
    tries: int
    sha256: str | None
    claimed_until: datetime


@dataclass(frozen=True, slots=True)
class Started:
    """An attempt on record: its id, and whom it is for."""

    attempt_id: int
    recipients: tuple[str, ...]


async def lanes(db: Db) -> list[Lane]:
    """Every mailbox, of whatever desk, with something due."""
    async with db.reading(0) as tx:
        return await tx.all(
            Lane,
            """select distinct desk_id, mailbox_id from outbox
                where state = 'ready' and next_try_at <= %(now)s
                  and (claimed_until is null or claimed_until <= %(now)s)""",
            now=now(),
        )


async def claim(db: Db, lane: Lane, *, limit: int = 20, lease: timedelta = LEASE) -> list[Outgoing]:
    """Take up to `limit` due mails of one mailbox, oldest first."""
    moment = now()
    async with db.transaction(lane.desk_id) as tx:
        taken = await tx.all(
            Outgoing,
            """with due as (
                 select id from outbox
                  where desk_id = %(desk)s and mailbox_id is not distinct from %(mailbox)s and state = 'ready'
                    and next_try_at <= %(now)s and (claimed_until is null or claimed_until <= %(now)s)
                  order by next_try_at, id limit %(limit)s for update skip locked)
               update outbox o set claimed_until = %(until)s from due
                where o.desk_id = %(desk)s and o.id = due.id
            returning o.desk_id, o.id, o.mailbox_id, o.item_id, o.conversation_id, o.kind, o.message_id, o.release_at,
                      o.tries, o.sha256, o.claimed_until""",
            mailbox=lane.mailbox_id,
            now=moment,
            limit=limit,
            until=moment + lease,
        )
    return sorted(taken, key=lambda one: one.id)


async def start(db: Db, mail: Outgoing, sha256: str | None, *, lease: timedelta = LEASE) -> tuple[Outgoing, Started]:
    """Write down, and commit, that an attempt begins. Raises LeaseLost when the mail is no longer ours.

    Recipients who must not be written to any more are left out with the state `suppressed`.
    """
    moment = now()
    async with db.transaction(mail.desk_id) as tx:
        touched = await tx.run(
            """update outbox set claimed_until = %(until)s, sha256 = coalesce(sha256, %(sha256)s), tries = tries + 1
                where desk_id = %(desk)s and id = %(id)s and state = 'ready' and claimed_until = %(lease)s""",
            until=moment + lease,
            sha256=sha256,
            id=mail.id,
            lease=mail.claimed_until,
        )
        if touched != 1:
            raise LeaseLost
        await _suppress(tx, mail, moment)
        recipients = await tx.values(
            """select address from recipient where desk_id = %(desk)s and outbox_id = %(id)s
                  and state in ('waiting', 'deferred') order by role desc, address""",
            id=mail.id,
        )
        attempt_id = await tx.value(
            """insert into attempt (desk_id, outbox_id, at, outcome) values (%(desk)s, %(id)s, %(now)s, 'started')
               returning id""",
            id=mail.id,
            now=moment,
        )
    held = replace(mail, claimed_until=moment + lease, sha256=mail.sha256 or sha256, tries=mail.tries + 1)
    return held, Started(int(attempt_id), tuple(recipients))


async def finish(db: Db, mail: Outgoing, started: Started, fates: Sequence[Fate]) -> None:
    """Write down what the server said: sent, failed for good, or to be tried again for those it put off."""
    moment = now()
    last = moment - mail.release_at >= GIVE_UP
    async with db.transaction(mail.desk_id) as tx:
        for fate in fates:
            await _note(tx, mail, _given_up(fate) if last and fate.state == "deferred" else fate, moment)
        counts = await _counts(tx, mail)
        detail = "; ".join(sorted({f"{f.code} {f.detail}".strip() for f in fates if f.state != "accepted"}))[:1000]
        await _close_attempt(tx, started, _outcome(fates, counts), detail)
        if counts.open:
            await _again(tx, mail, detail, mail.tries, BACKOFF[min(max(mail.tries, 1), len(BACKOFF)) - 1])
        else:
            await _settle(tx, mail, counts, moment, detail)
        if mail.conversation_id is not None:
            await tell(tx, mail.conversation_id)


async def postpone(db: Db, mail: Outgoing, started: Started | None, reason: str) -> None:
    """An attempt failed for a reason that may pass: try later, or give up after two days.

    Without `started` the mail could not even be put together; that counts as an attempt too.
    """
    if now() - mail.release_at >= GIVE_UP:
        await _give_up(db, mail, started, reason)
        return
    async with db.transaction(mail.desk_id) as tx:
        if started:
            await _close_attempt(tx, started, "retry", reason)
        else:
            await tx.run(
                """insert into attempt (desk_id, outbox_id, at, outcome, detail)
                   values (%(desk)s, %(id)s, %(now)s, 'retry', %(reason)s)""",
                id=mail.id,
                now=now(),
                reason=reason[:1000],
            )
        tries = mail.tries if started else mail.tries + 1
        await _again(tx, mail, reason, tries, BACKOFF[min(max(tries, 1), len(BACKOFF)) - 1])
        if mail.conversation_id is not None:
            await tell(tx, mail.conversation_id)


async def wait_for_server(db: Db, mail: Outgoing, reason: str) -> None:
    """The mailbox's server lets nobody in: the mail waits a minute at a time and no attempt counts, up to two days."""
    if now() - mail.release_at >= GIVE_UP:
        await _give_up(db, mail, None, reason)
        return
    async with db.transaction(mail.desk_id) as tx:
        await _again(tx, mail, reason, mail.tries, SERVER_DOWN)


async def _give_up(db: Db, mail: Outgoing, started: Started | None, reason: str) -> None:
    recipients = started.recipients if started else await _waiting(db, mail)
    attempt = started or Started(0, recipients)
    await finish(db, mail, attempt, [Fate(one, "deferred", "", reason) for one in recipients])


async def try_again(tx: Tx, outbox_id: int, actor: Actor) -> None:
    """Send a failed mail once more to those it did not reach, under the same Message-ID; raises Conflict."""
    moment = now()
    row = await tx.maybe(
        _Failed,
        """update outbox
              set state = 'ready', tries = 0, next_try_at = %(now)s, release_at = %(now)s, claimed_until = null
            where desk_id = %(desk)s and id = %(id)s and state = 'failed' and kind <> 'notice'
        returning conversation_id, item_id""",
        id=outbox_id,
        now=moment,
    )
    if row is None:
        raise Conflict
    await tx.run(
        """update recipient set state = 'waiting', code = null, detail = null, at = %(now)s
            where desk_id = %(desk)s and outbox_id = %(id)s and state in ('refused', 'bounced', 'deferred')""",
        id=outbox_id,
        now=moment,
    )
    await record(
        tx,
        TriedAgain(
            at=moment, actor=actor, conversation_id=row.conversation_id, item_id=row.item_id, outbox_id=outbox_id
        ),
    )


@dataclass(frozen=True, slots=True)
class _Failed:
    conversation_id: int | None
    item_id: int | None


@dataclass(frozen=True, slots=True)
class _Counts:
    accepted: int
    open: int
    lost: int


async def _suppress(tx: Tx, mail: Outgoing, moment: datetime) -> None:
    """Automatic mail never goes to an address that bounced for good; a colleague's own words always try."""
    if mail.kind == "reply":
        return
    await tx.run(
        """update recipient r set state = 'suppressed', at = %(now)s
             from identity i
            where r.desk_id = %(desk)s and r.outbox_id = %(id)s and r.state in ('waiting', 'deferred')
              and i.desk_id = r.desk_id and i.kind = 'email' and i.address = lower(r.address)
              and i.doubted_at is not null""",
        id=mail.id,
        now=moment,
    )


async def _note(tx: Tx, mail: Outgoing, fate: Fate, moment: datetime) -> None:
    await tx.run(
        """update recipient set state = %(state)s, code = %(code)s, detail = %(detail)s, at = %(now)s
            where desk_id = %(desk)s and outbox_id = %(id)s and address = %(address)s
              and state in ('waiting', 'deferred')""",
        id=mail.id,
        address=fate.address,
        state=fate.state,
        code=fate.code,
        detail=fate.detail,
        now=moment,
    )


def _given_up(fate: Fate) -> Fate:
    return replace(fate, state="refused", detail=f"No success in two days. {fate.detail}".strip())


async def _counts(tx: Tx, mail: Outgoing) -> _Counts:
    return await tx.one(
        _Counts,
        """select count(*) filter (where state in ('accepted', 'bounced')) as accepted,
                  count(*) filter (where state in ('waiting', 'deferred')) as open,
                  count(*) filter (where state in ('refused', 'suppressed')) as lost
             from recipient where desk_id = %(desk)s and outbox_id = %(id)s""",
        id=mail.id,
    )


def _outcome(fates: Sequence[Fate], counts: _Counts) -> Literal["accepted", "partial", "retry", "permanent"]:
    accepted = any(fate.state == "accepted" for fate in fates)
    if accepted:
        return "partial" if counts.open or any(fate.state != "accepted" for fate in fates) else "accepted"
    return "retry" if counts.open else "permanent"


async def _close_attempt(tx: Tx, started: Started, outcome: str, detail: str) -> None:
    await tx.run(
        "update attempt set outcome = %(outcome)s, detail = %(detail)s where desk_id = %(desk)s and id = %(id)s",
        outcome=outcome,
        detail=detail[:1000] or None,
        id=started.attempt_id,
    )


async def _again(tx: Tx, mail: Outgoing, reason: str, tries: int, pause: timedelta) -> None:
    await tx.run(
        """update outbox set claimed_until = null, next_try_at = %(next)s, last_error = %(reason)s, tries = %(tries)s
            where desk_id = %(desk)s and id = %(id)s and state = 'ready' and claimed_until = %(lease)s""",
        next=now() + pause,
        reason=reason[:1000],
        tries=tries,
        id=mail.id,
        lease=mail.claimed_until,
    )


async def _settle(tx: Tx, mail: Outgoing, counts: _Counts, moment: datetime, detail: str) -> None:
    """Close the mail; only the worker that holds it says so, and only once."""
    sent = counts.accepted > 0
    touched = await tx.run(
        """update outbox set state = %(state)s, claimed_until = null, last_error = %(detail)s,
                  sent_at = case when %(state)s = 'sent' then %(now)s else sent_at end,
                  content = case when kind = 'notice' then null else content end
            where desk_id = %(desk)s and id = %(id)s and state = 'ready'""",
        state="sent" if sent else "failed",
        detail=detail or None,
        now=moment,
        id=mail.id,
    )
    if not touched or mail.conversation_id is None:
        return
    delivered = partial(Delivered, accepted=counts.accepted) if sent else DeliveryFailed
    await record(
        tx,
        delivered(
            at=moment,
            actor=by_system(),
            conversation_id=mail.conversation_id,
            item_id=mail.item_id,
            outbox_id=mail.id,
            refused=counts.lost,
        ),
    )


async def _waiting(db: Db, mail: Outgoing) -> tuple[str, ...]:
    async with db.reading(mail.desk_id) as tx:
        return tuple(
            await tx.values(
                """select address from recipient where desk_id = %(desk)s and outbox_id = %(id)s
                      and state in ('waiting', 'deferred')""",
                id=mail.id,
            )
        )
