"""Sending: a snapshot of the draft becomes an item and an outbox row, held for a while so that it can be undone.

`Replied` and its effects are recorded at release, dated at the press of Send: undo rewrites no history.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from credo.access import Actor
from credo.base import clock
from credo.base.db import Tx
from credo.base.errors import Conflict, Invalid
from credo.channels import Address
from credo.conversations import addressing, events, items
from credo.conversations.conversation import Conversation, get, tell
from credo.conversations.participants import join
from credo.history import record
from credo.language.mask import mask
from credo.people.customers import person_of, reserve
from credo.replying import drafts

UNDO = timedelta(seconds=10)
Then = Literal["open", "waiting", "solved"]


class SomethingNew(Conflict):
    """Something has arrived that you have not seen; read it before you send."""


class NothingWritten(Invalid):
    """There is nothing written yet."""


class NoRecipient(Invalid):
    """Write at least one address to send to."""


class NotAnAddress(Invalid):
    """This does not look like a mail address."""


class NoWayOut(Invalid):
    """This conversation has no mailbox to send from."""


class TooLateToUndo(Conflict):
    """It is already on its way."""


class OnItsWay(Conflict):
    """This very answer is on its way already; it was not sent a second time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is to be sent. `last_seen_seq` is the newest item the writer had on screen; `html` has been cleaned."""

    text: str
    html: str | None = None
    to: tuple[Address, ...]
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    last_seen_seq: int
    then: Then = "waiting"
    draft_id: int | None = None
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """An answer on its way: undo is possible until `release_at`."""

    item_id: int
    outbox_id: int
    seq: int
    release_at: datetime


async def send(tx: Tx, actor: Actor, id: int, answer: Answer, *, undo: timedelta = UNDO, once: bool = False) -> Sent:
    """Hand `answer` to the outbox. Raises SomethingNew when a message or note arrived that the writer has not seen.

    With `once`, for a button that may be pressed twice, the same answer again raises OnItsWay while it can be undone.
    """
    _check(answer)
    await reserve(tx, (address.key for address in (*answer.to, *answer.cc)))
    conversation = await get(tx, actor, id, for_change=True)
    if conversation.last_word_seq > answer.last_seen_seq:
        raise SomethingNew(last_word_seq=conversation.last_word_seq)
    if once and await _is_on_its_way(tx, actor, id, answer):
        raise OnItsWay
    mailbox_id, message_id = await _way_out(tx, conversation)
    now = clock.now()
    appended = await items.append(tx, id, _item(actor, conversation, answer, message_id, now))
    outbox_id = await _outbox(tx, conversation, mailbox_id, appended.id, message_id, now, now + undo)
    await _recipients(tx, outbox_id, answer)
    if answer.draft_id is not None:
        await drafts.become(tx, actor, answer.draft_id, appended.id)
    await _remember(tx, mailbox_id, message_id, appended.id, id)
    for address in (*answer.to, *answer.cc):
        await join(tx, id, await person_of(tx, address.key, address.name), address.key, "copied")
    await tell(tx, id)
    return Sent(appended.id, outbox_id, appended.seq, now + undo)


async def undo(tx: Tx, actor: Actor, outbox_id: int) -> int:
    """Take an answer back before it leaves: it becomes a draft again. Returns the conversation; may be too late."""
    taken = await tx.maybe(
        _Taken,
        """update outbox o set state = 'cancelled'
             from item i
            where o.desk_id = %(desk)s and o.id = %(id)s and o.state = 'held'
              and i.desk_id = o.desk_id and i.id = o.item_id and i.agent_id = %(me)s
        returning o.item_id, o.conversation_id, i.seq""",
        id=outbox_id,
        me=actor.agent_id,
    )
    if taken is None:
        raise TooLateToUndo
    await get(tx, actor, taken.conversation_id, for_change=True)
    await tx.run(
        "update item set state = 'retracted' where desk_id = %(desk)s and id = %(item)s and state = 'held'",
        item=taken.item_id,
    )
    await _back_to_draft(tx, actor, taken)
    await record(
        tx,
        events.Retracted(
            at=clock.now(),
            actor=actor.as_author(),
            conversation_id=taken.conversation_id,
            item_id=taken.item_id,
            seq=taken.seq,
        ),
    )
    await tell(tx, taken.conversation_id)
    return taken.conversation_id


@dataclass(frozen=True, slots=True)
class _Taken:
    item_id: int
    conversation_id: int
    seq: int


def _check(answer: Answer) -> None:
    if not answer.text.strip() and not (answer.html and "<img" in answer.html):
        raise NothingWritten
    if not (answer.to or answer.cc or answer.bcc):
        raise NoRecipient
    for address in (*answer.to, *answer.cc, *answer.bcc):
        local, at, domain = address.address.rpartition("@")
        if not (local and at and domain) or any(c.isspace() or c in "<>,;\x00" for c in address.address):
            raise NotAnAddress("“%(address)s” does not look like a mail address.", address=address.address)


async def _is_on_its_way(tx: Tx, actor: Actor, id: int, answer: Answer) -> bool:
    """Whether `actor` has just sent the same words here; the lock on the conversation orders two presses."""
    return bool(
        await tx.value(
            """select 1 from item where desk_id = %(desk)s and conversation_id = %(id)s and state = 'held'
                  and agent_id = %(me)s and text = %(text)s and html is not distinct from %(html)s limit 1""",
            id=id,
            me=actor.agent_id,
            text=answer.text,
            html=answer.html,
        )
    )


@dataclass(frozen=True, slots=True)
class _Mailbox:
    id: int
    address: str
    signing_key: bytes


async def _way_out(tx: Tx, conversation: Conversation) -> tuple[int, str]:
    """The mailbox to send from, and the Message-ID, fixed before any attempt."""
    mailbox = await tx.maybe(
        _Mailbox,
        """select m.id, m.address, d.signing_key from mailbox m join desk d on d.id = m.desk_id
            where m.desk_id = %(desk)s and m.id = %(id)s and m.state <> 'archived'""",
        id=conversation.mailbox_id,
    )
    if mailbox is None:
        raise NoWayOut
    return mailbox.id, addressing.message_id(mailbox.address, mailbox.signing_key, conversation.reply_key)


def _item(actor: Actor, conversation: Conversation, answer: Answer, message_id: str, now: datetime) -> items.NewItem:
    def plain(found: Sequence[Address]) -> list[list[str]]:
        return [[a.name, a.address] for a in found]

    return items.NewItem(
        kind="message",
        direction="out",
        at=now,
        agent_id=actor.agent_id,
        subject=answer.subject or f"Re: {addressing.bare_subject(conversation.subject)}",
        text=answer.text,
        shown_text=mask(answer.text),
        html=answer.html,
        addresses={"to": plain(answer.to), "cc": plain(answer.cc), "bcc": plain(answer.bcc)},
        meta={"then": answer.then},
        state="held",
        message_id=message_id,
    )


async def _outbox(
    tx: Tx,
    conversation: Conversation,
    mailbox_id: int,
    item_id: int,
    message_id: str,
    pressed: datetime,
    release: datetime,
) -> int:
    id = await tx.value(
        """insert into outbox (desk_id, item_id, conversation_id, mailbox_id, message_id, pressed_at, release_at,
                               next_try_at)
           values (%(desk)s, %(item)s, %(conversation)s, %(mailbox)s, %(message_id)s, %(pressed)s, %(release)s,
                   %(release)s)
           returning id""",
        item=item_id,
        conversation=conversation.id,
        mailbox=mailbox_id,
        message_id=message_id,
        pressed=pressed,
        release=release,
    )
    return int(id)


async def _recipients(tx: Tx, outbox_id: int, answer: Answer) -> None:
    """One row a recipient; who stands in several fields gets one mail."""
    rows: dict[str, dict[str, object]] = {}
    for role, addresses in (("to", answer.to), ("cc", answer.cc), ("bcc", answer.bcc)):
        for a in addresses:
            rows.setdefault(a.key, {"outbox": outbox_id, "address": a.address, "name": a.name, "role": role})
    await tx.many(
        """insert into recipient (desk_id, outbox_id, address, name, role)
           values (%(desk)s, %(outbox)s, %(address)s, %(name)s, %(role)s)""",
        rows.values(),
    )


async def _remember(tx: Tx, mailbox_id: int, message_id: str, item_id: int, conversation_id: int) -> None:
    await tx.run(
        """insert into message_key (desk_id, mailbox_id, message_id, digest, item_id, conversation_id)
           values (%(desk)s, %(mailbox)s, %(id)s, '\\x', %(item)s, %(conversation)s)""",
        mailbox=mailbox_id,
        id=message_id,
        item=item_id,
        conversation=conversation_id,
    )


async def _back_to_draft(tx: Tx, actor: Actor, taken: _Taken) -> None:
    """The text becomes a draft again, unless the writer has begun another one meanwhile; its files come along."""
    draft_id = await tx.value(
        """insert into draft (desk_id, conversation_id, agent_id, kind, html, text, addresses, seen_seq)
           select i.desk_id, i.conversation_id, i.agent_id, 'reply', coalesce(i.html, ''), coalesce(i.text, ''),
                  i.addresses, i.seq
             from item i where i.desk_id = %(desk)s and i.id = %(item)s
           on conflict (desk_id, conversation_id, agent_id, kind) do update
             set html = case when draft.text = '' then excluded.html else excluded.html || draft.html end,
                 text = case when draft.text = '' then excluded.text else excluded.text || E'\\n\\n' || draft.text end,
                 version = draft.version + 1, updated_at = now()
           returning id""",
        item=taken.item_id,
    )
    await tx.run(
        """update attachment set item_id = null, draft_id = %(draft)s, agent_id = %(me)s
            where desk_id = %(desk)s and item_id = %(item)s""",
        item=taken.item_id,
        draft=draft_id,
        me=actor.agent_id,
    )
