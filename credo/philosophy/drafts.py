"""Drafts of the next version: written by several people, saved as revisions, never over somebody else's words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from credo.access import Actor, ensure
from credo.base import clock
from credo.base.db import Tx
from credo.base.errors import Conflict, Invalid, NotFound
from credo.history import record
from credo.philosophy.events import DraftDropped, DraftStarted
from credo.philosophy.governing import Deciders, governance, may_write
from credo.philosophy.merging import merge
from credo.philosophy.source import MOST_BYTES
from credo.philosophy.versions import newest, source, version

State = Literal["draft", "proposed", "published", "dropped"]


class NoDraft(NotFound):
    """There is no such draft, or you may not see it."""


class DraftMovedOn(Conflict):
    """Somebody else saved this draft meanwhile and changed the same part; compare both texts and save again."""


class DraftNotOpen(Conflict):
    """This draft is proposed, published or dropped; take the proposal back to write on."""


class TitleMissing(Invalid):
    """A draft needs a title of at most 200 characters that says what it is about."""


class TextTooLong(Invalid):
    """A philosophy document has at most 128 kB."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft with its newest text. `author_id` began it, `saved_by` wrote last; `proposed_revision` is asked about."""

    id: int
    title: str
    base_id: int | None
    author_id: int | None
    state: State
    revision: int
    source: str
    started_at: datetime
    saved_by: int | None
    saved_at: datetime
    proposed_revision: int | None
    proposed_by: int | None
    proposed_at: datetime | None
    version_id: int | None


@dataclass(frozen=True, slots=True)
class Revision:
    """One saved text of a draft, by its number; `merged` is the revision of somebody else it was put together with."""

    revision: int
    merged: int | None
    saved_by: int | None
    saved_at: datetime


async def in_force_governance(tx: Tx, otherwise: str = "") -> Deciders:
    """Who decides by the version published last, or by the text `otherwise` while nothing is published."""
    last = await newest(tx)
    return await governance(tx, last.source if last else otherwise)


async def every(tx: Tx, actor: Actor) -> list[Draft]:
    """The drafts `actor` may see, the newest first: writers see all, others what is proposed or published."""
    writes = may_write(actor, await in_force_governance(tx))
    return await tx.all(
        Draft,
        f"{_SELECT} and (%(writes)s or d.state in ('proposed', 'published')) order by d.id desc limit 200",
        writes=writes,
    )


async def get(tx: Tx, actor: Actor, draft_id: int) -> Draft:
    """One draft `actor` may see; raises NoDraft."""
    found = await tx.maybe(Draft, f"{_SELECT} and d.id = %(id)s", id=draft_id)
    if found is None:
        raise NoDraft
    if found.state not in ("proposed", "published") and not may_write(actor, await in_force_governance(tx)):
        raise NoDraft
    return found


async def revisions(tx: Tx, actor: Actor, draft_id: int) -> list[Revision]:
    """Every text the draft ever had, the newest first; raises NoDraft."""
    await get(tx, actor, draft_id)
    return await tx.all(
        Revision,
        """select revision, merged, saved_by, saved_at from philosophy_revision
            where desk_id = %(desk)s and draft_id = %(id)s order by revision desc""",
        id=draft_id,
    )


async def text_of(tx: Tx, actor: Actor, draft_id: int, revision: int) -> str:
    """The text of one revision; raises NoDraft."""
    await get(tx, actor, draft_id)
    return await _text(tx, draft_id, revision)


async def start(tx: Tx, actor: Actor, title: str, *, text: str | None = None, version_id: int | None = None) -> Draft:
    """Begin a draft from a text, or from a version (None: the newest); for whoever may write.

    It follows the version published last, whatever text it starts from.
    """
    ensure(may_write(actor, await in_force_governance(tx)))
    last = await newest(tx)
    if text is None:
        text = await source(tx, (await version(tx, version_id)).id) if version_id else last.source if last else ""
    now = clock.now()
    draft_id: int = await tx.value(
        """insert into philosophy_draft (desk_id, title, base_id, author_id, started_at)
           values (%(desk)s, %(title)s, %(base)s, %(author)s, %(now)s) returning id""",
        title=_titled(title),
        base=last.id if last else None,
        author=actor.agent_id,
        now=now,
    )
    await _keep(tx, draft_id, 1, _plain(text), actor.agent_id, None)
    await record(
        tx,
        DraftStarted(at=now, actor=actor.as_author(), draft_id=draft_id, base_id=last.id if last else None),
    )
    return await get(tx, actor, draft_id)


