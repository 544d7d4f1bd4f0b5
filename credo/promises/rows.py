"""Clocks as rows: read, and brought to what the events make of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from credo.base.db import Tx
from credo.promises.one_clock import Clock, Moment, State, Stretch

KINDS = (
    *("message.received", "message.replied"),
    *("conversation.solved", "conversation.spam", "conversation.trashed"),
    *("conversation.reopened", "conversation.restored"),
    *("delivery.failed", "delivery.bounced", "delivery.accepted"),
)
"""The kinds of events that clocks care for."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A clock with the id of its row."""

    id: int
    clock: Clock


async def moments(tx: Tx, conversation_id: int) -> list[Moment]:
    """The events of a conversation that clocks care for, in the order recorded."""
    return await tx.all(
        Moment,
        """select id, kind, at, item_id, actor_kind, payload from event
            where desk_id = %(desk)s and conversation_id = %(id)s and kind = any(%(kinds)s) order by id""",
        id=conversation_id,
        kinds=list(KINDS),
    )


async def stored(tx: Tx, conversation_id: int) -> list[Stored]:
    """The clocks of a conversation as they stand in the tables, in the order started."""
    found = await tx.all(
        _Row,
        """select id, promise, kind, version_id, calendar, target, state, started_at, started_by, due_at, broken_at,
                  stopped_at, stopped_by,
                  array(select row_to_json(i) from clock_interval i
                         where i.desk_id = c.desk_id and i.clock_id = c.id order by i.seq) as intervals
             from clock c where desk_id = %(desk)s and conversation_id = %(id)s order by id""",
        id=conversation_id,
    )
    return [Stored(row.id, _clock(row)) for row in found]


async def insert(tx: Tx, conversation_id: int, clock: Clock) -> int:
    """A new clock with its intervals and its timer, in one statement; returns its id."""
    stretches = clock.stretches
    id: int = await tx.value(
        """with made as (
             insert into clock (desk_id, conversation_id, promise, kind, version_id, calendar, target, state,
                                started_at, started_by, due_at, broken_at, stopped_at, stopped_by)
             values (%(desk)s, %(conversation)s, %(promise)s, %(kind)s, %(version)s, %(calendar)s, %(target)s,
                     %(state)s, %(started_at)s, %(started_by)s, %(due_at)s, %(broken_at)s, %(stopped_at)s,
                     %(stopped_by)s)
             returning id),
           stretch as (
             insert into clock_interval (desk_id, clock_id, seq, kind, from_at, to_at, cause, event_id)
             select %(desk)s, made.id, s.seq - 1, s.kind, s.start, s.end, s.cause, s.event
               from made, unnest(%(kinds)s::text[], %(starts)s::timestamptz[], %(ends)s::timestamptz[],
                                 %(causes)s::text[], %(events)s::bigint[])
                    with ordinality s (kind, start, "end", cause, event, seq)),
           timer as (
             insert into due (desk_id, clock_id, at)
             select %(desk)s, id, %(rings_at)s from made where %(rings_at)s::timestamptz is not null)
           select id from made""",
        conversation=conversation_id,
        promise=clock.promise,
        kind=clock.kind,
        version=clock.version_id,
        calendar=clock.calendar,
        target=clock.target,
        started_at=clock.started_at,
        started_by=clock.started_by,
        due_at=clock.due_at,
        kinds=[one.kind for one in stretches],
        starts=[one.start for one in stretches],
        ends=[one.end for one in stretches],
        causes=[one.cause for one in stretches],
        events=[one.event_id for one in stretches],
        rings_at=clock.rings_at if _rings(clock) else None,
        **_changing(clock),
    )
    return id


async def update(tx: Tx, was: Stored, clock: Clock) -> None:
    """Bring a row to `clock`; finished intervals stay as they are."""
    await tx.run(
        """update clock set state = %(state)s, due_at = %(due_at)s, broken_at = %(broken_at)s,
                  stopped_at = %(stopped_at)s, stopped_by = %(stopped_by)s
            where desk_id = %(desk)s and id = %(id)s""",
        id=was.id,
        due_at=clock.due_at,
        **_changing(clock),
    )
    old, new = was.clock.stretches, clock.stretches
    same = next(
        (n for n, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), min(len(old), len(new))
    )
    await _put_stretches(tx, was.id, new[same:], same)
    await _set_timer(tx, was.id, clock)


@dataclass(frozen=True, slots=True)
class _Row:
    id: int
    promise: str
    kind: str
    version_id: int
    calendar: str
    target: str
    state: State
    started_at: datetime
    started_by: int
    due_at: datetime
    broken_at: datetime | None
    stopped_at: datetime | None
    stopped_by: int | None
    intervals: list[dict[str, Any]]


def _clock(row: _Row) -> Clock:
    return Clock(
        promise=row.promise,
        kind=row.kind,
        version_id=row.version_id,
        calendar=row.calendar,
        target=row.target,
        started_at=row.started_at,
        started_by=row.started_by,
        due_at=row.due_at,
        stretches=tuple(_stretch(interval) for interval in row.intervals),
        state=row.state,
        broken_at=row.broken_at,
        stopped_at=row.stopped_at,
        stopped_by=row.stopped_by,
    )


def _stretch(interval: dict[str, Any]) -> Stretch:
    end = interval["to_at"]
    return Stretch(
        interval["kind"],
        datetime.fromisoformat(interval["from_at"]),
        datetime.fromisoformat(end) if end else None,
        interval["cause"],
        interval["event_id"],
    )


def _changing(clock: Clock) -> dict[str, object]:
    return {
        "state": clock.state,
        "broken_at": clock.broken_at,
        "stopped_at": clock.stopped_at,
        "stopped_by": clock.stopped_by,
    }


async def _put_stretches(tx: Tx, clock_id: int, stretches: Sequence[Stretch], first: int) -> None:
    for seq, stretch in enumerate(stretches, first):
        await tx.run(
            """insert into clock_interval (desk_id, clock_id, seq, kind, from_at, to_at, cause, event_id)
               values (%(desk)s, %(clock)s, %(seq)s, %(kind)s, %(from)s, %(to)s, %(cause)s, %(event)s)
               on conflict (desk_id, clock_id, seq) do update set to_at = excluded.to_at""",
            clock=clock_id,
            seq=seq,
            kind=stretch.kind,
            to=stretch.end,
            cause=stretch.cause,
            event=stretch.event_id,
            **{"from": stretch.start},
        )


async def _set_timer(tx: Tx, clock_id: int, clock: Clock) -> None:
    """A running clock that is not broken yet stands in the small table that the worker looks at."""
    if _rings(clock):
        await tx.run(
            """insert into due (desk_id, clock_id, at) values (%(desk)s, %(clock)s, %(at)s)
               on conflict (desk_id, clock_id) do update set at = excluded.at""",
            clock=clock_id,
            at=clock.rings_at,
        )
    else:
        await drop_timer(tx, clock_id)


def _rings(clock: Clock) -> bool:
    """Whether a moment is still to come at which the promise breaks."""
    return clock.state == "running" and clock.broken_at is None


async def drop_timer(tx: Tx, clock_id: int) -> None:
    """Nothing more is due for this clock."""
    await tx.run("delete from due where desk_id = %(desk)s and clock_id = %(clock)s", clock=clock_id)
