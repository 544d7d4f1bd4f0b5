"""Which conversation a message belongs to. Keys are tried from the surest to the weakest.

1. an address we signed, 2. a Message-ID we signed, 3. a known Message-ID of the same mailbox and 4. a number in the
subject, both only from a participant; else a new conversation, with a link to what it looks related to. So a
stranger's forged In-Reply-To never joins a thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from credo.base.db import Tx
from credo.base.ids import fold
from credo.channels import Inbound
from credo.conversations import addressing

Key = Literal["address", "signed_id", "known_id", "subject", "new"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message goes: a conversation and the key that led there, or none and what it looks related to."""

    conversation_id: int | None
    key: Key
    guest: bool = False
    related_id: int | None = None
    about_item_id: int | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    id: int
    participant: bool
    gone: bool
    item_id: int | None = None


async def place(tx: Tx, inbound: Inbound, mailbox_id: int | None, *, sender: str | None, trusted: bool) -> Place:
    """The place of `inbound`. `sender` is the folded address; not `trusted` when its checks failed."""
    ids, addressed = _mentioned(inbound), _addressed(inbound)
    about = await _item_of(tx, ids)
    key = await _signing_key(tx) if addressed or ids or inbound.markers else b""
    for kind, reply_keys in (
        ("address", addressing.reply_keys_of_addresses(addressed, key)),
        ("signed_id", addressing.reply_keys_of_message_ids((*ids, *inbound.markers), key)),
    ):
        found = await _by_reply_key(tx, reply_keys, sender)
        if found is not None:
            return _joined(found, kind, about, strict=False, trusted=trusted)  # type: ignore[arg-type]
    weak = await _by_known_id(tx, ids, mailbox_id, sender)
    kind = "known_id"
    if weak is None and (number := addressing.number_in_subject(inbound.subject)) is not None:
        weak, kind = await _by_number(tx, number, mailbox_id, sender), "subject"
    if weak is not None:
        return _joined(weak, kind, about, strict=inbound.kind not in ("bounce", "complaint"), trusted=trusted)  # type: ignore[arg-type]
    return Place(None, "new", related_id=await _related(tx, inbound, sender))


def _joined(found: _Found, key: Key, about: int | None, *, strict: bool, trusted: bool) -> Place:
    """Join, unless the key is weak and the sender a stranger, or the conversation was thrown away."""
    stranger = not (found.participant and trusted)
    if found.gone or (strict and stranger):
        return Place(None, "new", related_id=None if found.gone else found.id)
    return Place(found.id, key, guest=stranger, about_item_id=about or found.item_id)


def _mentioned(inbound: Inbound) -> list[str]:
    """Message-IDs the mail speaks about, nearest first, without brackets."""
    own = [inbound.original_message_id] if inbound.original_message_id else []
    return [id.strip("<> ") for id in (*own, *inbound.in_reply_to, *reversed(inbound.references))][:60]


def _addressed(inbound: Inbound) -> list[str]:
    return [*inbound.delivered_to, *(a.address for a in (*inbound.to, *inbound.cc, *inbound.bcc))]


async def _signing_key(tx: Tx) -> bytes:
    key: bytes = await tx.value("select signing_key from desk where id = %(desk)s")
    return key


async def _item_of(tx: Tx, ids: list[str]) -> int | None:
    """The outgoing item that one of `ids` names."""
    if not ids:
        return None
    found = await tx.value(
        "select item_id from outbox where desk_id = %(desk)s and message_id = any(%(ids)s) order by id desc limit 1",
        ids=ids,
    )
    return None if found is None else int(found)


_FOUND = """select c.id, c.state = 'trash' as gone, null::bigint as item_id,
                   exists (select from participant p where p.desk_id = c.desk_id and p.conversation_id = c.id
                             and p.address = %(sender)s) as participant
              from conversation c"""


async def _by_reply_key(tx: Tx, reply_keys: list[str], sender: str | None) -> _Found | None:
    if not reply_keys:
        return None
    return await tx.maybe(
        _Found,
        f"{_FOUND} where c.desk_id = %(desk)s and c.reply_key = any(%(keys)s) order by c.id desc limit 1",
        keys=reply_keys,
        sender=sender,
    )


async def _by_known_id(tx: Tx, ids: list[str], mailbox_id: int | None, sender: str | None) -> _Found | None:
    """The conversation that holds the nearest mentioned Message-ID in this mailbox."""
    if not ids or mailbox_id is None:
        return None
    return await tx.maybe(
        _Found,
        f"""{_FOUND}
              join message_key k on k.desk_id = c.desk_id and k.conversation_id = c.id
             where c.desk_id = %(desk)s and k.mailbox_id = %(mailbox)s and k.message_id = any(%(ids)s)
             order by array_position(%(ids)s::text[], k.message_id), k.item_id desc limit 1""",
        mailbox=mailbox_id,
        ids=ids,
        sender=sender,
    )


async def _by_number(tx: Tx, number: int, mailbox_id: int | None, sender: str | None) -> _Found | None:
    return await tx.maybe(
        _Found,
        f"{_FOUND} where c.desk_id = %(desk)s and c.id = %(id)s and c.mailbox_id = %(mailbox)s",
        id=number,
        mailbox=mailbox_id,
        sender=sender,
    )


async def _related(tx: Tx, inbound: Inbound, sender: str | None) -> int | None:
    """A conversation of the same person under the same subject within 60 days."""
    subject = fold(addressing.bare_subject(inbound.subject))
    if not subject or sender is None:
        return None
    recent = await tx.all(
        _Subject,
        """select c.id, c.subject from conversation c
             join identity i on i.desk_id = c.desk_id and i.person_id = c.person_id
            where c.desk_id = %(desk)s and i.kind = 'email' and i.address = %(sender)s and c.state <> 'trash'
              and c.last_item_at > now() - interval '60 days'
            order by c.last_item_at desc limit 20""",
        sender=sender,
    )
    return next((row.id for row in recent if fold(addressing.bare_subject(row.subject)) == subject), None)


@dataclass(frozen=True, slots=True)
class _Subject:
    id: int
    subject: str
