"""Handing a finished mail to an SMTP server, with what became of it for each recipient."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Literal

import aiosmtplib
from aiosmtplib import errors as smtp

from credo.base.db import Db
from credo.base.errors import CredoError
from credo.base.secrets import Keyring
from credo.channels.email import mailbox as mailboxes
from credo.channels.email import oauth
from credo.channels.email.mailbox import Mailbox
from credo.channels.email.system import System

TIMEOUT = 60.0
KEPT_HERE = "This is a demo desk: the mail stays here."


class Unsent(CredoError):
    """The mail server could not be used; the message waits and is tried again."""

    permanent = False


class NoServer(Unsent):
    """This mailbox has no outgoing mail server yet; set one in its settings and the message leaves."""


class NoSystem(Unsent):
    """CREDO_SYSTEM_SMTP_URL was taken away while letters to colleagues waited; set it again, or invite anew."""


class SignInRefused(Unsent):
    """The mail server refused the sign-in of this mailbox; check its password or connect it again."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What a server said about one recipient: `refused` is for good, `deferred` may be tried again."""

    address: str
    state: Literal["accepted", "deferred", "refused"]
    code: str
    detail: str


class Session:
    """An open connection to one mailbox's server; it reconnects once when the server hung up between two mails."""

    def __init__(self, client: aiosmtplib.SMTP) -> None:
        self._client = client

    async def send(self, sender: str, recipients: Sequence[str], content: bytes) -> list[Fate]:
        """Send one mail and return the fate of each recipient; raises Unsent when it never got that far."""
        await self._be_connected()
        speaks_utf8 = self._client.supports_extension("smtputf8")
        written = {one: _on_the_wire(one, speaks_utf8) for one in recipients}
        impossible = [Fate(one, "refused", "5.1.3", _NO_ADDRESS) for one, address in written.items() if not address]
        possible = {address: one for one, address in written.items() if address}
        if not possible:
            return impossible
        fates = await self._sent(_on_the_wire(sender, speaks_utf8) or sender, list(possible), content)
        return impossible + [replace(fate, address=possible[fate.address]) for fate in fates]

    async def _sent(self, sender: str, recipients: list[str], content: bytes) -> list[Fate]:
        options = [] if all(one.isascii() for one in (sender, *recipients)) else ["SMTPUTF8"]
        try:
            refused, answer = await self._client.sendmail(
                sender, recipients, content, mail_options=options, timeout=TIMEOUT
            )
        except smtp.SMTPRecipientsRefused as failure:
            return [_fate(one.recipient, one.code, one.message) for one in failure.recipients]
        except smtp.SMTPResponseException as failure:
            if failure.code == 421:
                self._client.close()
            return [_fate(one, failure.code, failure.message) for one in recipients]
        except (smtp.SMTPException, OSError, TimeoutError) as failure:
            self._client.close()
            raise Unsent(reason=_words(failure)) from failure
        fates = {one: _fate(one, response.code, response.message) for one, response in refused.items()}
        return [fates.get(one) or Fate(one, "accepted", "250", _short(answer)) for one in recipients]

    async def _be_connected(self) -> None:
        if self._client.is_connected:
            try:
                await self._client.rset(timeout=TIMEOUT)
                return
            except (smtp.SMTPException, OSError, TimeoutError):
                self._client.close()
        await _connect(self._client)


class Nowhere:
    """The way out of a demo desk: every mail is built, kept and marked, and none leaves this machine."""

    async def send(self, sender: str, recipients: Sequence[str], content: bytes) -> list[Fate]:
        """Take the mail for everybody and keep it."""
        return [Fate(one, "accepted", "demo", KEPT_HERE) for one in recipients]


