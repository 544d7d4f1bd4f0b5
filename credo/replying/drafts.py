"""Drafts live on the server, one per colleague, conversation and kind; a newer version is never overwritten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from psycopg.types.json import Jsonb

from credo.access import Actor
from credo.base import clock
from credo.base.db import Ask, Tx, ask
from credo.base.errors import Conflict, Invalid
from credo.conversations import conversation

Kind = Literal["reply", "note", "new"]
_LONGEST = 1_000_000
_LATELY = timedelta(seconds=10)


class DraftMovedOn(Conflict):
    """This draft was changed in another window; both texts are kept, choose one."""


class DraftTooLong(Invalid):
    """A text may have up to a million characters."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A text somebody is writing. `addresses` holds to, cc and bcc as lists of [name, address]."""

    id: int
    conversation_id: int | None
    kind: Kind
    html: str
    text: str
    subject: str
    addresses: dict[str, Any]
    mailbox_id: int | None
    seen_seq: int
    version: int
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """What a window wants to save, and the version it last saw (0 for a draft it believes to be new)."""

    html: str = ""
    text: str = ""
    subject: str = ""
    addresses: dict[str, Any] | None = None
    mailbox_id: int | None = None
    seen_seq: int = 0
    version: int = 0


_COLUMNS = "id, conversation_id, kind, html, text, subject, addresses, mailbox_id, seen_seq, version, updated_at"


async def save(tx: Tx, actor: Actor, conversation_id: int | None, kind: Kind, writing: Writing) -> Draft:
    """Save and count the version on; raises DraftMovedOn when another window saved in between."""
    if len(writing.text) > _LONGEST or len(writing.html) > 2 * _LONGEST:
        raise DraftTooLong
    if conversation_id is not None:
        await conversation.get(tx, actor, conversation_id)
    if writing.version and await _was_just_used(tx, actor, conversation_id, kind):
        raise DraftMovedOn
    saved = await tx.maybe(
        Draft,
        f"""insert into draft (desk_id, conversation_id, agent_id, kind, html, text, subject, addresses, mailbox_id,
                              seen_seq)
           values (%(desk)s, %(conversation)s, %(me)s, %(kind)s, %(html)s, %(text)s, %(subject)s, %(addresses)s,
                   %(mailbox)s, %(seen)s)
           on conflict (desk_id, conversation_id, agent_id, kind) do update
           set html = excluded.html, text = excluded.text, subject = excluded.subject, addresses = excluded.addresses,
               mailbox_id = excluded.mailbox_id, seen_seq = excluded.seen_seq, version = draft.version + 1,
               updated_at = now()
           where draft.version = %(version)s
           returning {_COLUMNS}""",
        conversation=conversation_id,
        me=actor.agent_id,
        kind=kind,
        html=writing.html.replace("\x00", ""),
        text=writing.text.replace("\x00", ""),
        subject=writing.subject.replace("\x00", ""),
        addresses=Jsonb(writing.addresses or {}),
        mailbox=writing.mailbox_id,
        seen=writing.seen_seq,
        version=writing.version,
    )
    if saved is None:
        raise DraftMovedOn
    return saved


async def _was_just_used(tx: Tx, actor: Actor, conversation_id: int | None, kind: Kind) -> bool:
    """Whether this draft has just been sent or added: a save that was on its way then must not bring it back."""
    return bool(
        await tx.value(
            """select 1
                where not exists (select from draft where desk_id = %(desk)s and agent_id = %(me)s and kind = %(kind)s
                                     and conversation_id is not distinct from %(conversation)s)
                  and (exists (select from outbox o join item i on i.desk_id = o.desk_id and i.id = o.item_id
                                where o.desk_id = %(desk)s and o.state = 'held' and o.release_at > %(now)s
                                  and i.agent_id = %(me)s and %(kind)s in ('reply', 'new')
                                  and (%(kind)s = 'new' or o.conversation_id = %(conversation)s))
                    or exists (select from conversation c
                                 join item i on i.desk_id = c.desk_id and i.conversation_id = c.id
                                            and i.seq > c.last_seq - 20
                                where c.desk_id = %(desk)s and c.id = %(conversation)s and %(kind)s = 'note'
                                  and i.kind = 'note' and i.agent_id = %(me)s and i.at > %(lately)s))""",
            me=actor.agent_id,
            kind=kind,
            conversation=conversation_id,
            now=clock.now(),
            lately=clock.now() - _LATELY,
        )
    )


async def find(tx: Tx, actor: Actor, conversation_id: int | None, kind: Kind) -> Draft | None:
    """`actor`'s own draft, if there is one; nobody sees another colleague's, nor one about what they may not see."""
    if conversation_id is not None:
        await conversation.get(tx, actor, conversation_id)
    found = await tx.together(own(actor, conversation_id, kind))
    return found[0][0] if found[0] else None


