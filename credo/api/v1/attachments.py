"""/attachments and /drafts/{id}/attachments: files of a thread, and files that wait in a draft."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from litestar import Request, delete, get, post
from litestar.params import QueryParameter
from litestar.response import Stream

from credo.api.door import Asker, Files, Work
from credo.api.values import Id, Listed, shaped
from credo.base.blobs import Blobs
from credo.conversations import thread
from credo.replying import drafts

FileName = Annotated[str, QueryParameter(min_length=1, max_length=255, description="What the file is called.")]
ContentId = Annotated[str | None, QueryParameter(max_length=200, description="The `cid:` by which the text shows it.")]


@dataclass(frozen=True, slots=True)
class File:
    """A file of an item in a thread."""

    id: int
    item_id: int
    name: str
    type: str
    size: int
    sha256: str
    content_id: str | None
    inline: bool


@dataclass(frozen=True, slots=True)
class DraftFile:
    """A file that waits in a draft of yours."""

    id: int
    name: str
    type: str
    size: int
    sha256: str
    content_id: str | None
    inline: bool


@get("/attachments/{id:int}", operation_id="get_attachment")
async def show(tx: Work, actor: Asker, id: Id) -> File:
    """Read what a file is called and how large it is."""
    return shaped(File, await thread.file(tx, actor, id))


@get("/attachments/{id:int}/content", operation_id="download_attachment", media_type="application/octet-stream")
async def content(tx: Work, actor: Asker, blobs: Files, id: Id) -> Stream:
    """Download a file. It always comes as a download, whatever its type says."""
    found = await thread.file(tx, actor, id)
    return _download(blobs, tx.desk_id, found.sha256, found.name, found.size)


@get("/drafts/{id:int}/attachments", operation_id="list_draft_attachments")
async def index(tx: Work, actor: Asker, id: Id) -> Listed[DraftFile]:
    """List the files of a draft of yours, in the order they were attached."""
    return Listed([shaped(DraftFile, one) for one in await drafts.files(tx, actor, id)])


@post("/drafts/{id:int}/attachments", operation_id="attach", opt={"upload": True})
async def attach(
    request: Request[None, None, None],  # type: ignore[type-var]
    tx: Work,
    actor: Asker,
    blobs: Files,
    id: Id,
    name: FileName,
    content_id: ContentId = None,
) -> DraftFile:
    """Attach a file to a draft of yours: the body is the file, Content-Type its type."""
    body, type = await request.body(), request.content_type[0] or "application/octet-stream"
    size, sha256 = len(body), await blobs.put(tx.desk_id, body)
    kept = await drafts.attach(tx, actor, id, name=name, type=type, size=size, sha256=sha256, content_id=content_id)
    return shaped(DraftFile, kept)


@get(
    "/drafts/attachments/{id:int}/content",
    operation_id="download_draft_attachment",
    media_type="application/octet-stream",
)
async def draft_content(tx: Work, actor: Asker, blobs: Files, id: Id) -> Stream:
    """Download a file that waits in a draft of yours."""
    found = await drafts.draft_file(tx, actor, id)
    return _download(blobs, tx.desk_id, found.sha256, found.name, found.size)


@delete("/drafts/attachments/{id:int}", operation_id="detach", status_code=204)
async def detach(tx: Work, actor: Asker, id: Id) -> None:
    """Take a file out of a draft of yours."""
    await drafts.detach(tx, actor, id)


def _download(blobs: Blobs, desk_id: int, sha256: str, name: str, size: int) -> Stream:
    """The bytes in pieces, never to be shown in a browser's window."""
    pieces: AsyncIterator[bytes] = blobs.stream(desk_id, sha256)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Length": str(size),
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Stream(pieces, media_type="application/octet-stream", headers=headers)


HANDLERS = [show, content, index, attach, draft_content, detach]
