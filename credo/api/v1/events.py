"""/conversations/{id}/events: everything that happened, as it was recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from litestar import get

from credo import history
from credo.api.door import Asker, Work
from credo.api.values import Id, Listed, Moment, shaped
from credo.conversations import conversation


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. `cause` names the rule, promise and version behind an automatic act.

    `at` is when it happened, `recorded_at` when it was written down. The payload holds ids, codes and numbers only.
    """

    id: int
    kind: str
    at: Moment
    recorded_at: Moment
    item_id: int | None
    actor_kind: Literal["agent", "customer", "system"]
    actor_id: int | None
    cause: dict[str, Any] | None
    payload: dict[str, Any]


@get("/conversations/{id:int}/events", operation_id="list_events")
async def index(tx: Work, actor: Asker, id: Id) -> Listed[Event]:
    """Read everything that happened in a conversation, oldest first."""
    await conversation.get(tx, actor, id)
    return Listed([shaped(Event, one) for one in await history.of_conversation(tx, id)])


HANDLERS = [index]
