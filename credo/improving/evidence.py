"""Seen in your own cases: how often one condition held lately, with the newest examples, while somebody is editing."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta

from credo.access import Actor, visible_to
from credo.base import clock
from credo.base.db import Tx
from credo.base.errors import NotFound
from credo.base.fields import Bindings
from credo.improving.asking import Asked, Lack, asked_at
from credo.improving.matching import Found, Span, matches
from credo.improving.tryouts import Case
from credo.philosophy import load

DAYS = 90
EXAMPLES = 5
_FIRST = 100
_AT_ONCE = 250
_MOST = 5_000
_PATIENCE = 0.1  # seconds after which no further batch begins


class NoCondition(NotFound):
    """This document has no condition there."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The newest conversations of the last 90 days in which a condition held.

    `looked_at` is how many were looked at, the newest first; `all` says that these are all there are. Where something
    is lacking, nothing was looked at.
    """

    path: str
    lacks: tuple[Lack, ...]
    matched: int
    looked_at: int
    all: bool
    examples: list[Case]


async def evidence(tx: Tx, actor: Actor, fields: Bindings, document: str, path: str) -> Evidence:
    """What was seen of the condition at `path` in conversations `actor` may see; raises BadPhilosophy or NoCondition.

    It stops soon, so that the editor need not wait: the count is of those it looked at.
    """
    condition = asked_at(load(document), fields, path)
    if condition is None:
        raise NoCondition
    if condition.lacks:
        return Evidence(condition.path, condition.lacks, 0, 0, False, [])
    return await _seen(tx, actor, fields, condition)


async def _seen(tx: Tx, actor: Actor, fields: Bindings, condition: Asked) -> Evidence:
    now = clock.now()
    last = await tx.value("select max(id) from event where desk_id = %(desk)s") or 0
    span = Span(now - timedelta(days=DAYS), now, last)
    ids = await _newest(tx, actor, span)
    figure, began, place, size = f"{condition.path}#matched", time.monotonic(), 0, _FIRST
    cases: dict[int, int] = {}
    while place < len(ids) and (not place or time.monotonic() - began < _PATIENCE):
        found = await matches(tx, fields, [condition], ids[place : place + size], span, [condition.moment])
        cases |= _cases(found, figure)
        place, size = min(place + size, len(ids)), _AT_ONCE
    newest = sorted(cases, key=lambda id: cases[id], reverse=True)[:EXAMPLES]
    examples = await _examples(tx, {cases[id]: id for id in newest})
    return Evidence(condition.path, (), len(cases), place, place == len(ids) < _MOST, examples)


async def _newest(tx: Tx, actor: Actor, span: Span) -> list[int]:
    """State by state, because that is how the index on the newest is ordered."""
    seen = visible_to(actor)
    return await tx.values(
        f"""select x.id from unnest(array['open', 'waiting', 'snoozed', 'solved']) as states (state)
             cross join lateral (
               select c.id, c.last_item_at from conversation c
                where c.desk_id = %(desk)s and c.state = states.state and c.last_item_at >= %(since)s and {seen}
                order by c.last_item_at desc, c.id desc limit {_MOST}) x
             order by x.last_item_at desc, x.id desc limit {_MOST}""",
        since=span.since,
        **seen.params,
    )


def _cases(found: list[Found], figure: str) -> dict[int, int]:
    pairs = [zip(one.conversation_ids, one.event_ids, strict=True) for one in found if one.figure == figure]
    return {id: event for pair in pairs for id, event in pair}


async def _examples(tx: Tx, conversations: dict[int, int]) -> list[Case]:
    return await tx.all(
        Case,
        """select c.id as conversation_id, e.id as event_id, e.at, c.subject, c.state
             from event e join conversation c on c.desk_id = e.desk_id and c.id = e.conversation_id
            where e.desk_id = %(desk)s and e.id = any(%(ids)s) order by e.id desc""",
        ids=list(conversations),
    )
