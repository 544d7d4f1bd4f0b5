"""The ground of a measurement: an installation of its own on a full desk, served by `credo serve` as anybody would."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from psycopg import AsyncConnection

from bench.corpus import LARGE, SMALL, Size
from bench.filling import Filled, fill
from credo import flow
from credo.base import embedded
from credo.base.db import Db
from credo.base.migrations import migrate
from credo.people import actors, sessions, tokens
from credo.people.sessions import Place

_NOTES = "bench.json"


@dataclass(frozen=True, slots=True)
class Keys:
    """How the measurements get in, and what they ask for."""

    desk_id: int
    mailbox_id: int
    mailbox: str
    session: str
    token: str
    long_ones: list[int]
    conversations: int
    items: int
    filled_in: float


@dataclass(frozen=True, slots=True)
class Served:
    """A running installation; `process` is `credo serve`."""

    address: str
    smtp_port: int
    keys: Keys
    process: subprocess.Popen[bytes]


def options(description: str) -> argparse.Namespace:
    """What every piece can be told."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--size", choices=("small", "large"), default="large", help="20,000 or 100,000 conversations")
    parser.add_argument("--data", type=Path, help="keep the filled desk here and use it again (default: thrown away)")
    parser.add_argument("--seconds", type=float, default=5, help="length of one load point")
    return parser.parse_args()


@contextmanager
def folder(given: argparse.Namespace) -> Iterator[Path]:
    """The data folder: kept where that was asked for, else gone afterwards."""
    if given.data is not None:
        given.data.mkdir(parents=True, exist_ok=True)
        yield given.data
        return
    made = Path(tempfile.mkdtemp(prefix="credo-bench-"))
    made.chmod(0o755)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def ensure_filled(data: Path, size_name: str) -> Keys:
    """Fill the desk unless that was done before, and make a session and a token for its administrator."""
    notes = data / _NOTES
    if notes.exists():
        return Keys(**json.loads(notes.read_text()))
    size = {"small": SMALL, "large": LARGE}[size_name]
    with database(data) as url:
        asyncio.run(_migrate(url))
        began = time.monotonic()
        made = fill(url, size, datetime.now(UTC))
        keys = asyncio.run(_keys(url, made, size, time.monotonic() - began))
    notes.write_text(json.dumps(asdict(keys)))
    return keys


@contextmanager
def database(data: Path) -> Iterator[str]:
    """The database alone, without Credo on it: CREDO_DATABASE_URL, or the embedded server of the folder."""
    if url := os.environ.get("CREDO_DATABASE_URL"):
        yield url
        return
    server = embedded.server(data / "postgres")
    server.start()
    try:
        asyncio.run(_create(server.url("postgres"), server.url()))
        yield server.url()
    finally:
        server.stop()


@contextmanager
def served(data: Path, keys: Keys) -> Iterator[Served]:
    """`credo serve` on the folder: database, one web process, one worker, mail taken by SMTP."""
    port, smtp_port = _free_port(), _free_port()
    command = [sys.executable, "-m", "credo.cli", "serve", "--data", str(data), "--port", str(port)]
    environ = os.environ | {"CREDO_SMTP_LISTEN": f"127.0.0.1:{smtp_port}", "CREDO_LOG_LEVEL": "warning"}
    process = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(f"{address}/health", process)
        yield Served(address, smtp_port, keys, process)
    finally:
        process.terminate()
        process.wait(30)


async def _migrate(url: str) -> None:
    async with await AsyncConnection.connect(url, autocommit=True) as connection:
        await migrate(connection)


async def _create(above: str, url: str) -> None:
    name = url.partition("?")[0].rpartition("/")[2]
    async with await AsyncConnection.connect(above, autocommit=True) as connection:
        found = await (await connection.execute("select 1 from pg_database where datname = %s", [name])).fetchone()
        if found is None:
            await connection.execute(f"create database {name}")


async def _keys(url: str, made: Filled, size: Size, filled_in: float) -> Keys:
    db = await Db(url, before_commit=flow.react).open()
    try:
        async with db.transaction(made.desk_id) as tx:
            opened = await sessions.begin(tx, made.admin, Place("127.0.0.1", "bench"), how="password", kept=True)
            actor = await actors.of_agent(tx, made.admin)
            assert actor is not None
            token = await tokens.make(tx, actor, "bench", ["write"])
            long_ones = await tx.values(
                "select id from conversation where desk_id = %(desk)s and last_seq = 20 order by id limit 150"
            )
        return Keys(
            desk_id=made.desk_id,
            mailbox_id=made.bases.mailbox,
            mailbox="box0@lumen.example",
            session=opened.token,
            token=token.secret,
            long_ones=long_ones,
            conversations=size.conversations,
            items=size.items,
            filled_in=filled_in,
        )
    finally:
        await db.close()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if process.poll() is not None:
            raise SystemExit("credo serve ended before it answered")
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("credo serve did not answer within a minute")
