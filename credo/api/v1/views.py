"""/counts: how much stands in each view."""

from __future__ import annotations

from dataclasses import dataclass

from litestar import get

from credo.api.door import Asker, Work
from credo.api.values import shaped
from credo.conversations import views


@dataclass(frozen=True, slots=True)
class OfViews:
    """How many stand in each view of work; 501 stands for more than 500."""

    mine: int
    unassigned: int
    open: int
    waiting: int
    snoozed: int


@dataclass(frozen=True, slots=True)
class OfTeam:
    """A team and how many open conversations lie with it."""

    id: int
    name: str
    open: int


@dataclass(frozen=True, slots=True)
class Counts:
    """Everything that is counted beside the lists."""

    views: OfViews
    teams: list[OfTeam]


@get("/counts", operation_id="count")
async def counts(tx: Work, actor: Asker) -> Counts:
    """Count what you may see, each number exact up to 500."""
    of_views, of_teams = await views.counts(tx, actor), await views.team_counts(tx, actor)
    return Counts(shaped(OfViews, of_views), [shaped(OfTeam, one) for one in of_teams])


HANDLERS = [counts]
