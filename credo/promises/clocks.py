"""Clocks follow the conversation: started, kept, stopped, run on, moved and broken, each recorded as it happens."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypedDict

from credo.access import Actor
from credo.base import clock as time
from credo.base.db import Db, Tx
from credo.calendars import Calendar
from credo.conversations import conversation, items
from credo.history import Event, Recorded, by_system, record
from credo.philosophy import OneOff, since, version
from credo.promises import rows
from credo.promises.events import Broken, Kept, KeptLate, Moved, RanOn, Released
from credo.promises.meeting import hours_of, versions_met
from credo.promises.one_clock import Clock, counts
from credo.promises.rows import Stored
from credo.promises.timeline import Withheld, reckon

_AT_ONCE = 50
_AFTER_FAILURE = timedelta(minutes=5)
_SHOWN = (Kept, Broken, KeptLate, RanOn)
_log = logging.getLogger("credo.promises")


async def start(tx: Tx, recorded: Recorded) -> None:
    """A customer wrote: give the promises that are theirs, unless clocks run already for an older message."""
    await _follow(tx, recorded)


async def keep(tx: Tx, recorded: Recorded) -> None:
    """An answer left: what it answers is kept (or late), dated at the press of Send."""
    await _follow(tx, recorded)


async def stop(tx: Tx, recorded: Recorded) -> None:
    """Solved, spam or trash: nobody waits any more."""
    await _follow(tx, recorded)


async def run_on(tx: Tx, recorded: Recorded) -> None:
    """A closure was taken back, or an answer reached nobody (or somebody after all): clocks go on where they began."""
    await _follow(tx, recorded)


async def settle(tx: Tx, conversation_id: int, now: datetime | None = None) -> None:
    """Bring the stored clocks to what the events make of them now, and record what became of each."""
    here = await conversation.lock(tx, conversation_id)
    was = await rows.stored(tx, conversation_id)
    found = await _found(tx, here.id, here.channel, was, now or time.now())
    clocks = found.clocks
    if not was and not clocks:
        return
    by_key = {_key(one.clock): one for one in was}
    for clock in clocks:
        await _bring(tx, conversation_id, by_key.pop(_key(clock), None), clock, found.one_offs)
    for orphan in by_key.values():
        # No event explains it: its timer must not ring for ever.
        await rows.drop_timer(tx, orphan.id)
    nearest = min((one for one in clocks if one.state == "running"), key=lambda one: one.due_at, default=None)
    shown = _shown(nearest)
    if shown != {name: getattr(here, name) for name in shown}:
        await conversation.show(tx, conversation_id, **shown)


async def recompute(tx: Tx, conversation_id: int) -> list[Clock]:
    """What the clocks of a conversation should be by its events alone; writes nothing."""
    here = await conversation.lock(tx, conversation_id)
    return (await _found(tx, here.id, here.channel, await rows.stored(tx, conversation_id), time.now())).clocks


async def withheld(tx: Tx, actor: Actor, conversation_id: int) -> list[Withheld]:
    """The promises nobody was given here because they paused when the customer wrote; raises NoConversation."""
    here = await conversation.get(tx, actor, conversation_id)
    found = await _found(tx, here.id, here.channel, await rows.stored(tx, conversation_id), time.now())
    return found.withheld


async def ring(db: Db) -> int:
    """The worker's round over all desks: record what broke. Returns how many conversations were looked at."""
    now = time.now()
    async with db.reading(0) as tx:
        desks = await tx.values("select distinct desk_id from due where at < %(now)s", now=now)
    rung = 0
    for desk_id in desks:
        async with db.transaction(desk_id) as tx:
            rung += await ring_due(tx, now)
    return rung


async def ring_due(tx: Tx, now: datetime) -> int:
    """Record `Broken` for this desk's clocks whose time has passed; what another worker holds is left to it.

    A conversation whose answer waits out its time to undo is left alone: the press of Send may have been in time.
    """
    due = await tx.all(
        _Due,
        """select c.conversation_id as id, array_agg(c.id) as clock_ids from due d
             join clock c on c.desk_id = d.desk_id and c.id = d.clock_id
            where d.desk_id = %(desk)s and d.at < %(now)s
              and not exists (select from item i where i.desk_id = d.desk_id and i.conversation_id = c.conversation_id
                                 and i.state = 'held' and i.direction = 'out' and i.at <= d.at)
            group by c.conversation_id order by min(d.at) limit %(most)s""",
        now=now,
        most=_AT_ONCE,
    )
    rung = 0
    for one in due:
        # The conversation's row is what everybody locks first, so its lock is the claim.
        if await tx.value(
            "select id from conversation where desk_id = %(desk)s and id = %(id)s for update skip locked", id=one.id
        ):
            rung += await _ring_one(tx, one, now)
    return rung


@dataclass(frozen=True, slots=True)
class _Due:
    id: int
    clock_ids: list[int]


async def _ring_one(tx: Tx, due: _Due, now: datetime) -> int:
    before = len(tx.recorded)
    try:
        async with tx.savepoint():
            await settle(tx, due.id, now)
    except Exception:  # noqa: BLE001 - one conversation that cannot be reckoned must not keep the others from being told
        _log.exception("the clocks of conversation %s could not be reckoned", due.id)
        del tx.recorded[before:]
        await tx.run(
            "update due set at = %(later)s where desk_id = %(desk)s and clock_id = any(%(ids)s)",
            later=now + _AFTER_FAILURE,
            ids=due.clock_ids,
        )
        return 0
    return 1


