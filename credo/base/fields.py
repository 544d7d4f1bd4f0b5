"""`Binding`: where the value of a field of the vocabulary comes from, now and as of a moment that has passed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from psycopg.sql import SQL, Composable

_UP_TO = " and {}.id <= m.known"


@dataclass(frozen=True, slots=True)
class Binding:
    """One field's value as SQL over a row `c` of `conversation` and a moment `m`; `says` defines it in a sentence.

    `sql` is the value now, with `m.at` for the present. `as_of` is the value at `m.at` by what was recorded up to the
    event `m.known`, so that nothing learned later decides; it is None where history does not tell. Both name the desk
    as `c.desk_id`, hold no percent sign, and are null where the value is not known.
    """

    says: str
    sql: Composable
    as_of: Composable | None = None


Bindings = Mapping[str, Binding]
"""Bindings by the name of their field. A room exports its own; the top gathers them and hands them down."""


def unchanging(says: str, sql: str) -> Binding:
    """Of what never changes: the value now is the value then."""
    return Binding(says, SQL(sql), SQL(sql))


def today(says: str, sql: str) -> Binding:
    """Of what can change without history saying so: it is known now and for no moment before."""
    return Binding(says, SQL(sql))


def told(says: str, sql: str, now: str = "") -> Binding:
    """Of what events tell. `{e}` in `sql` bounds the event or row `e` to what was recorded by then; now nothing does.

    `now` is a cheaper way to the value of today.
    """
    return Binding(says, SQL(now or _bounded(sql, "")), SQL(_bounded(sql, _UP_TO)))


def _bounded(sql: str, bound: str) -> str:
    for alias in "abexyz":
        sql = sql.replace(f"{{{alias}}}", bound.format(alias) if bound else "")
    return sql
