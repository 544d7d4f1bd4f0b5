"""Needs a look: mail that could not be read, with its source, read again after a fix or put aside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.parser import BytesHeaderParser
from typing import Annotated, Any

from litestar import Request, get, post
from litestar.params import QueryParameter
from litestar.response import Response

from credo import intake
from credo.access import visible_mailboxes
from credo.base.ids import BIGGEST
from credo.web import shell, wording
from credo.web.answering import Toast, go, page
from credo.web.asking import Asker, House, Id
from credo.web.outside import disposition
from credo.web.wording import gettext as _

Asked = Request[Any, Any, Any]
_SHOWN = 200_000  # bytes of a source on screen; the download holds all
_PAGE = 50
Before = Annotated[int | None, QueryParameter(ge=0, le=BIGGEST)]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A raw mail as look/*.html reads it."""

    id: int
    origin: str
    size: int
    received_at: datetime
    reason: str
    tries: int
    state: str
    mailbox_name: str
    subject: str
    trace: list[str]


@get("/needs-a-look")
async def looks(request: Asked, house: House, actor: Asker, before: Before = None) -> Response[str]:
    """What waits, newest first."""
    async with house.db.reading(actor.desk_id) as tx:
        found = await intake.to_look_at(tx, visible_mailboxes(actor, "r"), before=before, limit=_PAGE + 1)
        nav = await shell.navigation(tx, actor, "look")
    older = f"/needs-a-look?before={found[_PAGE - 1].id}" if len(found) > _PAGE else None
    return page(request, "look/page.html", nav=nav, rows=[_waiting(one) for one in found[:_PAGE]], older=older)


@get("/needs-a-look/{id:int}")
async def detail(request: Asked, house: House, actor: Asker, id: Id) -> Response[str]:
    """One mail with the beginning of its source."""
    scope = visible_mailboxes(actor, "r")
    async with house.db.reading(actor.desk_id) as tx:
        row = await intake.look_at(tx, scope, id)
        content = await intake.source(tx, house.blobs, scope, id)
        nav = await shell.navigation(tx, actor, "look")
    source = content[:_SHOWN].decode("utf-8", "backslashreplace")
    shown = _waiting(row, _subject(content))
    return page(request, "look/detail.html", nav=nav, row=shown, source=source, cut=len(content) > _SHOWN)


@get("/needs-a-look/{id:int}/source")
async def source(house: House, actor: Asker, id: Id) -> Response[bytes]:
    """The bytes exactly as they came in, as a download."""
    async with house.db.reading(actor.desk_id) as tx:
        content = await intake.source(tx, house.blobs, visible_mailboxes(actor, "r"), id)
    headers = {"Content-Disposition": disposition(f"mail-{id}.eml"), "Cache-Control": "no-store"}
    return Response(content, media_type="application/octet-stream", headers=headers)


@post("/needs-a-look/{id:int}/reading")
async def read_again(house: House, actor: Asker, id: Id) -> Response[Any]:
    """Put it back into the queue."""
    async with house.db.transaction(actor.desk_id) as tx:
        await intake.read_again(tx, visible_mailboxes(actor, "r"), id, actor.as_author())
    return go("/needs-a-look", Toast(_("It is read again now.")))


@post("/needs-a-look/{id:int}/dismissal")
async def dismiss(house: House, actor: Asker, id: Id) -> Response[Any]:
    """Put it aside; the source stays."""
    async with house.db.transaction(actor.desk_id) as tx:
        await intake.dismiss(tx, visible_mailboxes(actor, "r"), id, actor.as_author())
    return go("/needs-a-look", Toast(_("Put aside."), f"/needs-a-look/{id}/reading"))


def _waiting(row: intake.Look, subject: str = "") -> Waiting:
    return Waiting(
        row.id,
        row.origin,
        row.size,
        row.received_at,
        row.reason or "",
        row.tries,
        row.state,
        row.mailbox or "",
        subject or str(row.envelope.get("subject", "")),
        [told for step in row.trace if (told := _tried(step))],
    )


def _tried(step: Mapping[str, Any]) -> str:
    """A try that failed, as people read it; what else is traced is no word for them."""
    if "at" not in step:
        return ""
    return f"{wording.when(datetime.fromisoformat(step['at']))}: {wording.retold(str(step.get('reason') or ''))}"


def _subject(content: bytes) -> str:
    """The subject, as far as it can be read at all."""
    try:
        return str(BytesHeaderParser(policy=policy.compat32).parsebytes(content[:100_000]).get("subject", ""))[:300]
    except (ValueError, LookupError, IndexError):
        return ""


ROUTES = [looks, detail, source, read_again, dismiss]