async def _follow(tx: Tx, recorded: Recorded) -> None:
    if recorded.event.conversation_id is not None:
        await settle(tx, recorded.event.conversation_id)


class _Shown(TypedDict):
    """What the conversation's row says of its nearest running promise."""

    next_due_at: datetime | None
    due_since: datetime | None
    due_late: bool
    due_version_id: int | None
    due_calendar: str | None


def _shown(nearest: Clock | None) -> _Shown:
    if nearest is None:
        return _Shown(next_due_at=None, due_since=None, due_late=False, due_version_id=None, due_calendar=None)
    return _Shown(
        next_due_at=nearest.due_at,
        due_since=nearest.started_at,
        due_late=nearest.broken_at is not None,
        due_version_id=nearest.version_id,
        due_calendar=nearest.calendar,
    )


def _key(clock: Clock) -> tuple[str, int]:
    return clock.promise, clock.started_by


@dataclass(frozen=True, slots=True)
class _Found:
    """What the events make of a conversation, and the one-offs they were reckoned with."""

    clocks: list[Clock]
    withheld: list[Withheld]
    one_offs: list[OneOff]


async def _found(tx: Tx, conversation_id: int, channel: str, was: list[Stored], now: datetime) -> _Found:
    moments = await rows.moments(tx, conversation_id)
    asked = [moment for moment in moments if counts(moment)]
    if not asked:
        return _Found([], [], [])
    version_of = await versions_met(tx, asked, was)
    one_offs = await since(tx, min(moment.at for moment in asked))
    reckoned = reckon(moments, channel, version_of, await _until(tx, conversation_id, now), one_offs)
    return _Found(reckoned.clocks, reckoned.withheld, one_offs)


async def _until(tx: Tx, conversation_id: int, now: datetime) -> datetime:
    """Now, or the press of Send of an answer that is still held: until it is released nothing after it is known."""
    held: datetime | None = await tx.value(
        """select min(at) from item where desk_id = %(desk)s and conversation_id = %(id)s and state = 'held'
              and direction = 'out'""",
        id=conversation_id,
    )
    return min(held, now) if held else now


async def _bring(tx: Tx, conversation_id: int, was: Stored | None, clock: Clock, one_offs: list[OneOff]) -> None:
    if was is None:
        id, old = await rows.insert(tx, conversation_id, clock), None
    elif was.clock != clock:
        await rows.update(tx, was, clock)
        id, old = was.id, was.clock
    else:
        return
    if old is None and clock.state == "running" and clock.broken_at is None:
        return
    common = {"actor": by_system(), "conversation_id": conversation_id, "cause": await _cause(tx, clock)}
    calendar = hours_of(await version(tx, clock.version_id), clock, one_offs)
    if old is not None and old.due_at != clock.due_at:
        await _record_move(tx, common, id, old, clock, one_offs)
    for happened in _became(old, clock, calendar, {**common, "clock_id": id, "promise": clock.promise}):
        recorded = await record(tx, happened)
        if isinstance(happened, _SHOWN):
            await items.line(tx, recorded)


def _became(old: Clock | None, new: Clock, calendar: Calendar, common: dict[str, Any]) -> Iterator[Event]:
    """The events that say how `old` (None: it did not exist) became `new`."""
    if old is not None and len(new.stretches) > len(old.stretches):
        yield RanOn(at=new.watched_from or new.stretches[-1].start, **common)
    if new.broken_at and not (old and old.broken_at):
        yield Broken(at=new.broken_at, **common)
    stopped = new.stopped_at if not (old and old.stopped_by == new.stopped_by) else None
    if stopped and new.state == "kept":
        yield Kept(at=stopped, spare=int(calendar.elapsed(stopped, new.due_at).total_seconds()), **common)
    elif stopped and new.state == "late":
        yield KeptLate(at=stopped, late=int(calendar.elapsed(new.due_at, stopped).total_seconds()), **common)
    elif stopped:
        yield Released(at=stopped, **common)


async def _record_move(
    tx: Tx, common: dict[str, Any], clock_id: int, old: Clock, new: Clock, one_offs: list[OneOff]
) -> None:
    """Record that a due time moved, because of the one-off that was made or ended last."""
    concerned = [one for one in one_offs if one.concerns(new.calendar)]
    last = max(concerned, key=lambda one: one.ended_event_id or one.made_event_id, default=None)
    cause = {**common["cause"], "exception": last.id if last else None}
    await record(
        tx,
        Moved(
            at=time.now(),
            **{**common, "cause": cause},
            clock_id=clock_id,
            promise=new.promise,
            was=old.due_at,
            due_at=new.due_at,
        ),
    )


async def _cause(tx: Tx, clock: Clock) -> dict[str, object]:
    in_force = await version(tx, clock.version_id)
    promise = in_force.promises[clock.promise]
    return {
        "promise": promise.id,
        "principle": promise.serves,
        "version": in_force.number,
        "version_id": in_force.id,
        "event": clock.stopped_by or clock.stretches[-1].event_id,
    }
