"""The built-in listener: a mail server hands mail to us by SMTP or LMTP, and hears yes only when it is stored.

It takes mail for the addresses of the mailboxes alone, so it is no relay; it is meant to stand behind a mail server
that filters, or on a private network.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from credo.base.blobs import Blobs
from credo.base.db import Db
from credo.base.errors import CredoError
from credo.channels.email import mailbox as mailboxes
from credo.channels.email.mailbox import Place
from credo.channels.email.porter import Porter, Room
from credo.intake import keep

_log = logging.getLogger("credo.listener")
_LINE = 2_000_000  # bytes; long lines break rules, but refusing them would lose mail
_RECIPIENTS = 100


class BadAddress(CredoError):
    """A listening address looks like 127.0.0.1:2525."""


class PortTaken(CredoError):
    """Another program listens on the address that CREDO_SMTP_LISTEN or CREDO_LMTP_LISTEN names."""


def parse(address: str) -> tuple[str, int]:
    """`host:port` or `[::1]:port` taken apart; raises BadAddress."""
    host, colon, port = address.rpartition(":")
    if not colon or not port.isdecimal() or not 0 <= int(port) < 65536:
        raise BadAddress(f"A listening address looks like 127.0.0.1:2525, not {address!r}.")
    return host.strip("[]") or "127.0.0.1", int(port)


@dataclass(slots=True)
class Listener:
    """A running listener and the port it got."""

    port: int
    server: asyncio.Server

    async def close(self) -> None:
        """Stop taking mail."""
        self.server.close()
        await self.server.wait_closed()


async def listen(
    db: Db,
    blobs: Blobs,
    address: str,
    *,
    max_bytes: int,
    room: Room = Room(),  # noqa: B008 - frozen
    lmtp: bool = False,
    shared: bool = False,
) -> Listener:
    """Take mail on `address` until closed; raises BadAddress or PortTaken. Several workers may share it."""
    host, port = parse(address)
    loop = asyncio.get_running_loop()
    door = Door(db, blobs, max_bytes, Porter(room))
    kind = _Lmtp if lmtp else _Smtp

    def protocol() -> SMTP:
        return kind(
            door,
            loop=loop,
            hostname="credo",
            ident="Credo",
            enable_SMTPUTF8=True,
            data_size_limit=max_bytes,
            timeout=room.idle,
        )

    try:
        server = await loop.create_server(protocol, host, port, reuse_port=shared)
    except OSError as failure:
        raise PortTaken(f"Nothing can listen on {address}: {failure.strerror or failure}.") from failure
    return Listener(server.sockets[0].getsockname()[1], server)


class Door:
    """What the server does with a recipient and with a mail."""

    def __init__(self, db: Db, blobs: Blobs, max_bytes: int, porter: Porter) -> None:
        self._db, self._blobs, self._max_bytes = db, blobs, max_bytes
        self.porter = porter

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Remember the greeting, which SPF may need."""
        session.host_name = hostname
        return responses

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient that is an address of a mailbox; everybody else does not live here."""
        if len(envelope.rcpt_tos) >= _RECIPIENTS:
            return "452 4.5.3 Too many recipients at once"
        try:
            places = await mailboxes.addressed(self._db, address.strip("<>"))
        except (psycopg.Error, TimeoutError) as trouble:
            _log.error("recipient could not be looked up: %s", trouble)
            return "451 4.3.0 Please try again in a minute"
        if not places:
            return "550 5.1.1 Nobody here has this address"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep the mail for every mailbox it is for, and only then say yes."""
        content = envelope.original_content or b""
        if len(content) > self._max_bytes:
            return too_large(self._max_bytes)
        try:
            places = await self._places(envelope.rcpt_tos)
            if {address for found in places.values() for address in found} != set(envelope.rcpt_tos):
                return "451 4.3.0 An address has just moved; please try again in a minute"  # and hear 550 then
            for place, addresses in places.items():
                told = _told(session, envelope, addresses)
                await keep(self._db, self._blobs, place.desk_id, place.id, content, origin="listener", envelope=told)
        except Exception:  # noqa: BLE001 - whatever it is, the other side keeps the mail and comes again
            _log.exception("a mail could not be kept")
            return "451 4.3.0 Your message could not be stored just now; please try again in a minute"
        return "250 2.0.0 Stored"

    async def handle_exception(self, error: Exception) -> str:
        """A fault in a command is a passing trouble to the other side."""
        _log.error("the listener failed: %s", error, exc_info=error)
        return "451 4.3.0 Something went wrong here; please try again in a minute"

    async def _places(self, recipients: Sequence[str]) -> dict[Place, list[str]]:
        found: dict[Place, list[str]] = {}
        for address in recipients:
            for place in await mailboxes.addressed(self._db, address.strip("<>")):
                found.setdefault(place, []).append(address)
        return found


def too_large(max_bytes: int) -> str:
    """The polite refusal of a mail over the limit."""
    most = max_bytes // 1_000_000
    return f"552 5.3.4 This message is larger than the {most} MB this desk can take; please send it with smaller files"


def _told(session: Session, envelope: Envelope, addresses: list[str]) -> dict[str, object]:
    return {
        "sender": envelope.mail_from or "",
        "to": addresses,
        "ip": _address(session),
        "greeting": session.host_name or "",
    }


def _address(session: Session) -> str:
    peer: object = session.peer
    return str(peer[0]) if isinstance(peer, tuple) and peer else ""


class _Patient:
    """What both protocols share: room for everybody, long lines, and a whole sentence to what is too large."""

    line_length_limit = _LINE
    data_size_limit: int | None
    _entered: str | None = None

    async def _handle_client(self: Any) -> None:
        """Greet and serve, or say politely that there is no room."""
        porter, address = self.event_handler.porter, _address(self.session)
        if refusal := porter.refusal(address):
            await self.push(refusal)
            self.transport.close()
            return
        porter.enter(address)
        self._entered = address
        await super()._handle_client()  # type: ignore[misc]

    def connection_lost(self: Any, error: Exception | None) -> None:
        """Make room."""
        if self._entered is not None:
            self.event_handler.porter.leave(self._entered)
            self._entered = None
        super().connection_lost(error)  # type: ignore[misc]

    def data_received(self: Any, data: bytes) -> None:
        """Whoever still sends is not idle, even within one long mail."""
        self._reset_timeout()
        super().data_received(data)  # type: ignore[misc]

    def _timeout_cb(self: Any) -> None:
        """Say goodbye to whoever says nothing."""
        self._writer.write(b"421 4.4.2 Nothing came for a while; please connect again\r\n")
        super()._timeout_cb()  # type: ignore[misc]

    async def push(self: Any, status: str | bytes) -> None:
        """Say something, our own words in the place of the library's for a mail that is too large."""
        if isinstance(status, str) and status.startswith("552 ") and self.data_size_limit:
            status = too_large(self.data_size_limit)
        await super().push(status)  # type: ignore[misc]


class _Smtp(_Patient, SMTP):
    pass


class _Lmtp(_Patient, LMTP):
    """LMTP answers the end of a mail once for each recipient (RFC 2033); all of ours share one fate."""

    _recipients = 0  # of the mail that is being taken, from our 354 until it is answered

    async def push(self, status: str | bytes) -> None:
        """Say something, once for each recipient when it is about a mail."""
        if str(status).startswith("354"):
            await super().push(status)
            self._recipients = len(self.envelope.rcpt_tos) if self.envelope else 0
            return
        answers, self._recipients = max(self._recipients, 1), 0
        for _ in range(answers):
            await super().push(status)
