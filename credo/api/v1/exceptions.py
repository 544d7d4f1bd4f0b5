"""/philosophy/exceptions: what holds for a time without a new version, with author and reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from litestar import delete, get, post
from litestar.params import JSONBody
from msgspec import Meta

from credo.api.door import Asker, Work
from credo.api.values import Id, Listed, Moment, shaped
from credo.philosophy import exceptions

Kind = Literal["closed_today", "changed_hours", "incident_mode", "rule_paused"]
Path = Annotated[str, Meta(min_length=1, max_length=200)]


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOff:
    """A dated exception. Without `until_at` it holds until somebody ends it; without `calendar` for all of them.

    `element` is the path of the promise that pauses; `payload` holds the day and hours, or the promises, of the others.
    """

    id: int
    kind: Kind
    from_at: Moment
    until_at: Moment | None
    calendar: str | None
    element: str | None
    payload: dict[str, Any]
    author_id: int | None
    author: str
    reason: str
    made_at: Moment
    ended_at: Moment | None
    ended_by: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOneOff:
    """What is to hold, from now on where `from_at` is left out.

    closed_today: nothing is open until `until_at`, else until midnight. changed_hours: on `day` the hours are `windows`
    (like 10:00-14:00; none: closed). incident_mode: `promises` start no clocks, or none at all where none is named.
    rule_paused: the promise `element` (promises/first-answer) starts no clocks.
    """

    kind: Kind
    reason: Annotated[str, Meta(min_length=1, max_length=5000)]
    from_at: Moment | None = None
    until_at: Moment | None = None
    calendar: Path | None = None
    element: Path | None = None
    day: date | None = None
    windows: Annotated[list[Annotated[str, Meta(max_length=20)]], Meta(max_length=10)] | None = None
    promises: Annotated[list[Path], Meta(max_length=100)] | None = None


@get("/philosophy/exceptions", operation_id="list_exceptions")
async def index(tx: Work) -> Listed[OneOff]:
    """List the newest two hundred exceptions, over or not, the newest first."""
    return Listed([shaped(OneOff, one) for one in await exceptions.every(tx)])


@get("/philosophy/exceptions/{id:int}", operation_id="get_exception")
async def show(tx: Work, id: Id) -> OneOff:
    """Read one exception: the one a clock names."""
    return shaped(OneOff, await exceptions.get(tx, id))


@post("/philosophy/exceptions", operation_id="make_exception")
async def make(tx: Work, actor: Asker, data: JSONBody[NewOneOff]) -> OneOff:
    """Let something hold for a time; for administrators and leads. Due times that lie ahead move, nothing else does."""
    wish = exceptions.Wish(
        kind=data.kind,
        reason=data.reason,
        from_at=data.from_at,
        until_at=data.until_at,
        calendar=data.calendar,
        element=data.element,
        day=data.day,
        windows=tuple(data.windows or ()),
        promises=tuple(data.promises or ()),
    )
    return shaped(OneOff, await exceptions.declare(tx, actor, wish))


@delete("/philosophy/exceptions/{id:int}", operation_id="end_exception", status_code=204)
async def end(tx: Work, actor: Asker, id: Id) -> None:
    """Let an exception hold no longer; what it did until now stays. For administrators and leads."""
    await exceptions.end(tx, actor, id)


HANDLERS = [index, show, make, end]
