"""When the hours are changed for once, the clocks that run come to their new due times, a few conversations a job."""

from __future__ import annotations

from collections.abc import Iterable

from credo.base.db import Db, Tx
from credo.base.jobs import defer
from credo.history import Recorded
from credo.philosophy import OneOffEnded, OneOffMade
from credo.promises.clocks import settle

_A_JOB = 25


async def move(tx: Tx, recorded: Recorded) -> None:
    """A one-off was made or ended: queue every conversation with a clock that it may move.

    Until its turn comes the worker's bell reckons with the new hours too, so that nothing breaks that has moved.
    """
    event = recorded.event
    if not isinstance(event, OneOffMade | OneOffEnded):
        return
    ids = await tx.values(
        """select distinct c.conversation_id from philosophy_exception x
             join due d on d.desk_id = x.desk_id and d.at > x.from_at
             join clock c on c.desk_id = d.desk_id and c.id = d.clock_id
            where x.desk_id = %(desk)s and x.id = %(id)s and x.kind in ('closed_today', 'changed_hours')
              and (x.calendar is null or x.calendar = c.calendar)
            order by 1""",
        id=event.exception_id,
    )
    for first in range(0, len(ids), _A_JOB):
        await defer(tx, "move_clocks", conversation_ids=ids[first : first + _A_JOB])


async def move_all(db: Db, desk_id: int, conversation_ids: Iterable[int]) -> None:
    """Bring the clocks of each of these conversations to what the events say, one transaction each."""
    for id in conversation_ids:
        async with db.transaction(desk_id) as tx:
            await settle(tx, id)
