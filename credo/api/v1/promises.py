"""/conversations/{id}/clocks and /clocks/{id}: the promises that run in a conversation, each able to say why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from litestar import get

from credo import promises
from credo.api.door import Asker, Work
from credo.api.values import Id, Listed, Moment, shaped


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in which the clock ran or paused, and the event that began it; `end` is null for the present one."""

    kind: Literal["run", "pause"]
    start: Moment
    end: Moment | None
    cause: str
    event_id: int


@dataclass(frozen=True, slots=True)
class Window:
    """Opening time that was counted, in the zone of the calendar."""

    start: Moment
    end: Moment
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One promise given for one turn, and why it stands as it does.

    `words` is the promise as customers read it, `principle` what it serves; both come from version `number` of the
    philosophy. `counted` is the opening time from its start to its due time. `broken_at` is set the moment the due
    time passed unanswered.
    """

    id: int
    promise: str
    kind: str
    state: Literal["running", "paused", "kept", "late", "void"]
    target: str
    calendar: str
    started_at: Moment
    due_at: Moment
    broken_at: Moment | None
    stopped_at: Moment | None
    version_id: int
    number: int
    author: str
    published_at: Moment
    words: str
    principle: str
    seconds_so_far: float
    stretches: list[Stretch]
    counted: list[Window]


@get("/conversations/{id:int}/clocks", operation_id="list_clocks")
async def index(tx: Work, actor: Asker, id: Id) -> Listed[Clock]:
    """List every promise given in a conversation, in the order it began to run."""
    return Listed([_shown(one) for one in await promises.of_conversation(tx, actor, id)])


@get("/clocks/{id:int}", operation_id="explain_clock")
async def show(tx: Work, actor: Asker, id: Id) -> Clock:
    """Read one clock and why it says what it says."""
    return _shown(await promises.explain(tx, actor, id))


def _shown(why: promises.Explanation) -> Clock:
    return shaped(
        Clock,
        why.clock,
        id=why.id,
        number=why.number,
        author=why.author,
        published_at=why.published_at,
        words=why.words(why.language),
        principle=why.principle,
        seconds_so_far=why.so_far.total_seconds(),
        stretches=[shaped(Stretch, one) for one in why.clock.stretches],
        counted=[Window(one.start, one.end, one.length.total_seconds()) for one in why.counted],
    )


HANDLERS = [index, show]
