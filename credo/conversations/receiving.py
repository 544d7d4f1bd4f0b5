"""Receiving: a message that was read becomes an item in the right conversation, once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from credo.base.db import Tx
from credo.base.ids import short_key
from credo.channels import Address, Inbound
from credo.conversations import addressing, events, items, threading
from credo.conversations.conversation import WORK_KEY, lock, tell
from credo.conversations.participants import copy_in, join, others_of, own_addresses
from credo.conversations.state import reopen_for_customer
from credo.history import by_customer, record
from credo.language.mask import mask
from credo.people.customers import person_of, reserve


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a message came: its raw row, the mailbox it came to, and what was found out about its sender.

    `digest` is of the raw bytes less trace headers; the bytes of all attachments are stored already.
    """

    raw_id: int | None
    mailbox_id: int | None
    received_at: datetime
    digest: bytes
    verdict: Literal["verified", "unknown", "failed"] = "unknown"
    channel: Literal["email", "api"] = "email"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it: an item, or the reason there is none. `trace` says how its place was found."""

    state: Literal["received", "duplicate", "deleted"]
    conversation_id: int | None = None
    item_id: int | None = None
    trace: tuple[str, ...] = ()


async def receive(tx: Tx, arrival: Arrival, inbound: Inbound) -> Outcome:
    """Put `inbound` where it belongs and record `Received`; a true duplicate or a deleted mail adds nothing."""
    body = body_digest(inbound)
    if known := await _known(tx, arrival, inbound, body):
        return known
    own = await own_addresses(tx)
    author = _author(inbound)
    sender = author.key if author else None
    place = await threading.place(tx, inbound, arrival.mailbox_id, sender=sender, trusted=arrival.verdict != "failed")
    await reserve(tx, [*([sender] if sender else []), *(a.key for a in others_of(inbound, _with_plus(own, inbound)))])
    person_id = await person_of(tx, sender, author.name if author else "")
    conversation_id = place.conversation_id
    if opened := conversation_id is None:
        conversation_id = await _open(tx, arrival, inbound, person_id, place.related_id)
    assert conversation_id is not None
    was = "new" if opened else (await lock(tx, conversation_id)).state
    appended = await items.append(tx, conversation_id, _item(arrival, inbound, person_id, place))
    await _keep_attachments(tx, appended.id, inbound)
    await _remember(tx, arrival, inbound, body, appended.id, conversation_id)
    if sender and sender not in own:
        await join(
            tx, conversation_id, person_id, sender, "requester" if opened else "guest" if place.guest else "copied"
        )
    if not place.guest and inbound.kind == "message":
        await copy_in(tx, conversation_id, others_of(inbound, _with_plus(own, inbound)))
    reopened = not opened and await reopen_for_customer(
        tx, conversation_id, person_id, arrival.received_at, moves=_moves(inbound)
    )
    await record(
        tx,
        events.Received(
            at=arrival.received_at,
            actor=by_customer(person_id),
            conversation_id=conversation_id,
            item_id=appended.id,
            seq=appended.seq,
            nature=inbound.kind,
            automatic=inbound.automatic,
            opened=opened,
            reopened=bool(reopened),
            guest=place.guest,
        ),
    )
    await tell(tx, conversation_id)
    return Outcome("received", conversation_id, appended.id, (f"place:{place.key}", f"was:{was}"))


def bare_id(message_id: str) -> str:
    """A Message-ID without brackets, as tables keep it."""
    return message_id.replace("\x00", "").strip("<> \t\r\n")[:998]


def body_digest(inbound: Inbound) -> bytes:
    """What tells one body from another: text, HTML and attachments, but no header."""
    h = hashlib.sha256(inbound.text.encode("utf-8", "replace"))
    h.update((inbound.html or "").encode("utf-8", "replace"))
    for attachment in inbound.attachments:
        h.update(attachment.sha256.encode())
    return h.digest()


async def _known(tx: Tx, arrival: Arrival, inbound: Inbound, body: bytes) -> Outcome | None:
    """The outcome for a mail that is already here, or was deleted here; None for one that is new."""
    if arrival.mailbox_id is None:
        return None
    if inbound.message_id is None:
        return await _same_bytes(tx, arrival) if arrival.raw_id is not None else None
    id = bare_id(inbound.message_id)
    # Two copies read at the same moment must not both find nothing.
    await tx.run(
        "select pg_advisory_xact_lock(hashtextextended(%(key)s, 2))", key=f"{tx.desk_id}:{arrival.mailbox_id}:{id}"
    )
    if await tx.value(
        """select 1 from tombstone where desk_id = %(desk)s and mailbox_id = %(mailbox)s and message_id = %(id)s
              and digest = %(digest)s""",
        mailbox=arrival.mailbox_id,
        id=id,
        digest=body,
    ):
        return Outcome("deleted", trace=("tombstone",))
    twin = await tx.maybe(
        _Twin,
        """select conversation_id, item_id from message_key
            where desk_id = %(desk)s and mailbox_id = %(mailbox)s and message_id = %(id)s
              and (digest = %(digest)s
                   or exists (select from outbox o where o.desk_id = %(desk)s and o.message_id = %(id)s))
            limit 1""",
        mailbox=arrival.mailbox_id,
        id=id,
        digest=body,
    )
    return Outcome("duplicate", twin.conversation_id, twin.item_id, ("same id, same body",)) if twin else None


@dataclass(frozen=True, slots=True)
class _Twin:
    conversation_id: int
    item_id: int


async def _same_bytes(tx: Tx, arrival: Arrival) -> Outcome | None:
    """Without an id, equal bytes less trace headers within a day are the same mail."""
    await tx.run(
        "select pg_advisory_xact_lock(hashtextextended(%(key)s, 3))", key=f"{tx.desk_id}:{arrival.digest.hex()}"
    )
    twin = await tx.maybe(
        _Twin,
        """select conversation_id, item_id from raw
            where desk_id = %(desk)s and digest = %(digest)s and mailbox_id = %(mailbox)s and state = 'read'
              and item_id is not null and id is distinct from %(raw)s
              and received_at between %(at)s - interval '24 hours' and %(at)s + interval '24 hours'
            order by id limit 1""",
        digest=arrival.digest,
        mailbox=arrival.mailbox_id,
        raw=arrival.raw_id,
        at=arrival.received_at,
    )
    return Outcome("duplicate", twin.conversation_id, twin.item_id, ("no id, same bytes",)) if twin else None


def _author(inbound: Inbound) -> Address | None:
    """Who asks: the sender, or for a form or shop that writes by itself whoever Reply-To names."""
    if inbound.automatic == "auto-generated" and inbound.reply_to:
        return inbound.reply_to[0]
    return inbound.from_ if inbound.from_ and "@" in inbound.from_.address else None


def _moves(inbound: Inbound) -> bool:
    """Whether this message makes it our turn; bounces, complaints and automatic replies never do."""
    return inbound.kind == "message" and inbound.automatic != "auto-replied"


async def _open(tx: Tx, arrival: Arrival, inbound: Inbound, person_id: int, related_id: int | None) -> int:
    subject = " ".join(inbound.subject.replace("\x00", "").split())[:500]
    id = await tx.value(
        f"""insert into conversation (desk_id, mailbox_id, team_id, channel, person_id, subject, created_at,
                                     last_item_at, reply_key, related_id, doubtful, work_key)
           select %(desk)s, %(mailbox)s, (select team_id from mailbox where desk_id = %(desk)s and id = %(mailbox)s),
                  %(channel)s, %(person)s, %(subject)s, %(at)s, %(at)s, %(key)s, %(related)s, %(doubtful)s,
                  {WORK_KEY.format(due="null", at="%(at)s::timestamptz")}
           returning id""",
        mailbox=arrival.mailbox_id,
        channel=arrival.channel,
        person=person_id,
        subject=subject,
        at=arrival.received_at,
        key=short_key(12),
        related=related_id,
        doubtful=arrival.verdict == "failed",
    )
    return int(id)


def _item(arrival: Arrival, inbound: Inbound, person_id: int, place: threading.Place) -> items.NewItem:
    return items.NewItem(
        kind="message",
        direction="in",
        nature=inbound.kind,
        at=arrival.received_at,
        person_id=person_id,
        subject=inbound.subject,
        text=inbound.text,
        shown_text=mask(inbound.visible_text or inbound.text),
        zones=list(inbound.folded),
        html=inbound.html_clean,
        addresses=_addresses(inbound),
        meta=_meta(inbound, place),
        verdict=arrival.verdict,
        guest=place.guest,
        raw_id=arrival.raw_id,
        about_item_id=place.about_item_id,
        message_id=bare_id(inbound.message_id) if inbound.message_id else None,
        search_text=_searched(inbound),
    )


def _addresses(inbound: Inbound) -> dict[str, Any]:
    def plain(found: tuple[Address, ...]) -> list[list[str]]:
        return [[a.name, a.address] for a in found[:200]]

    return {
        "from": plain(inbound.senders or ((inbound.from_,) if inbound.from_ else ())),
        "to": plain(inbound.to),
        "cc": plain(inbound.cc),
        "reply_to": plain(inbound.reply_to),
    }


def _meta(inbound: Inbound, place: threading.Place) -> dict[str, Any]:
    meta: dict[str, Any] = {"key": place.key}
    if inbound.automatic != "no":
        meta["automatic"] = inbound.automatic
    if inbound.problems:
        meta["problems"] = list(inbound.problems[:20])
    if inbound.date:
        meta["written_at"] = inbound.date.isoformat()
    if inbound.invite:
        meta["invite"] = inbound.invite
    if inbound.bounce:
        meta["bounce"] = inbound.bounce
    return meta


def _searched(inbound: Inbound) -> str:
    people = [inbound.from_] if inbound.from_ else []
    return "\n".join([*(f"{a.name} {a.address}" for a in people), *(a.name for a in inbound.attachments)])


def _with_plus(own: frozenset[str], inbound: Inbound) -> frozenset[str]:
    """Our addresses, and those of this mail that are ours with a plus part."""
    return own | {a.key for a in (*inbound.to, *inbound.cc) if addressing.without_plus(a.address) in own}


async def _keep_attachments(tx: Tx, item_id: int, inbound: Inbound) -> None:
    for attachment in inbound.attachments:
        await tx.run(
            """insert into attachment (desk_id, item_id, name, type, size, sha256, content_id, inline)
               values (%(desk)s, %(item)s, %(name)s, %(type)s, %(size)s, %(sha256)s, %(content_id)s, %(inline)s)""",
            item=item_id,
            name=attachment.name.replace("\x00", "")[:255],
            type=attachment.type.replace("\x00", "")[:255],
            size=attachment.size,
            sha256=attachment.sha256,
            content_id=attachment.content_id,
            inline=attachment.inline,
        )


async def _remember(
    tx: Tx, arrival: Arrival, inbound: Inbound, body: bytes, item_id: int, conversation_id: int
) -> None:
    if inbound.message_id and arrival.mailbox_id is not None:
        await tx.run(
            """insert into message_key (desk_id, mailbox_id, message_id, digest, item_id, conversation_id)
               values (%(desk)s, %(mailbox)s, %(id)s, %(digest)s, %(item)s, %(conversation)s)
               on conflict do nothing""",
            mailbox=arrival.mailbox_id,
            id=bare_id(inbound.message_id),
            digest=body,
            item=item_id,
            conversation=conversation_id,
        )
