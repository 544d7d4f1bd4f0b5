"""Connecting a mailbox: what a person wishes, saved with its secrets encrypted, paused, resumed, disconnected."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import msgspec
import psycopg
from psycopg.types.json import Jsonb

from credo.base.clock import now
from credo.base.db import Tx
from credo.base.errors import Conflict, Invalid
from credo.base.secrets import Keyring
from credo.channels.email import mailbox as mailboxes
from credo.channels.email.events import Changed, Connected, StateSet
from credo.channels.email.mailbox import Incoming, Mailbox, OAuth, Outgoing, Secrets
from credo.channels.email.oauth import PRESETS
from credo.history import Actor, record

State = Literal["active", "paused", "archived"]


class AddressTaken(Conflict):
    """Another mailbox of this desk has this address already."""


class AddressUnclear(Invalid):
    """That does not look like an e-mail address."""


class NothingToChange(Conflict):
    """This mailbox is so already."""


class NameMissing(Invalid):
    """A name is needed, as colleagues call it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A mailbox as a person wants it. Empty secrets keep what is stored."""

    name: str
    address: str
    aliases: tuple[str, ...] = ()
    team_id: int | None = None
    signature: str = ""
    automatic_answer: str = ""
    incoming: Incoming = Incoming()
    outgoing: Outgoing = Outgoing()
    oauth: OAuth = OAuth()
    secrets: Secrets = Secrets()


async def connect(tx: Tx, keys: Keyring, author: Actor, wish: Wish) -> int:
    """Store a new mailbox and return its id; raises AddressTaken, AddressUnclear or NameMissing."""
    _ensure_fits(wish)
    wish = _dated(wish, None)
    try:
        async with tx.savepoint():
            id = int(
                await tx.value(
                    """insert into mailbox (desk_id, name, address, aliases, team_id, signature, automatic_answer,
                                            incoming, outgoing, oauth)
                       values (%(desk)s, %(name)s, %(address)s, %(aliases)s, %(team)s, %(signature)s, %(answer)s,
                               %(incoming)s, %(outgoing)s, %(oauth)s) returning id""",
                    **_columns(wish),
                )
            )
    except psycopg.errors.UniqueViolation as taken:
        raise AddressTaken from taken
    await mailboxes.keep_secrets(tx, keys, id, wish.secrets)
    await record(tx, Connected(at=now(), actor=author, mailbox_id=id))
    return id


async def change(tx: Tx, keys: Keyring, author: Actor, id: int, wish: Wish) -> None:
    """Save other settings; a cursor of a folder stays, so nothing is fetched twice. Raises as `connect` does."""
    _ensure_fits(wish)
    present = await mailboxes.load(tx, id)
    wish = _dated(wish, present)
    kept = mailboxes.secrets(keys, present) if mailboxes.is_readable(keys, present) else Secrets()
    merged = merged_secrets(_of_the_same_account(present, wish, kept), wish.secrets)
    try:
        async with tx.savepoint():
            await tx.run(
                """update mailbox set name = %(name)s, address = %(address)s, aliases = %(aliases)s,
                          team_id = %(team)s, signature = %(signature)s, automatic_answer = %(answer)s,
                          incoming = %(incoming)s, outgoing = %(outgoing)s, oauth = %(oauth)s,
                          fetch_error = null, fetch_failures = 0, send_error = null
                    where desk_id = %(desk)s and id = %(id)s and state <> 'archived'""",
                id=id,
                **_columns(wish),
            )
    except psycopg.errors.UniqueViolation as taken:
        raise AddressTaken from taken
    if merged != kept:
        await mailboxes.keep_secrets(tx, keys, id, merged)
    await record(tx, Changed(at=now(), actor=author, mailbox_id=id, secrets=merged != kept))


async def keep_tokens(tx: Tx, keys: Keyring, author: Actor, id: int, tokens: Secrets) -> None:
    """Keep what a provider gave after a consent, and let fetching and sending begin anew."""
    await mailboxes.keep_secrets(tx, keys, id, tokens)
    await tx.run(
        """update mailbox set fetch_error = null, fetch_failures = 0, send_error = null
            where desk_id = %(desk)s and id = %(id)s""",
        id=id,
    )
    await record(tx, Changed(at=now(), actor=author, mailbox_id=id, secrets=True))


async def set_state(tx: Tx, author: Actor, id: int, state: State) -> None:
    """Pause, resume or disconnect; conversations stay. Raises NothingToChange, also for what is not there."""
    touched = await tx.run(
        """update mailbox set state = %(state)s, fetch_owner = null, fetch_until = null
            where desk_id = %(desk)s and id = %(id)s and state <> %(state)s and state <> 'archived'""",
        id=id,
        state=state,
    )
    if not touched:
        raise NothingToChange
    await record(tx, StateSet(at=now(), actor=author, mailbox_id=id, state=state))


def _dated(wish: Wish, present: Mailbox | None) -> Wish:
    """`wish` with the moment from which on mail is fetched: when an incoming server was named for the first time."""
    known = present.incoming.asked_at if present and present.incoming.host else None
    asked = known or (now() if wish.incoming.host and not (present and present.incoming.host) else None)
    return replace(wish, incoming=msgspec.structs.replace(wish.incoming, asked_at=asked))


def merged_secrets(kept: Secrets, given: Secrets) -> Secrets:
    """What is stored, with whatever was given anew."""
    fresh = {name: value for name, value in msgspec.structs.asdict(given).items() if value}
    return msgspec.structs.replace(kept, **fresh)


def _of_the_same_account(present: Mailbox, wish: Wish, kept: Secrets) -> Secrets:
    """The secrets without tokens that belong to another account or client than the one wished for."""
    if present.oauth == wish.oauth and present.incoming.user == wish.incoming.user:
        return kept
    return msgspec.structs.replace(kept, refresh_token="", access_token="", expires_at=0.0)


def guessed(wish: Wish, *, fetches: bool = True) -> Wish:
    """`wish` with the servers that its address, or its provider, most probably has, where none were named.

    Where nothing is to be fetched, because another server hands mail over, only the way out is guessed.
    """
    preset, domain = PRESETS.get(wish.oauth.provider), wish.address.rpartition("@")[2].lower()
    incoming, outgoing = wish.incoming, wish.outgoing
    if fetches and not incoming.host and domain:
        incoming = msgspec.structs.replace(incoming, host=preset.imap_host if preset else f"imap.{domain}")
    if not outgoing.host and domain and not outgoing.nowhere:
        outgoing = msgspec.structs.replace(outgoing, host=preset.smtp_host if preset else f"smtp.{domain}")
        if preset:
            outgoing = msgspec.structs.replace(outgoing, port=preset.smtp_port, security=preset.smtp_security)
    return replace(wish, incoming=incoming, outgoing=outgoing)


def _columns(wish: Wish) -> dict[str, object]:
    return {
        "name": " ".join(wish.name.split())[:100],
        "address": wish.address.strip(),
        "aliases": [alias.strip() for alias in wish.aliases if alias.strip()],
        "team": wish.team_id,
        "signature": wish.signature,
        "answer": wish.automatic_answer,
        "incoming": Jsonb(wish.incoming),
        "outgoing": Jsonb(wish.outgoing),
        "oauth": Jsonb(wish.oauth),
    }


def _ensure_fits(wish: Wish) -> None:
    if not wish.name.strip():
        raise NameMissing
    local, _at, domain = wish.address.strip().rpartition("@")
    if not local or "." not in domain or any(c.isspace() for c in wish.address.strip()):
        raise AddressUnclear
