"""/raw: what came in and could not be read, with its source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from litestar import Response, get, post
from litestar.params import QueryParameter

from credo.access import visible_mailboxes
from credo.api.door import Asker, Files, Work
from credo.api.values import Id, Listed, Moment, shaped
from credo.intake import looking

Older = Annotated[int | None, QueryParameter(ge=1, le=2**53 - 1, description="The `next` of the page before.")]
_PAGE = 50


@dataclass(frozen=True, slots=True)
class Raw:
    """A message as it came in. `reason` says why it could not be read, `trace` what each step of reading decided."""

    id: int
    mailbox_id: int | None
    mailbox: str | None
    state: Literal["kept", "read", "failed", "duplicate", "refused", "dismissed"]
    sha256: str
    size: int
    origin: Literal["imap", "listener", "command", "api", "demo"]
    reason: str | None
    tries: int
    envelope: dict[str, Any]
    trace: list[Any]
    received_at: Moment


@get("/raw", operation_id="list_unread_mail")
async def index(tx: Work, actor: Asker, after: Older = None) -> Listed[Raw]:
    """List what needs a look, the newest first, fifty a page."""
    found = await looking.to_look_at(tx, visible_mailboxes(actor, "r"), before=after, limit=_PAGE)
    return Listed([shaped(Raw, one) for one in found], str(found[-1].id) if len(found) == _PAGE else None)


@get("/raw/{id:int}", operation_id="get_raw")
async def show(tx: Work, actor: Asker, id: Id) -> Raw:
    """Read how one message came in, whatever became of it."""
    return shaped(Raw, await looking.look_at(tx, visible_mailboxes(actor, "r"), id))


@get("/raw/{id:int}/source", operation_id="get_raw_source", media_type="message/rfc822")
async def source(tx: Work, actor: Asker, blobs: Files, id: Id) -> Response[bytes]:
    """Download the bytes exactly as they came in."""
    content = await looking.source(tx, blobs, visible_mailboxes(actor, "r"), id)
    return Response(content, headers={"Content-Disposition": f'attachment; filename="{id}.eml"'})


@post("/raw/{id:int}/rereading", operation_id="read_again", status_code=204)
async def read_again(tx: Work, actor: Asker, id: Id) -> None:
    """Put it back into the queue, to be read again after a fix."""
    await looking.read_again(tx, visible_mailboxes(actor, "r"), id, actor.as_author())


@post("/raw/{id:int}/dismissal", operation_id="dismiss_raw", status_code=204)
async def dismiss(tx: Work, actor: Asker, id: Id) -> None:
    """Put it away; its source stays and it can still be read again."""
    await looking.dismiss(tx, visible_mailboxes(actor, "r"), id, actor.as_author())


HANDLERS = [index, show, source, read_again, dismiss]
