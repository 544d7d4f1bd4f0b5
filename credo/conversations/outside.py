"""Messages from outside that another program hands over: taken in on the spot, or refused on the spot."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import msgspec

from credo.access import Actor
from credo.base import clock
from credo.base.blobs import Blobs
from credo.base.db import Tx
from credo.base.errors import Conflict
from credo.channels import Inbound
from credo.channels.api.read import Message, read
from credo.channels.email import html
from credo.conversations import addressing, receiving
from credo.conversations.conversation import get
from credo.conversations.starting import NoMailbox


class WasDeleted(Conflict):
    """This message was taken in before and thrown away since; restore its conversation instead."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a message stands."""

    conversation_id: int
    item_id: int


async def take_in(tx: Tx, actor: Actor, blobs: Blobs, message: Message) -> Standing:
    """Receive `message` in a mailbox that `actor` may see; raises NoMailbox, NoConversation, WasDeleted or Invalid."""
    mailbox = await _mailbox(tx, actor, message.mailbox_id)
    told = html.read(message.html) if message.html else None
    inbound = read(message, told, reply_address=await _reply_address(tx, actor, message, mailbox))
    await _keep_files(tx, blobs, inbound)
    arrival = receiving.Arrival(
        raw_id=None,
        mailbox_id=message.mailbox_id,
        received_at=clock.now(),
        digest=hashlib.sha256(msgspec.json.encode(message)).digest(),
        channel="api",
    )
    outcome = await receiving.receive(tx, arrival, inbound)
    if outcome.conversation_id is None or outcome.item_id is None:
        raise WasDeleted
    return Standing(outcome.conversation_id, outcome.item_id)


@dataclass(frozen=True, slots=True)
class _Mailbox:
    address: str
    signing_key: bytes


async def _mailbox(tx: Tx, actor: Actor, mailbox_id: int) -> _Mailbox:
    mailbox = await tx.maybe(
        _Mailbox,
        """select m.address, d.signing_key from mailbox m join desk d on d.id = m.desk_id
            where m.desk_id = %(desk)s and m.id = %(id)s and m.state <> 'archived'""",
        id=mailbox_id,
    )
    if mailbox is None or not (actor.sees_all or mailbox_id in actor.mailboxes):
        raise NoMailbox
    return mailbox


async def _reply_address(tx: Tx, actor: Actor, message: Message, mailbox: _Mailbox) -> str | None:
    """The signed address that leads to the conversation the message names, if it names one."""
    if message.conversation_id is None:
        return None
    joined = await get(tx, actor, message.conversation_id)
    return addressing.reply_address(mailbox.address, mailbox.signing_key, joined.reply_key)


async def _keep_files(tx: Tx, blobs: Blobs, inbound: Inbound) -> None:
    for file in inbound.attachments:
        await blobs.put(tx.desk_id, file.content)
        await tx.run(
            "insert into blob (desk_id, sha256, size) values (%(desk)s, %(sha256)s, %(size)s) on conflict do nothing",
            sha256=file.sha256,
            size=file.size,
        )
