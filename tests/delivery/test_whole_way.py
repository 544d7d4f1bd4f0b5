"""The whole way of one message, with a worker as it runs: in by SMTP and IMAP, answered, out, and the reply joins."""

from __future__ import annotations

import asyncio
import smtplib
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from obstore.store import LocalStore
from psycopg.types.json import Jsonb

from credo.base import settings as reading
from credo.base.blobs import Blobs
from credo.base.db import Db
from credo.base.secrets import Keyring
from credo.channels import Address
from credo.channels.email import mailbox as mailboxes
from credo.channels.email.mailbox import Secrets
from credo.installation import Installation
from credo.replying.sending import Answer, send
from credo.rounds import rounds, standing
from credo.turning import turn
from support.desks import Desk
from support.imap_server import PASSWORD, USER, ImapServer, imap_server
from support.mails import mail
from support.smtp_server import SmtpServer

pytestmark = pytest.mark.anyio


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
async def imap() -> AsyncIterator[ImapServer]:
    """A mail server to fetch from."""
    async with imap_server() as running:
        yield running


@pytest.fixture
async def listening(
    db: Db, desk: Desk, keys: Keyring, imap: ImapServer, server: SmtpServer, tmp_path: Path
) -> AsyncIterator[int]:
    """A worker on this desk; the port it takes mail on."""
    async with db.transaction(desk.id) as tx:
        await tx.run(
            """update mailbox set address = %(address)s, incoming = %(incoming)s
                where desk_id = %(desk)s and id = %(id)s""",
            address=f"care{desk.id}@lumen.example",
            incoming=Jsonb({"host": "127.0.0.1", "port": imap.port, "security": "plain", "user": USER}),
            id=desk.mailbox_id,
        )
        await mailboxes.keep_secrets(tx, keys, desk.mailbox_id, Secrets(password=PASSWORD))
    port = _free_port()
    settings = reading.read({"CREDO_SMTP_LISTEN": f"127.0.0.1:{port}"}, data_dir=tmp_path)
    folder = tmp_path / "blobs"
    folder.mkdir(exist_ok=True)
    house = Installation(settings, db, Blobs(LocalStore(prefix=folder), folder), keys)
    stop = asyncio.Event()
    beside = [one for one in standing() if one.name != "jobs"]
    async with rounds(house) as everything:
        task = asyncio.create_task(turn(house, everything, beside, stop))
        await _until(lambda: asyncio.to_thread(_answers, port))
        yield port
        stop.set()
        await task


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


async def _until(check: Callable[[], Awaitable[bool]], seconds: float = 20.0) -> float:
    """Wait for `check`, and return how long it took."""
    started = time.monotonic()
    async with asyncio.timeout(seconds):
        while not await check():
            await asyncio.sleep(0.02)
    return time.monotonic() - started


async def test_a_letter_its_answer_and_the_reply_to_the_answer(
    db: Db, desk: Desk, imap: ImapServer, server: SmtpServer, listening: int
) -> None:
    async def messages(count: int) -> bool:
        async with db.reading(desk.id) as tx:
            found = await tx.value("select count(*) from item where desk_id = %(desk)s and kind = 'message'")
        return bool(found == count)

    async def fetched() -> bool:
        async with db.reading(desk.id) as tx:
            return (await mailboxes.load(tx, desk.mailbox_id)).fetched_at is not None

    async def left() -> bool:
        return bool(server.taken)

    def hand_over() -> None:
        with smtplib.SMTP("127.0.0.1", listening, timeout=5) as client:
            client.sendmail(
                "hanna@example.com", [f"care{desk.id}@lumen.example"], mail(to=f"care{desk.id}@lumen.example")
            )

    await asyncio.to_thread(hand_over)
    await _until(lambda: messages(1))
    async with db.transaction(desk.id) as tx:
        conversation_id = await tx.value("select id from conversation where desk_id = %(desk)s")
        answer = Answer(
            text="We send another.", to=(Address(name="Hanna", address="hanna@example.com"),), last_seen_seq=99
        )
        await send(tx, desk.ines, conversation_id, answer)
    await _until(left)
    (taken,) = server.taken
    await _until(fetched)
    reply = mail(
        subject="Re: Cracked glass",
        text="Thank you!",
        message_id="<thanks@example.com>",
        in_reply_to=str(taken.message["Message-ID"]),
    )
    await imap.deliver(reply)
    await _until(lambda: messages(3))
    async with db.reading(desk.id) as tx:
        assert await tx.value("select count(*) from conversation where desk_id = %(desk)s") == 1
        kinds = await tx.values(
            "select kind from event where desk_id = %(desk)s and kind like 'message.%%' order by id"
        )
    assert kinds == ["message.received", "message.replied", "message.received"]
