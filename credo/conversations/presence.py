"""Who looks at a conversation or writes in it now: leases of thirty seconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from credo.access import Actor
from credo.base.db import Tx
from credo.conversations.conversation import get, tell

Doing = Literal["viewing", "writing"]


@dataclass(frozen=True, slots=True)
class Present:
    """A colleague who is here now."""

    agent_id: int
    name: str
    doing: Doing


async def here(tx: Tx, actor: Actor, id: int, doing: Doing) -> None:
    """Renew `actor`'s lease; colleagues are told when somebody comes or starts to write, not at each renewal."""
    await get(tx, actor, id)
    was = await tx.value(
        """select doing from presence where desk_id = %(desk)s and conversation_id = %(id)s and agent_id = %(agent)s
              and until > now()""",
        id=id,
        agent=actor.agent_id,
    )
    await tx.run(
        """insert into presence (desk_id, conversation_id, agent_id, doing, until)
           values (%(desk)s, %(id)s, %(agent)s, %(doing)s, now() + interval '30 seconds')
           on conflict (desk_id, conversation_id, agent_id)
           do update set doing = excluded.doing, until = excluded.until""",
        id=id,
        agent=actor.agent_id,
        doing=doing,
    )
    if was != doing:
        await tell(tx, id, "presence")


async def gone(tx: Tx, actor: Actor, id: int) -> None:
    """End `actor`'s lease at once."""
    if await tx.run(
        "delete from presence where desk_id = %(desk)s and conversation_id = %(id)s and agent_id = %(agent)s",
        id=id,
        agent=actor.agent_id,
    ):
        await tell(tx, id, "presence")


async def present(tx: Tx, actor: Actor, id: int) -> list[Present]:
    """The other colleagues who are here now, writers first."""
    await get(tx, actor, id)
    return await tx.all(
        Present,
        """select p.agent_id, a.name, p.doing from presence p
             join agent a on a.desk_id = p.desk_id and a.id = p.agent_id
            where p.desk_id = %(desk)s and p.conversation_id = %(id)s and p.agent_id <> %(me)s and p.until > now()
            order by p.doing desc, a.sort_key limit 20""",
        id=id,
        me=actor.agent_id,
    )
