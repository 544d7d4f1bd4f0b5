"""/conversations/{id}/snooze: put aside until a moment."""

from __future__ import annotations

from dataclasses import dataclass

from litestar import delete, put
from litestar.params import JSONBody

from credo.api.door import Asker, Work
from credo.api.values import Id, Moment
from credo.base.errors import Conflict
from credo.conversations import conversation, snoozing, state


class NotSnoozed(Conflict):
    """This conversation is not put aside."""


@dataclass(frozen=True, slots=True)
class Snooze:
    """When it comes back by itself."""

    until: Moment


@put("/conversations/{id:int}/snooze", operation_id="snooze", status_code=204)
async def snooze(tx: Work, actor: Asker, id: Id, data: JSONBody[Snooze]) -> None:
    """Put aside until a moment ahead; a customer's word brings it back before."""
    await snoozing.snooze(tx, actor, id, data.until)


@delete("/conversations/{id:int}/snooze", operation_id="wake", status_code=204)
async def wake(tx: Work, actor: Asker, id: Id) -> None:
    """Bring it back now, as our turn."""
    if (await conversation.get(tx, actor, id, for_change=True)).state != "snoozed":
        raise NotSnoozed
    await state.reopen(tx, actor, id)


HANDLERS = [snooze, wake]