class Postman:
    """Opens the outgoing way of mailboxes, by password or OAuth 2."""

    def __init__(
        self, db: Db, keys: Keyring, *, context: ssl.SSLContext | None = None, system: System | None = None
    ) -> None:
        self._db = db
        self._keys = keys
        self._context = context
        self._system = system

    async def origin(self, desk_id: int, mailbox_id: int | None) -> Mailbox:
        """The mailbox a letter leaves from; without an id the installation's own server. Raises NotFound, NoSystem."""
        if mailbox_id is not None:
            async with self._db.reading(desk_id) as tx:
                return await mailboxes.load(tx, mailbox_id)
        if self._system is None:
            raise NoSystem
        return self._system.mailbox(desk_id, self._keys)

    @asynccontextmanager
    async def session(self, mailbox: Mailbox) -> AsyncIterator[Session | Nowhere]:
        """A connection for one or many mails of `mailbox`; raises Unsent when there is no getting in."""
        if mailbox.outgoing.nowhere:
            yield Nowhere()
            return
        client = await self._client(mailbox)
        await _connect(client)
        try:
            yield Session(client)
        finally:
            await _part(client)

    async def _client(self, mailbox: Mailbox) -> aiosmtplib.SMTP:
        out = mailbox.outgoing
        if not out.host:
            raise NoServer
        kept = mailboxes.secrets(self._keys, mailbox)
        with_token = out.sign_in == "oauth"
        user = out.user or mailbox.incoming.user or mailbox.address

        async def token() -> str:
            return await oauth.access_token(self._db, self._keys, mailbox)

        return aiosmtplib.SMTP(
            hostname=out.host,
            port=out.port,
            timeout=TIMEOUT,
            use_tls=out.security == "tls",
            start_tls=out.security == "starttls",
            tls_context=self._context,
            local_hostname=greeting(mailbox.address),
            username=user if out.sign_in != "none" else None,
            password=(kept.smtp_password or kept.password) if out.sign_in == "password" else None,
            oauth_token_generator=token if with_token else None,
        )


def greeting(address: str) -> str:
    """What to call ourselves: the mailbox's domain, which is also known where this machine has no name."""
    try:
        return address.rpartition("@")[2].encode("idna").decode() or "localhost"
    except UnicodeError:
        return "localhost"


_SILENT = (smtp.SMTPException, OSError, TimeoutError, oauth.NotAuthorised, oauth.ProviderSilent)


async def _connect(client: aiosmtplib.SMTP) -> None:
    try:
        await client.connect()
    except smtp.SMTPAuthenticationError as failure:
        client.close()
        raise SignInRefused(reason=_words(failure)) from failure
    except (*_SILENT, UnicodeError) as failure:  # a name that no server can have is a UnicodeError
        client.close()
        if isinstance(failure, CredoError):
            raise Unsent(failure.sentence) from failure
        raise Unsent(reason=_words(failure)) from failure


async def _part(client: aiosmtplib.SMTP) -> None:
    """Say goodbye where somebody still listens; what was sent is sent either way."""
    if not client.is_connected:
        return
    try:
        async with asyncio.timeout(5):
            await client.quit()
    except (smtp.SMTPException, OSError, TimeoutError):
        client.close()


_NO_ADDRESS = "This cannot be written to: it is no address that our mail server understands."
_WRITABLE = re.compile(r"[^\s<>()\[\],;:\\\"@\x00-\x20\x7f]{1,64}@[A-Za-z0-9._-]{1,253}")


def _on_the_wire(address: str, speaks_utf8: bool) -> str | None:
    """The address as SMTP carries it, its domain in ASCII; None when it cannot be carried to this server."""
    local, _, domain = address.strip().rpartition("@")
    try:
        written = f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError:
        return None
    if not _WRITABLE.fullmatch(written) or not (written.isascii() or speaks_utf8):
        return None
    return written


def _fate(address: str, code: int, message: str) -> Fate:
    state: Literal["deferred", "refused"] = "refused" if 500 <= code < 600 else "deferred"
    return Fate(address, state, str(code), _short(message))


def _words(failure: BaseException) -> str:
    return _short(str(failure) or type(failure).__name__)


def _short(text: str) -> str:
    return " ".join(str(text).split())[:500]
