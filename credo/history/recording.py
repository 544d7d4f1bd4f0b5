"""`record`: the one way to say that something happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from psycopg.types.json import Jsonb

from credo.base.db import Tx
from credo.history.events import Event, Recorded


async def record(tx: Tx, event: Event) -> Recorded:
    """Write `event` and leave it on `tx.recorded`, where the flow finds it before the commit."""
    id = await tx.value(
        """insert into event (desk_id, kind, at, conversation_id, item_id, actor_kind, actor_id, cause, payload)
           values (%(desk)s, %(kind)s, %(at)s, %(conversation_id)s, %(item_id)s, %(actor_kind)s, %(actor_id)s,
                   %(cause)s, %(payload)s)
           returning id""",
        kind=event.kind,
        at=event.at,
        conversation_id=event.conversation_id,
        item_id=event.item_id,
        actor_kind=event.actor.kind,
        actor_id=event.actor.id,
        cause=Jsonb(event.cause) if event.cause is not None else None,
        payload=Jsonb(event.payload()),
    )
    recorded = Recorded(id, event)
    tx.recorded.append(recorded)
    return recorded


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event as it stands in the table."""

    id: int
    kind: str
    at: datetime
    recorded_at: datetime
    conversation_id: int | None
    item_id: int | None
    actor_kind: str
    actor_id: int | None
    cause: dict[str, Any] | None
    payload: dict[str, Any]


async def load(tx: Tx, event_id: int) -> Recorded:
    """A recorded event as it was, for a reaction that runs later; raises NotFound."""
    row = await tx.one(
        EventRow,
        """select id, kind, at, recorded_at, conversation_id, item_id, actor_kind, actor_id, cause, payload
             from event where desk_id = %(desk)s and id = %(id)s""",
        id=event_id,
    )
    return Recorded(row.id, revive(row))


def revive(row: EventRow) -> Event:
    """The typed event of a row; moments in the payload become datetimes again."""
    kind = Event.kinds[row.kind]
    return msgspec.convert(
        {
            **row.payload,
            "at": row.at,
            "actor": {"kind": row.actor_kind, "id": row.actor_id},
            "conversation_id": row.conversation_id,
            "item_id": row.item_id,
            "cause": row.cause,
        },
        kind,
    )


async def of_conversation(tx: Tx, conversation_id: int) -> list[EventRow]:
    """Everything that happened in a conversation, oldest first."""
    return await tx.all(
        EventRow,
        """select id, kind, at, recorded_at, conversation_id, item_id, actor_kind, actor_id, cause, payload
             from event where desk_id = %(desk)s and conversation_id = %(id)s order by id""",
        id=conversation_id,
    )
