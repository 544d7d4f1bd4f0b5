"""Items are what a thread is made of: appended with the next number of their conversation, never changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from credo.base.db import Tx
from credo.conversations.conversation import WORK_KEY
from credo.history import Recorded
from credo.language.mask import mask
from credo.language.words import words

_SEARCHED = 200_000  # characters of a text that search knows; a tsvector ends at one megabyte
_SNIPPET = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class NewItem:
    """What is to be appended. `shown_text` is the part people read in lists: without quotes and signature."""

    kind: str
    at: datetime
    direction: str | None = None
    nature: str = "message"
    agent_id: int | None = None
    person_id: int | None = None
    subject: str | None = None
    text: str = ""
    shown_text: str = ""
    zones: list[tuple[str, int, int]] = field(default_factory=list)
    html: str | None = None
    addresses: dict[str, Any] = field(default_factory=dict)
    meta: dict[str, Any] = field(default_factory=dict)
    verdict: str | None = None
    guest: bool = False
    state: str = "shown"
    raw_id: int | None = None
    about_item_id: int | None = None
    message_id: str | None = None
    search_text: str = ""


@dataclass(frozen=True, slots=True)
class Appended:
    """Where the item stands now."""

    id: int
    seq: int


async def append(tx: Tx, conversation_id: int, new: NewItem) -> Appended:
    """Append `new` and bring the conversation's row up to date in the same breath; takes the row's lock."""
    shows = new.state == "shown" and new.nature == "message"
    return await tx.one(
        Appended,
        f"""with next as ({_NEXT})
           insert into item (desk_id, conversation_id, seq, kind, direction, nature, at, agent_id, person_id, subject,
                             text, zones, html, addresses, meta, verdict, guest, state, raw_id, about_item_id,
                             message_id, search)
           select %(desk)s, %(conversation)s, next.last_seq, %(kind)s, %(direction)s, %(nature)s, %(at)s, %(agent_id)s,
                  %(person_id)s, %(subject)s, %(text)s, %(zones)s, %(html)s, %(addresses)s, %(meta)s, %(verdict)s,
                  %(guest)s, %(state)s, %(raw_id)s, %(about_item_id)s, %(message_id)s,
                  to_tsvector('simple', %(search)s) || %(day)s::tsvector
             from next
           returning id, seq""",
        conversation=conversation_id,
        shows=shows,
        incoming=shows and new.direction == "in",
        snippet=snippet(new.shown_text or new.text),
        kind=new.kind,
        direction=new.direction,
        nature=new.nature,
        at=new.at,
        agent_id=new.agent_id,
        person_id=new.person_id,
        subject=_clean(new.subject),
        text=_clean(new.text),
        zones=Jsonb(new.zones) if new.zones else None,
        html=_clean(new.html),
        addresses=Jsonb(new.addresses),
        meta=Jsonb(new.meta),
        verdict=new.verdict,
        guest=new.guest,
        state=new.state,
        raw_id=new.raw_id,
        about_item_id=new.about_item_id,
        message_id=_clean(new.message_id),
        search=_searchable(new),
        day=day_mark(tx.desk_id, day_of(new.at)),
    )


def day_of(at: datetime) -> int:
    """The number of the day that `at` lies in, counted through from 1970; search narrows by it."""
    return int(at.timestamp()) // (24 * 3600)


def day_mark(desk_id: int, day: int) -> str:
    """A lexeme that no text has: it lets the full-text index itself find the items of one day of one desk."""
    return f"'@{desk_id}d{day}'"


# Counts the conversation on and, unless the item is still held back, shows it in lists.
_NEXT = f"""
    update conversation
       set last_seq = last_seq + 1,
           last_word_seq = case when %(shows)s then last_seq + 1 else last_word_seq end,
           last_customer_seq = case when %(incoming)s then last_seq + 1 else last_customer_seq end,
           last_item_at = case when %(shows)s then greatest(last_item_at, %(at)s) else last_item_at end,
           work_key = {
    WORK_KEY.format(
        due="next_due_at", at="case when %(shows)s then greatest(last_item_at, %(at)s) else last_item_at end"
    )
},
           snippet = case when %(shows)s then %(snippet)s else snippet end
     where desk_id = %(desk)s and id = %(conversation)s
 returning last_seq"""


async def line(tx: Tx, recorded: Recorded) -> None:
    """Put an event into the thread as a line of its own; it moves no list and is not searched."""
    event = recorded.event
    assert event.conversation_id is not None
    await tx.run(
        """with next as (
             update conversation set last_seq = last_seq + 1 where desk_id = %(desk)s and id = %(id)s
             returning last_seq)
           insert into item (desk_id, conversation_id, seq, kind, at, event_id, agent_id)
           select %(desk)s, %(id)s, next.last_seq, 'event', %(at)s, %(event)s, %(agent)s from next""",
        id=event.conversation_id,
        at=event.at,
        event=recorded.id,
        agent=event.actor.id if event.actor.kind == "agent" else None,
    )


def snippet(text: str) -> str:
    """The beginning of a text on one line, for lists."""
    line = " ".join((_clean(text[:2000]) or "").split())
    return line if len(line) <= _SNIPPET else line[: _SNIPPET - 1].rstrip() + "…"


def _searchable(new: NewItem) -> str:
    """The words search may find; secrets are hidden before they reach the index."""
    return " ".join(words(mask(f"{new.subject or ''}\n{new.search_text}\n{new.text}"[:_SEARCHED])))


def _clean(text: str | None) -> str | None:
    """PostgreSQL stores no NUL; lone surrogates are not text."""
    if text is None:
        return None
    return text.replace("\x00", "").encode("utf-8", "replace").decode()
