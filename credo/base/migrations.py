"""Bring a database to the tables of this version: numbered SQL files under an advisory lock."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from psycopg import AsyncConnection

from credo.base.errors import CredoError

_LOCK = 7_263_401  # any number that nothing else in this database locks
_OLDEST_SERVER = 160_000


class ServerTooOld(CredoError):
    """This PostgreSQL server is too old: Credo needs version 16 or later."""


class DatabaseNewer(CredoError):
    """This database was written by a newer Credo; start that version, or restore a backup of this one."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered file: `pre` runs before the new code starts, `post` after."""

    name: str
    sql: str


def numbered() -> list[Migration]:
    """Every migration shipped with this version, in order."""
    found = [f for f in files("credo").joinpath("migrations").iterdir() if f.name.endswith(".sql")]
    return [Migration(f.name.removesuffix(".sql"), f.read_text()) for f in sorted(found, key=lambda f: f.name)]


async def migrate(connection: AsyncConnection[Any]) -> list[str]:
    """Apply what is missing and return the names of what was applied; the connection must be in autocommit."""
    if connection.info.server_version < _OLDEST_SERVER:
        raise ServerTooOld
    async with connection.transaction():
        await connection.execute("select pg_advisory_xact_lock(%s)", (_LOCK,))
        await connection.execute(
            "create table if not exists migration (name text primary key, at timestamptz not null default now())"
        )
        done = {row[0] for row in await (await connection.execute("select name from migration")).fetchall()}
        known = numbered()
        if unknown := done - {m.name for m in known}:
            raise DatabaseNewer(unknown=sorted(unknown))
        missing = [m for m in known if m.name not in done]
        for migration in missing:
            await connection.execute(migration.sql)
            await connection.execute("insert into migration (name) values (%s)", (migration.name,))
        if not await _has_jobs(connection):
            await _install_jobs(connection)
    return [m.name for m in missing]


async def _has_jobs(connection: AsyncConnection[Any]) -> bool:
    found = await (await connection.execute("select to_regclass('procrastinate_jobs') is not null")).fetchone()
    return bool(found and found[0])


async def _install_jobs(connection: AsyncConnection[Any]) -> None:
    """The job queue's own tables, without its notify triggers: they serialise commits of the writing transaction."""
    from procrastinate.schema import SchemaManager

    await connection.execute(SchemaManager.get_schema())
    for trigger in (
        "procrastinate_jobs_notify_queue_job_inserted_v1",
        "procrastinate_jobs_notify_queue_job_aborted_v1",
    ):
        await connection.execute(f"alter table procrastinate_jobs disable trigger {trigger}")
