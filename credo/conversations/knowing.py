"""What is known of conversations: values of fields now, and as of an event."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from psycopg.rows import dict_row
from psycopg.sql import SQL, Composable, Identifier

from credo.base.db import Tx
from credo.base.fields import Bindings

Facts = Mapping[str, object]


async def known_now(tx: Tx, fields: Bindings, names: Iterable[str], conversation_id: int, at: datetime) -> Facts:
    """The values of those of `names` that have a binding, at the present moment `at`."""
    wanted = {name: fields[name].sql for name in names if name in fields}
    if not wanted:
        return {}
    found = await _asked(
        tx,
        wanted,
        """(select %(at)s::timestamptz as at, 0::bigint as id) m
             join conversation c on c.desk_id = %(desk)s and c.id = %(conversation)s""",
        at=at,
        conversation=conversation_id,
    )
    return found.get(0, {})


async def known_then(tx: Tx, fields: Bindings, names: Iterable[str], event_ids: Iterable[int]) -> dict[int, Facts]:
    """The values as of each event of a conversation, by its id: by what was recorded up to it, itself included.

    A field that history does not tell is missing, and so stays unknown.
    """
    wanted = {name: then for name in names if name in fields and (then := fields[name].as_of) is not None}
    ids = list(event_ids)
    if not wanted or not ids:
        return {id: {} for id in ids}
    return await _asked(
        tx,
        wanted,
        """(select e.id, e.id as known, e.at, e.conversation_id from event e
             where e.desk_id = %(desk)s and e.id = any(%(ids)s)) m
             join conversation c on c.desk_id = %(desk)s and c.id = m.conversation_id""",
        ids=ids,
    )


async def _asked(tx: Tx, wanted: Mapping[str, Composable], source: str, **params: Any) -> dict[int, Facts]:
    values = SQL(", ").join(SQL("{} as {}").format(sql, Identifier(name)) for name, sql in wanted.items())
    statement = SQL("select m.id as id, {} from {}").format(values, SQL(source))
    async with tx.connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(statement, {"desk": tx.desk_id, **params})
        rows = await cursor.fetchall()
    return {row.pop("id"): row for row in rows}
