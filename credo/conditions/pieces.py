"""The pieces of SQL that conditions are made of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from psycopg.sql import SQL, Composable

from credo.conditions.arithmetic import LARGEST, SMALLEST
from credo.conditions.moments import RECKONED
from credo.conditions.tree import LEAST_INT, MOST_INT, Literal
from credo.conditions.types import EMPTY, entries

_MICROSECOND = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ARRAYS = {
    "bool": "boolean[]",
    "int": "numeric[]",
    "double": "float8[]",
    "string": "text[]",
    "timestamp": "numeric[]",
    "duration": "numeric[]",
}


class Lowered(NamedTuple):
    """A part as SQL. Moments are `native`, as timestamptz, until somebody reckons with them."""

    type: str
    sql: Composable
    native: bool = False


def raw(text: str) -> SQL:
    """Text that is SQL as it stands; it holds nothing that somebody wrote, or is quoted."""
    return SQL(text)


def put(template: str, *parts: Composable) -> Composable:
    """The template with its `{}` filled in."""
    return raw(template).format(*parts)


def joined(between: str, parts: Sequence[Composable]) -> Composable:
    """The parts with something between them."""
    return raw(between).join(parts)


def literal(tree: Literal) -> Lowered:
    """A written value."""
    match tree.value:
        case bool():
            return Lowered("bool", raw(str(tree.value).lower()))
        case int():
            return Lowered("int", raw(f"({tree.value})"))
        case float():
            return Lowered("double", raw(f"'{tree.value!r}'::float8"))
        case timedelta():
            return Lowered("duration", raw(f"({tree.value // _MICROSECOND})"))
        case datetime():
            return Lowered("timestamp", raw(f"'{tree.value.isoformat()}'::timestamptz"), native=True)
        case text:
            return Lowered("string", raw(_quoted(text)))


def _quoted(text: str) -> str:
    """As an SQL text without a percent sign, which would begin a parameter in some statements and not in others."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("%", "\\x25")
    return f"E'{escaped}'::text" if escaped != text else f"'{text}'::text"


def numeric(part: Lowered) -> Lowered:
    """A moment as microseconds since 1970; other parts as they are."""
    if not part.native:
        return part
    return Lowered(part.type, put("(extract(epoch from {}) * 1000000)", part.sql))


def alike(parts: Sequence[Lowered]) -> list[Lowered]:
    """Moments that meet reckoned ones become numbers too."""
    return list(parts) if all(part.native for part in parts) else [numeric(part) for part in parts]


def collated(part: Lowered) -> Composable:
    """Texts in the order of their characters' numbers, as Python has it."""
    return put('{} collate "C"', part.sql) if entries(part.type) == "string" or part.type == "string" else part.sql


def within(type: str, reckoned: Composable) -> Composable:
    """The outcome, or null when it is outside of what the type can hold."""
    least, most = _ranges()[type]
    template = (
        f"(select case when cel.n between {least} and {most} then cel.n end from (select {{}} offset 0) as cel(n))"
    )
    return put(template, reckoned)


def _ranges() -> dict[str, tuple[int, int]]:
    moments = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))
    first, last = ((moment - _EPOCH) // _MICROSECOND for moment in moments)
    longest = RECKONED // _MICROSECOND
    return {"int": (LEAST_INT, MOST_INT), "timestamp": (first, last), "duration": (-longest, longest)}


def ordinary(sign: str, left: Composable, right: Composable) -> Composable:
    """A sum of numbers with a point, or null when one of them is so large or small that the database would refuse."""
    size = f"({{0}} = 0 or abs({{0}}) between {SMALLEST!r} and {LARGEST!r})"
    both = " and ".join(size.format(side) for side in ("cel.a", "cel.b"))
    template = f"(select case when {both} then cel.a {sign} cel.b end from (select {{}}, {{}} offset 0) as cel(a, b))"
    return put(template, left, right)


def typed_list(part: Lowered, other: str = EMPTY) -> Lowered:
    """The list with its type said; an empty one takes the type of the list that it meets."""
    if part.type == EMPTY:
        kind = _ARRAYS.get(entries(other), "text[]")
        return Lowered(EMPTY, raw(f"'{{}}'::{kind}"))
    return Lowered(part.type, put("({})::" + _ARRAYS[entries(part.type)], part.sql))


def joined_lists(left: Lowered, right: Lowered, type: str) -> Lowered:
    """One list after the other; PostgreSQL by itself takes an unknown one for an empty one."""
    sides: list[Any] = [typed_list(side, type).sql for side in (left, right)]
    template = """(select case when cel.a is not null and cel.b is not null then cel.a || cel.b end
 from (select {}, {} offset 0) as cel(a, b))"""
    return Lowered(type, put(template, *sides))
