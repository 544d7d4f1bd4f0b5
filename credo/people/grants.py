"""What colleagues may see: mailboxes granted to them, teams they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from credo.access import Actor, ensure, may_administer
from credo.base import clock
from credo.base.db import Tx
from credo.base.errors import NotFound
from credo.history import record
from credo.people.events import GrantsChanged


async def give(tx: Tx, actor: Actor, agent_id: int, mailboxes: Sequence[int], teams: Sequence[int]) -> None:
    """Let a colleague see exactly these mailboxes and belong to exactly these teams; for administrators."""
    ensure(may_administer(actor))
    if not await tx.value("select true from agent where desk_id = %(desk)s and id = %(id)s", id=agent_id):
        raise NotFound
    await write(tx, actor, agent_id, mailboxes, teams)


async def write(tx: Tx, actor: Actor, agent_id: int, mailboxes: Sequence[int], teams: Sequence[int]) -> None:
    """Replace the grants of a colleague; raises NotFound for a mailbox or team that is not of this desk."""
    if sorted(mailboxes) == await _granted(tx, agent_id) and sorted(teams) == await _member_of(tx, agent_id):
        return
    await _replace_mailboxes(tx, actor, agent_id, set(mailboxes))
    await _replace_teams(tx, agent_id, set(teams))
    await _changed(tx, actor, agent_id)


@dataclass(frozen=True, slots=True)
class Granted:
    """A mailbox that can be granted."""

    id: int
    name: str


async def mailboxes(tx: Tx, actor: Actor) -> list[Granted]:
    """The mailboxes in use that `actor` may see."""
    return await tx.all(
        Granted,
        """select id, name from mailbox
            where desk_id = %(desk)s and state <> 'archived' and (%(all)s or id = any(%(own)s))
            order by lower(name), id""",
        all=actor.sees_all,
        own=list(actor.mailboxes),
    )


async def of_mailbox(tx: Tx, mailbox_id: int) -> list[int]:
    """The colleagues whom a mailbox is granted to."""
    return await tx.values(
        "select agent_id from mailbox_grant where desk_id = %(desk)s and mailbox_id = %(mailbox)s order by agent_id",
        mailbox=mailbox_id,
    )


async def give_mailbox(tx: Tx, actor: Actor, mailbox_id: int, agent_ids: Sequence[int]) -> None:
    """Let exactly these colleagues see a mailbox; for administrators."""
    ensure(may_administer(actor))
    before, after = set(await of_mailbox(tx, mailbox_id)), set(agent_ids)
    for agent_id in sorted(before ^ after):
        kept = set(await _granted(tx, agent_id))
        await _replace_mailboxes(tx, actor, agent_id, kept ^ {mailbox_id})
        await _changed(tx, actor, agent_id)


async def give_team(tx: Tx, actor: Actor, team_id: int, agent_ids: Sequence[int]) -> None:
    """Let exactly these colleagues belong to a team; for administrators."""
    ensure(may_administer(actor))
    before = set(
        await tx.values("select agent_id from team_member where desk_id = %(desk)s and team_id = %(id)s", id=team_id)
    )
    for agent_id in sorted(before ^ set(agent_ids)):
        kept = set(await _member_of(tx, agent_id))
        await _replace_teams(tx, agent_id, kept ^ {team_id})
        await _changed(tx, actor, agent_id)


async def _granted(tx: Tx, agent_id: int) -> list[int]:
    return await tx.values(
        "select mailbox_id from mailbox_grant where desk_id = %(desk)s and agent_id = %(agent)s order by 1",
        agent=agent_id,
    )


async def _member_of(tx: Tx, agent_id: int) -> list[int]:
    return await tx.values(
        "select team_id from team_member where desk_id = %(desk)s and agent_id = %(agent)s order by 1", agent=agent_id
    )


async def _replace_mailboxes(tx: Tx, actor: Actor, agent_id: int, mailboxes: set[int]) -> None:
    await tx.run(
        """delete from mailbox_grant
            where desk_id = %(desk)s and agent_id = %(agent)s and mailbox_id <> all(%(mailboxes)s)""",
        agent=agent_id,
        mailboxes=list(mailboxes),
    )
    await tx.run(
        """insert into mailbox_grant (desk_id, mailbox_id, agent_id, granted_by, granted_at)
           select m.desk_id, m.id, a.id, %(by)s, %(now)s from mailbox m, agent a
            where m.desk_id = %(desk)s and m.id = any(%(mailboxes)s) and a.desk_id = %(desk)s and a.id = %(agent)s
           on conflict do nothing""",
        agent=agent_id,
        mailboxes=list(mailboxes),
        by=actor.agent_id,
        now=clock.now(),
    )
    if len(await _granted(tx, agent_id)) != len(mailboxes):
        raise NotFound


async def _replace_teams(tx: Tx, agent_id: int, teams: set[int]) -> None:
    await tx.run(
        "delete from team_member where desk_id = %(desk)s and agent_id = %(agent)s and team_id <> all(%(teams)s)",
        agent=agent_id,
        teams=list(teams),
    )
    await tx.run(
        """insert into team_member (desk_id, team_id, agent_id, added_at)
           select t.desk_id, t.id, a.id, %(now)s from team t, agent a
            where t.desk_id = %(desk)s and t.id = any(%(teams)s) and a.desk_id = %(desk)s and a.id = %(agent)s
           on conflict do nothing""",
        agent=agent_id,
        teams=list(teams),
        now=clock.now(),
    )
    if len(await _member_of(tx, agent_id)) != len(teams):
        raise NotFound


async def _changed(tx: Tx, actor: Actor, agent_id: int) -> None:
    await record(
        tx,
        GrantsChanged(
            at=clock.now(),
            actor=actor.as_author(),
            agent_id=agent_id,
            mailboxes=tuple(await _granted(tx, agent_id)),
            teams=tuple(await _member_of(tx, agent_id)),
        ),
    )
