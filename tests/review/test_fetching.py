"""Servers that say one thing and do another: what they list and keep back, and what looks like a message of before."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

import pytest

from credo.base.blobs import Blobs
from credo.base.clock import frozen, now
from credo.base.db import Db
from credo.base.secrets import Keyring
from credo.channels.email import imap as connections
from credo.channels.email.fetch import Fetcher
from credo.channels.email.imap import Listed
from support.desks import Desk
from support.imap_server import ImapServer, imap_server
from support.mailboxes import connect
from support.mails import mail

pytestmark = pytest.mark.anyio


@pytest.fixture
async def imap() -> AsyncIterator[ImapServer]:
    """A mail server with an empty INBOX."""
    async with imap_server() as running:
        yield running


async def test_a_message_left_out_of_one_answer_is_asked_for_again(
    db: Db, blobs: Blobs, keys: Keyring, desk: Desk, imap: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SEARCH names it and FETCH leaves it out, as servers do while an index catches up."""
    fetcher = Fetcher(db, blobs, keys, await connect(db, keys, desk, imap.port), max_bytes=1_000_000)
    await fetcher.once()
    uid = await imap.deliver(mail())
    whole = connections.Connection.listed

    def without(self: connections.Connection, uids: Sequence[int]) -> dict[int, Listed]:
        return {number: one for number, one in whole(self, uids).items() if number != uid}

    with monkeypatch.context() as patched:
        patched.setattr(connections.Connection, "listed", without)
        assert (await fetcher.once()).stored == 0
    assert (await fetcher.once()).stored == 1, "it is still there, so it was never gone"
    assert (await fetcher.once()).stored == 0


async def test_the_same_words_months_after_a_renumbering_are_a_new_message(
    db: Db, blobs: Blobs, keys: Keyring, desk: Desk, imap: ImapServer
) -> None:
    """A machine that writes the same line each week, without date and Message-ID."""
    alarm = b"From: alarm@machine.example\r\nSubject: Door open\r\n\r\nDoor 4 is open.\r\n"
    fetcher = Fetcher(db, blobs, keys, await connect(db, keys, desk, imap.port), max_bytes=1_000_000)
    await fetcher.once()
    await imap.deliver(alarm)
    assert (await fetcher.once()).stored == 1
    await imap.renumber()
    await fetcher.once()
    with frozen(now() + timedelta(days=60)):
        await imap.deliver(alarm, at=now())
        await fetcher.once()
    async with db.reading(desk.id) as tx:
        assert await tx.value("select count(*) from raw where desk_id = %(desk)s") == 2
