"""Reading a conversation: its items with authors, files and what became of each mail."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from credo.access import Actor, visible_to
from credo.base.db import Ask, Tx, ask
from credo.conversations.conversation import Conversation, NoConversation, get

PAGE = 20


@dataclass(frozen=True, slots=True)
class Item:
    """One item as people read it. `event_kind`, `event_payload` and `cause` belong to event lines.

    `whom` is the name of who was handed the conversation.
    """

    id: int
    seq: int
    kind: str
    direction: str | None
    nature: str
    at: datetime
    author: str | None
    agent_id: int | None
    person_id: int | None
    subject: str | None
    text: str | None
    zones: list[list[Any]] | None
    html: str | None
    addresses: dict[str, Any] | None
    meta: dict[str, Any]
    verdict: str | None
    guest: bool
    state: str
    raw_id: int | None
    about_item_id: int | None
    event_id: int | None
    event_kind: str | None
    event_payload: dict[str, Any] | None
    cause: dict[str, Any] | None
    whom: str | None


@dataclass(frozen=True, slots=True)
class File:
    """An attachment of an item."""

    id: int
    item_id: int
    name: str
    type: str
    size: int
    sha256: str
    content_id: str | None
    inline: bool


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of an outgoing mail at one recipient."""

    item_id: int
    outbox_id: int
    address: str
    role: str
    state: str
    code: str | None
    detail: str | None
    at: datetime | None
    release_at: datetime
    outbox_state: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """Items with what belongs to them, oldest first; `earlier` is the seq to go on before, None at the beginning."""

    items: list[Item]
    files: dict[int, list[File]]
    receipts: dict[int, list[Receipt]]
    earlier: int | None


@dataclass(frozen=True, slots=True)
class Thread(Stretch):
    """A stretch of a conversation, and the conversation."""

    conversation: Conversation


_ITEM = """select i.id, i.seq, i.kind, i.direction, i.nature, i.at, coalesce(a.name, p.name) as author, i.agent_id,
                  i.person_id, i.subject, i.text, i.zones, i.html, i.addresses, i.meta, i.verdict, i.guest, i.state,
                  i.raw_id, i.about_item_id, i.event_id, e.kind as event_kind, e.payload as event_payload, e.cause,
                  (select w.name from agent w where e.kind = 'conversation.assigned' and w.desk_id = i.desk_id
                      and w.id = (e.payload->>'to')::bigint) as whom
             from item i
             left join agent a on a.desk_id = i.desk_id and a.id = i.agent_id
             left join person p on p.desk_id = i.desk_id and p.id = i.person_id
             left join event e on e.desk_id = i.desk_id and e.id = i.event_id"""
_FILE = "select f.id, f.item_id, f.name, f.type, f.size, f.sha256, f.content_id, f.inline from attachment f"
_RECEIPT = """select o.item_id, o.id as outbox_id, r.address, r.role, r.state, r.code, r.detail, r.at, o.release_at,
                     o.state as outbox_state
                from outbox o join recipient r on r.desk_id = o.desk_id and r.outbox_id = o.id"""
_IN_ORDER = "order by o.id, r.role desc, r.address"

Belonging = TypeVar("Belonging", File, Receipt)


async def read(tx: Tx, actor: Actor, id: int, *, before: int | None = None, after: int | None = None) -> Thread:
    """The newest twenty items (those before or after a seq when given); raises NoConversation unless visible."""
    conversation = await get(tx, actor, id)
    found = await stretch(tx, id, before=before, after=after)
    return Thread(found.items, found.files, found.receipts, found.earlier, conversation)


async def stretch(tx: Tx, id: int, *, before: int | None = None, after: int | None = None) -> Stretch:
    """The same items of a conversation that the asker was just found to see."""
    pieces = await tx.together(*asked(id, before=before, after=after))
    return joined(*pieces, forwards=after is not None)


def asked(id: int, *, before: int | None = None, after: int | None = None) -> tuple[Ask[Item], Ask[File], Ask[Receipt]]:
    """What `stretch` asks, for a page that asks more besides; `joined` makes one of the answers."""
    place = "and i.seq < %(before)s" if before is not None else "and i.seq > %(after)s" if after is not None else ""
    way = "asc" if after is not None else "desc"
    rest = f"and i.state <> 'retracted' {place} order by i.seq {way} limit {PAGE + 1}"
    where = f"where i.desk_id = %(desk)s and i.conversation_id = %(id)s {rest}"
    ids = f"array(select i.id from item i where i.desk_id = %(desk)s and i.conversation_id = %(id)s {rest})"
    known = {"id": id, "before": before, "after": after}
    return (
        ask(Item, f"{_ITEM} {where}", **known),
        ask(File, f"{_FILE} where f.desk_id = %(desk)s and f.item_id = any({ids}) order by f.id", **known),
        ask(Receipt, f"{_RECEIPT} where o.desk_id = %(desk)s and o.item_id = any({ids}) {_IN_ORDER}", **known),
    )


def joined(items: list[Item], files: list[File], receipts: list[Receipt], *, forwards: bool = False) -> Stretch:
    """The answers to `asked` as a stretch; `forwards` when they were asked for after a seq."""
    more, kept = len(items) > PAGE, items[:PAGE]
    shown = kept if forwards else kept[::-1]
    return Stretch(shown, _by_item(files), _by_item(receipts), shown[0].seq if more and not forwards else None)


