"""`credo doctor`: look at everything that can be wrong, and say what to do about it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import class_row

from credo import vitals
from credo.base.clock import now
from credo.base.errors import CredoError
from credo.base.migrations import numbered
from credo.base.secrets import KEY_FILE, keyring
from credo.base.settings import Settings, unknown
from credo.running import preparing

_BUILT = 2026  # a clock that shows an earlier year is wrong


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: `state` is ok, look or bad; `advice` says what to do, "" when nothing."""

    subject: str
    state: str
    sentence: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """What a mailbox says about itself."""

    name: str
    incoming: dict[str, Any]
    outgoing: dict[str, Any]
    fetched_at: datetime | None
    fetch_error: str | None
    send_error: str | None


async def examine(settings: Settings, database_url: str) -> list[Finding]:
    """Everything, in the order in which to mend it."""
    findings = [_settings(), _disk(settings), _key(settings)]
    try:
        async with await preparing.connect(database_url) as connection:
            findings.append(await _database(connection))
            if findings[-1].state == "bad":
                return findings
            for look in _LOOKS:
                findings += await look(connection)
            findings += await _sealed(connection, settings)
    except CredoError as error:
        findings.append(Finding("database", "bad", error.sentence, "Start the server, or mend CREDO_DATABASE_URL."))
    return findings


def _settings() -> Finding:
    strange = unknown()
    if strange:
        return Finding("settings", "look", " ".join(strange), "Correct or remove them; docs/settings.md lists all.")
    return Finding("settings", "ok", "Every CREDO_ variable is known.")


def _disk(settings: Settings) -> Finding:
    free = vitals.free_bytes(settings)
    sentence = f"{free / 1e9:.1f} GB free for {settings.data_dir}."
    if free < 500_000_000:
        return Finding("disk", "bad", sentence, "Make room now; without it no mail can be kept.")
    if free < 3_000_000_000:
        return Finding("disk", "look", sentence, "Make room soon.")
    return Finding("disk", "ok", sentence)


def _key(settings: Settings) -> Finding:
    if settings.secret_key:
        return Finding("secret key", "ok", "Given by CREDO_SECRET_KEY; backups do not hold it.")
    path = settings.data_dir / KEY_FILE
    if not path.exists():
        return Finding("secret key", "ok", "Will be made at the first start.")
    if path.stat().st_mode & 0o077:
        return Finding("secret key", "bad", f"Others may read {path}.", f"Run: chmod 600 {path}")
    return Finding("secret key", "ok", "In the data folder, readable by its owner only.")


async def _database(connection: AsyncConnection[Any]) -> Finding:
    found = await connection.execute(
        "select current_setting('server_version'), pg_database_size(current_database()), to_regclass('migration')"
    )
    row = await found.fetchone()
    assert row is not None
    version, size, migrated = row
    about = f"PostgreSQL {version}, {size / 1e6:.0f} MB"
    if migrated is None:
        return Finding("database", "bad", f"{about}, still empty.", "Run `credo migrate`, or start `credo serve`.")
    done = {name for (name,) in await (await connection.execute("select name from migration")).fetchall()}
    missing = [one.name for one in numbered() if one.name not in done]
    if missing:
        return Finding("database", "bad", f"{about}, {len(missing)} migrations behind.", "Run `credo migrate`.")
    return Finding("database", "ok", f"{about}, up to date.")


async def _clock(connection: AsyncConnection[Any]) -> list[Finding]:
    asked = now()
    row = await (await connection.execute("select clock_timestamp()")).fetchone()
    assert row is not None
    answered = now()
    apart = abs((row[0] - (asked + (answered - asked) / 2)).total_seconds())
    if now().year < _BUILT:
        return [
            Finding("clock", "bad", f"The clock says {now():%Y-%m-%d}.", "Set the clock; every promise hangs on it.")
        ]
    if apart > 2:
        sentence = f"This machine and the database are {apart:.0f} s apart."
        return [Finding("clock", "bad", sentence, "Switch on time synchronisation (NTP) on both.")]
    return [Finding("clock", "ok", f"It is {now():%Y-%m-%d %H:%M} UTC, and the database agrees.")]


