"""Read and understood: one check question a changed part. Others learn sums of five people or more, never who."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from credo.access import Actor
from credo.base import clock
from credo.base.db import Tx
from credo.base.errors import Conflict, NotFound
from credo.philosophy.questions import Question
from credo.philosophy.versions import version

FEWEST = 5
Answered = Literal["right", "wrong"]


class NoQuestion(NotFound):
    """Nothing is asked about this part."""


class AlreadyAnswered(Conflict):
    """You have answered this rightly already."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what this colleague has made of it: nothing yet, wrong so far, or right."""

    question: Question
    answer: Answered | None


@dataclass(frozen=True, slots=True)
class Department:
    """How far a team is, in sums of five people or more; None where so few have answered that it would tell on them.

    `understood` are those who answered everything rightly, `at_once` the share of first answers that were right.
    """

    team_id: int
    name: str
    people: int
    understood: int | None
    at_once: float | None


async def asked(tx: Tx, actor: Actor, version_id: int) -> list[Asked]:
    """What a version asks, in the order of the document, with the colleague's own answers; raises NotFound."""
    answers = {
        one.part: one.answer
        for one in await tx.all(
            _Answer,
            """select distinct on (part) part, answer from acknowledgement
                where desk_id = %(desk)s and version_id = %(version)s and agent_id = %(agent)s
                order by part, answer = 'right' desc, id desc""",
            version=version_id,
            agent=actor.agent_id,
        )
    }
    return [Asked(one, answers.get(one.part)) for one in await _questions(tx, version_id)]


async def answer(tx: Tx, actor: Actor, version_id: int, part: str, option: str) -> bool:
    """Take a colleague's answer about one part, and say whether it is right. A wrong one can be given again.

    Raises NotFound, NoQuestion, BadQuestion for what is no option, and AlreadyAnswered.
    """
    found = next((one for one in await asked(tx, actor, version_id) if one.question.part == part), None)
    if found is None:
        raise NoQuestion
    if found.answer == "right":
        raise AlreadyAnswered
    right = found.question.is_right(option)
    await tx.run(
        """insert into acknowledgement (desk_id, version_id, agent_id, part, answer, at)
           values (%(desk)s, %(version)s, %(agent)s, %(part)s, %(answer)s, %(now)s)""",
        version=version_id,
        agent=actor.agent_id,
        part=part,
        answer="right" if right else "wrong",
        now=clock.now(),
    )
    return right


async def board(tx: Tx, version_id: int) -> list[Department]:
    """The teams by name. Only teams of five people or more have figures, and those count people by fives.

    So one more answer never moves a figure. Two teams that differ by fewer than five people do not both have figures,
    because the difference would tell on these few.
    """
    parts = {one.part for one in await _questions(tx, version_id)}
    teams = await _teams(tx)
    said = await _said(tx, version_id, parts)
    shown: list[frozenset[int]] = []
    figures: dict[int, tuple[int | None, float | None]] = {}
    for team in sorted(teams, key=lambda one: (-len(one.members), one.id)):
        members = frozenset(team.members)
        if _apart(members, shown):
            shown.append(members)
            figures[team.id] = _figures([said[one] for one in team.members if one in said])
    return [Department(one.id, one.name, len(one.members), *figures.get(one.id, (None, None))) for one in teams]


@dataclass(frozen=True, slots=True)
class _Answer:
    part: str
    answer: Answered


@dataclass(frozen=True, slots=True)
class _Team:
    id: int
    name: str
    members: list[int]


@dataclass(frozen=True, slots=True)
class _Said:
    """One colleague: when the last part was understood (None: not yet), and how many first answers were right."""

    agent_id: int
    done_at: datetime | None
    first_at: datetime
    first_right: int
    first: int


def _apart(members: frozenset[int], shown: Iterable[frozenset[int]]) -> bool:
    """Whether a team has enough people, also in what it has more or less than one already shown."""
    if len(members) < FEWEST:
        return False
    return not any(0 < len(rest) < FEWEST for one in shown for rest in (members - one, one - members))


def _figures(said: list[_Said]) -> tuple[int | None, float | None]:
    done = sum(one.done_at is not None for one in said) // FEWEST * FEWEST
    begun = sorted(said, key=lambda one: one.first_at)[: len(said) // FEWEST * FEWEST]
    share = sum(one.first_right for one in begun) / sum(one.first for one in begun) if begun else None
    return done or None, share


async def _questions(tx: Tx, version_id: int) -> list[Question]:
    await version(tx, version_id)
    stored: list[dict[str, Any]] = await tx.value(
        "select questions from philosophy_version where desk_id = %(desk)s and id = %(id)s", id=version_id
    )
    return [Question.restored(one) for one in stored]


async def _teams(tx: Tx) -> list[_Team]:
    return await tx.all(
        _Team,
        """select t.id, t.name,
                  array(select m.agent_id from team_member m
                          join agent a on a.desk_id = %(desk)s and a.id = m.agent_id and a.state = 'active'
                         where m.desk_id = %(desk)s and m.team_id = t.id) as members
             from team t where t.desk_id = %(desk)s and t.archived_at is null order by t.sort_key, t.id""",
    )


async def _said(tx: Tx, version_id: int, parts: set[str]) -> dict[int, _Said]:
    found = await tx.all(
        _Said,
        """with given as (
             select agent_id, part, at, answer,
                    row_number() over (partition by agent_id, part order by id) as turn
               from acknowledgement where desk_id = %(desk)s and version_id = %(version)s and part = any(%(parts)s))
           select agent_id,
                  case when count(distinct part) filter (where answer = 'right') = %(number)s
                       then max(at) filter (where answer = 'right') end as done_at,
                  min(at) as first_at,
                  count(*) filter (where turn = 1 and answer = 'right') as first_right,
                  count(*) filter (where turn = 1) as first
             from given group by agent_id""",
        version=version_id,
        parts=list(parts),
        number=len(parts),
    )
    return {one.agent_id: one for one in found}
