"""The database and Python give the same answer, row for row, on a table filled with what is known and unknown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row
from psycopg.sql import SQL, Identifier

from conditions.chance import PROVING, Chance
from conditions.words import FACTS, VOCABULARY
from credo.conditions import Condition, NotInSql, lower, read

CASES = 20_000 if PROVING else 2_000
AT_ONCE = 40
COLUMNS = {
    "bool": "boolean",
    "int": "bigint",
    "double": "double precision",
    "string": "text",
    "timestamp": "timestamptz",
    "duration": "interval",
    "list(string)": "text[]",
}
BINDINGS = {name: SQL("known.{}").format(Identifier(name)) for name in VOCABULARY}
EXTREMES: list[dict[str, object]] = [
    {},
    {"ticket.waiting_h": float("nan"), "ticket.limit_h": float("inf"), "customer.emotion_strength": float("-inf")},
    {"ticket.waiting_h": 1e200, "ticket.limit_h": 1e-200, "customer.emotion_strength": 1.7e308},
    {"ticket.waiting_h": 5e-324, "ticket.limit_h": 1e150, "customer.emotion_strength": -1e150},
    {"ticket.reopens": 2**63 - 1, "ticket.silence": timedelta(days=3_652_500)},
    {"ticket.reopens": -(2**63), "ticket.silence": timedelta(days=-3_652_500)},
    {"ticket.created": datetime.max.replace(tzinfo=UTC), "now.ts": datetime.min.replace(tzinfo=UTC)},
    {"customer.tags": [], "agent.skills": ["a"] * 101, "ticket.subject": "", "ticket.topic": "a" * 5000},
    {"customer.tags": ["a", None], "agent.skills": ["a"] * 100, "ticket.subject": "\\", "ticket.topic": "%"},
]


@pytest.fixture(scope="module")
def table(database_url: str) -> Iterator[psycopg.Connection[dict[str, Any]]]:
    """A table with a column for each field; its zone has a summer time, which must not matter."""
    with psycopg.connect(database_url, row_factory=dict_row) as connection:
        connection.execute("set time zone 'Europe/Berlin'")
        columns = [SQL("{} " + COLUMNS[one.type]).format(Identifier(one.name)) for one in VOCABULARY.fields.values()]
        connection.execute(SQL("create temp table known (row int, {})").format(SQL(", ").join(columns)))
        chance = Chance(7, everything=True)
        rows = [*EXTREMES, FACTS, *(chance.facts() for _ in range(15)), *(chance.partial_facts() for _ in range(15))]
        for number, row in enumerate(rows):
            filled: dict[str, object] = {**dict.fromkeys(VOCABULARY), **row}
            marks = SQL(", ").join(SQL("%s") for _ in filled)
            connection.execute(
                SQL("insert into known values ({}, {})").format(SQL(str(number)), marks), list(filled.values())
            )
        yield connection
        connection.rollback()


def in_sql(table: psycopg.Connection[dict[str, Any]], conditions: list[Condition]) -> list[list[bool | None]]:
    asked = [lower(one, BINDINGS) + SQL(' as "{}"').format(SQL(str(at))) for at, one in enumerate(conditions)]
    # With a parameter beside it, so that a percent sign in a condition would be taken for another one.
    statement = SQL("select {} from known where row >= %(from)s order by row").format(SQL(", ").join(asked))
    rows = table.execute(statement, {"from": 0}).fetchall()
    return [[row[str(at)] for row in rows] for at in range(len(conditions))]


def in_python(table: psycopg.Connection[dict[str, Any]], conditions: list[Condition]) -> list[list[bool | None]]:
    table.execute("set time zone 'UTC'")  # the first and the last moment have no wall clock in other zones
    rows = table.execute("select * from known order by row").fetchall()
    table.execute("set time zone 'Europe/Berlin'")
    return [[one.holds(row) for row in rows] for one in conditions]


def test_database_and_python_agree(table: psycopg.Connection[dict[str, Any]]) -> None:
    chance = Chance(20, everything=True)
    seen = {True: 0, False: 0, None: 0}
    for _ in range(CASES // AT_ONCE):
        conditions = [read(chance.condition(), VOCABULARY) for _ in range(AT_ONCE)]
        for condition, sql, python in zip(
            conditions, in_sql(table, conditions), in_python(table, conditions), strict=True
        ):
            assert sql == python, condition.text
            for answer in python:
                seen[answer] += 1
    assert min(seen.values()) > CASES


@pytest.mark.parametrize(
    "condition",
    [
        'ticket.subject.contains("%") || ticket.subject.contains("_") || ticket.subject.endsWith("\\\\")',
        'ticket.subject.contains("{}") || ticket.subject == "%(row)s"',
        "ticket.reopens + 1 > 0 && ticket.reopens * ticket.reopens * ticket.reopens > 0",
        "--9223372036854775808 > 0 || -ticket.reopens > 0",
        "ticket.waiting_h * ticket.limit_h > 0.0 || ticket.waiting_h - ticket.limit_h == 0.0",
        "ticket.waiting_h == ticket.waiting_h && ticket.waiting_h >= 1e308",
        "ticket.created + duration('24h') > now.ts",
        "now.ts - ticket.created > duration('24h')",
        "ticket.created in [now.ts, ticket.created + ticket.silence]",
        "[ticket.created, now.ts].exists(x, x > timestamp('2026-03-28T12:00:00Z'))",
        "[ticket.silence].all(x, x + x > duration('0s'))",
        "ticket.silence + ticket.silence > ticket.silence",
        "[] == [] && [] + customer.tags == customer.tags + [] && size([] + []) == 0",
        "[] == [1] || [1] + [] == [ticket.reopens]",
        "[1.5, ticket.waiting_h].exists(x, x > 1.0)",
        "[true, customer.new].all(x, x)",
        "customer.new in [true, false] && ticket.reopens in []",
        "'a' in customer.tags + agent.skills && 3 in [1] + [2, ticket.reopens]",
        "ticket.created in [now.ts] + [ticket.created]",
        "customer.tags.exists(t, agent.skills.all(s, s != t && ticket.subject + s != t))",
        "size(customer.tags + agent.skills) > 2",
        "ticket.subject < ticket.topic || ticket.subject + 'a' == ticket.topic + 'a'",
        "has(customer.tags) && !has(agent.skills)",
        "ticket.reopens in [ticket.reopens, 1] || ticket.subject in [ticket.topic]",
        "1" + " + 1" * 18 + " == 19",
        " || ".join(f"ticket.reopens == {n}" for n in range(80)),
    ],
)
def test_what_engines_see_differently(table: psycopg.Connection[dict[str, Any]], condition: str) -> None:
    read_once = [read(condition, VOCABULARY)]
    assert in_sql(table, read_once) == in_python(table, read_once)


def test_a_field_that_the_database_does_not_know() -> None:
    with pytest.raises(NotInSql, match=r"“ticket\.topic”") as found:
        lower(read("customer.new || ticket.topic == 'a'", VOCABULARY), {"customer.new": SQL("true")})
    assert found.value.name == "ticket.topic"
    assert found.value.said() == "The database does not know “ticket.topic” here, so it cannot judge this condition."


def test_the_statement_grows_with_the_condition_and_not_faster() -> None:
    def size(terms: int) -> int:
        return len(lower(read("1" + " + 1" * terms + " == 1", VOCABULARY), {}).as_string(None))

    assert size(18) - size(17) == size(3) - size(2)


@pytest.mark.parametrize(
    ("condition", "index"),
    [
        ("ticket.channel == 'email'", "channel_index"),
        ("ticket.channel in ['email', 'form']", "channel_index"),
        ("ticket.reopens > 1000000", "reopens_index"),
        ("ticket.created > timestamp('2027-01-01T00:00:00Z')", "created_index"),
    ],
)
def test_an_index_serves_a_lowered_condition(database_url: str, condition: str, index: str) -> None:
    names = {"ticket.channel": "k.channel", "ticket.reopens": "k.reopens", "ticket.created": "k.created"}
    bindings = {name: SQL(column) for name, column in names.items()}  # type: ignore[arg-type]
    with psycopg.connect(database_url) as connection:
        connection.execute("create temp table k (channel text, reopens bigint, created timestamptz)")
        connection.execute(
            """insert into k select 'chat', n, '2026-01-01'::timestamptz + n * interval '1 minute'
                 from generate_series(1, 20000) as s(n)"""
        )
        for column in ("channel", "reopens", "created"):
            connection.execute(
                SQL("create index {} on k ({})").format(Identifier(f"{column}_index"), Identifier(column))
            )
        connection.execute("analyze k")
        plan = connection.execute(
            SQL("explain select 1 from k where {}").format(lower(read(condition, VOCABULARY), bindings))
        )
        assert any(index in line for (line,) in plan)
        connection.rollback()
