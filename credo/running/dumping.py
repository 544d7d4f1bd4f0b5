"""PostgreSQL's own dump and restore, with every table counted inside the same snapshot."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any, LiteralString, cast

import psycopg
from psycopg import AsyncConnection, sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from credo.base import embedded
from credo.base.errors import CredoError

Counts = dict[str, int]


class NoDumpProgram(CredoError):
    """No pg_dump new enough for this server was found; install the PostgreSQL client programs of its version."""


class DumpFailed(CredoError):
    """The database could not be dumped or restored."""


async def dump(database_url: str, target: Path) -> Counts:
    """Write the whole database to `target` (pg_dump's custom format) and return the rows of every table in it."""
    async with await AsyncConnection.connect(database_url) as connection:
        await connection.set_isolation_level(psycopg.IsolationLevel.REPEATABLE_READ)
        snapshot = await (await connection.execute("select pg_export_snapshot()")).fetchone()
        assert snapshot is not None
        counted = await counts(connection)
        program = _program("pg_dump", connection.info.server_version // 10_000)
        options = ["--format=custom", "--compress=1", "--no-owner", "--no-privileges", "--no-unlogged-table-data"]
        _run([program, *options, f"--snapshot={snapshot[0]}", f"--file={target}"], database_url)
    return counted


async def restore(database_url: str, source: Path, expected: Counts | None) -> Counts:
    """Fill an empty database from `source`; raises `DumpFailed` when a table holds other rows than `expected`."""
    async with await AsyncConnection.connect(database_url, autocommit=True) as connection:
        program = _program("pg_restore", connection.info.server_version // 10_000)
        _run([program, "--no-owner", "--no-privileges", "--exit-on-error", str(source)], database_url, to="--dbname")
        counted = await counts(connection)
        if expected is not None and counted != expected:
            wrong = sorted(name for name in expected.keys() | counted.keys() if expected.get(name) != counted.get(name))
            raise DumpFailed(f"After restoring, these tables hold other rows than before: {', '.join(wrong)}.")
        await connection.execute("analyze")
    return counted


async def counts(connection: AsyncConnection[Any]) -> Counts:
    """Rows of every logged table outside the system's own schemas."""
    tables = await connection.execute(
        """select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind = 'r' and c.relpersistence = 'p' and n.nspname !~ '^(pg_|information_schema)'
            order by 1, 2"""
    )
    found: Counts = {}
    for schema, name in await tables.fetchall():
        query = sql.SQL("select count(*) from {}").format(sql.Identifier(schema, name))
        row = await (await connection.execute(query)).fetchone()
        found[name if schema == "public" else f"{schema}.{name}"] = row[0] if row else 0
    return found


async def is_empty(connection: AsyncConnection[Any]) -> bool:
    """Whether the database has no table of ours yet."""
    found = await (await connection.execute("select to_regclass('public.desk') is null")).fetchone()
    return bool(found and found[0])


async def in_use(connection: AsyncConnection[Any]) -> bool:
    """Whether anybody else is connected to this database."""
    found = await connection.execute(
        "select 1 from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
        " and backend_type = 'client backend' limit 1"
    )
    return await found.fetchone() is not None


async def make_database(above_url: str, name: str) -> str:
    """Make the database `name` on the server of `above_url` and return its address."""
    await _above(above_url, sql.SQL("create database {}").format(sql.Identifier(name)))
    return make_conninfo(above_url, dbname=name)


async def drop_database(above_url: str, name: str) -> None:
    """Remove the database `name` if it is there."""
    await _above(above_url, sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


async def rename_database(above_url: str, name: str, new_name: str) -> None:
    """Give a database another name; nobody may be connected to it."""
    await _above(
        above_url,
        sql.SQL("alter database {} rename to {}").format(sql.Identifier(name), sql.Identifier(new_name)),
    )


async def _above(above_url: str, statement: sql.Composed) -> None:
    url = make_conninfo(above_url, dbname="postgres")
    async with await AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute(statement)


def _program(name: str, server_major: int) -> str:
    """The newest fitting program: a dump must not be older than the server it reads."""
    found = shutil.which(name)
    if found is not None and _version(found) >= server_major:
        return found
    brought = embedded.installed()
    if max(brought) < server_major:
        raise NoDumpProgram(f"This server is PostgreSQL {server_major}; install its client programs ({name}).")
    return str(brought[max(brought)] / name)


def _version(program: str) -> int:
    told = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
    number = re.search(r"\) (\d+)", told)
    return int(number.group(1)) if number else 0


def _run(command: list[str], database_url: str, to: LiteralString = "--dbname") -> None:
    """Run a program against a database; the password goes through the environment, where `ps` does not show it."""
    known = conninfo_to_dict(database_url)
    password = str(known.pop("password", "") or "")
    address = make_conninfo("", **cast(dict[str, Any], known))
    environ = os.environ | ({"PGPASSWORD": password} if password else {})
    ended = subprocess.run([*command, f"{to}={address}"], capture_output=True, text=True, env=environ)
    if ended.returncode != 0:
        lines = [line for line in ended.stderr.splitlines() if "error:" in line] or ended.stderr.splitlines() or ["?"]
        raise DumpFailed(f"The database could not be dumped or restored: {lines[0]}")
