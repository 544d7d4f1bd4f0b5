"""Published versions: stored for ever, compiled once. A clock keeps the version it started with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any, ClassVar

import msgspec
from psycopg.types.json import Jsonb

from credo.base import clock
from credo.base.db import Tx
from credo.calendars import Calendar
from credo.conditions import Condition
from credo.history import Actor, Event, record
from credo.philosophy.beliefs import Principle, Value
from credo.philosophy.document import Philosophy
from credo.philosophy.durations import Target
from credo.philosophy.loading import load
from credo.philosophy.problems import BadPhilosophy, Problem, _
from credo.philosophy.promises import Promise

_MOST_KEPT = 200
_MINUTE = 60.0
_kept: dict[tuple[int, int, datetime], Version] = {}
_asked: dict[tuple[str, int, int], tuple[float, Version | None]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Published(Event):
    """A version of the philosophy came into force."""

    kind: ClassVar[str] = "philosophy.published"
    version_id: int
    version: int


@dataclass(frozen=True, slots=True)
class Running:
    """A promise that starts clocks, with everything a clock needs ready at hand."""

    promise: Promise
    condition: Condition
    target: Target
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class Version:
    """A published document as it runs. `published_by` is a colleague; `running` holds promises by id, in order."""

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


async def publish(tx: Tx, author: Actor, text: str) -> Version:
    """Check `text`, store it as the version in force from now on and record `Published`; raises BadPhilosophy.

    Holidays become dates here. The number is the document's own where that is new, else the next one.
    """
    found = load(text)
    if found.overlay:
        cause = _("This document is laid over another one and cannot be in force by itself.")
        raise BadPhilosophy([Problem("error", found.places["overlay"], "overlay", cause, _("publish that one"))])
    now = clock.now()
    # Two people who publish at once get two numbers, one after the other.
    await tx.run("select id from desk where id = %(desk)s for no key update")
    last = await tx.value("select max(version) from philosophy_version where desk_id = %(desk)s") or 0
    number = found.version if found.version is not None and found.version > last else last + 1
    id = await tx.value(
        """insert into philosophy_version (desk_id, document_id, version, source, compiled, published_at, published_by)
           values (%(desk)s, %(document)s, %(version)s, %(source)s, %(compiled)s, %(at)s, %(by)s) returning id""",
        document=found.id,
        version=number,
        source=text,
        compiled=Jsonb(compiled(found, now.year)),
        at=now,
        by=author.id if author.kind == "agent" else None,
    )
    published = await record(tx, Published(at=now, actor=author, version_id=id, version=number))
    # Events are numbered in the order they happened, so this tells later which version a message met.
    await tx.run(
        "update philosophy_version set event_id = %(event)s where desk_id = %(desk)s and id = %(id)s",
        id=id,
        event=published.id,
    )
    return await version(tx, id)


async def current(tx: Tx) -> Version | None:
    """The version in force, or None when nothing was published yet."""
    newest = await tx.maybe(
        _Key,
        "select id, published_at from philosophy_version where desk_id = %(desk)s order by id desc limit 1",
    )
    return await _known(tx, newest) if newest else None


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
class _Row:
    id: int
    document_id: str
    version: int
    compiled: dict[str, Any]
    published_at: datetime
    published_by: int | None


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
            """select id, document_id, version, compiled, published_at, published_by
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
    )


def _running(promise: Promise, calendars: Mapping[str, Calendar]) -> Running | None:
    target = promise.goal()
    if not promise.runs or target is None or promise.calendar is None:
        return None
    return Running(promise, promise.condition(), target, calendars[promise.calendar])
