"""A real SMTP server on the loopback that takes mail, or refuses it the way a test asks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session


@dataclass(frozen=True)
class Taken:
    """One mail as the server took it."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes
    connection: int

    @property
    def message(self) -> EmailMessage:
        """The mail, parsed."""
        found = message_from_bytes(self.content, policy=policy.default)
        assert isinstance(found, EmailMessage)
        return found

    @property
    def message_id(self) -> str:
        """Its Message-ID without brackets."""
        return str(self.message["Message-ID"]).strip("<> ")


@dataclass
class SmtpServer:
    """What the server got, and the answers a test put in its mouth: by recipient, or for everything after DATA."""

    port: int = 0
    taken: list[Taken] = field(default_factory=list)
    recipients: dict[str, str] = field(default_factory=dict)
    data: str | None = None
    passwords: dict[str, str] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    connections: int = 0
    before_answer: Callable[[], Any] | None = None

    @property
    def ids(self) -> list[str]:
        """The Message-IDs of all mails taken, in order."""
        return [one.message_id for one in self.taken]

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Count connections."""
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient, or say what the test says."""
        if answer := self.recipients.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take the mail, or say what the test says."""
        if self.data is not None:
            return self.data
        content = envelope.original_content or b""
        self.taken.append(Taken(envelope.mail_from or "", tuple(envelope.rcpt_tos), content, self.connections))
        if self.before_answer is not None:
            await self.before_answer()
        return "250 OK"

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:
        """Google's and Microsoft's mechanism: the token must be one of ours."""
        from base64 import b64decode

        told = b64decode(args[1]).decode() if len(args) > 1 else ""
        token = told.partition("auth=Bearer ")[2].rstrip("\x01")
        return AuthResult(success=token in self.tokens, handled=token in self.tokens)

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        """Passwords."""
        user, password = data.login.decode(), data.password.decode()
        return AuthResult(success=self.passwords.get(user) == password, handled=self.passwords.get(user) == password)


@asynccontextmanager
async def smtp_server(**more: Any) -> AsyncIterator[SmtpServer]:
    """A server on a free port of the loopback, gone after the block."""
    handler = SmtpServer()
    loop = asyncio.get_running_loop()
    needs = bool(more.pop("auth", False))

    def protocol() -> SMTP:
        return SMTP(
            handler,
            loop=loop,
            hostname="mail.test",
            enable_SMTPUTF8=True,
            authenticator=handler.authenticate if needs else None,
            auth_require_tls=False,
            **more,
        )

    server = await loop.create_server(protocol, "127.0.0.1", 0)
    handler.port = server.sockets[0].getsockname()[1]
    try:
        yield handler
    finally:
        server.close()
