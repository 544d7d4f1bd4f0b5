"""One-offs as rows: said in one click with a reason, ended in another, read by whoever reckons clocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from time import monotonic
from zoneinfo import ZoneInfo

from psycopg.types.json import Jsonb

from credo.access import Actor, ensure, may_lead
from credo.base import clock
from credo.base.db import Tx
from credo.base.errors import Conflict, Invalid, NotFound
from credo.calendars import read_window
from credo.history import record
from credo.philosophy.events import OneOffEnded, OneOffMade
from credo.philosophy.oneoffs import PROMISES, Kind, OneOff
from credo.philosophy.publishing import ReasonMissing
from credo.philosophy.versions import Version, current

_ALIKE = 5.0  # seconds in which a list need not ask again
_MOST_DAYS = timedelta(days=400)
_asked: dict[tuple[str, int], tuple[float, list[OneOff]]] = {}


class NoOneOff(NotFound):
    """There is no such exception."""


class AlreadyOver(Conflict):
    """This has ended already."""


class NothingInForce(Conflict):
    """No philosophy is in force, so there is nothing to make an exception from."""


class UnknownHere(Invalid):
    """The philosophy in force has no “%(name)s”."""


class BadSpan(Invalid):
    """An exception begins now or later, ends after it begins, and lasts at most 400 days."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to hold. Without `from_at` it begins now; `day` and `windows` are for changed hours.

    Closed today ends at midnight where nothing else is said; incident mode and a pause last until somebody ends them.
    """

    kind: Kind
    reason: str
    from_at: datetime | None = None
    until_at: datetime | None = None
    calendar: str | None = None
    element: str | None = None
    day: date | None = None
    windows: tuple[str, ...] = ()
    promises: tuple[str, ...] = ()


async def declare(tx: Tx, actor: Actor, wish: Wish) -> OneOff:
    """Let something hold for a time, said by `actor`; for administrators and leads. It changes nothing that has passed.

    Raises ReasonMissing, NothingInForce, UnknownHere, BadSpan or BadWindow.
    """
    ensure(may_lead(actor))
    if not wish.reason.strip():
        raise ReasonMissing
    in_force = await current(tx)
    if in_force is None:
        raise NothingInForce
    _ensure_known(wish, in_force)
    now = clock.now()
    start, end = _span(wish, in_force, now)
    id = await tx.value(
        """insert into philosophy_exception (desk_id, kind, from_at, until_at, calendar, element, payload, author_id,
                  reason, made_at)
           values (%(desk)s, %(kind)s, %(start)s, %(end)s, %(calendar)s, %(element)s, %(payload)s, %(author)s,
                   %(reason)s, %(now)s)
           returning id""",
        kind=wish.kind,
        start=start,
        end=end,
        calendar=wish.calendar,
        element=wish.element,
        payload=Jsonb(_payload(wish)),
        author=actor.agent_id,
        reason=wish.reason.strip(),
        now=now,
    )
    made = await record(tx, OneOffMade(at=now, actor=actor.as_author(), exception_id=id, what=wish.kind))
    await tx.run(
        "update philosophy_exception set made_event_id = %(event)s where desk_id = %(desk)s and id = %(id)s",
        event=made.id,
        id=id,
    )
    _asked.clear()
    return await get(tx, id)


async def end(tx: Tx, actor: Actor, one_off_id: int) -> None:
    """Let it hold no longer; what it did until now stays. Raises NoOneOff or AlreadyOver."""
    ensure(may_lead(actor))
    found = await get(tx, one_off_id)
    now = clock.now()
    if not await tx.run(
        """update philosophy_exception set ended_at = %(now)s, ended_by = %(by)s
            where desk_id = %(desk)s and id = %(id)s and ended_at is null
              and (until_at is null or until_at > %(now)s)""",
        now=now,
        by=actor.agent_id,
        id=one_off_id,
    ):
        raise AlreadyOver
    ended = await record(tx, OneOffEnded(at=now, actor=actor.as_author(), exception_id=one_off_id, what=found.kind))
    await tx.run(
        "update philosophy_exception set ended_event_id = %(event)s where desk_id = %(desk)s and id = %(id)s",
        event=ended.id,
        id=one_off_id,
    )
    _asked.clear()


async def get(tx: Tx, one_off_id: int) -> OneOff:
    """One of them, over or not; raises NoOneOff."""
    found = await tx.maybe(OneOff, f"{_SELECT} and x.id = %(id)s", id=one_off_id)
    if found is None:
        raise NoOneOff
    return found


async def every(tx: Tx) -> list[OneOff]:
    """The newest two hundred, over or not, the newest first."""
    return await tx.all(OneOff, f"{_SELECT} order by x.id desc limit 200")


async def since(tx: Tx, moment: datetime) -> list[OneOff]:
    """Those that hold at `moment` or hold later, in the order made: what clocks that run since then may have met."""
    return await tx.all(
        OneOff,
        f"""{_SELECT} and (x.until_at is null or x.until_at > %(moment)s)
              and (x.ended_at is null or x.ended_at > %(moment)s) order by x.id""",
        moment=moment,
    )


async def lately(tx: Tx) -> Sequence[OneOff]:
    """Those a list of open conversations may have met, asked once in five seconds a process."""
    key = (tx.connection.info.dbname, tx.desk_id)
    asked, found = _asked.get(key, (0.0, []))
    if key not in _asked or monotonic() - asked >= _ALIKE:
        found = [one for one in await since(tx, clock.now() - _MOST_DAYS) if one.of_hours]
        _asked[key] = (monotonic(), found)
    return found


def _ensure_known(wish: Wish, in_force: Version) -> None:
    if wish.calendar is not None and wish.calendar not in in_force.calendars:
        raise UnknownHere(name=wish.calendar)
    if (wish.kind == "rule_paused") != (wish.element is not None):
        raise UnknownHere(name=wish.element or "")
    for name in (*(f"{PROMISES}{one}" for one in wish.promises), *([wish.element] if wish.element else [])):
        if not name.startswith(PROMISES) or name.removeprefix(PROMISES) not in in_force.promises:
            raise UnknownHere(name=name)


def _span(wish: Wish, in_force: Version, now: datetime) -> tuple[datetime, datetime | None]:
    start, zone = wish.from_at or now, ZoneInfo(in_force.zone)
    end = wish.until_at
    if wish.kind == "closed_today":
        end = end or _midnight(start.astimezone(zone).date(), 1, zone)
    elif wish.kind == "changed_hours":
        if wish.day is None or wish.day < now.astimezone(zone).date():
            raise BadSpan
        for window in wish.windows:
            read_window(window)
        # Hours may pass midnight, and a calendar may lie in another zone.
        end = _midnight(wish.day, 3, zone)
    if start < now or (end is not None and not start < end <= start + _MOST_DAYS):
        raise BadSpan
    return start, end


def _midnight(day: date, later: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day + timedelta(days=later), time(), zone)


def _payload(wish: Wish) -> dict[str, object]:
    if wish.kind == "changed_hours" and wish.day is not None:
        return {"day": wish.day.isoformat(), "windows": list(wish.windows)}
    return {"promises": list(wish.promises)} if wish.promises else {}


_SELECT = """
    select x.id, x.kind, x.from_at, x.until_at, x.calendar, x.element, x.payload, x.author_id,
           coalesce((select a.name from agent a where a.desk_id = x.desk_id and a.id = x.author_id), '') as author,
           x.reason, x.made_at, coalesce(x.made_event_id, 0) as made_event_id, x.ended_at, x.ended_by,
           x.ended_event_id
      from philosophy_exception x where x.desk_id = %(desk)s"""
