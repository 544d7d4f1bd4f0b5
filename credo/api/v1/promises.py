"""/conversations/{id}/clocks and /clocks/{id}: the promises that run in a conversation, each able to say why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from litestar import get

from credo import promises
from credo.api.door import Asker, Work
from credo.api.v1.exceptions import OneOff
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
    philosophy, in force since `effective_at`. `counted` is the opening time from its start to its due time, and
    `exceptions` what was decided for once about these hours. `broken_at` is set the moment the due time passed
    unanswered.
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
    effective_at: Moment
    words: str
    principle: str
    seconds_so_far: float
    stretches: list[Stretch]
    counted: list[Window]
    exceptions: list[OneOff]


@dataclass(frozen=True, slots=True)
class Paused:
    """A promise that was not given for the message recorded as `asked_by`, because of an exception."""

    promise: str
    version_id: int
    asked_by: int
    asked_at: Moment
    exception: OneOff


@get("/conversations/{id:int}/clocks", operation_id="list_clocks")
async def index(tx: Work, actor: Asker, id: Id) -> Listed[Clock]:
    """List every promise given in a conversation, in the order it began to run."""
    return Listed([_shown(one) for one in await promises.of_conversation(tx, actor, id)])


@get("/conversations/{id:int}/paused", operation_id="list_paused")
async def paused(tx: Work, actor: Asker, id: Id) -> Listed[Paused]:
    """List the promises nobody was given in a conversation because they paused when the customer wrote."""
    found = await promises.withheld(tx, actor, id)
    return Listed([shaped(Paused, one, exception=shaped(OneOff, one.one_off)) for one in found])


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
        effective_at=why.effective_at,
        words=why.words(why.language),
        principle=why.principle,
        seconds_so_far=why.so_far.total_seconds(),
        stretches=[shaped(Stretch, one) for one in why.clock.stretches],
        exceptions=[shaped(OneOff, one) for one in why.one_offs],
        counted=[Window(one.start, one.end, one.length.total_seconds()) for one in why.counted],
    )


HANDLERS = [index, paused, show]
