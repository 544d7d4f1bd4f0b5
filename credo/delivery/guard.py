"""The loop guard: how often mail may go out by itself to one address, and a breaker that everybody can see.

Two machines that answer each other stop here; so does somebody who floods the desk. An open breaker stops automatic
mail to that address, never what a colleague writes, until an administrator resets it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from credo.base.clock import now
from credo.base.db import Tx
from credo.base.errors import Conflict
from credo.base.ids import fold
from credo.conversations.addressing import bare_subject
from credo.conversations.events import Received
from credo.delivery.events import BreakerReset, BreakerTripped
from credo.history import Actor, Recorded, by_system, record

WINDOW = timedelta(hours=24)
PER_ADDRESS = 10
PER_SUBJECT = 2
FLOOD_WINDOW = timedelta(minutes=10)
FLOOD = 50
Reason = Literal["address", "subject", "flood"]


@dataclass(frozen=True, slots=True)
class Breaker:
    """An open breaker; `reason` says which limit was passed."""

    id: int
    address: str
    reason: Reason
    tripped_at: datetime


@dataclass(frozen=True, slots=True)
class _Count:
    all: int
    same: int


async def may_answer(tx: Tx, address: str, subject: str) -> bool:
    """Whether something may go out by itself to `address` about `subject`; passing a limit trips the breaker."""
    folded = address.casefold()
    if await _is_open(tx, folded):
        return False
    # Two mails of one address may be answered at the same moment; the second one counts the first.
    await tx.run("select pg_advisory_xact_lock(hashtextextended(%(key)s, 4))", key=f"{tx.desk_id}:{folded}")
    count = await tx.one(
        _Count,
        """select count(*) as all, count(*) filter (where subject_key = %(subject)s) as same
             from automatic_answer
            where desk_id = %(desk)s and address = %(address)s
              and at > greatest(%(since)s, (select max(reset_at) from breaker
                                             where desk_id = %(desk)s and address = %(address)s))""",
        address=folded,
        subject=_key(subject),
        since=now() - WINDOW,
    )
    if count.all >= PER_ADDRESS:
        await trip(tx, folded, "address")
    elif count.same >= PER_SUBJECT:
        await trip(tx, folded, "subject")
    else:
        return True
    return False


async def note_answer(tx: Tx, address: str, subject: str, conversation_id: int | None) -> None:
    """Count something that goes out by itself."""
    await tx.run(
        """insert into automatic_answer (desk_id, address, subject_key, conversation_id, at)
           values (%(desk)s, %(address)s, %(subject)s, %(conversation)s, %(now)s)""",
        address=address.casefold(),
        subject=_key(subject),
        conversation=conversation_id,
        now=now(),
    )


async def watch(tx: Tx, recorded: Recorded) -> None:
    """Trip the breaker for a sender of more than fifty mails in ten minutes."""
    event = recorded.event
    assert isinstance(event, Received)
    person_id = event.actor.id
    since = now() - FLOOD_WINDOW
    found = await tx.value(
        f"""select count(*) from (
              select 1 from conversation c
                join item i on i.desk_id = c.desk_id and i.conversation_id = c.id and i.seq > c.last_seq - {FLOOD + 1}
               where c.desk_id = %(desk)s and c.person_id = %(person)s and c.last_item_at > %(since)s
                 and i.person_id = %(person)s and i.direction = 'in' and i.at > %(since)s
               limit {FLOOD + 1}) recent""",
        person=person_id,
        since=since,
    )
    if found > FLOOD and (address := await _address(tx, person_id)):
        await trip(tx, address, "flood")


async def trip(tx: Tx, address: str, reason: Reason) -> None:
    """Open the breaker for an address; one that is open already stays as it is."""
    moment = now()
    breaker_id = await tx.value(
        """insert into breaker (desk_id, address, reason, tripped_at)
           values (%(desk)s, %(address)s, %(reason)s, %(now)s) on conflict do nothing returning id""",
        address=address.casefold(),
        reason=reason,
        now=moment,
    )
    if breaker_id is not None:
        await record(tx, BreakerTripped(at=moment, actor=by_system(), breaker_id=breaker_id, reason=reason))


async def tripped(tx: Tx, *, limit: int = 200) -> list[Breaker]:
    """The open breakers of the desk, newest first."""
    return await tx.all(
        Breaker,
        f"""select id, address, reason, tripped_at from breaker
             where desk_id = %(desk)s and reset_at is null order by tripped_at desc, id desc limit {int(limit)}""",
    )


async def reset(tx: Tx, breaker_id: int, actor: Actor) -> None:
    """Allow automatic mail to the address again, counting from now; raises Conflict when it is not open."""
    moment = now()
    touched = await tx.run(
        """update breaker set reset_at = %(now)s, reset_by = %(by)s
            where desk_id = %(desk)s and id = %(id)s and reset_at is null""",
        now=moment,
        by=actor.id,
        id=breaker_id,
    )
    if not touched:
        raise Conflict
    await record(tx, BreakerReset(at=moment, actor=actor, breaker_id=breaker_id))


async def _is_open(tx: Tx, address: str) -> bool:
    return bool(
        await tx.value(
            "select 1 from breaker where desk_id = %(desk)s and address = %(address)s and reset_at is null",
            address=address,
        )
    )


async def _address(tx: Tx, person_id: int | None) -> str | None:
    found = await tx.value(
        """select address from identity where desk_id = %(desk)s and person_id = %(person)s and kind = 'email'
            order by id limit 1""",
        person=person_id,
    )
    return None if found is None else str(found)


def _key(subject: str) -> str:
    return fold(bare_subject(subject))[:200]
