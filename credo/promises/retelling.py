"""What the clocks of past conversations would have been under another version; writes nothing.

Messages from `since` on meet the other version; what began before keeps the one it met. Answers, closures and bounces
are what they were, and what was decided for once too, so this describes the past and forecasts nothing.
"""

from __future__ import annotations

from asyncio import sleep
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from credo.base.db import Tx
from credo.base.fields import Bindings
from credo.conversations.knowing import known_then
from credo.philosophy import Version
from credo.philosophy import since as one_offs_since
from credo.promises.meeting import versions_met
from credo.promises.one_clock import Clock, Moment, counts
from credo.promises.rows import KINDS
from credo.promises.timeline import asked_for, reckon


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a clock, without what led there."""

    conversation_id: int
    promise: str
    started_by: int
    started_at: datetime
    due_at: datetime
    state: str
    broken_at: datetime | None
    stopped_at: datetime | None

    @property
    def key(self) -> tuple[int, str, int]:
        """Which clock it is."""
        return self.conversation_id, self.promise, self.started_by

    @property
    def name(self) -> str:
        """kept, late, released (closed without an answer), broken (and still unanswered) or open."""
        if self.state in ("running", "paused"):
            return "open" if self.broken_at is None else "broken"
        return "released" if self.state == "void" else self.state


@dataclass(frozen=True, slots=True)
class Retold:
    """The clocks that began in a time: as they would have been, and as they were."""

    would_be: list[Outcome]
    were: list[Outcome]


async def retell(
    tx: Tx, fields: Bindings, conversation_ids: Sequence[int], instead: Version, since: datetime, now: datetime
) -> Retold:
    """The clocks of these conversations that began from `since` on, had `instead` been in force; as of `now`."""
    ids = list(conversation_ids)
    were = await _were(tx, ids)
    talks = await _talks(tx, ids, now)
    asked = [moment for talk in talks for moment in talk.moments if counts(moment)]
    begun = {one.started_by: one.version_id for one in were}
    met = await versions_met(tx, [moment for moment in asked if moment.at < since], begun)

    def version_of(moment: Moment) -> Version | None:
        return instead if moment.at >= since else met(moment)

    wanted = asked_for(version_of(moment) for moment in asked)
    known = await known_then(tx, fields, wanted, [moment.id for moment in asked]) if wanted else {}
    one_offs = await one_offs_since(tx, min((moment.at for moment in asked), default=now))
    would_be = []
    for talk in talks:
        clocks = reckon(talk.moments, talk.channel, version_of, talk.until, one_offs, known).clocks
        would_be += [_outcome(talk.id, clock) for clock in clocks if clock.started_at >= since]
        await sleep(0)  # whoever else lives in this process has a turn in between
    return Retold(would_be, [one.outcome() for one in were if one.started_at >= since])


@dataclass(frozen=True, slots=True)
class _Talk:
    """A conversation as clocks see it; `until` is the press of Send of an answer that is still held, else now."""

    id: int
    channel: str
    until: datetime
    moments: list[Moment]


@dataclass(frozen=True, slots=True)
class _Row:
    id: int
    channel: str
    held: datetime | None


async def _talks(tx: Tx, ids: list[int], now: datetime) -> list[_Talk]:
    rows = await tx.all(
        _Row,
        """select c.id, c.channel, (select min(i.at) from item i
                     where i.desk_id = c.desk_id and i.conversation_id = c.id and i.state = 'held'
                       and i.direction = 'out') as held
             from conversation c where c.desk_id = %(desk)s and c.id = any(%(ids)s) order by c.id""",
        ids=ids,
    )
    moments = await _moments(tx, ids)
    return [_Talk(row.id, row.channel, min(row.held, now) if row.held else now, moments[row.id]) for row in rows]


async def _moments(tx: Tx, ids: list[int]) -> dict[int, list[Moment]]:
    found: dict[int, list[Moment]] = defaultdict(list)
    async with tx.connection.cursor() as cursor:
        await cursor.execute(
            """select conversation_id, id, kind, at, item_id, actor_kind, payload from event
                where desk_id = %(desk)s and conversation_id = any(%(ids)s) and kind = any(%(kinds)s)
                order by conversation_id, id""",
            {"desk": tx.desk_id, "ids": ids, "kinds": list(KINDS)},
        )
        for conversation_id, *moment in await cursor.fetchall():
            found[conversation_id].append(Moment(*moment))
    return found


@dataclass(frozen=True, slots=True)
class _Was:
    conversation_id: int
    promise: str
    version_id: int
    started_by: int
    started_at: datetime
    due_at: datetime
    state: str
    broken_at: datetime | None
    stopped_at: datetime | None

    def outcome(self) -> Outcome:
        return Outcome(
            self.conversation_id,
            self.promise,
            self.started_by,
            self.started_at,
            self.due_at,
            self.state,
            self.broken_at,
            self.stopped_at,
        )


async def _were(tx: Tx, ids: list[int]) -> list[_Was]:
    return await tx.all(
        _Was,
        """select conversation_id, promise, version_id, started_by, started_at, due_at, state, broken_at, stopped_at
             from clock where desk_id = %(desk)s and conversation_id = any(%(ids)s) and started_by is not null
            order by conversation_id, id""",
        ids=ids,
    )


def _outcome(conversation_id: int, clock: Clock) -> Outcome:
    return Outcome(
        conversation_id,
        clock.promise,
        clock.started_by,
        clock.started_at,
        clock.due_at,
        clock.state,
        clock.broken_at,
        clock.stopped_at,
    )
