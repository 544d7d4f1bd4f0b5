"""/conversations/{id}/items: the thread, with files and what became of each mail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from litestar import get
from litestar.params import QueryParameter

from credo.api.door import Asker, Work
from credo.api.values import Id, Moment, Person, people, shaped
from credo.conversations import thread
from credo.conversations.thread import Thread

Before = Annotated[int | None, QueryParameter(ge=1, le=2**31 - 1, description="Only items before this seq.")]
Behind = Annotated[int | None, QueryParameter(ge=0, le=2**31 - 1, description="Only items after this seq.")]


@dataclass(frozen=True, slots=True)
class Zone:
    """A stretch of `text`, in characters, that screens fold away: a quote or a signature."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Happening:
    """What an event line tells: its kind, ids and numbers, and the rule or promise behind an automatic act."""

    id: int
    kind: str
    payload: dict[str, Any]
    cause: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class File:
    """A file of an item; its bytes lie under /attachments/{id}/content."""

    id: int
    name: str
    type: str
    size: int
    sha256: str
    inline: bool


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of an outgoing mail at one recipient; `detail` is the answer of their server."""

    outbox_id: int
    address: str
    role: Literal["to", "cc", "bcc"]
    state: Literal["waiting", "accepted", "deferred", "refused", "bounced", "suppressed"]
    code: str | None
    detail: str | None
    at: Moment | None
    outbox_state: Literal["held", "ready", "sent", "failed", "cancelled"]
    release_at: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A message, a note or an event line. `html` is safe to show; remote images wait in `data-src`.

    `nature` tells messages from automatic replies, bounces and complaints. `verdict` says whether the sender could be
    verified; a `guest` came in by a forwarded mail. `state` is `held` while sending can be undone.
    """

    id: int
    seq: int
    kind: Literal["message", "note", "event"]
    direction: Literal["in", "out"] | None
    nature: Literal["message", "auto_reply", "bounce", "complaint", "automatic_answer"]
    at: Moment
    author: str | None
    agent_id: int | None
    person_id: int | None
    subject: str | None
    text: str | None
    zones: list[Zone]
    html: str | None
    senders: list[Person]
    to: list[Person]
    cc: list[Person]
    bcc: list[Person]
    meta: dict[str, Any]
    verdict: Literal["verified", "unknown", "failed"] | None
    guest: bool
    state: Literal["held", "shown", "retracted"]
    raw_id: int | None
    about_item_id: int | None
    event: Happening | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """Up to twenty items, the oldest first. `earlier` goes into `?before=`, `next` into `?after=`.

    `files` and `receipts` are keyed by the id of their item.
    """

    rows: list[Item]
    files: dict[str, list[File]]
    receipts: dict[str, list[Receipt]]
    earlier: int | None
    next: int


@get("/conversations/{id:int}/items", operation_id="list_items")
async def index(tx: Work, actor: Asker, id: Id, before: Before = None, after: Behind = None) -> Stretch:
    """Read the newest twenty items of a thread, or those before or after a place in it."""
    return _stretch(await thread.read(tx, actor, id, before=before, after=after), after or 0)


@get("/items/{id:int}", operation_id="get_item")
async def show(tx: Work, actor: Asker, id: Id) -> Item:
    """Read one item."""
    return _item(await thread.item(tx, actor, id))


def _stretch(found: Thread, after: int) -> Stretch:
    return Stretch(
        [_item(one) for one in found.items],
        {str(id): [shaped(File, one) for one in files] for id, files in found.files.items()},
        {str(id): [shaped(Receipt, one) for one in receipts] for id, receipts in found.receipts.items()},
        found.earlier,
        found.items[-1].seq if found.items else after,
    )


def _item(row: thread.Item) -> Item:
    written = row.addresses or {}
    return shaped(
        Item,
        row,
        zones=[Zone(*zone) for zone in row.zones or ()],
        senders=people(written.get("from")),
        to=people(written.get("to")),
        cc=people(written.get("cc")),
        bcc=people(written.get("bcc")),
        event=_happening(row),
    )


def _happening(row: thread.Item) -> Happening | None:
    if row.event_id is None or row.event_kind is None:
        return None
    return Happening(row.event_id, row.event_kind, row.event_payload or {}, row.cause)


HANDLERS = [index, show]
