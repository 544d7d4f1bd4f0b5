"""Release: when the time to undo is over, an answer counts as given, dated at the press of Send."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from credo.base.clock import now
from credo.base.db import Db, Tx
from credo.conversations.conversation import tell
from credo.conversations.events import Replied
from credo.history import Actor, by_agent, by_system, record


@dataclass(frozen=True, slots=True)
class _Held:
    id: int
    item_id: int | None
    conversation_id: int | None
    kind: str
    pressed_at: datetime


@dataclass(frozen=True, slots=True)
class _Item:
    seq: int
    agent_id: int | None


async def release_due(db: Db, *, limit: int = 200) -> int:
    """Release every mail whose time has come and return how many; each in its own transaction."""
    released = 0
    async with db.reading(0) as tx:
        desks = await tx.values(
            "select distinct desk_id from outbox where state = 'held' and release_at <= %(now)s", now=now()
        )
    for desk_id in desks:
        while released < limit:
            async with db.transaction(desk_id) as tx:
                if not await release_next(tx):
                    break
            released += 1
    return released


async def release_next(tx: Tx) -> bool:
    """Release the mail of this desk whose time came first; False when none is due."""
    held = await tx.maybe(
        _Held,
        """update outbox set state = 'ready', next_try_at = %(now)s
            where desk_id = %(desk)s and id = (
              select id from outbox where desk_id = %(desk)s and state = 'held' and release_at <= %(now)s
               order by release_at, id limit 1 for update skip locked)
        returning id, item_id, conversation_id, kind, pressed_at""",
        now=now(),
    )
    if held is None:
        return False
    if held.item_id is not None and held.conversation_id is not None:
        await _show(tx, held, held.item_id, held.conversation_id)
    return True


async def _show(tx: Tx, held: _Held, item_id: int, conversation_id: int) -> None:
    item = await tx.one(
        _Item,
        """update item set state = case when state = 'held' then 'shown' else state end
            where desk_id = %(desk)s and id = %(id)s returning seq, agent_id""",
        id=item_id,
    )
    if held.kind == "reply":
        await record(
            tx,
            Replied(
                at=held.pressed_at,
                actor=_writer(item),
                conversation_id=conversation_id,
                item_id=item_id,
                seq=item.seq,
                outbox_id=held.id,
            ),
        )
    await tell(tx, conversation_id)


def _writer(item: _Item) -> Actor:
    return by_agent(item.agent_id) if item.agent_id is not None else by_system()
