"""A mailbox: its addresses, how it fetches and sends, and its secrets, which lie encrypted in one column."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import msgspec

from credo.base.db import Db, Tx
from credo.base.secrets import Keyring

Security = Literal["tls", "starttls", "plain"]
SignIn = Literal["password", "oauth", "none"]


class Incoming(msgspec.Struct, frozen=True, kw_only=True):
    """How mail is fetched by IMAP; without a host it comes in by the listener only.

    `days` says how much history is taken at the first connection (0: from `asked_at` on, when fetching was first asked
    for, however long the first look takes to succeed). `trusted` names the servers whose
    Authentication-Results are believed. `direct` says that foreign servers bring mail to our own listener themselves,
    so that the address they come from counts for SPF.
    """

    host: str = ""
    port: int = 993
    security: Security = "tls"
    user: str = ""
    sign_in: SignIn = "password"
    folders: tuple[str, ...] = ("INBOX",)
    archive: str = ""
    days: int = 0
    asked_at: datetime | None = None
    trusted: tuple[str, ...] = ()
    direct: bool = False


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """How mail is sent by SMTP. `plus` puts a signed address into Reply-To; the server must know plus-addresses.

    With `nowhere`, as in the demo desk, nothing leaves this machine: answers are kept, and say so.
    """

    host: str = ""
    port: int = 587
    security: Security = "starttls"
    user: str = ""
    sign_in: SignIn = "password"
    plus: bool = False
    nowhere: bool = False


class OAuth(msgspec.Struct, frozen=True, kw_only=True):
    """Which authorisation server this mailbox signs in with, under the company's own client id."""

    provider: str = ""
    client_id: str = ""
    tenant: str = "common"
    authorize_url: str = ""
    token_url: str = ""
    scope: str = ""


class Secrets(msgspec.Struct, frozen=True, kw_only=True):
    """What nobody may read: passwords of both ways, the client secret and the tokens. `expires_at` in Unix seconds."""

    password: str = ""
    smtp_password: str = ""
    client_secret: str = ""
    refresh_token: str = ""
    access_token: str = ""
    expires_at: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """One mailbox of a desk, as it was last saved."""

    desk_id: int
    id: int
    name: str
    address: str
    aliases: tuple[str, ...]
    team_id: int | None
    signature: str
    automatic_answer: str
    incoming: Incoming
    outgoing: Outgoing
    oauth: OAuth
    state: str
    secret: bytes | None = field(repr=False)
    fetched_at: datetime | None
    fetch_error: str | None
    fetch_failures: int
    send_error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    desk_id: int
    id: int
    name: str
    address: str
    aliases: list[str]
    team_id: int | None
    signature: str
    automatic_answer: str
    incoming: dict[str, Any]
    outgoing: dict[str, Any]
    oauth: dict[str, Any]
    state: str
    secret: bytes | None
    fetched_at: datetime | None
    fetch_error: str | None
    fetch_failures: int
    send_error: str | None


_COLUMNS = """select desk_id, id, name, address, aliases, team_id, signature, automatic_answer, incoming, outgoing,
                     oauth, state, secret, fetched_at, fetch_error, fetch_failures, send_error
                from mailbox"""


async def load(tx: Tx, mailbox_id: int) -> Mailbox:
    """The mailbox; raises NotFound."""
    return _mailbox(await tx.one(_Row, f"{_COLUMNS} where desk_id = %(desk)s and id = %(id)s", id=mailbox_id))


async def every(tx: Tx) -> list[Mailbox]:
    """The mailboxes of a desk that are not archived, by name."""
    rows = await tx.all(_Row, f"{_COLUMNS} where desk_id = %(desk)s and state <> 'archived' order by lower(name), id")
    return [_mailbox(row) for row in rows]


async def fetched(db: Db) -> list[Mailbox]:
    """The active mailboxes of all desks that fetch by IMAP."""
    async with db.reading(0) as tx:
        rows = await tx.all(_Row, f"{_COLUMNS} where state = 'active' and incoming->>'host' <> ''")
    return [_mailbox(row) for row in rows]


@dataclass(frozen=True, slots=True)
class Place:
    """A mailbox by its keys."""

    desk_id: int
    id: int


async def addressed(db: Db, address: str) -> list[Place]:
    """The active mailboxes, of whatever desk, that own `address` or the address without its plus part."""
    local, _, domain = address.casefold().rpartition("@")
    plain = f"{local.partition('+')[0]}@{domain}"
    async with db.reading(0) as tx:
        return await tx.all(
            Place,
            """select desk_id, id from mailbox
                where state = 'active' and (lower(address) = any(%(any)s)
                   or exists (select from unnest(aliases) alias where lower(alias) = any(%(any)s)))""",
            any=[f"{local}@{domain}", plain],
        )


