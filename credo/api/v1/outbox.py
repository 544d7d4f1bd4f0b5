"""/outbox: mail on its way out, what became of it, undo within the first seconds, and another try."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from litestar import get, post
from litestar.params import QueryParameter

from credo.api.door import Asker, Work
from credo.api.values import Id, Listed, Moment, shaped
from credo.delivery import outbox, watching
from credo.replying import sending

Older = Annotated[int | None, QueryParameter(ge=1, le=2**53 - 1, description="The `next` of the page before.")]
_PAGE = 50


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail on its way out. Until `release_at` it is `held` and can be taken back."""

    id: int
    conversation_id: int
    item_id: int | None
    mailbox_id: int
    kind: Literal["reply", "automatic", "refusal", "notice"]
    state: Literal["held", "ready", "sent", "failed", "cancelled"]
    message_id: str
    pressed_at: Moment
    release_at: Moment
    next_try_at: Moment
    tries: int
    sent_at: Moment | None
    last_error: str | None


@dataclass(frozen=True, slots=True)
class Recipient:
    """What became of it at one recipient; `detail` is the answer of their server."""

    address: str
    name: str
    role: Literal["to", "cc", "bcc"]
    state: Literal["waiting", "accepted", "deferred", "refused", "bounced", "suppressed"]
    code: str | None
    detail: str | None
    at: Moment | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to hand it over."""

    at: Moment
    outcome: Literal["started", "accepted", "partial", "retry", "permanent"]
    detail: str | None


@dataclass(frozen=True, slots=True)
class Watched:
    """A mail with its recipients and every attempt."""

    mail: Mail
    recipients: list[Recipient]
    attempts: list[Attempt]


@dataclass(frozen=True, slots=True)
class TakenBack:
    """The conversation in whose drafts the text lies again."""

    conversation_id: int


@get("/outbox", operation_id="list_outbox")
async def index(tx: Work, actor: Asker, after: Older = None) -> Listed[Mail]:
    """List mail that waits or has failed, the newest first, fifty a page."""
    found = await watching.unsent(tx, actor, before=after, limit=_PAGE)
    return Listed([shaped(Mail, one) for one in found], str(found[-1].id) if len(found) == _PAGE else None)


@get("/outbox/{id:int}", operation_id="get_outgoing")
async def show(tx: Work, actor: Asker, id: Id) -> Watched:
    """Read what became of one mail."""
    found = await watching.watched(tx, actor, id)
    recipients = [shaped(Recipient, one) for one in found.recipients]
    return Watched(shaped(Mail, found.mail), recipients, [shaped(Attempt, one) for one in found.attempts])


@post("/outbox/{id:int}/retraction", operation_id="undo_sending")
async def undo(tx: Work, actor: Asker, id: Id) -> TakenBack:
    """Take back a mail of yours before it leaves; its text becomes a draft again."""
    await watching.mail(tx, actor, id)
    return TakenBack(await sending.undo(tx, actor, id))


@post("/outbox/{id:int}/retry", operation_id="try_again", status_code=204)
async def try_again(tx: Work, actor: Asker, id: Id) -> None:
    """Send a failed mail once more to those it did not reach."""
    await watching.mail(tx, actor, id)
    await outbox.try_again(tx, id, actor.as_author())


HANDLERS = [index, show, undo, try_again]
