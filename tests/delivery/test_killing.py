"""A worker killed at any moment loses nothing and doubles nothing, but for a repeat under the same Message-ID."""

from __future__ import annotations

import asyncio
import os
import random
import sys
from collections import Counter
from pathlib import Path

import pytest

from credo.base.blobs import Blobs
from credo.base.db import Db
from credo.intake import keep
from support import killed_worker
from support.desks import Desk
from support.mails import mail
from support.outgoing import Reply
from support.smtp_server import SmtpServer

pytestmark = pytest.mark.anyio
KEY = "a secret key for tests, long enough"
KILLS = 4


async def _start(db: Db, folder: Path, minutes: int) -> asyncio.subprocess.Process:
    """A worker that has just become ready."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        killed_worker.__file__,
        db.url,
        str(folder),
        KEY,
        str(minutes),
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"ready\n"
    return process


async def _kill_and_finish(db: Db, folder: Path, chance: random.Random) -> int:
    """Kill workers at random moments, then let one finish; returns how many were killed at work."""
    killed = 0
    for round_ in range(KILLS):
        process = await _start(db, folder, 10 * (round_ + 1))
        await asyncio.sleep(chance.uniform(0.0, 0.25))
        if process.returncode is None:
            process.kill()
            killed += 1
        await process.wait()
    last = await _start(db, folder, 10 * (KILLS + 1))
    assert last.stdout is not None
    async with asyncio.timeout(60):
        assert await last.stdout.readline() == b"done\n"
        assert await last.wait() == 0
    return killed


async def test_answers_are_sent_and_none_is_lost_or_doubled(
    db: Db, blobs: Blobs, desk: Desk, tmp_path: Path, server: SmtpServer, reply: Reply
) -> None:
    queued = [await reply(f"customer{number}") for number in range(30)]
    server.before_answer = lambda: asyncio.sleep(0.005)
    killed = await _kill_and_finish(db, tmp_path / "blobs", random.Random(7))
    expected = {one.message_id for one in queued}
    times = Counter(one.message_id for one in server.taken)
    assert set(times) == expected, "every answer arrived, and nothing else did"
    assert sum(times.values()) - len(expected) <= killed, "at most the one mail in hand is repeated"
    for message_id in times:
        assert len({one.content for one in server.taken if one.message_id == message_id}) == 1
    async with db.reading(desk.id) as tx:
        states = await tx.values("select distinct state from outbox where desk_id = %(desk)s")
        replied = await tx.values(
            """select count(*) from event where desk_id = %(desk)s and kind in ('message.replied', 'delivery.accepted')
                group by kind"""
        )
    assert states == ["sent"]
    assert replied == [30, 30]


async def test_mail_is_read_once(db: Db, blobs: Blobs, desk: Desk, tmp_path: Path) -> None:
    for number in range(30):
        content = mail(f"c{number}@example.com", message_id=f"<{number}@example.com>", subject=f"Lamp {number}")
        await keep(db, blobs, desk.id, desk.mailbox_id, content, origin="command")
    await _kill_and_finish(db, tmp_path / "blobs", random.Random(11))
    async with db.reading(desk.id) as tx:
        assert await tx.values("select distinct state from raw where desk_id = %(desk)s") == ["read"]
        for counted in (
            "select count(*) from conversation where desk_id = %(desk)s",
            "select count(*) from item where desk_id = %(desk)s and kind = 'message'",
            "select count(*) from event where desk_id = %(desk)s and kind = 'message.received'",
        ):
            assert await tx.value(counted) == 30
