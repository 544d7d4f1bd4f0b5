"""Read and understood: questions made from the change, one's own answers, and sums of five people or more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from credo.access import Actor
from credo.base.db import Db, Tx
from credo.philosophy import publish
from credo.philosophy.acknowledging import Department, answer, asked, board
from credo.philosophy.questions import BadQuestion, Question, questions
from support.desks import Desk
from support.documents import DEMO, governed

pytestmark = pytest.mark.anyio

FASTER = DEMO.replace("target: PT4H", "target: PT2H", 1)
RIGHT, WRONG = "measure.target: PT2H", "measure.target: PT4H"
PART = "promises/first-answer"


def test_a_question_is_made_from_the_change() -> None:
    (one,) = questions(DEMO, FASTER, {})
    assert (one.part, one.question, one.options[one.right]) == (PART, "", RIGHT)
    assert set(one.options) == {RIGHT, WRONG}
    assert one.is_right(RIGHT) and not one.is_right(WRONG)
    with pytest.raises(BadQuestion):
        one.is_right("PT3H")


def test_what_is_new_or_gone_is_held_against_nothing() -> None:
    before, added = governed("  owner: ada"), governed("  owner: ada\n  propose: anyone")
    (one,) = questions(before, added, {})
    assert (one.part, set(one.options), one.options[one.right]) == ("governance/propose", {"anyone", ""}, "anyone")
    (back,) = questions(added, before, {})
    assert back.options[back.right] == ""


@pytest.mark.parametrize(
    "wrong",
    [
        Question("title", "Which?", ("a", "b"), 0),
        Question(PART, "Which?", ("a",), 0),
        Question(PART, "Which?", ("a", "a"), 0),
        Question(PART, "Which?", ("a", "b"), 2),
        Question(PART, " ", ("a", "b"), 1),
    ],
)
def test_a_written_question_must_fit(wrong: Question) -> None:
    with pytest.raises(BadQuestion):
        questions(DEMO, FASTER, {wrong.part: wrong})


async def colleagues(tx: Tx, desk: Desk, team_id: int, number: int) -> list[Actor]:
    """So many more members of a team."""
    ids = await tx.values(
        """insert into agent (desk_id, email, name, sort_key, role, state)
           select %(desk)s, t || '.' || n || '@lumen.example', 'One', 'one', 'agent', 'active'
             from generate_series(1, %(n)s) n, (select %(team)s::bigint) x (t) returning id""",
        n=number,
        team=team_id,
    )
    await join(tx, team_id, ids)
    return [replace(desk.tom, agent_id=id) for id in ids]


async def join(tx: Tx, team_id: int, ids: list[int]) -> None:
    for id in ids:
        await tx.run(
            "insert into team_member (desk_id, team_id, agent_id) values (%(desk)s, %(team)s, %(id)s)",
            team=team_id,
            id=id,
        )


async def team(tx: Tx, name: str) -> int:
    return int(
        await tx.value(
            "insert into team (desk_id, name, sort_key) values (%(desk)s, %(n)s, %(n)s) returning id", n=name
        )
    )


async def version(tx: Tx, desk: Desk) -> int:
    await publish(tx, desk.ada.as_author(), DEMO)
    return (await publish(tx, desk.ada.as_author(), FASTER)).id


async def test_figures_count_people_by_fives(db: Db, desk: Desk) -> None:
    async with db.transaction(desk.id) as tx:
        id = await version(tx, desk)
        trade = await team(tx, "Trade")
        many = await colleagues(tx, desk, trade, 12)

        async def figures() -> tuple[int, int | None, float | None]:
            found = next(one for one in await board(tx, id) if one.team_id == trade)
            return found.people, found.understood, found.at_once

        seen = [await figures()]
        for who in many[:2]:
            assert not await answer(tx, who, id, PART, WRONG)
            seen.append(await figures())
        for who in many:
            assert await answer(tx, who, id, PART, RIGHT)
            seen.append(await figures())
    assert set(seen) == {(12, None, None), (12, 5, 3 / 5), (12, 10, 8 / 10)}
    # One person's answer alone never moves a figure: it moves with the fifth.
    assert seen.index((12, 5, 3 / 5)) == 7


async def test_small_teams_and_small_differences_have_no_figures(db: Db, desk: Desk) -> None:
    async with db.transaction(desk.id) as tx:
        id = await version(tx, desk)
        large, part, small = [await team(tx, name) for name in ("Large", "Part", "Small")]
        many = await colleagues(tx, desk, large, 8)
        await join(tx, part, [one.agent_id for one in many[:6]])
        few = await colleagues(tx, desk, small, 4)
        for who in (*many, *few):
            await answer(tx, who, id, PART, RIGHT)
        found = {one.name: one for one in await board(tx, id)}
    assert found["Large"] == Department(large, "Large", 8, 5, 1.0)
    assert found["Part"] == Department(part, "Part", 6, None, None)
    assert found["Small"] == Department(small, "Small", 4, None, None)


async def test_answers_are_ones_own(db: Db, desk: Desk) -> None:
    async with db.transaction(desk.id) as tx:
        id = await version(tx, desk)
        await answer(tx, desk.ines, id, PART, WRONG)
        await answer(tx, desk.ines, id, PART, RIGHT)
        assert [one.answer for one in await asked(tx, desk.ines, id)] == ["right"]
        assert [one.answer for one in await asked(tx, desk.tom, id)] == [None]
