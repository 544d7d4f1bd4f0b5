"""/conversations/{id}/replies and /outgoing: what leaves, held back for a while so that it can be undone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from litestar import post
from litestar.params import JSONBody
from msgspec import Meta

from credo.access import Actor
from credo.api import words
from credo.api.door import Asker, Work
from credo.api.values import Id, Letter, Line, Markup, Moment, Number, Person, Seq, addresses
from credo.base.db import Tx
from credo.replying import opening, sending
from credo.replying.sending import Answer, Sent, Then

Wait = Annotated[int, Meta(ge=0, le=60, description="Seconds in which sending can be undone.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer to the customer. `html` is cleaned; without `text` the text is made from it.

    `last_seen_seq` is the newest item you have read: when a newer message or note is there, nothing is sent. `then` is
    what becomes of the conversation once the answer has left. `draft_id` sends the files of that draft along.
    """

    to: Annotated[list[Person], Meta(max_length=100)]
    cc: Annotated[list[Person], Meta(max_length=100)] | None = None
    bcc: Annotated[list[Person], Meta(max_length=100)] | None = None
    text: Letter = ""
    html: Markup | None = None
    subject: Line | None = None
    last_seen_seq: Seq
    then: Then = "waiting"
    draft_id: Number | None = None
    undo_seconds: Wait = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A conversation we begin: its first message, from one of the mailboxes."""

    mailbox_id: Number
    subject: Line
    to: Annotated[list[Person], Meta(max_length=100)]
    cc: Annotated[list[Person], Meta(max_length=100)] | None = None
    bcc: Annotated[list[Person], Meta(max_length=100)] | None = None
    text: Letter = ""
    html: Markup | None = None
    then: Then = "waiting"
    draft_id: Number | None = None
    undo_seconds: Wait = 10


@dataclass(frozen=True, slots=True)
class Placed:
    """A message on its way: until `release_at` it can be taken back under /outbox/{outbox_id}/retraction."""

    conversation_id: int
    item_id: int
    outbox_id: int
    seq: int
    release_at: Moment


@post("/conversations/{id:int}/replies", operation_id="reply")
async def reply(tx: Work, actor: Asker, id: Id, data: JSONBody[Reply]) -> Placed:
    """Answer the customer. Refused with 409 when a message or note has arrived that you have not seen."""
    answer = await _answer(tx, actor, data, data.last_seen_seq)
    return _placed(id, await sending.send(tx, actor, id, answer, undo=timedelta(seconds=data.undo_seconds)))


@post("/outgoing", operation_id="start_conversation")
async def start(tx: Work, actor: Asker, data: JSONBody[Opening]) -> Placed:
    """Begin a conversation ourselves and send its first message."""
    undo, answer = timedelta(seconds=data.undo_seconds), await _answer(tx, actor, data, 0)
    begun = await opening.begin(tx, actor, mailbox_id=data.mailbox_id, subject=data.subject, answer=answer, undo=undo)
    return _placed(begun.conversation_id, begun.sent)


async def _answer(tx: Tx, actor: Actor, data: Reply | Opening, seen: int) -> Answer:
    said = await words.of(tx, actor, data.text, data.html, data.draft_id)
    return Answer(
        text=said.text,
        html=said.html,
        to=addresses(data.to),
        cc=addresses(data.cc or ()),
        bcc=addresses(data.bcc or ()),
        last_seen_seq=seen,
        then=data.then,
        draft_id=data.draft_id,
        subject=data.subject,
    )


def _placed(conversation_id: int, sent: Sent) -> Placed:
    return Placed(conversation_id, sent.item_id, sent.outbox_id, sent.seq, sent.release_at)


HANDLERS = [reply, start]
