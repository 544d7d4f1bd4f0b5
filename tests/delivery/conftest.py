"""A mailbox that sends to a server of the test, and the short way to an answer in the outbox."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial

import pytest

from credo.base.db import Db
from credo.base.secrets import Keyring
from credo.channels.email.send import Postman
from support.desks import Desk
from support.outgoing import Reply, answer, point
from support.smtp_server import SmtpServer, smtp_server


@pytest.fixture
def keys() -> Keyring:
    """A key of these tests."""
    return Keyring((b"a secret key for tests, long enough",))


@pytest.fixture
async def server(db: Db, desk: Desk) -> AsyncIterator[SmtpServer]:
    """A mail server, and the desk's mailbox pointed at it."""
    async with smtp_server() as running:
        await point(db, desk, running.port)
        yield running


@pytest.fixture
def postman(db: Db, keys: Keyring) -> Postman:
    """Sends through whatever the mailbox names."""
    return Postman(db, keys)


@pytest.fixture
def reply(db: Db, desk: Desk) -> Reply:
    """Let a customer write and Ines answer."""
    return partial(answer, db, desk)
