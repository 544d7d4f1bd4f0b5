"""Running a try-out: conversations in batches, each in a short transaction, with progress and a way to stop."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg.types.json import Jsonb

from credo import philosophy
from credo.base import clock
from credo.base.db import Db, Tx
from credo.base.fields import Bindings
from credo.improving.asking import Asked, Lack, asked, lacking
from credo.improving.matching import Found, Span, matches
from credo.improving.trial import Trial, trial
from credo.improving.tryouts import Tryout, get
from credo.promises import Outcome, Retold, retell

AT_ONCE = 1_000


async def run(db: Db, fields: Bindings, desk_id: int, tryout_id: int) -> None:
    """Try it out to the end, or until somebody cancels it; goes on where a worker that died left it."""
    async with db.transaction(desk_id) as tx:
        begun = await _begin(tx, fields, tryout_id)
    if begun is None:
        return
    try:
        while await _step(db, fields, desk_id, tryout_id, begun):
            pass
    except Exception:
        async with db.transaction(desk_id) as tx:
            await tx.run(
                "update tryout set state = 'failed' where desk_id = %(desk)s and id = %(id)s and state = 'running'",
                id=tryout_id,
            )
        raise


@dataclass(frozen=True, slots=True)
class _Begun:
    """What stays the same from batch to batch."""

    trial: Trial
    wanted: list[Asked]
    span: Span


async def _begin(tx: Tx, fields: Bindings, id: int) -> _Begun | None:
    """Everything made ready, and its elements written down; None when it is over."""
    claimed = await tx.run(
        """update tryout set state = 'running' where desk_id = %(desk)s and id = %(id)s
              and state in ('waiting', 'running', 'failed')""",
        id=id,
    )
    if not claimed:
        return None
    found = await get(tx, id)
    text = await tx.value("select source from tryout where desk_id = %(desk)s and id = %(id)s", id=id)
    document = philosophy.load(text)
    wanted = asked(document, fields)
    tried = await trial(tx, document, found)
    await tx.run(
        """update tryout set results = %(results)s, total = coalesce(total, (
               select count(*) from conversation c where c.desk_id = %(desk)s and c.last_item_at >= %(since)s))
            where desk_id = %(desk)s and id = %(id)s""",
        id=id,
        results=Jsonb([*_promises(tried, fields), *map(_condition, wanted)]),
        since=found.since,
    )
    return _Begun(tried, wanted, Span(found.since, found.asked_at, found.last_event))


async def _step(db: Db, fields: Bindings, desk_id: int, id: int, begun: _Begun) -> bool:
    """The next batch; False when there is none or it was cancelled."""
    async with db.reading(desk_id) as tx:
        now = await get(tx, id)
        ids = await _next(tx, now) if now.state == "running" else []
    if not ids:
        await _finish(db, desk_id, id)
        return False
    matched, retold = await asyncio.gather(
        _matched(db, fields, desk_id, ids, begun), _retold(db, fields, desk_id, ids, begun)
    )
    async with db.transaction(desk_id) as tx:
        if not await tx.run(
            """update tryout set looked_at = looked_at + %(n)s, place = %(last)s
                where desk_id = %(desk)s and id = %(id)s and state = 'running' and place = %(place)s""",
            id=id,
            n=len(ids),
            last=ids[-1],
            place=now.place,
        ):
            return False
        await _keep(tx, id, [*matched, *_clocks(retold)])
    return True


async def _next(tx: Tx, now: Tryout) -> list[int]:
    return await tx.values(
        """select c.id from conversation c
            where c.desk_id = %(desk)s and c.id > %(place)s and c.last_item_at >= %(since)s
            order by c.id limit %(most)s""",
        place=now.place,
        since=now.since,
        most=AT_ONCE,
    )


async def _matched(db: Db, fields: Bindings, desk_id: int, ids: Sequence[int], begun: _Begun) -> list[Found]:
    async with db.reading(desk_id) as tx:
        return await matches(tx, fields, begun.wanted, ids, begun.span)


async def _retold(db: Db, fields: Bindings, desk_id: int, ids: Sequence[int], begun: _Begun) -> Retold:
    async with db.reading(desk_id) as tx:
        return await retell(tx, fields, ids, begun.trial.version, begun.span.since, begun.span.until)


async def _finish(db: Db, desk_id: int, id: int) -> None:
    async with db.transaction(desk_id) as tx:
        await tx.run(
            """update tryout set state = 'done', finished_at = %(now)s
                where desk_id = %(desk)s and id = %(id)s and state = 'running'""",
            id=id,
            now=clock.now(),
        )


async def _keep(tx: Tx, id: int, found: Sequence[Found]) -> None:
    await tx.run(
        """insert into tryout_match (desk_id, tryout_id, figure, conversation_ids, event_ids)
           select %(desk)s, %(id)s, x.figure, x.conversation_ids, x.event_ids
             from jsonb_to_recordset(%(found)s) as x (figure text, conversation_ids bigint[], event_ids bigint[])""",
        id=id,
        found=Jsonb(
            [
                {"figure": one.figure, "conversation_ids": one.conversation_ids, "event_ids": one.event_ids}
                for one in found
            ]
        ),
    )


def _clocks(retold: Retold) -> Iterator[Found]:
    """`promises/<id>#kept` as it would have been, `#was_kept` as it was, `#better` and `#worse` where both differ."""
    counted: dict[str, list[Outcome]] = defaultdict(list)
    were = {one.key: one for one in retold.were}
    for one in retold.were:
        counted[f"promises/{one.promise}#was_{one.name}"].append(one)
    for one in retold.would_be:
        counted[f"promises/{one.promise}#{one.name}"].append(one)
        was = were.get(one.key)
        if was is not None and was.name != one.name:
            counted[f"promises/{one.promise}#changed"].append(one)
    for figure, outcomes in counted.items():
        yield Found(figure, [one.conversation_id for one in outcomes], [one.started_by for one in outcomes])


def _promises(tried: Trial, fields: Bindings) -> Iterator[dict[str, Any]]:
    for promise in tried.document.promises:
        lacks = lacking(promise.condition(), fields)
        runs = promise.id in tried.version.running
        yield {
            "path": f"promises/{promise.id}",
            "kind": "promise",
            "moment": "",
            **_verdict(lacks, "" if runs or lacks else f"clock {promise.clock}"),
        }


def _condition(one: Asked) -> dict[str, Any]:
    kind = "routing" if one.path.startswith("policy/routing/") else "condition"
    return {"path": one.path, "kind": kind, "moment": one.moment, **_verdict(one.lacks, "")}


def _verdict(lacks: Sequence[Lack], clock: str) -> dict[str, Any]:
    """counted; or unknowable, where history never told; or waits, where a room is still to be built."""
    waits = list(dict.fromkeys(one.waits_for for one in lacks if one.waits_for)) + ([clock] if clock else [])
    untold = [one.field for one in lacks if not one.waits_for]
    verdict = "unknowable" if untold else "waits" if waits else "counted"
    return {"verdict": verdict, "untold": untold, "waits_for": waits}
