"""Everything that came from outside, as it came: letters with a look of their own, and files.

A framed letter is a document of its own under a policy that lets it load nothing but its own images.
"""

from __future__ import annotations

import re
from html import escape, unescape
from itertools import count
from typing import Annotated, Any
from urllib.parse import quote

from litestar import get
from litestar.params import FromQuery, PathParameter
from litestar.response import Response, Stream

from credo.base.errors import NotFound, TooLarge
from credo.base.guard import AddressForbidden, FetchFailed, Guard
from credo.conversations import thread as reading
from credo.conversations.thread import File, Item
from credo.replying import drafts
from credo.web.asking import Asker, House, Id
from credo.web.bundle import asset
from credo.web.wording import gettext as _

_CID = re.compile(r'data-cid="([^"]*)"|src="cid:([^"]*)"')
_REMOTE = re.compile(r'data-src="([^"]*)"')
_SHOWN_TYPES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "image/avif"})
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline' 'self'; img-src 'self' data:;"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
_NOTHING = "default-src 'none'; sandbox"
Place = Annotated[int, PathParameter(ge=0)]
_LARGEST = 8_000_000
_FRAME = (
    '<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
    '<link rel="stylesheet" href="{style}"></head><body dir="auto">{body}</body></html>'
)


@get("/items/{id:int}/letter")
async def letter(house: House, actor: Asker, id: Id, images: FromQuery[int] = 0) -> Response[str]:
    """The cleaned letter of an item as a document; images from elsewhere only when asked for, and by our proxy."""
    async with house.db.reading(actor.desk_id) as tx:
        item = await reading.item(tx, actor, id)
        files = await reading.files_of(tx, id)
    return Response(
        document(item, files, remote=bool(images)),
        media_type="text/html; charset=utf-8",
        headers={"Content-Security-Policy": _POLICY, "Cache-Control": "private, max-age=300"},
    )


@get("/items/{id:int}/images/{number:int}")
async def image(house: House, actor: Asker, id: Id, number: Place) -> Response[bytes]:
    """An image a letter asks for from elsewhere, fetched by us, so that the sender learns nothing of the reader.

    Only what stands in a letter one may see is fetched, never an address of one's own.
    """
    async with house.db.reading(actor.desk_id) as tx:
        item = await reading.item(tx, actor, id)
    named = _REMOTE.findall(item.html or "")
    if number >= len(named):
        raise NotFound
    try:
        found = await Guard(house.settings.allowed_hosts).fetch(unescape(named[number]), max_bytes=_LARGEST, seconds=10)
    except (FetchFailed, AddressForbidden, TooLarge) as trouble:
        raise NotFound from trouble
    kind = found.headers.get("content-type", "").partition(";")[0].strip().lower()
    if found.status != 200 or kind not in _SHOWN_TYPES:
        raise NotFound
    headers = {"Content-Security-Policy": _NOTHING, "Cache-Control": "private, max-age=86400"}
    return Response(found.content, media_type=kind, headers=headers)


@get("/attachments/{id:int}")
async def attachment(house: House, actor: Asker, id: Id) -> Stream:
    """A file as a download; images of a letter or a draft are shown in place."""
    async with house.db.reading(actor.desk_id) as tx:
        try:
            file: Any = await reading.file(tx, actor, id)
        except NotFound:
            file = await drafts.draft_file(tx, actor, id)
    in_place = file.inline and file.type in _SHOWN_TYPES
    return Stream(
        house.blobs.stream(actor.desk_id, file.sha256),
        media_type=file.type if in_place else "application/octet-stream",
        headers={
            "Content-Disposition": disposition(file.name, shown=in_place),
            "Content-Length": str(file.size),
            "Content-Security-Policy": _NOTHING,
            "Cache-Control": "private, max-age=86400, immutable",
        },
    )


def disposition(name: str, *, shown: bool = False) -> str:
    """How the browser is to treat a file, under its own name in any script."""
    plain = re.sub(r'[^\x20-\x7e]|["\\%]', "_", name)
    return f"{'inline' if shown else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def document(item: Item, files: list[File], *, remote: bool) -> str:
    """The letter in a page of its own; inline images come from its files, remote ones only when `remote`."""
    names = {file.content_id: file.id for file in files if file.content_id}
    body = _CID.sub(lambda found: _own_image(unescape(found[1] or found[2]), names), item.html or "")
    if remote:
        numbers = count()
        body = _REMOTE.sub(lambda found: f'src="/items/{item.id}/images/{next(numbers)}"', body)
    body = body.replace("<summary>…</summary>", f"<summary>{escape(_('Earlier text'))}</summary>")
    return _FRAME.format(language="und", title=escape(_("Letter")), style=escape(asset("frame.css")), body=body)


def _own_image(content_id: str, names: dict[str, int]) -> str:
    known = names.get(content_id) or names.get(f"<{content_id}>")
    return f'src="/attachments/{known}"' if known else ""


ROUTES = [letter, image, attachment]
