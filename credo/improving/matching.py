"""Which conversations conditions would have matched, by what was known at each of their moments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.rows import dict_row
from psycopg.sql import SQL, Composable, Composed, Identifier

from credo.base.db import Tx
from credo.base.fields import Bindings
from credo.conditions import lower
from credo.conversations.fields import ASKS
from credo.improving.asking import Asked, MomentKind

_MOMENTS: Mapping[MomentKind, tuple[str, str]] = {
    "message": (ASKS, "e.id"),
    "answer": ("e.kind = 'message.replied'", "e.id - 1"),  # before it counts itself
    "solved": ("e.kind = 'conversation.solved'", "e.id"),
}


@dataclass(frozen=True, slots=True)
class Span:
    """The time that is looked at, and the last event that belongs to it."""

    since: datetime
    until: datetime
    last_event: int


@dataclass(frozen=True, slots=True)
class Found:
    """What a figure counts: conversations, each with the event at which it was so first."""

    figure: str
    conversation_ids: list[int]
    event_ids: list[int]


async def matches(
    tx: Tx,
    fields: Bindings,
    wanted: Sequence[Asked],
    conversation_ids: Sequence[int],
    span: Span,
    kinds: Iterable[MomentKind] = tuple(_MOMENTS),
) -> list[Found]:
    """For each condition of `wanted` that lacks nothing: the conversations it matched, and those it left unknown.

    `moments/<kind>#all` are the conversations that had such a moment. A match names its first moment.
    """
    found = []
    for kind in kinds:
        mine = [one for one in wanted if one.moment == kind and not one.lacks]
        found += await _matches(tx, fields, kind, mine, conversation_ids, span)
    return found


async def _matches(
    tx: Tx, fields: Bindings, kind: MomentKind, wanted: Sequence[Asked], ids: Sequence[int], span: Span
) -> list[Found]:
    async with tx.connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(
            _statement(fields, kind, wanted),
            {
                "desk": tx.desk_id,
                "ids": list(ids),
                "since": span.since,
                "until": span.until,
                "last_event": span.last_event,
            },
        )
        rows = await cursor.fetchall()
    figures = {f"moments/{kind}#all": "first"}
    for number, one in enumerate(wanted):
        figures |= {f"{one.path}#matched": f"t{number}", f"{one.path}#unknown": f"u{number}"}
    return [found for figure, column in figures.items() if (found := _found(rows, figure, column)).event_ids]


def _found(rows: Sequence[Mapping[str, Any]], figure: str, column: str) -> Found:
    here = [row for row in rows if row[column] is not None]
    return Found(figure, [row["conversation_id"] for row in here], [row[column] for row in here])


def _statement(fields: Bindings, kind: MomentKind, wanted: Sequence[Asked]) -> Composed:
    """A row for each conversation: its first such moment, and for each condition the first where it held or was null.

    Every field is reckoned once a moment, whatever asks for it; `offset 0` keeps the planner from repeating it.
    """
    which, known = _MOMENTS[kind]
    asked = [field.name for one in wanted for field in one.condition.fields()]
    columns = {name: f"f{number}" for number, name in enumerate(dict.fromkeys(asked))}
    bound = {name: Identifier("f", column) for name, column in columns.items()}
    return SQL(
        """select m.conversation_id, min(m.id) as first{firsts}
             from (select e.id, {known} as known, e.at, e.conversation_id from event e
                    where e.desk_id = %(desk)s and e.conversation_id = any(%(ids)s) and e.id <= %(last_event)s
                      and e.at >= %(since)s and e.at <= %(until)s and {which}) m
             join conversation c on c.desk_id = %(desk)s and c.id = m.conversation_id
             cross join lateral (select {values} offset 0) f
             cross join lateral (select {outcomes} offset 0) o
            group by m.conversation_id"""
    ).format(
        firsts=SQL("".join(_FIRSTS.format(c=f"o.c{n}", t=f"t{n}", u=f"u{n}") for n in range(len(wanted)))),
        known=SQL(known),
        which=SQL(which),
        values=_columns({column: _then(fields, name) for name, column in columns.items()}),
        outcomes=_columns({f"c{number}": lower(one.condition, bound) for number, one in enumerate(wanted)}),
    )


_FIRSTS = """, min(m.id) filter (where {c}) as {t},
    case when not coalesce(bool_or({c}), false) then min(m.id) filter (where {c} is null) end as {u}"""


def _columns(values: Mapping[str, Composable]) -> Composable:
    named = [SQL("{} as {}").format(value, Identifier(name)) for name, value in values.items()]
    return SQL(", ").join(named) if named else SQL("true as nothing")


def _then(fields: Bindings, name: str) -> Composable:
    then = fields[name].as_of
    assert then is not None, f"{name} cannot be known from history"
    return then
