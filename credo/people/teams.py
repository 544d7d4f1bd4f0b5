"""Teams: who answers together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from credo.access import Actor, ensure, may_administer
from credo.base import clock
from credo.base.db import Tx
from credo.base.errors import Conflict, NotFound
from credo.base.ids import fold
from credo.history import record
from credo.people import grants
from credo.people.desks import named
from credo.people.events import TeamArchived, TeamMade, TeamRenamed, TeamRestored


class TeamExists(Conflict):
    """There is a team of this name already."""


@dataclass(frozen=True, slots=True)
class Team:
    """A team with its members, as ids of colleagues who are active."""

    id: int
    name: str
    archived: bool
    members: list[int]


async def every(tx: Tx, actor: Actor) -> list[Team]:
    """All teams, the archived ones last; for administrators, others see the teams they belong to."""
    return await tx.all(
        Team,
        f"""{_SELECT} and (%(all)s or t.id = any(%(own)s))
            order by t.archived_at is not null, t.sort_key, t.id""",
        all=may_administer(actor) or actor.role == "lead",
        own=list(actor.teams),
    )


async def get(tx: Tx, actor: Actor, team_id: int) -> Team:
    """One team; for administrators."""
    ensure(may_administer(actor))
    return await tx.one(Team, f"{_SELECT} and t.id = %(id)s", id=team_id)


async def make(tx: Tx, actor: Actor, name: str, members: Sequence[int] = ()) -> int:
    """Found a team and return its id."""
    ensure(may_administer(actor))
    await _ensure_free(tx, name)
    team_id = await tx.value(
        "insert into team (desk_id, name, sort_key) values (%(desk)s, %(name)s, %(key)s) returning id",
        name=named(name),
        key=fold(named(name)),
    )
    await record(tx, TeamMade(at=clock.now(), actor=actor.as_author(), team_id=team_id))
    await grants.give_team(tx, actor, team_id, members)
    return int(team_id)


async def change(tx: Tx, actor: Actor, team_id: int, name: str, members: Sequence[int]) -> None:
    """Set name and members of a team."""
    team = await get(tx, actor, team_id)
    if named(name) != team.name:
        await _ensure_free(tx, name, but=team_id)
        await tx.run(
            "update team set name = %(name)s, sort_key = %(key)s where desk_id = %(desk)s and id = %(id)s",
            name=named(name),
            key=fold(named(name)),
            id=team_id,
        )
        await record(tx, TeamRenamed(at=clock.now(), actor=actor.as_author(), team_id=team_id))
    await grants.give_team(tx, actor, team_id, members)


async def archive(tx: Tx, actor: Actor, team_id: int) -> None:
    """Give the team nothing new; its members still see what lies with it."""
    ensure(may_administer(actor))
    changed = await tx.run(
        """update team set archived_at = %(now)s
            where desk_id = %(desk)s and id = %(id)s and archived_at is null""",
        now=clock.now(),
        id=team_id,
    )
    if not changed:
        raise NotFound
    await record(tx, TeamArchived(at=clock.now(), actor=actor.as_author(), team_id=team_id))


async def restore(tx: Tx, actor: Actor, team_id: int) -> None:
    """Let an archived team work again."""
    ensure(may_administer(actor))
    name = await tx.value(
        """update team set archived_at = null
            where desk_id = %(desk)s and id = %(id)s and archived_at is not null returning name""",
        id=team_id,
    )
    if name is None:
        raise NotFound
    await _ensure_free(tx, name, but=team_id)
    await record(tx, TeamRestored(at=clock.now(), actor=actor.as_author(), team_id=team_id))


async def _ensure_free(tx: Tx, name: str, but: int | None = None) -> None:
    taken = await tx.value(
        """select true from team where desk_id = %(desk)s and sort_key = %(key)s and archived_at is null
            and id is distinct from %(but)s""",
        key=fold(named(name)),
        but=but,
    )
    if taken:
        raise TeamExists


_SELECT = """
    select t.id, t.name, t.archived_at is not null as archived,
           array(select m.agent_id from team_member m
                   join agent a on a.desk_id = %(desk)s and a.id = m.agent_id and a.state <> 'deactivated'
                  where m.desk_id = %(desk)s and m.team_id = t.id order by a.sort_key, a.id) as members
      from team t where t.desk_id = %(desk)s"""
