"""A mail server to fetch from."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from credo.base.secrets import Keyring
from support.certificates import Certificate, certificate_in
from support.imap_server import ImapServer, imap_server


@pytest.fixture
def keys() -> Keyring:
    """A key of these tests."""
    return Keyring((b"a secret key for tests, long enough",))


@pytest.fixture
async def imap() -> AsyncIterator[ImapServer]:
    """A mail server with an empty INBOX."""
    async with imap_server() as running:
        yield running


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """A certificate for localhost."""
    folder: Path = tmp_path_factory.mktemp("certificate")
    return certificate_in(folder)
