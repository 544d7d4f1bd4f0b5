"""PostgreSQL: one pool a process, one transaction an act, SQL in the function that needs it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec
import psycopg
from psycopg import AsyncConnection, AsyncCursor
from psycopg.rows import class_row, scalar_row
from psycopg.types.json import set_json_dumps, set_json_loads
from psycopg_pool import AsyncConnectionPool

from credo.base.errors import CredoError, NotFound

Row = TypeVar("Row")
BeforeCommit = Callable[["Tx"], Awaitable[None]]


class Unreachable(CredoError):
    """The database cannot be reached; check CREDO_DATABASE_URL and that the server runs."""


set_json_dumps(msgspec.json.encode)
set_json_loads(msgspec.json.decode)


@dataclass(frozen=True, slots=True)
class Ask(Generic[Row]):
    """A statement that was not put yet, and what its rows are; `Tx.together` puts several at once."""

    row: type[Row]
    sql: str
    params: Mapping[str, object]


def ask(row: type[Row], sql: str, **params: object) -> Ask[Row]:
    """What `Tx.all(row, sql, **params)` would ask."""
    return Ask(row, sql, params)


class Tx:
    """One transaction of one desk. `recorded` collects events until the flow has reacted to them."""

    def __init__(self, connection: AsyncConnection[Any], desk_id: int) -> None:
        self.connection = connection
        self.desk_id = desk_id
        self.recorded: list[Any] = []

    async def all(self, row: type[Row], sql: str, *, prepare: bool | None = None, **params: object) -> list[Row]:
        """Every row of `sql`, each as a `row`. `%(desk)s` is always bound."""
        async with self.connection.cursor(row_factory=class_row(row)) as cursor:
            await cursor.execute(sql, self._with_desk(params), prepare=prepare)
            return await cursor.fetchall()

    async def together(self, *asked: Ask[Any]) -> list[list[Any]]:
        """The rows of statements that do not need each other's answers, in one exchange with the server.

        Waking the server costs as much as a small statement; a page that asks six things waits once.
        """
        async with self.connection.pipeline():
            cursors = [await self._put(each) for each in asked]
            return [await cursor.fetchall() for cursor in cursors]

    async def maybe(self, row: type[Row], sql: str, **params: object) -> Row | None:
        """The first row of `sql`, or None."""
        async with self.connection.cursor(row_factory=class_row(row)) as cursor:
            await cursor.execute(sql, self._with_desk(params))
            return await cursor.fetchone()

    async def one(self, row: type[Row], sql: str, **params: object) -> Row:
        """The first row of `sql`; raises NotFound when there is none."""
        found = await self.maybe(row, sql, **params)
        if found is None:
            raise NotFound
        return found

    async def value(self, sql: str, **params: object) -> Any:
        """The first column of the first row, or None."""
        async with self.connection.cursor(row_factory=scalar_row) as cursor:
            await cursor.execute(sql, self._with_desk(params))
            return await cursor.fetchone()

    async def values(self, sql: str, **params: object) -> list[Any]:
        """The first column of every row."""
        async with self.connection.cursor(row_factory=scalar_row) as cursor:
            await cursor.execute(sql, self._with_desk(params))
            return await cursor.fetchall()

    async def run(self, sql: str, **params: object) -> int:
        """Execute `sql` and return how many rows it touched."""
        async with self.connection.cursor() as cursor:
            await cursor.execute(sql, self._with_desk(params))
            return cursor.rowcount

    async def many(self, sql: str, rows: Iterable[Mapping[str, object]]) -> None:
        """Execute `sql` once for each mapping in `rows`, in the pipeline."""
        async with self.connection.cursor() as cursor:
            await cursor.executemany(sql, [self._with_desk(row) for row in rows])

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """Undo what happens inside when it raises, and keep the transaction usable."""
        async with self.connection.transaction():
            yield

    async def _put(self, asked: Ask[Row]) -> AsyncCursor[Row]:
        cursor = self.connection.cursor(row_factory=class_row(asked.row))
        return await cursor.execute(asked.sql, self._with_desk(asked.params))

    def _with_desk(self, params: Mapping[str, object]) -> dict[str, object]:
        return {"desk": self.desk_id, **params}


async def _nothing(tx: Tx) -> None:
    return None


class Db:
    """A pool of connections. `before_commit` runs in every writing transaction before it commits."""

    def __init__(self, url: str, *, size: int = 8, before_commit: BeforeCommit = _nothing) -> None:
        self.url = url
        self.before_commit = before_commit
        self._pool: AsyncConnectionPool[AsyncConnection[Any]] = AsyncConnectionPool(
            url, min_size=1, max_size=size, open=False, timeout=15, kwargs={"autocommit": True}, configure=_configure
        )

    async def open(self) -> Db:
        """Connect; raises Unreachable when the server does not answer within 15 seconds."""
        try:
            await self._pool.open(wait=True, timeout=15)
        except psycopg.Error as failure:
            await self._pool.close()
            raise Unreachable(detail=str(failure)) from failure
        return self

    async def close(self) -> None:
        """Give all connections back."""
        await self._pool.close()

    @asynccontextmanager
    async def transaction(self, desk_id: int) -> AsyncIterator[Tx]:
        """A writing transaction: what was recorded is reacted to, then all of it commits or none."""
        async with self._pool.connection() as connection, connection.transaction():
            tx = Tx(connection, desk_id)
            yield tx
            await self.before_commit(tx)

    @asynccontextmanager
    async def reading(self, desk_id: int) -> AsyncIterator[Tx]:
        """A connection for reading, each statement by itself; nothing recorded here reaches the flow."""
        async with self._pool.connection() as connection:
            yield Tx(connection, desk_id)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[AsyncConnection[Any]]:
        """A bare connection in autocommit, for queues and timers that span desks."""
        async with self._pool.connection() as connection:
            yield connection


async def _configure(connection: AsyncConnection[Any]) -> None:
    await connection.execute("set time zone 'UTC'")
    await connection.execute("set idle_in_transaction_session_timeout = '30s'")
