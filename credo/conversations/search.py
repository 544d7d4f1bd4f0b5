"""Search over everything the asker may see, the newest first.

In steps, because no single plan serves both frequent and rare words: the newest items by the btree; then, by the
full-text index, those of some days, of a season, of all times. Each item carries a mark of its day in its vector, so
that the index touches only what is recent; the first step that fills a page is the last one taken.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from credo.access import Actor, visible_to
from credo.base import clock
from credo.base.db import Tx
from credo.base.ids import fold
from credo.base.paging import Cursor, Page
from credo.conversations import items
from credo.language.mask import mask
from credo.language.words import words as cut

_PAGE = 25
_DAYS = (2, 14, 100, None)
_WORD = re.compile(r"\w+", re.UNICODE)
_AROUND = 70


@dataclass(frozen=True, slots=True)
class Hit:
    """An item that matches. `snippet` is the text around the first word found, as before, found, after."""

    conversation_id: int
    item_id: int
    seq: int
    subject: str
    customer: str
    state: str
    at: datetime
    snippet: tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class _Found:
    conversation_id: int
    item_id: int
    seq: int
    subject: str
    customer: str
    state: str
    at: datetime
    text: str


async def search(tx: Tx, actor: Actor, words: str, after: Cursor | None = None) -> Page[Hit]:
    """The conversations whose newest items hold all of `words`, the last one as a beginning; each once a page."""
    query = tsquery(words)
    sees_nothing = not (actor.sees_all or actor.mailboxes or actor.teams)
    if not query or sees_nothing:
        return Page([], None)
    after = after or Cursor()
    found = await _newest(tx, actor, query, after)
    for days in _DAYS:
        if len(found) > _PAGE:
            break
        found = await _indexed(tx, actor, _within(tx.desk_id, query, after, days), after)
    page = Page.of(found, _PAGE, lambda hit: (hit.at, hit.item_id))
    newest = {row.conversation_id: row for row in reversed(page.rows)}
    return Page([_hit(row, words) for row in page.rows if newest[row.conversation_id] is row], page.next)


def tsquery(words: str) -> str:
    """`words` as a query of the database: every word, the last one as a beginning. Empty when there is no word."""
    found = cut(words)[:12]
    return " & ".join([*found[:-1], f"{found[-1]}:*"]) if found else ""


def _within(desk_id: int, query: str, after: Cursor, days: int | None) -> str:
    """`query` for the last `days` before the page begins."""
    if days is None:
        return query
    last = items.day_of(after.at or clock.now())
    return f"{query} & ({' | '.join(items.day_mark(desk_id, last - back) for back in range(-1, days))})"


# Narrow rows until the page is known: a text is a hundred times as wide as what decides whether it is shown.
_NARROW = "i.id as item_id, i.conversation_id, i.seq, i.at"
_SELECT = """select h.conversation_id, h.item_id, h.seq, h.subject, p.name as customer, h.state, h.at,
                    coalesce(t.text, '') as text from hits h
               join item t on t.desk_id = %(desk)s and t.id = h.item_id
               join person p on p.desk_id = %(desk)s and p.id = h.person_id
              order by h.at desc, h.item_id desc"""
_PLACE = "and (i.at, i.id) < (%(at)s, %(after)s)"


async def _newest(tx: Tx, actor: Actor, query: str, after: Cursor) -> list[_Found]:
    """Among the newest 600 items of the desk: enough for every word that stands in one of twenty."""
    seen = visible_to(actor)
    place = _PLACE if after.id is not None else ""
    return await tx.all(
        _Found,
        f"""with hits as materialized (
              select i.*, c.subject, c.state, c.person_id from (
                select {_NARROW}, i.search, i.state as shown from item i
                 where i.desk_id = %(desk)s and i.search is not null {place}
                 order by i.at desc, i.id desc limit 600) i
                join conversation c on c.desk_id = %(desk)s and c.id = i.conversation_id
               where i.search @@ %(query)s::tsquery and i.shown = 'shown' and c.state <> 'trash' and {seen}
               order by i.at desc, i.item_id desc limit 26)
            {_SELECT}""",
        query=query,
        at=after.at,
        after=after.id,
        **seen.params,
    )


async def _indexed(tx: Tx, actor: Actor, query: str, after: Cursor) -> list[_Found]:
    """By the full-text index, forced by MATERIALIZED; conversations are looked up only until the page is full."""
    seen = visible_to(actor)
    place = _PLACE if after.id is not None else ""
    return await tx.all(
        _Found,
        f"""with matching as materialized (
              select {_NARROW} from item i where i.desk_id = %(desk)s and i.search @@ %(query)s::tsquery
                 and i.state = 'shown' {place}),
            hits as materialized (
              select m.*, c.subject, c.state, c.person_id
                from (select * from matching order by at desc, item_id desc) m
                join conversation c on c.desk_id = %(desk)s and c.id = m.conversation_id
               where c.state <> 'trash' and {seen}
               order by m.at desc, m.item_id desc limit 26)
            {_SELECT}""",
        query=query,
        at=after.at,
        after=after.id,
        **seen.params,
    )


def _hit(row: _Found, words: str) -> Hit:
    return Hit(
        row.conversation_id,
        row.item_id,
        row.seq,
        row.subject,
        row.customer,
        row.state,
        row.at,
        around(mask(row.text), words),
    )


def around(text: str, words: str) -> tuple[str, str, str]:
    """The text before, at and after the first of `words` in `text`; the beginning when none stands there literally."""
    flat = " ".join(text.split())
    wanted = cut(words)
    for found in _WORD.finditer(flat):
        word = fold(found.group())
        if any(word.startswith(each) for each in wanted):
            start, end = max(0, found.start() - _AROUND), min(len(flat), found.end() + _AROUND)
            before = ("…" if start else "") + flat[start : found.start()]
            return before, found.group(), flat[found.end() : end] + ("…" if end < len(flat) else "")
    return flat[: 2 * _AROUND], "", ""