async def active(db: Db) -> list[Place]:
    """All active mailboxes of all desks."""
    async with db.reading(0) as tx:
        return await tx.all(Place, "select desk_id, id from mailbox where state = 'active' order by desk_id, id")


def secrets(keys: Keyring, mailbox: Mailbox) -> Secrets:
    """The secrets of `mailbox`; raises SecretUnreadable when they were encrypted under another key."""
    if mailbox.secret is None:
        return Secrets()
    return msgspec.json.decode(keys.open(mailbox.secret, _about(mailbox.desk_id, mailbox.id)), type=Secrets)


def is_readable(keys: Keyring, mailbox: Mailbox) -> bool:
    """Whether the secrets of `mailbox`, if it has any, stand under a key that we have."""
    return mailbox.secret is None or keys.knows(mailbox.secret)


def sealed(keys: Keyring, desk_id: int, mailbox_id: int, value: Secrets) -> bytes:
    """Secrets as they are stored: encrypted for this mailbox and no other."""
    return keys.seal(msgspec.json.encode(value), _about(desk_id, mailbox_id))


async def keep_secrets(tx: Tx, keys: Keyring, mailbox_id: int, value: Secrets) -> None:
    """Encrypt and store the secrets of a mailbox."""
    await tx.run(
        "update mailbox set secret = %(secret)s where desk_id = %(desk)s and id = %(id)s",
        secret=sealed(keys, tx.desk_id, mailbox_id, value),
        id=mailbox_id,
    )


async def note_fetched(tx: Tx, mailbox_id: int, moment: datetime, error: str | None) -> None:
    """Write down how fetching went; `error` is a sentence, None when all is well."""
    well = "fetched_at = %(now)s, fetch_error = null, fetch_failed_at = null, fetch_failures = 0"
    ill = """fetch_error = %(error)s, fetch_failed_at = coalesce(fetch_failed_at, %(now)s),
             fetch_failures = fetch_failures + 1"""
    await tx.run(
        f"update mailbox set {well if error is None else ill} where desk_id = %(desk)s and id = %(id)s",
        now=moment,
        error=error,
        id=mailbox_id,
    )


async def hold(tx: Tx, mailbox_id: int, owner: str, moment: datetime, until: datetime) -> bool:
    """Take or renew the right to fetch a mailbox; False while another process has it."""
    return bool(
        await tx.run(
            """update mailbox set fetch_owner = %(owner)s, fetch_until = %(until)s
                where desk_id = %(desk)s and id = %(id)s and state = 'active'
                  and (fetch_owner = %(owner)s or fetch_until is null or fetch_until <= %(now)s)""",
            owner=owner,
            until=until,
            now=moment,
            id=mailbox_id,
        )
    )


async def let_go(tx: Tx, mailbox_id: int, owner: str) -> None:
    """Give the right to fetch back."""
    await tx.run(
        """update mailbox set fetch_owner = null, fetch_until = null
            where desk_id = %(desk)s and id = %(id)s and fetch_owner = %(owner)s""",
        owner=owner,
        id=mailbox_id,
    )


async def note_sent(tx: Tx, mailbox_id: int, moment: datetime, error: str | None) -> None:
    """Write down how sending went; `error` is a sentence about the server, None when all is well."""
    how = "sent_at = %(now)s, send_error = null" if error is None else "send_error = %(error)s"
    await tx.run(
        f"update mailbox set {how} where desk_id = %(desk)s and id = %(id)s", now=moment, error=error, id=mailbox_id
    )


def _about(desk_id: int, mailbox_id: int) -> str:
    return f"mailbox {desk_id} {mailbox_id}"


def _mailbox(row: _Row) -> Mailbox:
    return Mailbox(
        desk_id=row.desk_id,
        id=row.id,
        name=row.name,
        address=row.address,
        aliases=tuple(row.aliases),
        team_id=row.team_id,
        signature=row.signature,
        automatic_answer=row.automatic_answer,
        incoming=msgspec.convert(row.incoming, Incoming),
        outgoing=msgspec.convert(row.outgoing, Outgoing),
        oauth=msgspec.convert(row.oauth, OAuth),
        state=row.state,
        secret=row.secret,
        fetched_at=row.fetched_at,
        fetch_error=row.fetch_error,
        fetch_failures=row.fetch_failures,
        send_error=row.send_error,
    )
