"""The automatic answer of a mailbox: once to a person who opens a conversation, never to a machine."""

from __future__ import annotations

import re
from dataclasses import dataclass

from credo.base.clock import now
from credo.base.db import Tx
from credo.conversations import addressing, items
from credo.conversations.events import Received
from credo.conversations.participants import own_addresses
from credo.delivery import guard
from credo.history import Recorded

_NO_PERSON = re.compile(
    r"^(?:no[._-]?reply|do[._-]?not[._-]?reply|donotreply|ne[._-]?pas[._-]?repondre|nicht[._-]?antworten|no[._-]?responder"
    r"|mailer[._-]?daemon|postmaster|hostmaster|abuse|bounces?|notifications?|newsletter|.*[._+-]bounces?|owner-.*"
    r"|.*-(?:request|owner)|listserv|majordomo|autoresponder)(?:[+=.-].*)?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Opened:
    """A new conversation, as far as an automatic answer needs to know it."""

    mailbox_id: int
    mailbox_address: str
    text: str
    subject: str
    reply_key: str
    signing_key: bytes
    person: str
    address: str
    verdict: str | None
    doubted: bool


def is_for_nobody(address: str) -> bool:
    """Whether an address says itself that no person reads it."""
    local, at, domain = address.rpartition("@")
    return not (local and at and domain) or _NO_PERSON.fullmatch(local) is not None


async def answer(tx: Tx, recorded: Recorded) -> None:
    """React to `Received`: a person who opened a conversation hears that it arrived, if the mailbox wants it."""
    event = recorded.event
    assert isinstance(event, Received)
    if not event.opened or event.guest or event.nature != "message" or event.automatic != "no":
        return
    opened = await _opened(tx, event)
    if opened is None or opened.doubted or opened.verdict == "failed" or is_for_nobody(opened.address):
        return
    if addressing.without_plus(opened.address) in await own_addresses(tx):
        return
    if await guard.may_answer(tx, opened.address, opened.subject):
        assert event.conversation_id is not None
        await _send(tx, opened, event.conversation_id, event.item_id)


async def _opened(tx: Tx, event: Received) -> _Opened | None:
    return await tx.maybe(
        _Opened,
        """select m.id as mailbox_id, m.address as mailbox_address, m.automatic_answer as text, c.subject, c.reply_key,
                  d.signing_key, p.name as person, e.address, i.verdict, e.doubted_at is not null as doubted
             from item i
             join conversation c on c.desk_id = i.desk_id and c.id = i.conversation_id
             join mailbox m on m.desk_id = c.desk_id and m.id = c.mailbox_id
             join desk d on d.id = c.desk_id
             join person p on p.desk_id = c.desk_id and p.id = c.person_id
             join identity e on e.desk_id = c.desk_id and e.person_id = p.id and e.kind = 'email'
            where i.desk_id = %(desk)s and i.id = %(item)s and m.automatic_answer <> '' and m.state = 'active'
              and exists (select from participant t where t.desk_id = c.desk_id and t.conversation_id = c.id
                             and t.address = e.address and t.role = 'requester')
            limit 1""",
        item=event.item_id,
    )


async def _send(tx: Tx, opened: _Opened, conversation_id: int, about_item_id: int | None) -> None:
    moment = now()
    message_id = addressing.message_id(opened.mailbox_address, opened.signing_key, opened.reply_key)
    appended = await items.append(
        tx,
        conversation_id,
        items.NewItem(
            kind="message",
            direction="out",
            nature="automatic_answer",
            at=moment,
            subject=f"Re: {addressing.bare_subject(opened.subject)}",
            text=opened.text,
            addresses={"to": [[opened.person, opened.address]]},
            about_item_id=about_item_id,
            message_id=message_id,
        ),
    )
    outbox_id = await tx.value(
        """insert into outbox (desk_id, item_id, conversation_id, mailbox_id, message_id, kind, state, pressed_at,
                               release_at, next_try_at)
           values (%(desk)s, %(item)s, %(conversation)s, %(mailbox)s, %(message_id)s, 'automatic', 'ready', %(now)s,
                   %(now)s, %(now)s)
           returning id""",
        item=appended.id,
        conversation=conversation_id,
        mailbox=opened.mailbox_id,
        message_id=message_id,
        now=moment,
    )
    await tx.run(
        """insert into recipient (desk_id, outbox_id, address, name, role)
           values (%(desk)s, %(outbox)s, %(address)s, %(name)s, 'to')""",
        outbox=outbox_id,
        address=opened.address,
        name=opened.person,
    )
    await tx.run(
        """insert into message_key (desk_id, mailbox_id, message_id, digest, item_id, conversation_id)
           values (%(desk)s, %(mailbox)s, %(message_id)s, '\\x', %(item)s, %(conversation)s)""",
        mailbox=opened.mailbox_id,
        message_id=message_id,
        item=appended.id,
        conversation=conversation_id,
    )
    await guard.note_answer(tx, opened.address, opened.subject, conversation_id)