async def _work(connection: AsyncConnection[Any]) -> list[Finding]:
    waiting = await vitals.queues(connection)
    figures = vitals.judged(waiting, 10**12)
    running = figures.worker_seconds is not None and figures.worker_seconds <= vitals.SILENT_AFTER
    findings = [
        Finding("worker", "ok", f"Heard of {figures.worker_seconds:.0f} s ago.")
        if running
        else Finding("worker", "look", "No worker is running.", "Start `credo serve`, or `credo worker`.")
    ]
    late = [problem for problem in figures.problems if "waiting" in problem or "due" in problem]
    if late:
        findings.append(Finding("queues", "bad" if running else "look", " ".join(late), "See the worker's log."))
    else:
        findings.append(Finding("queues", "ok", "No mail waits longer than it should."))
    if figures.failed_jobs:
        sentence = f"{figures.failed_jobs} jobs gave up."
        findings.append(Finding("jobs", "look", sentence, "Settings, Failed jobs: read why, then retry them."))
    return findings


async def _mail(connection: AsyncConnection[Any]) -> list[Finding]:
    async with connection.cursor(row_factory=class_row(Mailbox)) as cursor:
        await cursor.execute(
            """select name, incoming, outgoing, fetched_at, fetch_error, send_error from mailbox
                where state = 'active' order by desk_id, id"""
        )
        mailboxes = await cursor.fetchall()
    if not mailboxes:
        return [Finding("mail", "look", "No mailbox is connected.", "Settings, Mailboxes: connect the first.")]
    return [finding for mailbox in mailboxes for finding in await _mailbox(mailbox)]


async def _mailbox(mailbox: Mailbox) -> list[Finding]:
    findings = []
    for way, place, error in (
        ("in", mailbox.incoming, mailbox.fetch_error),
        ("out", mailbox.outgoing, mailbox.send_error),
    ):
        subject = f"mail {way}, {mailbox.name}"
        if error:
            findings.append(Finding(subject, "bad", error, "Settings, Mailboxes: test the connection."))
        elif host := place.get("host"):
            findings.append(await _reached(subject, str(host), int(place.get("port") or 0)))
    return findings


async def _reached(subject: str, host: str, port: int) -> Finding:
    try:
        async with asyncio.timeout(6):
            _, writer = await asyncio.open_connection(host, port)
        writer.close()
    except (OSError, TimeoutError, socket.gaierror) as error:
        reason = str(error) or "no answer"
        return Finding(subject, "bad", f"{host}:{port} cannot be reached: {reason}.", "Check name, port and firewall.")
    return Finding(subject, "ok", f"{host}:{port} answers.")


async def _sealed(connection: AsyncConnection[Any], settings: Settings) -> list[Finding]:
    """Passwords of mailboxes and second steps that stand under a key we do not have."""
    if not settings.secret_key and not (settings.data_dir / KEY_FILE).exists():
        return []
    cursor = await connection.execute(
        """select 'the password of ' || name, secret from mailbox where secret is not null and state <> 'archived'
           union all select 'the code of ' || name, totp_secret from agent
            where totp_secret is not null and state = 'active' order by 1 desc"""
    )
    keys = keyring(settings)
    lost = [about for about, sealed in await cursor.fetchall() if not keys.knows(bytes(sealed))]
    if not lost:
        return []
    more = f" and {len(lost) - 3} more" if len(lost) > 3 else ""
    return [
        Finding(
            "secrets",
            "bad",
            f"Encrypted under another secret key: {', '.join(lost[:3])}{more}.",
            "Set CREDO_SECRET_KEY to the one used before, or enter them again.",
        )
    ]


async def _backup(connection: AsyncConnection[Any]) -> list[Finding]:
    row = await (await connection.execute("select at from fact where key = 'backup'")).fetchone()
    advice = "Run `credo backup FILE` every night, and try a restore now and then."
    if row is None:
        return [Finding("backup", "look", "No backup has been made yet.", advice)]
    days = (now() - row[0]).days
    if days > 2:
        return [Finding("backup", "look", f"The last backup is {days} days old.", advice)]
    return [Finding("backup", "ok", f"The last one was made on {row[0]:%Y-%m-%d %H:%M} UTC.")]


_LOOKS: tuple[Callable[[AsyncConnection[Any]], Awaitable[list[Finding]]], ...] = (_clock, _work, _mail, _backup)