def own(actor: Actor, conversation_id: int | None, kind: Kind) -> Ask[Draft]:
    """What `find` asks about a conversation that `actor` was just found to see."""
    return ask(
        Draft,
        f"""select {_COLUMNS} from draft where desk_id = %(desk)s and agent_id = %(me)s and kind = %(kind)s
             and conversation_id is not distinct from %(conversation)s""",
        me=actor.agent_id,
        kind=kind,
        conversation=conversation_id,
    )


async def discard(tx: Tx, actor: Actor, conversation_id: int | None, kind: Kind) -> None:
    """Throw the draft away; its files go with it."""
    if conversation_id is not None:
        await conversation.get(tx, actor, conversation_id)
    await tx.run(
        """with gone as (
             delete from draft where desk_id = %(desk)s and agent_id = %(me)s and kind = %(kind)s
                and conversation_id is not distinct from %(conversation)s returning id)
           delete from attachment where desk_id = %(desk)s and item_id is null
              and draft_id in (select id from gone)""",
        me=actor.agent_id,
        kind=kind,
        conversation=conversation_id,
    )


@dataclass(frozen=True, slots=True)
class DraftFile:
    """A file that waits in a draft."""

    id: int
    name: str
    type: str
    size: int
    sha256: str
    content_id: str | None
    inline: bool


async def attach(
    tx: Tx, actor: Actor, draft_id: int, *, name: str, type: str, size: int, sha256: str, content_id: str | None = None
) -> DraftFile:
    """Attach stored bytes to one's own draft; with a content id it is an image shown in the text."""
    owned = await tx.value(
        "select 1 from draft where desk_id = %(desk)s and id = %(id)s and agent_id = %(me)s",
        id=draft_id,
        me=actor.agent_id,
    )
    if not owned:
        raise conversation.NoConversation("There is no such draft of yours.")
    await tx.run(
        "insert into blob (desk_id, sha256, size) values (%(desk)s, %(sha256)s, %(size)s) on conflict do nothing",
        sha256=sha256,
        size=size,
    )
    return await tx.one(
        DraftFile,
        """insert into attachment (desk_id, draft_id, agent_id, name, type, size, sha256, content_id, inline)
           values (%(desk)s, %(draft)s, %(me)s, %(name)s, %(type)s, %(size)s, %(sha256)s, %(cid)s, %(inline)s)
           returning id, name, type, size, sha256, content_id, inline""",
        draft=draft_id,
        me=actor.agent_id,
        name=name.replace("\x00", "")[:255] or "file",
        type=type[:255],
        size=size,
        sha256=sha256,
        cid=content_id,
        inline=content_id is not None,
    )


async def detach(tx: Tx, actor: Actor, attachment_id: int) -> None:
    """Take a file out of one's own draft."""
    await tx.run(
        "delete from attachment where desk_id = %(desk)s and id = %(id)s and agent_id = %(me)s and item_id is null",
        id=attachment_id,
        me=actor.agent_id,
    )


async def become(tx: Tx, actor: Actor, draft_id: int, item_id: int) -> None:
    """Let one's own draft become an item: its files hang there, and the draft is gone."""
    await tx.run(
        """update attachment set item_id = %(item)s, draft_id = null
            where desk_id = %(desk)s and draft_id = %(draft)s and agent_id = %(me)s and item_id is null""",
        item=item_id,
        draft=draft_id,
        me=actor.agent_id,
    )
    await tx.run(
        "delete from draft where desk_id = %(desk)s and id = %(draft)s and agent_id = %(me)s",
        draft=draft_id,
        me=actor.agent_id,
    )


async def files(tx: Tx, actor: Actor, draft_id: int) -> list[DraftFile]:
    """The files of one's own draft, in the order they were attached."""
    return await tx.all(
        DraftFile,
        """select id, name, type, size, sha256, content_id, inline from attachment
            where desk_id = %(desk)s and draft_id = %(draft)s and agent_id = %(me)s and item_id is null order by id""",
        draft=draft_id,
        me=actor.agent_id,
    )


async def draft_file(tx: Tx, actor: Actor, attachment_id: int) -> DraftFile:
    """A file of one's own draft, to show it while writing; raises NotFound otherwise."""
    return await tx.one(
        DraftFile,
        """select id, name, type, size, sha256, content_id, inline from attachment
            where desk_id = %(desk)s and id = %(id)s and agent_id = %(me)s and item_id is null""",
        id=attachment_id,
        me=actor.agent_id,
    )
