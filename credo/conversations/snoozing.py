"""Put aside until a moment, and back when it comes."""

from __future__ import annotations

from datetime import datetime

from credo.access import Actor
from credo.base import clock
from credo.base.db import Tx
from credo.base.errors import Invalid
from credo.conversations import events, items
from credo.conversations.conversation import get, tell
from credo.conversations.state import NotOpen
from credo.history import by_system, record


class NotAhead(Invalid):
    """That moment has passed; choose one that still lies ahead."""


async def snooze(tx: Tx, actor: Actor, id: int, until: datetime) -> None:
    """Put aside until `until`; a customer's word brings it back before. Raises NotAhead or NotOpen."""
    if until <= clock.now():
        raise NotAhead
    conversation = await get(tx, actor, id, for_change=True)
    if conversation.state not in ("open", "waiting", "snoozed"):
        raise NotOpen
    was = await _replaced(tx, id) or conversation.state
    await tx.run(
        """insert into snooze (desk_id, conversation_id, was, by_id, at, until)
           values (%(desk)s, %(id)s, %(was)s, %(by)s, %(at)s, %(until)s)""",
        id=id,
        was=was,
        by=actor.agent_id,
        at=clock.now(),
        until=until,
    )
    await tx.run(
        "update conversation set state = 'snoozed', snoozed_until = %(until)s where desk_id = %(desk)s and id = %(id)s",
        id=id,
        until=until,
    )
    snoozed = events.Snoozed(at=clock.now(), actor=actor.as_author(), conversation_id=id, until=until)
    await items.line(tx, await record(tx, snoozed))
    await tell(tx, id)


async def wake_due(tx: Tx) -> int:
    """Bring back every conversation of this desk whose snooze is over; returns how many."""
    due = await tx.values(
        """select c.id from conversation c
            where c.desk_id = %(desk)s and c.state = 'snoozed' and c.snoozed_until <= %(now)s
            order by c.snoozed_until limit 100 for update skip locked""",
        now=clock.now(),
    )
    for id in due:
        was = await _replaced(tx, id) or "open"
        await tx.run(
            "update conversation set state = %(was)s, snoozed_until = null where desk_id = %(desk)s and id = %(id)s",
            id=id,
            was=was,
        )
        await items.line(tx, await record(tx, events.Woken(at=clock.now(), actor=by_system(), conversation_id=id)))
        await tell(tx, id)
    return len(due)


async def _replaced(tx: Tx, id: int) -> str | None:
    """End a running snooze and return the state before it."""
    was: str | None = await tx.value(
        """update snooze set ended_at = %(now)s
            where desk_id = %(desk)s and conversation_id = %(id)s and ended_at is null returning was""",
        id=id,
        now=clock.now(),
    )
    return was
