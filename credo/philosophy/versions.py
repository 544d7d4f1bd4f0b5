"""Published versions: stored for ever, compiled once, each in force for its time. A clock keeps the one it met."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from time import monotonic
from typing import Any, Literal

import msgspec

from credo.base import clock
from credo.base.db import Tx
from credo.calendars import Calendar
from credo.conditions import Condition
from credo.philosophy.beliefs import Principle, Value
from credo.philosophy.document import Philosophy
from credo.philosophy.durations import Target
from credo.philosophy.promises import Promise

_MOST_KEPT = 200
_MINUTE = 60.0
_kept: dict[tuple[int, int, datetime], Version] = {}
_asked: dict[tuple[str, int, int], tuple[float, Version | None]] = {}


@dataclass(frozen=True, slots=True)
class Running:
    """A promise that starts clocks, with everything a clock needs ready at hand."""

    promise: Promise
    condition: Condition
    target: Target
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class Version:
    """A published document as it runs, from `effective_at` on; `running` holds promises by id, in order."""

    id: int
    document_id: str
    number: int
    published_at: datetime
    published_by: int | None
    title: str
    language: str
    zone: str
    values: Mapping[str, Value]
    principles: Mapping[str, Principle]
    promises: Mapping[str, Promise]
    running: Mapping[str, Running]
    calendars: Mapping[str, Calendar]
    effective_at: datetime


@dataclass(frozen=True, slots=True)
class Newest:
    """The version that whoever publishes now comes after, with its text."""

    id: int
    number: int
    source: str
    effective_at: datetime


State = Literal["scheduled", "in_force", "retired", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Life:
    """What became of a version. `withdrawn` was taken back before its time and never was in force."""

    id: int
    number: int
    title: str
    state: State
    base_id: int | None
    published_at: datetime
    published_by: int | None
    reason: str
    override_reason: str | None
    effective_at: datetime
    retired_at: datetime | None
    retired_by: int | None
    retired_reason: str
    digest: str


async def current(tx: Tx, at: datetime | None = None) -> Version | None:
    """The version in force at a moment, by default now; None before the first one and after one that was retired."""
    at = at or clock.now()
    last = await tx.maybe(
        _InForce,
        """select id, published_at, retired_at from philosophy_version
            where desk_id = %(desk)s and effective_at <= %(at)s and (retired_at is null or retired_at > effective_at)
            order by effective_at desc, id desc limit 1""",
        at=at,
    )
    if last is None or (last.retired_at is not None and last.retired_at <= at):
        return None
    return await _known(tx, last)


async def newest(tx: Tx) -> Newest | None:
    """The version published last, in force or not yet, without those taken back: what a draft follows."""
    return await tx.maybe(
        Newest,
        """select id, version as number, source, effective_at from philosophy_version
            where desk_id = %(desk)s and (retired_at is null or retired_at > effective_at)
            order by effective_at desc, id desc limit 1""",
    )


async def lives(tx: Tx) -> list[Life]:
    """Every version ever published, the newest first."""
    now = clock.now()
    in_force = await current(tx, now)
    rows = await tx.all(
        _LifeRow,
        """select id, version as number, compiled->>'title' as title, base_id, published_at, published_by, reason,
                  override_reason, effective_at, retired_at, retired_by, retired_reason, digest
             from philosophy_version where desk_id = %(desk)s order by id desc""",
    )
    return [row.at(now, in_force.id if in_force else None) for row in rows]


async def version(tx: Tx, id: int) -> Version:
    """The version with this id, in force or not; raises NotFound."""
    key = await tx.one(
        _Key, "select id, published_at from philosophy_version where desk_id = %(desk)s and id = %(id)s", id=id
    )
    return await _known(tx, key)


async def known(tx: Tx, id: int) -> Version:
    """The version with this id, for pages: asks the database once a minute whether it is still the same one.

    A version never changes; only a database that was restored under a running process holds another one.
    """
    key = (tx.connection.info.dbname, tx.desk_id, id)
    asked, found = _asked.get(key, (-_MINUTE, None))
    if found is None or monotonic() - asked >= _MINUTE:
        found = await version(tx, id)
        while len(_asked) >= _MOST_KEPT:
            del _asked[next(iter(_asked))]
        _asked[key] = (monotonic(), found)
    return found


async def source(tx: Tx, id: int) -> str:
    """The text that was published as version `id`, with its comments; empty when there is none."""
    return await tx.value("select source from philosophy_version where desk_id = %(desk)s and id = %(id)s", id=id) or ""


def compiled(found: Philosophy, year: int) -> Any:
    """What is stored beside the text, as plain JSON, with the holidays of the years around `year` as dates."""
    return msgspec.to_builtins(
        _Compiled(
            found.title,
            found.language,
            found.zone,
            tuple(found.values.values()),
            tuple(found.principles.values()),
            found.promises,
            {name: plan.resolve(year).stored() for name, plan in found.calendars.items()},
        )
    )


@dataclass(frozen=True, slots=True)
class _Key:
    id: int
    published_at: datetime


@dataclass(frozen=True, slots=True)
class _InForce(_Key):
    retired_at: datetime | None


@dataclass(frozen=True, slots=True)
class _LifeRow:
    id: int
    number: int
    title: str
    base_id: int | None
    published_at: datetime
    published_by: int | None
    reason: str
    override_reason: str | None
    effective_at: datetime
    retired_at: datetime | None
    retired_by: int | None
    retired_reason: str
    digest: str

    def at(self, now: datetime, in_force: int | None) -> Life:
        """The same with its state at `now`."""
        state: State = "retired"
        if self.id == in_force:
            state = "in_force"
        elif self.retired_at is not None and self.retired_at <= self.effective_at:
            state = "withdrawn"
        elif self.effective_at > now:
            state = "scheduled"
        return Life(state=state, **{f.name: getattr(self, f.name) for f in fields(self)})


@dataclass(frozen=True, slots=True)
class _Row:
    id: int
    document_id: str
    version: int
    compiled: dict[str, Any]
    published_at: datetime
    published_by: int | None
    effective_at: datetime


@dataclass(frozen=True, slots=True)
class _Compiled:
    """What is stored beside the text, so that a newer reader or newer holidays change nothing that was published."""

    title: str
    language: str
    zone: str
    values: tuple[Value, ...]
    principles: tuple[Principle, ...]
    promises: tuple[Promise, ...]
    calendars: dict[str, dict[str, Any]]


async def _known(tx: Tx, key: _Key) -> Version:
    """The compiled version from this process's memory, else from its row. The time tells restored databases apart."""
    memory = (tx.desk_id, key.id, key.published_at)
    if memory not in _kept:
        row = await tx.one(
            _Row,
            """select id, document_id, version, compiled, published_at, published_by, effective_at
                 from philosophy_version where desk_id = %(desk)s and id = %(id)s""",
            id=key.id,
        )
        while len(_kept) >= _MOST_KEPT:
            del _kept[next(iter(_kept))]
        _kept[memory] = _ready(row)
    return _kept[memory]


def _ready(row: _Row) -> Version:
    compiled = msgspec.convert(row.compiled, _Compiled)
    calendars = {name: Calendar.restored(stored) for name, stored in compiled.calendars.items()}
    return Version(
        row.id,
        row.document_id,
        row.version,
        row.published_at,
        row.published_by,
        compiled.title,
        compiled.language,
        compiled.zone,
        {value.id: value for value in compiled.values},
        {principle.id: principle for principle in compiled.principles},
        {promise.id: promise for promise in compiled.promises},
        {promise.id: running for promise in compiled.promises if (running := _running(promise, calendars))},
        calendars,
        row.effective_at,
    )


def _running(promise: Promise, calendars: Mapping[str, Calendar]) -> Running | None:
    target = promise.goal()
    if not promise.runs or target is None or promise.calendar is None:
        return None
    return Running(promise, promise.condition(), target, calendars[promise.calendar])
