"""How long a try-out of the demo's philosophy takes on a full desk, and the evidence for one condition.

python -m bench.tryout --size large --data FOLDER
"""

from __future__ import annotations

import os
import resource
import statistics
import time
from importlib.resources import files

import uvloop

from bench.ground import Keys, database, ensure_filled, folder, options
from credo import flow
from credo.base.db import Db
from credo.fields import FIELDS
from credo.improving import evidence, running, tryouts
from credo.people import actors

_DEMO = files("credo.demo").joinpath("lumen-lamps.yaml").read_text("utf-8")
_EVIDENCE = ("policy/routing/same-person/when", "practice/behaviours/one-name/when")


def main() -> None:
    """Seconds for 90 days and for everything, and milliseconds for the evidence of two conditions."""
    given = options(main.__doc__ or "")
    with folder(given) as data:
        keys = ensure_filled(data, given.size)
        with database(data) as url:
            print(f"load of the machine before the run {os.getloadavg()[0]:.1f}", flush=True)
            uvloop.run(_measure(url, keys))


async def _measure(url: str, keys: Keys) -> None:
    db = await Db(url, size=6, before_commit=flow.react).open()
    try:
        for days in (90, tryouts.LONGEST):
            await _try(db, keys, days)
        for path in _EVIDENCE:
            await _evidence(db, keys, path)
    finally:
        await db.close()


async def _try(db: Db, keys: Keys, days: int) -> None:
    # Another text than the published one, so that everything is reckoned anew.
    text = _DEMO.replace("target: PT4H", "target: PT3H")
    async with db.transaction(keys.desk_id) as tx:
        id = await tryouts.prepare(tx, None, text, days)
    began, spent = time.monotonic(), _python()
    await running.run(db, FIELDS, keys.desk_id, id)
    took, spent = time.monotonic() - began, _python() - spent
    async with db.reading(keys.desk_id) as tx:
        found = await tryouts.get(tx, id)
        actor = await actors.of_agent(tx, await tx.value("select min(id) from agent where desk_id = %(desk)s"))
        assert actor is not None
        before = time.monotonic()
        counts = await tryouts.figures(tx, actor, id)
        reading = time.monotonic() - before
    assert found.state == "done"
    print(
        f"| try-out of {days} days, {found.looked_at:,} conversations, {sum(map(len, counts.values()))} figures |"
        f" {took:.1f} s, of it Python {spent:.1f} s | figures read in {1000 * reading:.0f} ms |",
        flush=True,
    )


async def _evidence(db: Db, keys: Keys, path: str) -> None:
    async with db.reading(keys.desk_id) as tx:
        actor = await actors.of_agent(tx, await tx.value("select min(id) from agent where desk_id = %(desk)s"))
        assert actor is not None
        taken = []
        for _ in range(7):
            before = time.monotonic()
            found = await evidence.evidence(tx, actor, FIELDS, _DEMO, path)
            taken.append(time.monotonic() - before)
    print(f"| evidence for {path}: {found.matched} of {found.looked_at} | {1000 * statistics.median(taken):.0f} ms |")


def _python() -> float:
    return sum(resource.getrusage(resource.RUSAGE_SELF)[:2])


if __name__ == "__main__":
    main()
