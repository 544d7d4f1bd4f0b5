"""Try-outs: a document tried on the last days of a desk, asked for, watched, cancelled and read."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from credo.access import Actor, may_administer, visible_to
from credo.base import clock
from credo.base.db import Tx
from credo.base.errors import Conflict, Forbidden, Invalid, NotFound
from credo.base.jobs import defer
from credo.philosophy import load

State = Literal["waiting", "running", "done", "cancelled", "failed"]

QUEUE = "tryouts"
LONGEST = 800
"""Days that can be looked back."""


class NoTryout(NotFound):
    """There is no such try-out."""


class TryingAlready(Conflict):
    """A try-out of yours is still running; wait for it or cancel it first."""


class NotYours(Forbidden):
    """Only who asked for a try-out, or an administrator, may cancel it."""


class BadDays(Invalid):
    """A try-out looks back 1 to 800 days."""


@dataclass(frozen=True, slots=True)
class Tryout:
    """A try-out as it stands. `results` says of each element what it is and why it could not be counted."""

    id: int
    asked_by: int | None
    asked_at: datetime
    days: int
    since: datetime
    last_event: int
    version_id: int | None
    digest: str
    state: State
    total: int | None
    looked_at: int
    place: int
    results: list[dict[str, Any]]
    finished_at: datetime | None
    cancelled_at: datetime | None


_COLUMNS = """t.id, t.asked_by, t.asked_at, t.days, t.since, t.last_event, t.version_id, t.digest, t.state, t.total,
              t.looked_at, t.place, t.results, t.finished_at, t.cancelled_at"""


async def try_out(tx: Tx, actor: Actor, document: str, days: int) -> int:
    """Queue a try-out of `document` on the last `days` and return its id; raises as `prepare` does."""
    id = await prepare(tx, actor, document, days)
    await defer(tx, "try_out", queue=QUEUE, lock=f"tryout:{tx.desk_id}", tryout_id=id)
    return id


async def prepare(tx: Tx, actor: Actor | None, document: str, days: int) -> int:
    """Write down what is asked, for whoever runs it, and return its id; None is the command line.

    Raises BadPhilosophy, BadDays, and TryingAlready while another one of the same colleague is not over.
    """
    load(document)
    if not 1 <= days <= LONGEST:
        raise BadDays
    if actor is not None and await tx.value(
        "select id from tryout where desk_id = %(desk)s and asked_by = %(who)s and state in ('waiting', 'running')",
        who=actor.agent_id,
    ):
        raise TryingAlready
    now = clock.now()
    id: int = await tx.value(
        """insert into tryout (desk_id, asked_by, asked_at, days, since, last_event, version_id, source, digest)
           values (%(desk)s, %(who)s, %(now)s, %(days)s, %(since)s,
                   coalesce((select max(id) from event where desk_id = %(desk)s), 0),
                   (select max(id) from philosophy_version where desk_id = %(desk)s and source = %(source)s),
                   %(source)s, %(digest)s)
           returning id""",
        who=actor.agent_id if actor else None,
        now=now,
        days=days,
        since=now - timedelta(days=days),
        source=document,
        digest=digest_of(document),
    )
    return id


def digest_of(document: str) -> str:
    """By which the try-outs of a text are found."""
    return hashlib.sha256(document.encode()).hexdigest()


async def get(tx: Tx, id: int) -> Tryout:
    """One try-out, whoever asked for it; raises NoTryout. What it counts, each reader sees by their own rights."""
    found = await tx.maybe(
        Tryout, f"select {_COLUMNS} from tryout t where t.desk_id = %(desk)s and t.id = %(id)s", id=id
    )
    if found is None:
        raise NoTryout
    return found


async def newest(tx: Tx) -> list[Tryout]:
    """The newest twenty try-outs of the desk."""
    return await tx.all(
        Tryout, f"select {_COLUMNS} from tryout t where t.desk_id = %(desk)s order by t.id desc limit 20"
    )


async def last_done(tx: Tx, document: str, days: int) -> Tryout | None:
    """The newest finished try-out of exactly this text over at least so many days."""
    return await tx.maybe(
        Tryout,
        f"""select {_COLUMNS} from tryout t
             where t.desk_id = %(desk)s and t.digest = %(digest)s and t.state = 'done' and t.days >= %(days)s
             order by t.id desc limit 1""",
        digest=digest_of(document),
        days=days,
    )


async def cancel(tx: Tx, actor: Actor, id: int) -> None:
    """Stop it at the next batch; what is over stays as it is. Raises NoTryout or NotYours."""
    found = await get(tx, id)
    if found.asked_by != actor.agent_id and not may_administer(actor):
        raise NotYours
    await stop(tx, id, actor.agent_id)


async def stop(tx: Tx, id: int, who: int | None) -> None:
    """The same for whoever may; None is the command line."""
    await tx.run(
        """update tryout set state = 'cancelled', cancelled_at = %(now)s, cancelled_by = %(who)s
            where desk_id = %(desk)s and id = %(id)s and state in ('waiting', 'running')""",
        id=id,
        now=clock.now(),
        who=who,
    )


@dataclass(frozen=True, slots=True)
class _Count:
    figure: str
    n: int


async def figures(tx: Tx, actor: Actor | None, id: int) -> Mapping[str, Mapping[str, int]]:
    """How much each figure counts of what `actor` may see: by path, then by outcome. Complete, never rounded."""
    found = await (_counted(tx, id) if actor is None or actor.sees_all else _visible(tx, actor, id))
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for one in found:
        path, _, outcome = one.figure.rpartition("#")
        counts[path][outcome] = one.n
    return counts


async def _counted(tx: Tx, id: int) -> list[_Count]:
    return await tx.all(
        _Count,
        """select m.figure, sum(cardinality(m.conversation_ids))::bigint as n from tryout_match m
            where m.desk_id = %(desk)s and m.tryout_id = %(id)s group by m.figure""",
        id=id,
    )


async def _visible(tx: Tx, actor: Actor, id: int) -> list[_Count]:
    seen = visible_to(actor)
    return await tx.all(
        _Count,
        f"""select m.figure, count(*) as n
              from tryout_match m cross join unnest(m.conversation_ids) as counted (id)
              join conversation c on c.desk_id = %(desk)s and c.id = counted.id
             where m.desk_id = %(desk)s and m.tryout_id = %(id)s and {seen}
             group by m.figure""",
        id=id,
        **seen.params,
    )


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that a figure counts: a conversation, and the event at which it was so."""

    conversation_id: int
    event_id: int
    at: datetime
    subject: str
    state: str


async def cases(
    tx: Tx, actor: Actor, id: int, figure: str, after: int | None = None, limit: int = 50
) -> tuple[list[Case], int | None]:
    """The cases a figure counts that `actor` may see, the newest first, after an event; and where the next page begins.

    Raises NoTryout.
    """
    await get(tx, id)
    seen = visible_to(actor)
    rows = await tx.all(
        Case,
        f"""select c.id as conversation_id, e.id as event_id, e.at, c.subject, c.state
              from (select counted.conversation_id, counted.event_id from tryout_match m,
                           unnest(m.conversation_ids, m.event_ids) as counted (conversation_id, event_id)
                     where m.desk_id = %(desk)s and m.tryout_id = %(id)s and m.figure = %(figure)s) x
              join conversation c on c.desk_id = %(desk)s and c.id = x.conversation_id
              join event e on e.desk_id = %(desk)s and e.id = x.event_id
             where {seen} and x.event_id < %(after)s
             order by x.event_id desc limit %(limit)s""",
        id=id,
        figure=figure,
        after=after or 2**62,
        limit=limit + 1,
        **seen.params,
    )
    more = len(rows) > limit
    return rows[:limit], rows[limit - 1].event_id if more else None