async def save(tx: Tx, actor: Actor, draft_id: int, text: str, revision: int, title: str | None = None) -> Draft:
    """Keep `text`, written over revision `revision`. What somebody else saved meanwhile on other parts stays in.

    Raises DraftMovedOn with their text when both touched the same part, and DraftNotOpen.
    """
    here = await lock(tx, actor, draft_id)
    if here.state != "draft":
        raise DraftNotOpen
    text, merged = _plain(text), None
    if revision != here.revision:
        text = await _together(tx, here, text, revision)
        merged = here.revision
    if text != here.source:
        await _keep(tx, draft_id, here.revision + 1, text, actor.agent_id, merged)
    if title is not None:
        await tx.run(
            "update philosophy_draft set title = %(title)s where desk_id = %(desk)s and id = %(id)s",
            title=_titled(title),
            id=draft_id,
        )
    return await get(tx, actor, draft_id)


async def follow(tx: Tx, actor: Actor, draft_id: int) -> Draft:
    """Let the draft follow the version published last: what that changed elsewhere comes in as a new revision.

    Raises DraftMovedOn with the published text when both changed the same part.
    """
    here = await lock(tx, actor, draft_id)
    if here.state != "draft":
        raise DraftNotOpen
    last = await newest(tx)
    if last is None or last.id == here.base_id:
        return here
    text = merge(await source(tx, here.base_id or 0), last.source, here.source)
    if text is None:
        raise DraftMovedOn(source=last.source, revision=here.revision)
    await _keep(tx, draft_id, here.revision + 1, text, actor.agent_id, None)
    await tx.run(
        "update philosophy_draft set base_id = %(base)s where desk_id = %(desk)s and id = %(id)s",
        base=last.id,
        id=draft_id,
    )
    return await get(tx, actor, draft_id)


async def drop(tx: Tx, actor: Actor, draft_id: int) -> None:
    """Give a draft up; its texts are kept."""
    here = await lock(tx, actor, draft_id)
    if here.state not in ("draft", "proposed"):
        raise DraftNotOpen
    await tx.run("update philosophy_draft set state = 'dropped' where desk_id = %(desk)s and id = %(id)s", id=draft_id)
    await record(tx, DraftDropped(at=clock.now(), actor=actor.as_author(), draft_id=draft_id))


async def lock(tx: Tx, actor: Actor, draft_id: int) -> Draft:
    """The draft, held until this transaction ends, for whoever may write; raises NoDraft or NotAllowed."""
    here = await held(tx, actor, draft_id)
    ensure(may_write(actor, await in_force_governance(tx, here.source)))
    return here


async def held(tx: Tx, actor: Actor, draft_id: int) -> Draft:
    """The draft, held until this transaction ends, for whoever may see it; raises NoDraft."""
    await tx.run("select id from philosophy_draft where desk_id = %(desk)s and id = %(id)s for update", id=draft_id)
    return await get(tx, actor, draft_id)


async def _together(tx: Tx, here: Draft, text: str, revision: int) -> str:
    found = merge(await _text(tx, here.id, revision), here.source, text)
    if found is None:
        raise DraftMovedOn(source=here.source, revision=here.revision)
    return found


async def _text(tx: Tx, draft_id: int, revision: int) -> str:
    found: str | None = await tx.value(
        """select source from philosophy_revision
            where desk_id = %(desk)s and draft_id = %(draft)s and revision = %(revision)s""",
        draft=draft_id,
        revision=revision,
    )
    if found is None:
        raise NoDraft
    return found


async def _keep(tx: Tx, draft_id: int, revision: int, text: str, agent_id: int, merged: int | None) -> None:
    await tx.run(
        """insert into philosophy_revision (desk_id, draft_id, revision, source, merged, saved_by, saved_at)
           values (%(desk)s, %(draft)s, %(revision)s, %(source)s, %(merged)s, %(by)s, %(now)s)""",
        draft=draft_id,
        revision=revision,
        source=text,
        merged=merged,
        by=agent_id,
        now=clock.now(),
    )
    await tx.run(
        "update philosophy_draft set revision = %(revision)s where desk_id = %(desk)s and id = %(draft)s",
        draft=draft_id,
        revision=revision,
    )


def _plain(text: str) -> str:
    text = text.replace("\r\n", "\n")
    if len(text.encode(errors="replace")) > MOST_BYTES:
        raise TextTooLong
    return text


def _titled(title: str) -> str:
    title = " ".join(title.split())
    if not title or len(title) > 200:
        raise TitleMissing
    return title


_SELECT = """
    select d.id, d.title, d.base_id, d.author_id, d.state, d.revision, r.source, d.started_at, r.saved_by, r.saved_at,
           d.proposed_revision, d.proposed_by, d.proposed_at, d.version_id
      from philosophy_draft d
      join philosophy_revision r on r.desk_id = d.desk_id and r.draft_id = d.id and r.revision = d.revision
     where d.desk_id = %(desk)s"""