async def item(tx: Tx, actor: Actor, item_id: int) -> Item:
    """One item; raises NoConversation unless `actor` may see its conversation."""
    seen = visible_to(actor)
    found = await tx.maybe(
        Item,
        f"""{_ITEM} join conversation c on c.desk_id = i.desk_id and c.id = i.conversation_id
             where i.desk_id = %(desk)s and i.id = %(id)s and i.state <> 'retracted' and {seen}""",
        id=item_id,
        **seen.params,
    )
    if found is None:
        raise NoConversation
    return found


async def file(tx: Tx, actor: Actor, attachment_id: int) -> File:
    """One attachment of a visible conversation; raises NoConversation otherwise."""
    seen = visible_to(actor)
    found = await tx.maybe(
        File,
        f"""{_FILE}
              join item i on i.desk_id = f.desk_id and i.id = f.item_id
              join conversation c on c.desk_id = i.desk_id and c.id = i.conversation_id
             where f.desk_id = %(desk)s and f.id = %(id)s and i.state <> 'retracted' and {seen}""",
        id=attachment_id,
        **seen.params,
    )
    if found is None:
        raise NoConversation
    return found


async def files_of(tx: Tx, item_id: int) -> list[File]:
    """The files of one item that was read before, inline images included."""
    return await tx.all(File, f"{_FILE} where f.desk_id = %(desk)s and f.item_id = %(id)s order by f.id", id=item_id)


def _by_item(found: Iterable[Belonging]) -> dict[int, list[Belonging]]:
    each: dict[int, list[Belonging]] = {}
    for one in found:
        each.setdefault(one.item_id, []).append(one)
    return each


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who takes part."""

    person_id: int
    name: str
    address: str
    role: str
    doubted: bool


async def participants(tx: Tx, actor: Actor, id: int) -> list[Participant]:
    """Who takes part, the requester first."""
    await get(tx, actor, id)
    return await tx.all(
        Participant,
        """select t.person_id, p.name, t.address, t.role, i.doubted_at is not null as doubted
             from participant t join person p on p.desk_id = t.desk_id and p.id = t.person_id
             left join identity i on i.desk_id = t.desk_id and i.kind = 'email' and i.address = t.address
            where t.desk_id = %(desk)s and t.conversation_id = %(id)s
            order by case t.role when 'requester' then 0 when 'copied' then 1 else 2 end, t.added_at, t.address
            limit 100""",
        id=id,
    )


@dataclass(frozen=True, slots=True)
class Other:
    """Another conversation of the same customer."""

    id: int
    subject: str
    state: str
    created_at: datetime
    last_item_at: datetime


@dataclass(frozen=True, slots=True)
class Customer:
    """The customer beside the thread."""

    id: int
    name: str
    language: str | None
    note: str | None
    created_at: datetime
    addresses: list[str]


async def customer(tx: Tx, actor: Actor, id: int) -> tuple[Customer, list[Other]]:
    """The customer of a conversation and their other conversations that `actor` may see, newest first."""
    conversation = await get(tx, actor, id)
    seen = visible_to(actor)
    person = await tx.one(
        Customer,
        """select p.id, p.name, p.language, p.note, p.created_at,
                  array(select address from identity i where i.desk_id = p.desk_id and i.person_id = p.id order by i.id)
                    as addresses
             from person p where p.desk_id = %(desk)s and p.id = %(person)s""",
        person=conversation.person_id,
    )
    others = await tx.all(
        Other,
        f"""select c.id, c.subject, c.state, c.created_at, c.last_item_at from conversation c
             where c.desk_id = %(desk)s and c.person_id = %(person)s and c.id <> %(id)s and c.state <> 'trash'
               and {seen}
             order by c.last_item_at desc limit 20""",
        person=conversation.person_id,
        id=id,
        **seen.params,
    )
    return person, others


async def mark_seen(tx: Tx, actor: Actor, id: int, seq: int) -> None:
    """Remember how far `actor` has read; it never goes back."""
    await get(tx, actor, id)
    await saw(tx, actor, id, seq)


async def saw(tx: Tx, actor: Actor, id: int, seq: int) -> None:
    """The same for a conversation that `actor` was just shown; writes nothing when nothing is new."""
    await tx.run(
        """insert into seen (desk_id, conversation_id, agent_id, seq)
           select %(desk)s, %(id)s, %(me)s, %(seq)s
            where not exists (select from seen where desk_id = %(desk)s and conversation_id = %(id)s
                                 and agent_id = %(me)s and seq >= %(seq)s)
           on conflict (desk_id, conversation_id, agent_id)
           do update set seq = excluded.seq, at = now() where seen.seq < excluded.seq""",
        id=id,
        me=actor.agent_id,
        seq=seq,
    )


async def mark_unseen(tx: Tx, actor: Actor, id: int) -> None:
    """Let the newest word of the customer count as unread again for `actor`."""
    conversation = await get(tx, actor, id)
    await tx.run(
        """update seen set seq = %(seq)s
            where desk_id = %(desk)s and conversation_id = %(id)s and agent_id = %(me)s and seq > %(seq)s""",
        id=id,
        me=actor.agent_id,
        seq=max(0, conversation.last_customer_seq - 1),
    )
