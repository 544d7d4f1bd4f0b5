"""Growing waits after failed tries, as rows, so that every web process counts the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from credo.base import clock
from credo.base.db import Tx
from credo.base.errors import TooManyRequests

_QUIET = timedelta(hours=1)  # after so long without a try, counting begins anew


class Slowed(TooManyRequests):
    """Too many tries; wait a little, then try again."""


@dataclass(frozen=True, slots=True)
class Gate:
    """What is counted under `key`: `free` tries, then waits of 1, 2, 4 … seconds up to `longest`."""

    key: str
    free: int
    longest: timedelta = timedelta(minutes=15)


async def knock(tx: Tx, *gates: Gate) -> int:
    """Count one try at every gate and return how many free tries the first one has left.

    Counting comes before checking, so that many tries at once do not slip through together. Raises `Slowed` with
    `wait` in whole seconds while a gate is shut; a try at a shut gate is not counted, so a wait always ends.
    """
    left = [gate.free - await _count(tx, gate) for gate in gates]
    return max(0, left[0])


async def forgive(tx: Tx, *gates: Gate) -> None:
    """Forget what was counted at `gates`, after a success."""
    await tx.run("delete from throttle where key = any(%(keys)s)", keys=[gate.key for gate in gates])


async def prune(tx: Tx) -> int:
    """Delete what has been quiet for a day, of every desk."""
    return await tx.run("delete from throttle where until < %(then)s", then=clock.now() - timedelta(days=1))


async def _count(tx: Tx, gate: Gate) -> int:
    now = clock.now()
    count = await tx.value(
        """insert into throttle as t (key, count, until) values (%(key)s, 1, %(now)s)
           on conflict (key) do update set
             count = case when t.until < %(quiet)s then 1 else t.count + 1 end,
             until = case when t.until < %(quiet)s or t.count < %(free)s then %(now)s
                          else %(now)s + least(%(longest)s, interval '1 s' * power(2, least(t.count - %(free)s, 20)))
                     end
           where t.until <= %(now)s
           returning count""",
        key=gate.key,
        now=now,
        quiet=now - _QUIET,
        free=gate.free,
        longest=gate.longest,
    )
    if count is None:
        until: datetime = await tx.value("select until from throttle where key = %(key)s", key=gate.key)
        raise Slowed(wait=max(1, round((until - now).total_seconds() + 0.5)))
    return int(count)
