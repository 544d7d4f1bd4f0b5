"""/conversations/{id}/drafts/{kind} and /drafts/new: what you are writing, kept on the server, seen by nobody else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from litestar import delete, get, put
from litestar.params import FromPath, JSONBody
from msgspec import Meta

from credo.api.door import Asker, Work
from credo.api.values import Id, Letter, Line, Markup, Moment, Number, Person, Seq, addresses, people, shaped
from credo.base.errors import NotFound
from credo.channels import Address
from credo.replying import drafts
from credo.replying.drafts import Writing

OfConversation = Literal["reply", "note"]


class NoDraft(NotFound):
    """There is no draft of yours here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What to keep. `version` is the one you last saw, 0 for a new draft: a newer one is never overwritten."""

    html: Markup = ""
    text: Letter = ""
    subject: Line = ""
    to: Annotated[list[Person], Meta(max_length=100)] | None = None
    cc: Annotated[list[Person], Meta(max_length=100)] | None = None
    bcc: Annotated[list[Person], Meta(max_length=100)] | None = None
    mailbox_id: Number | None = None
    seen_seq: Seq = 0
    version: Seq = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A draft of yours; files are put under /drafts/{id}/attachments."""

    id: int
    conversation_id: int | None
    kind: Literal["reply", "note", "new"]
    html: str
    text: str
    subject: str
    to: list[Person]
    cc: list[Person]
    bcc: list[Person]
    mailbox_id: int | None
    seen_seq: int
    version: int
    updated_at: Moment


@get("/conversations/{id:int}/drafts/{kind:str}", operation_id="get_draft")
async def show(tx: Work, actor: Asker, id: Id, kind: FromPath[OfConversation]) -> Draft:
    """Read your draft of a reply or note."""
    return _found(await drafts.find(tx, actor, id, kind))


@put("/conversations/{id:int}/drafts/{kind:str}", operation_id="save_draft")
async def save(tx: Work, actor: Asker, id: Id, kind: FromPath[OfConversation], data: JSONBody[Text]) -> Draft:
    """Keep your draft. Refused with 409 when another window saved in between."""
    return _shown(await drafts.save(tx, actor, id, kind, _writing(data)))


@delete("/conversations/{id:int}/drafts/{kind:str}", operation_id="discard_draft", status_code=204)
async def discard(tx: Work, actor: Asker, id: Id, kind: FromPath[OfConversation]) -> None:
    """Throw your draft away, with its files."""
    await drafts.discard(tx, actor, id, kind)


@get("/drafts/new", operation_id="get_new_draft")
async def show_new(tx: Work, actor: Asker) -> Draft:
    """Read your draft of a conversation about to be started."""
    return _found(await drafts.find(tx, actor, None, "new"))


@put("/drafts/new", operation_id="save_new_draft")
async def save_new(tx: Work, actor: Asker, data: JSONBody[Text]) -> Draft:
    """Keep your draft of a conversation about to be started."""
    return _shown(await drafts.save(tx, actor, None, "new", _writing(data)))


@delete("/drafts/new", operation_id="discard_new_draft", status_code=204)
async def discard_new(tx: Work, actor: Asker) -> None:
    """Throw that draft away, with its files."""
    await drafts.discard(tx, actor, None, "new")


def _writing(data: Text) -> Writing:
    def plain(found: tuple[Address, ...]) -> list[list[str]]:
        return [[one.name, one.address] for one in found]

    return Writing(
        html=data.html,
        text=data.text,
        subject=data.subject,
        addresses={role: plain(addresses(getattr(data, role) or ())) for role in ("to", "cc", "bcc")},
        mailbox_id=data.mailbox_id,
        seen_seq=data.seen_seq,
        version=data.version,
    )


def _found(draft: drafts.Draft | None) -> Draft:
    if draft is None:
        raise NoDraft
    return _shown(draft)


def _shown(draft: drafts.Draft) -> Draft:
    return shaped(Draft, draft, **{role: people(draft.addresses.get(role)) for role in ("to", "cc", "bcc")})


HANDLERS = [show, save, discard, show_new, save_new, discard_new]
