"""A real IMAP server on the loopback, and what a test may do to it behind our back."""

from __future__ import annotations

import asyncio
import ssl
from argparse import Namespace
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from proxyprotocol.sock import SocketInfo
from pymap.backend.dict import Config, DictBackend, Identity, Login
from pymap.exceptions import InvalidAuth
from pymap.imap import IMAPServer
from pymap.mime import MessageContent
from pymap.parsing.message import AppendMessage
from pymap.user import Passwords, UserMetadata
from pysasl import SASLAuth
from pysasl.creds.external import ExternalCredentials
from pysasl.creds.server import ServerCredentials

USER = "care@lumen.example"
PASSWORD = "a good password"


class _Config(Config):
    """The in-memory backend's settings, with XOAUTH2 on offer."""

    @property
    def tls_auth(self) -> SASLAuth:
        """Passwords and tokens."""
        return SASLAuth.named([b"PLAIN", b"LOGIN", b"XOAUTH2"])


class _Login(Login):
    """Signs in by password, or by one of the `tokens` a test knows."""

    tokens_known: set[str]

    async def authenticate(self, credentials: ServerCredentials) -> Identity:
        """The identity behind a password or token; raises InvalidAuth."""
        if not isinstance(credentials, ExternalCredentials):
            return await super().authenticate(credentials)
        if credentials._token not in self.tokens_known:
            raise InvalidAuth
        return Identity(USER, self, None, frozenset())


@dataclass
class ImapServer:
    """The running server and its one user."""

    port: int
    backend: DictBackend
    open_connections: set[asyncio.StreamWriter] = field(default_factory=set)
    connections: int = 0

    @property
    def tokens(self) -> set[str]:
        """The access tokens the server takes."""
        login = self.backend.login
        assert isinstance(login, _Login)
        return login.tokens_known

    async def deliver(self, content: bytes, *, folder: str = "INBOX", at: datetime | None = None) -> int:
        """Put a message into a folder, as a mail server does, and return its UID."""
        box = await self.box(folder)
        message = await box.append(AppendMessage(content, at or datetime.now(UTC), frozenset()))
        return int(message.uid)

    async def make(self, folder: str) -> None:
        """Make a folder."""
        async with self._identity().new_session() as session:
            await session.mailbox_set.add_mailbox(folder)

    async def box(self, folder: str = "INBOX") -> Any:
        """The folder itself."""
        async with self._identity().new_session() as session:
            return await session.mailbox_set.get_mailbox(folder)

    async def uids(self, folder: str = "INBOX") -> list[int]:
        """What stands in a folder now."""
        return sorted((await self.box(folder))._messages)

    async def flags(self, folder: str = "INBOX") -> set[str]:
        """All flags of all messages of a folder."""
        box = await self.box(folder)
        return {str(flag) for message in box._messages.values() for flag in message.permanent_flags}

    async def hide(self, uid: int, folder: str = "INBOX") -> Any:
        """Take a message out of sight and return it; the UID stays used."""
        return (await self.box(folder))._messages.pop(uid)

    async def show(self, uid: int, message: Any, folder: str = "INBOX") -> None:
        """Let a hidden message appear under its old UID."""
        box = await self.box(folder)
        box._messages[uid] = message
        box._messages = dict(sorted(box._messages.items()))
        box._mod_sequences.update([uid])

    async def withhold(self, uid: int, folder: str = "INBOX") -> MessageContent:
        """Break a message, so that the server fails when it is to hand it over; returns what was there."""
        message = (await self.box(folder))._messages[uid]
        content, message._content = message._content, _Broken(message._content)
        return content

    async def mend(self, uid: int, content: MessageContent, folder: str = "INBOX") -> None:
        """Undo `withhold`."""
        (await self.box(folder))._messages[uid]._content = content

    async def renumber(self, folder: str = "INBOX") -> None:
        """Give every message a new UID under a new UIDVALIDITY, as a restored or rebuilt server does."""
        box = await self.box(folder)
        box._uid_validity += 1
        old, box._messages, box._max_uid = box._messages, {}, 0
        for message in old.values():
            box._max_uid += 1
            message.uid = box._max_uid
            box._messages[box._max_uid] = message
        box._mod_sequences.update(box._messages)

    def cut(self) -> None:
        """Cut every open connection."""
        for writer in list(self.open_connections):
            writer.transport.abort()

    def _identity(self) -> Identity:
        return Identity(USER, self.backend.login, None, frozenset())


class _Broken:
    """Content that cannot be read, only measured."""

    def __init__(self, content: Any) -> None:
        self._content = content

    def __len__(self) -> int:
        return len(self._content)

    def __getattr__(self, name: str) -> Any:
        if name in ("lines", "body", "header", "json", "_raw"):
            raise OSError("this message is damaged on the disk")
        return getattr(self._content, name)


@asynccontextmanager
async def imap_server(
    *, port: int = 0, earlier: ImapServer | None = None, tls: ssl.SSLContext | None = None, **more: Any
) -> AsyncIterator[ImapServer]:
    """A server on the loopback; with `earlier` one comes back with its messages after an outage."""
    backend = earlier.backend if earlier else await _backend(**more)
    backend.config.apply_context()
    running = ImapServer(0, backend)
    serve = IMAPServer(backend.login, backend.config)

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        running.open_connections.add(writer)
        running.connections += 1
        try:
            await serve(reader, writer, SocketInfo.get(writer, None))
        except Exception:  # noqa: BLE001 - a broken server hangs up, and the client has to cope
            writer.transport.abort()
        finally:
            running.open_connections.discard(writer)

    async with AsyncExitStack() as stack:
        server = await asyncio.start_server(connected, "127.0.0.1", port, ssl=tls)
        await stack.enter_async_context(server)
        running.port = server.sockets[0].getsockname()[1]
        try:
            yield running
        finally:
            server.close()
            running.cut()


async def _backend(**more: Any) -> DictBackend:
    args = Namespace(
        host="127.0.0.1",
        port=0,
        debug=False,
        cert=None,
        key=None,
        tls="ssl_context" in more,
        passlib_cfg=None,
        proxy_protocol=None,
        demo_data=False,
        demo_user=USER,
        demo_password=PASSWORD,
    )
    config = _Config.from_args(args, invalid_user_sleep=0, reject_dnsbl=False, **more)
    login = _Login(config)
    login.tokens_known = set()
    hashed = await Passwords(config).hash_password(PASSWORD)
    await login.demo_user_identity.set(UserMetadata(config, USER, password=hashed))
    return DictBackend(login, config)
