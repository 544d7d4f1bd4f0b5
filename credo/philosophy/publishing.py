"""Versions come, follow each other and are retired. What was in force once is never changed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from psycopg.types.json import Jsonb

from credo.base import clock
from credo.base.db import Db, Tx
from credo.base.errors import Conflict, Invalid
from credo.history import Actor, by_system, record
from credo.philosophy.events import CameIntoForce, Published, Retired
from credo.philosophy.judging import judge
from credo.philosophy.questions import Question, questions
from credo.philosophy.versions import Version, compiled, current, newest, version


class InThePast(Invalid):
    """A version cannot come into force in the past: choose this moment or a later one."""


class BeforeAnother(Conflict):
    """Version %(number)s comes into force later than that; choose a later moment, or take that version back first."""


class GoldenFailed(Invalid):
    """Golden conversations do not come out as expected; put it right, or say why it is published all the same."""


class NotInForce(Conflict):
    """This version is not in force and will not be, so there is nothing to retire."""


class ReasonMissing(Invalid):
    """A reason is needed, for those who ask later."""


@dataclass(frozen=True, slots=True)
class Decision:
    """How a text is published: from when (None: at once), why, why in spite of golden failures, and what is asked."""

    effective_at: datetime | None = None
    reason: str = ""
    override_reason: str = ""
    questions: Mapping[str, Question] | None = None


async def publish(tx: Tx, author: Actor, text: str, decision: Decision | None = None) -> Version:
    """Check `text`, store it as the next version and record `Published`; nobody's consent is asked here.

    Raises BadPhilosophy, GoldenFailed, InThePast or BeforeAnother. Holidays become dates here. The number is the
    document's own where that is new, else the next one.
    """
    decision = decision or Decision()
    judgement = judge(text)
    if judgement.failures and not decision.override_reason.strip():
        raise GoldenFailed(failures=list(judgement.failures))
    # Two people who publish at once get two numbers, one after the other.
    await lock(tx)
    now = clock.now()
    at = decision.effective_at or now
    if at < now:
        raise InThePast
    before = await newest(tx)
    if before is not None and at < before.effective_at:
        raise BeforeAnother(number=before.number)
    last = await tx.value("select max(version) from philosophy_version where desk_id = %(desk)s") or 0
    found = judgement.document
    number = found.version if found.version is not None and found.version > last else last + 1
    asked = questions(before.source, text, decision.questions or {}) if before else []
    id = await tx.value(
        """insert into philosophy_version (desk_id, document_id, version, source, digest, compiled, base_id,
                  published_at, published_by, reason, override_reason, effective_at, questions)
           values (%(desk)s, %(document)s, %(version)s, %(source)s, %(digest)s, %(compiled)s, %(base)s, %(now)s,
                   %(by)s, %(reason)s, %(override)s, %(at)s, %(questions)s)
           returning id""",
        document=found.id,
        version=number,
        source=text,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        compiled=Jsonb(compiled(found, at.year)),
        base=before.id if before else None,
        now=now,
        by=author.id if author.kind == "agent" else None,
        reason=decision.reason.strip(),
        override=decision.override_reason.strip() if judgement.failures else None,
        at=at,
        questions=Jsonb([one.stored() for one in asked]),
    )
    published = await record(tx, Published(at=now, actor=author, version_id=id, version=number))
    # Events are numbered in the order they happened, so this tells later which messages it cannot have met.
    await tx.run(
        "update philosophy_version set event_id = %(event)s where desk_id = %(desk)s and id = %(id)s",
        id=id,
        event=published.id,
    )
    if at <= now:
        await _come_into_force(tx, author, _Ahead(id, number, at))
    return await version(tx, id)


async def retire(tx: Tx, author: Actor, version_id: int, reason: str) -> None:
    """Let a version start nothing any more; one whose time has not come is taken back. Nothing follows by itself.

    Raises NotFound, NotInForce or ReasonMissing.
    """
    if not reason.strip():
        raise ReasonMissing
    await lock(tx)
    found = await version(tx, version_id)
    now = clock.now()
    in_force = await current(tx, now)
    ahead = found.effective_at > now
    if not ahead and (in_force is None or in_force.id != version_id):
        raise NotInForce
    if not await tx.run(
        """update philosophy_version set retired_at = %(now)s, retired_by = %(by)s, retired_reason = %(reason)s
            where desk_id = %(desk)s and id = %(id)s and retired_at is null""",
        id=version_id,
        now=now,
        by=author.id if author.kind == "agent" else None,
        reason=reason.strip(),
    ):
        raise NotInForce
    await record(tx, Retired(at=now, actor=author, version_id=version_id, version=found.number))


async def come_into_force(db: Db) -> int:
    """The worker's round over all desks: record every version whose time has come. Returns how many."""
    now = clock.now()
    async with db.reading(0) as tx:
        desks = await tx.values(
            """select distinct desk_id from philosophy_version
                where in_force_event_id is null and effective_at <= %(now)s
                  and (retired_at is null or retired_at > effective_at)""",
            now=now,
        )
    come = 0
    for desk_id in desks:
        async with db.transaction(desk_id) as tx:
            come += await come_due(tx, now)
    return come


async def come_due(tx: Tx, now: datetime) -> int:
    """Record what came into force on this desk until `now`, dated at its moment."""
    await lock(tx)
    due = await tx.all(
        _Ahead,
        """select id, version as number, effective_at as at from philosophy_version
            where desk_id = %(desk)s and in_force_event_id is null and effective_at <= %(now)s
              and (retired_at is null or retired_at > effective_at)
            order by effective_at, id""",
        now=now,
    )
    for one in due:
        await _come_into_force(tx, by_system(), one)
    return len(due)


async def lock(tx: Tx) -> None:
    """Let whoever else publishes, retires or decides on this desk wait until this transaction ends."""
    await tx.run("select id from desk where id = %(desk)s for no key update")


@dataclass(frozen=True, slots=True)
class _Ahead:
    id: int
    number: int
    at: datetime


async def _come_into_force(tx: Tx, author: Actor, one: _Ahead) -> None:
    """Record that a version is in force from its moment on, and end the one before it."""
    was = await tx.value(
        """update philosophy_version set retired_at = %(at)s
            where desk_id = %(desk)s and id <> %(id)s and retired_at is null and in_force_event_id is not null
        returning id""",
        id=one.id,
        at=one.at,
    )
    event = CameIntoForce(
        at=one.at,
        actor=author,
        cause={"version": one.number, "version_id": one.id},
        version_id=one.id,
        version=one.number,
        was=was,
    )
    recorded = await record(tx, event)
    await tx.run(
        "update philosophy_version set in_force_event_id = %(event)s where desk_id = %(desk)s and id = %(id)s",
        event=recorded.id,
        id=one.id,
    )
