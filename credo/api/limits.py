"""How often a token may ask: a number of requests a minute, counted in rows that all web processes share.

A process takes permits in blocks, so that counting costs one small statement in some hundred requests.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from credo.base import clock
from credo.base.db import Db
from credo.base.errors import TooManyRequests

A_MINUTE = 60_000  # a runaway script is stopped here; no honest one of a single desk comes near it
_BLOCKS = 200
_WINDOW = timedelta(minutes=1)


class TooOften(TooManyRequests):
    """This token asks too often; wait as long as Retry-After says."""


@dataclass(slots=True)
class _Permits:
    left: int
    until: datetime


class Limits:
    """The permits one process holds; losing them loses nothing but a little accuracy."""

    def __init__(self, a_minute: int = A_MINUTE) -> None:
        self.a_minute = a_minute
        self.block = max(1, a_minute // _BLOCKS)
        self._held: dict[tuple[int, int], _Permits] = {}

    async def take(self, db: Db, desk_id: int, token_id: int) -> None:
        """Use up one permit of a token; raises TooOften with `wait` in seconds when this minute's are gone."""
        now = clock.now()
        held = self._held.get((desk_id, token_id))
        if held is None or held.until <= now or held.left == 0:
            held = self._held[desk_id, token_id] = await self._fetched(db, desk_id, token_id, now)
            self._forget(now)
        if held.left == 0:
            raise TooOften(wait=max(1, round((held.until - now).total_seconds() + 0.5)))
        held.left -= 1

    async def _fetched(self, db: Db, desk_id: int, token_id: int, now: datetime) -> _Permits:
        async with db.reading(desk_id) as tx:
            taken = await tx.one(
                _Taken,
                """insert into throttle as t (key, count, until) values (%(key)s, %(block)s, %(end)s)
                   on conflict (key) do update set
                     count = case when t.until <= %(now)s then %(block)s else least(t.count, %(most)s) + %(block)s end,
                     until = case when t.until <= %(now)s then %(end)s else t.until end
                   returning count, until""",
                key=f"api:{desk_id}:{token_id}",
                block=self.block,
                most=self.a_minute,
                now=now,
                end=now + _WINDOW,
            )
        return _Permits(max(0, min(self.block, self.a_minute - taken.count + self.block)), taken.until)

    def _forget(self, now: datetime) -> None:
        """Let go of tokens that have been silent, before their number matters."""
        if len(self._held) > 10_000:
            self._held = {key: held for key, held in self._held.items() if held.until > now}


@dataclass(frozen=True, slots=True)
class _Taken:
    count: int
    until: datetime
