"""The figures of /health and the findings of the doctor."""

from __future__ import annotations

import dataclasses
import os
import socket
from datetime import timedelta
from pathlib import Path

import pytest
from psycopg.types.json import Jsonb

from credo import vitals
from credo.base import settings
from credo.base.clock import frozen, now
from credo.base.db import Db
from credo.running import doctor
from credo.vitals import Queues
from support.desks import Desk

WELL = Queues(unread_since=None, outbox_since=None, failed_jobs=0, worker_at=None)


def _queues(ages: dict[str, float]) -> Queues:
    """Queues whose moments lie so many seconds back; a worker was heard of just now, unless `ages` says otherwise."""
    moments = {
        name: now() - timedelta(seconds=age) if name != "failed_jobs" else int(age)
        for name, age in ({"worker_at": 1} | ages).items()
    }
    return dataclasses.replace(WELL, **moments)


@pytest.mark.parametrize(
    ("ages", "free", "healthy", "said"),
    [
        ({}, 10**11, True, ""),
        ({"worker_at": 60}, 10**11, False, "No worker"),
        ({"unread_since": 20}, 10**11, True, ""),
        ({"unread_since": 900}, 10**11, False, "15 minutes"),
        ({"outbox_since": 900}, 10**11, False, "outbox"),
        ({"outbox_since": -30}, 10**11, True, ""),
        ({"failed_jobs": 3}, 10**11, True, "3 jobs"),
        ({}, 10**8, False, "100 MB"),
    ],
)
def test_what_stands_still_is_said(ages: dict[str, float], free: int, healthy: bool, said: str) -> None:
    figures = vitals.judged(_queues(ages), free)
    assert figures.healthy is healthy
    assert said in " ".join(figures.problems)
    assert bool(said) is bool(figures.problems)


@pytest.mark.parametrize(("queues", "said"), [(None, "does not answer"), (WELL, "No worker")])
def test_silence_is_no_health(queues: Queues | None, said: str) -> None:
    figures = vitals.judged(queues, 10**11)
    assert not figures.healthy
    assert said in figures.problems[0]


async def test_the_oldest_waiting_mail_is_found(db: Db, desk: Desk) -> None:
    long_ago = now() - timedelta(days=4000)
    async with db.connection() as connection, connection.transaction(force_rollback=True):
        await connection.execute(
            """insert into raw (desk_id, mailbox_id, sha256, size, digest, origin, received_at, next_try_at)
               values (%(desk)s, %(mailbox)s, '', 0, '', 'imap', %(at)s, %(at)s)""",
            {"desk": desk.id, "mailbox": desk.mailbox_id, "at": long_ago},
        )
        assert (await vitals.queues(connection)).unread_since == long_ago


async def test_the_doctor_looks_at_everything_and_knows_what_to_do(
    db: Db, desk: Desk, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CREDO_PROT", "1")
    (tmp_path / "secret.key").write_text("k" * 40)
    os.chmod(tmp_path / "secret.key", 0o644)
    chosen = settings.read({"CREDO_DATA_DIR": str(tmp_path)})
    with socket.create_server(("127.0.0.1", 0)) as answering:
        async with db.transaction(desk.id) as tx:
            await tx.run(
                """update mailbox set incoming = %(incoming)s, send_error = 'The password was refused.'
                    where desk_id = %(desk)s""",
                incoming=Jsonb({"host": "127.0.0.1", "port": answering.getsockname()[1]}),
            )
        findings = {
            (one.subject, one.state): one
            for one in await doctor.examine(chosen, database_url)
            if one.state != "ok" or "127.0.0.1" in one.sentence
        }
    assert "CREDO_PORT" in findings["settings", "look"].sentence
    assert "chmod 600" in findings["secret key", "bad"].advice
    assert "credo backup" in findings["backup", "look"].advice
    assert findings["mail out, Care", "bad"].sentence == "The password was refused."
    assert ("mail in, Care", "ok") in findings
    assert all(one.advice for one in findings.values() if one.state != "ok")


async def test_the_doctor_sees_clocks_that_disagree(db: Db, database_url: str, tmp_path: Path) -> None:
    chosen = settings.read({"CREDO_DATA_DIR": str(tmp_path)})
    with frozen(now() + timedelta(minutes=5)):
        (found,) = [one for one in await doctor.examine(chosen, database_url) if one.subject == "clock"]
    assert found.state == "bad"
    assert "s apart" in found.sentence and "NTP" in found.advice


async def test_the_doctor_says_when_nobody_answers(tmp_path: Path) -> None:
    chosen = settings.read({"CREDO_DATA_DIR": str(tmp_path)})
    findings = await doctor.examine(chosen, "postgresql://someone@127.0.0.1:1/credo")
    assert (findings[-1].subject, findings[-1].state) == ("database", "bad")
