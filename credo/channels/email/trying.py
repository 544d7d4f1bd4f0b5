"""Trying a mailbox out before it is saved: can we get in, are the folders there, would mail leave?"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import Literal

import aiosmtplib

from credo.base.errors import CredoError
from credo.channels.email import imap
from credo.channels.email.mailbox import Incoming, Outgoing, Secrets
from credo.channels.email.send import TIMEOUT, greeting


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was tried; `text` is a sentence, `detail` the server's own words or a number."""

    way: Literal["in", "out"]
    good: bool
    text: str
    detail: str = ""


WORDS = {
    "in": "Incoming: signed in, and every folder is there.",
    "out": "Outgoing: signed in, and mail would leave.",
    "silent": "The server did not answer within 15 seconds; check its name and port.",
}


async def try_out(
    address: str, incoming: Incoming, outgoing: Outgoing, kept: Secrets, *, token: str | None = None
) -> list[Check]:
    """Sign in both ways and say how it went; changes nothing on either server and takes at most half a minute."""
    checks = []
    if incoming.host:
        checks.append(await _limited("in", _incoming(address, incoming, kept, token)))
    if outgoing.host:
        checks.append(await _limited("out", _outgoing(address, incoming, outgoing, kept, token)))
    return checks


async def _limited(way: Literal["in", "out"], trying: object) -> Check:
    try:
        async with asyncio.timeout(15):
            return await trying  # type: ignore[misc, no-any-return]
    except TimeoutError:
        return Check(way, False, WORDS["silent"])


async def _incoming(address: str, incoming: Incoming, kept: Secrets, token: str | None) -> Check:
    try:
        await asyncio.to_thread(partial(_look, incoming, incoming.user or address, kept.password, token))
    except CredoError as trouble:
        return Check(
            "in", False, trouble.template, str(trouble.details.get("reason") or trouble.details.get("folder", ""))
        )
    except imap.Trouble as trouble:
        return Check("in", False, imap.Unreachable().template, str(trouble)[:300])
    return Check("in", True, WORDS["in"])


def _look(incoming: Incoming, user: str, password: str, token: str | None) -> None:
    connection = imap.connect(incoming, user, password=password, token=token, seconds=12)
    try:
        for folder in incoming.folders:
            connection.open(folder)
        if incoming.archive:
            connection.open(incoming.archive)
    finally:
        connection.close()


async def _outgoing(address: str, incoming: Incoming, outgoing: Outgoing, kept: Secrets, token: str | None) -> Check:
    async def given() -> str:
        return token or ""

    client = aiosmtplib.SMTP(
        hostname=outgoing.host,
        port=outgoing.port,
        timeout=min(TIMEOUT, 12),
        use_tls=outgoing.security == "tls",
        start_tls=outgoing.security == "starttls",
        local_hostname=greeting(address),
        username=(outgoing.user or incoming.user or address) if outgoing.sign_in != "none" else None,
        password=(kept.smtp_password or kept.password) if outgoing.sign_in == "password" else None,
        oauth_token_generator=given if outgoing.sign_in == "oauth" else None,
    )
    try:
        await client.connect()
        await client.quit()
    except aiosmtplib.SMTPAuthenticationError as trouble:
        return Check("out", False, imap.SignInRefused().template, trouble.message[:300])
    except (aiosmtplib.SMTPException, OSError, TimeoutError, UnicodeError) as trouble:
        return Check("out", False, imap.Unreachable().template, str(trouble)[:300])
    finally:
        client.close()
    return Check("out", True, WORDS["out"])
