"""Who has it: one colleague or nobody, and the team it lies with."""

from __future__ import annotations

from dataclasses import dataclass

from credo.access import Actor
from credo.base import clock
from credo.base.db import Tx
from credo.base.errors import Invalid
from credo.conversations import events, items
from credo.conversations.conversation import Conversation, get, lock, tell
from credo.history import Actor as Author
from credo.history import Recorded, by_system, record


class CannotSee(Invalid):
    """This colleague may not see the conversation; grant the mailbox or the team first."""


async def assign(tx: Tx, actor: Actor, id: int, to: int | None) -> None:
    """Hand the conversation to `to`, or back to the team when None; raises CannotSee when `to` may not see it."""
    conversation = await get(tx, actor, id, for_change=True)
    if conversation.assignee_id == to:
        return
    if to is not None and not await _may_see(tx, conversation, to):
        raise CannotSee
    await _give(tx, conversation, to, conversation.team_id, actor.as_author())


async def move_to_team(tx: Tx, actor: Actor, id: int, team_id: int | None) -> None:
    """Lay the conversation with a team; whoever has it keeps it only if they may still see it."""
    conversation = await get(tx, actor, id, for_change=True)
    if conversation.team_id == team_id:
        return
    if team_id is not None and not await tx.value(
        "select 1 from team where desk_id = %(desk)s and id = %(id)s and archived_at is null", id=team_id
    ):
        raise Invalid("There is no such team.")
    await tx.run(
        "update conversation set team_id = %(team)s where desk_id = %(desk)s and id = %(id)s", id=id, team=team_id
    )
    moved = await lock(tx, id)
    keeps = moved.assignee_id is not None and await _may_see(tx, moved, moved.assignee_id)
    await _give(tx, moved, moved.assignee_id if keeps else None, team_id, actor.as_author())


async def hand_back(tx: Tx, recorded: Recorded) -> None:
    """When a colleague is deactivated: everything open that they had goes back to its team."""
    agent_id = getattr(recorded.event, "agent_id")  # noqa: B009 - the event belongs to a room this one does not name
    open_work = await tx.values(
        """select id from conversation where desk_id = %(desk)s and assignee_id = %(agent)s
              and state in ('open', 'waiting', 'snoozed') order by id""",
        agent=agent_id,
    )
    for id in open_work:
        conversation = await lock(tx, id)
        await _give(tx, conversation, None, conversation.team_id, by_system())


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who could be handed a conversation."""

    id: int
    name: str


async def candidates(tx: Tx, actor: Actor, id: int) -> list[Colleague]:
    """The active colleagues who may see the conversation, by name."""
    conversation = await get(tx, actor, id)
    return await tx.all(
        Colleague,
        f"""select a.id, a.name from agent a
             where a.desk_id = %(desk)s and a.state = 'active' and {_SEES} order by a.sort_key, a.id limit 500""",
        mailbox=conversation.mailbox_id,
        team=conversation.team_id,
    )


_SEES = """(a.role = 'admin'
            or exists (select from mailbox_grant g where g.desk_id = a.desk_id and g.agent_id = a.id
                         and g.mailbox_id = %(mailbox)s)
            or exists (select from team_member t where t.desk_id = a.desk_id and t.agent_id = a.id
                         and t.team_id = %(team)s))"""


async def _may_see(tx: Tx, conversation: Conversation, agent_id: int) -> bool:
    return bool(
        await tx.value(
            f"""select 1 from agent a
                 where a.desk_id = %(desk)s and a.id = %(agent)s and a.state = 'active' and {_SEES}""",
            agent=agent_id,
            mailbox=conversation.mailbox_id,
            team=conversation.team_id,
        )
    )


async def _give(tx: Tx, conversation: Conversation, to: int | None, team_id: int | None, by: Author) -> None:
    await tx.run(
        "update conversation set assignee_id = %(to)s where desk_id = %(desk)s and id = %(id)s",
        id=conversation.id,
        to=to,
    )
    await tx.run(
        """insert into assignment (desk_id, conversation_id, agent_id, team_id, by_kind, by_id, at)
           values (%(desk)s, %(id)s, %(to)s, %(team)s, %(by_kind)s, %(by_id)s, %(at)s)""",
        id=conversation.id,
        to=to,
        team=team_id,
        by_kind=by.kind,
        by_id=by.id,
        at=clock.now(),
    )
    assigned = events.Assigned(
        at=clock.now(), actor=by, conversation_id=conversation.id, to=to, was=conversation.assignee_id, team=team_id
    )
    await items.line(tx, await record(tx, assigned))
    await tell(tx, conversation.id)
