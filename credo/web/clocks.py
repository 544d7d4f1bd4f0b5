"""Clocks as the screens paint them: words now, and what the browser needs to go on honestly by itself.

Clocks count hours of opening. The browser gets the next stretches of opening and stands still between them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from credo import promises
from credo.base.db import Tx
from credo.promises.standing import Owed, Standing, Stretches
from credo.web import wording


@dataclass(frozen=True, slots=True)
class ClockShown:
    """A clock as `m.clock` reads it.

    `left` and `whole` are seconds of opening, `hours` the next stretches of opening and `day` the moment before which
    the words stand as they are, both as seconds since 1970.
    """

    text: str
    mark: str
    spent: float
    due_at: datetime
    left: int
    whole: int
    hours: str
    day: int | None


async def on(tx: Tx, rows: Iterable[Owed]) -> dict[int, ClockShown]:
    """The clock of each row that has one, by the row's id."""
    return {id: shown(standing) for id, standing in (await promises.standings(tx, rows)).items()}


async def of(tx: Tx, row: Owed) -> ClockShown | None:
    """The clock of one row, if it has one."""
    return (await on(tx, [row])).get(row.id)


def shown(standing: Standing) -> ClockShown:
    """One clock, in the reader's language and zone."""
    due_at = standing.due_at
    waits = not standing.late and not wording.is_today(due_at)
    return ClockShown(
        text=wording.left(due_at, standing.left),
        mark="is-broken" if standing.late else "is-risk" if standing.at_risk else "",
        spent=standing.spent,
        due_at=due_at,
        left=round(standing.left),
        whole=round(standing.whole),
        hours=_written(standing.open),
        day=int(wording.midnight(due_at).timestamp()) if waits else None,
    )


@lru_cache(64)
def _written(hours: Stretches) -> str:
    """The rows of a page share one calendar or two, and with them the next stretches of opening."""
    return " ".join(f"{start.timestamp():.0f}-{end.timestamp():.0f}" for start, end in hours)
