"""/conversations: lists by view, one conversation, and messages that come in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from litestar import delete, get, post, put
from litestar.params import JSONBody, QueryParameter

from credo.api.door import Asker, Files, Work
from credo.api.values import After, Id, Listed, Moment, Seq, listed, shaped
from credo.base.paging import Cursor
from credo.channels.api.read import Message
from credo.conversations import conversation, outside, thread, views

State = Literal["open", "waiting", "snoozed", "solved", "spam", "trash"]
ViewKey = Literal["mine", "unassigned", "open", "waiting", "snoozed", "solved", "spam", "trash"]


@dataclass(frozen=True, slots=True)
class Row:
    """A conversation as lists show it. `next_due_at` is the nearest running promise, `due_late` says it is broken.

    `doubtful` means that the first sender could not be verified.
    """

    id: int
    subject: str
    snippet: str
    state: State
    channel: str
    customer: str
    assignee_id: int | None
    assignee: str | None
    team_id: int | None
    tags: list[str]
    created_at: Moment
    last_item_at: Moment
    next_due_at: Moment | None
    due_since: Moment | None
    due_late: bool
    snoozed_until: Moment | None
    unread: bool
    doubtful: bool


@dataclass(frozen=True, slots=True)
class Whole:
    """A conversation. `last_word_seq` is the newest message or note: what must have been seen before sending.

    `related_id` is a conversation it looks related to, without being part of it.
    """

    id: int
    subject: str
    state: State
    channel: str
    mailbox_id: int | None
    team_id: int | None
    assignee_id: int | None
    customer_id: int
    tags: list[str]
    created_at: Moment
    last_item_at: Moment
    last_seq: int
    last_word_seq: int
    last_customer_seq: int
    next_due_at: Moment | None
    due_since: Moment | None
    due_late: bool
    snoozed_until: Moment | None
    related_id: int | None
    doubtful: bool


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who takes part. A guest came in by a forwarded mail and is no default recipient.

    `doubted` means that mail to this address came back.
    """

    person_id: int
    name: str
    address: str
    role: Literal["requester", "copied", "guest"]
    doubted: bool


@dataclass(frozen=True, slots=True)
class Received:
    """Where a message from outside stands now."""

    conversation_id: int
    item_id: int


@dataclass(frozen=True, slots=True)
class Reading:
    """How far you have read."""

    seq: Seq


@get("/conversations", operation_id="list_conversations")
async def index(
    tx: Work,
    actor: Asker,
    view: Annotated[ViewKey, QueryParameter(description="Which list.")] = "open",
    team: Annotated[int | None, QueryParameter(ge=1, le=2**53 - 1, description="Only what lies with it.")] = None,
    tag: Annotated[str | None, QueryParameter(max_length=40, description="Only what carries this tag.")] = None,
    after: After = None,
) -> Listed[Row]:
    """List the conversations of a view, fifty a page.

    Views of work come in order of promises, then newest first; solved, spam and trash come newest first.
    """
    return listed(Row, await views.in_view(tx, actor, view, Cursor.parse(after), team_id=team, tag=tag))


@post("/conversations", operation_id="receive_message")
async def create(tx: Work, actor: Asker, blobs: Files, data: JSONBody[Message]) -> Received:
    """Take in a message from a customer, by whatever way it reached you.

    It is treated like mail to that mailbox: it opens a conversation with this customer, or joins the one you name,
    and the promises that are made to the channel `api` start to run.
    """
    return shaped(Received, await outside.take_in(tx, actor, blobs, data))


@get("/conversations/{id:int}", operation_id="get_conversation")
async def show(tx: Work, actor: Asker, id: Id) -> Whole:
    """Read one conversation; its thread is under /items."""
    found = await conversation.get(tx, actor, id)
    return shaped(Whole, found, customer_id=found.person_id)


@get("/conversations/{id:int}/row", operation_id="get_conversation_row")
async def row(tx: Work, actor: Asker, id: Id) -> Row:
    """Read one conversation the way lists show it."""
    return shaped(Row, await views.row(tx, actor, id))


@get("/conversations/{id:int}/participants", operation_id="list_participants")
async def participants(tx: Work, actor: Asker, id: Id) -> Listed[Participant]:
    """List who takes part, the requester first."""
    return Listed([shaped(Participant, one) for one in await thread.participants(tx, actor, id)])


@put("/conversations/{id:int}/reading", operation_id="mark_read", status_code=204)
async def mark_read(tx: Work, actor: Asker, id: Id, data: JSONBody[Reading]) -> None:
    """Remember how far you have read; it never goes back."""
    await thread.mark_seen(tx, actor, id, data.seq)


@delete("/conversations/{id:int}/reading", operation_id="mark_unread", status_code=204)
async def mark_unread(tx: Work, actor: Asker, id: Id) -> None:
    """Show it as unread again, to you alone."""
    await thread.mark_unseen(tx, actor, id)


HANDLERS = [index, create, show, row, participants, mark_read, mark_unread]
