"""/philosophy: the document in force, as it was published and as it runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from litestar import get, put
from litestar.params import JSONBody, QueryParameter
from msgspec import Meta

from credo import philosophy
from credo.api.door import Asker, Work
from credo.api.values import Moment, shaped
from credo.base.errors import Invalid, NotFound
from credo.philosophy import Version

At = Annotated[datetime | None, QueryParameter(description="A moment with its zone; left out, it is now.")]


class NothingPublished(NotFound):
    """No philosophy is in force."""


class NoZone(Invalid):
    """A moment carries its zone, like 2026-12-01T09:00:00Z."""


@dataclass(frozen=True, slots=True)
class Value:
    """What the company holds dear. `came_from` names the evidence."""

    id: str
    name: str
    statement: str
    came_from: list[str]


@dataclass(frozen=True, slots=True)
class Principle:
    """How a value shows; `serves` is the value's id, `statement_not` what it does not mean."""

    id: str
    serves: str
    statement: str
    statement_not: str
    why: str


@dataclass(frozen=True, slots=True)
class Promise:
    """What customers may hold the company to. `text` by language; `waits` says why it does not run yet."""

    id: str
    serves: str
    text: dict[str, str]
    to: str
    clock: str
    target: str | None
    calendar: str | None
    objective: float | None
    public: bool
    runs: bool
    waits: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """A version as it runs from `effective_at` on; its text is under /philosophy/versions/{id}/source."""

    id: int
    number: int
    title: str
    language: str
    zone: str
    published_at: Moment
    published_by: int | None
    effective_at: Moment
    values: list[Value]
    principles: list[Principle]
    promises: list[Promise]


@dataclass(frozen=True, slots=True)
class Source:
    """A philosophy document in YAML, with its comments."""

    source: Annotated[str, Meta(min_length=1, max_length=1_000_000)]


@dataclass(frozen=True, slots=True)
class Published:
    """The new version and from when it is in force."""

    id: int
    number: int
    effective_at: Moment


@get("/philosophy", operation_id="get_philosophy")
async def current(tx: Work, at: At = None) -> InForce:
    """Read the version in force, now or at a moment."""
    if at is not None and at.tzinfo is None:
        raise NoZone
    found = await philosophy.current(tx, at)
    if found is None:
        raise NothingPublished
    return in_force(found)


@put("/philosophy", operation_id="publish_philosophy")
async def publish(tx: Work, actor: Asker, data: JSONBody[Source]) -> Published:
    """Check a document and put it in force from now on; for whoever may decide about it alone.

    Where the document in force names others, propose a draft instead (409). Clocks that run keep their version.
    """
    return shaped(Published, await philosophy.publish_text(tx, actor, data.source))


def in_force(found: Version) -> InForce:
    return shaped(
        InForce,
        found,
        values=[shaped(Value, one, came_from=list(one.came_from)) for one in found.values.values()],
        principles=[shaped(Principle, one) for one in found.principles.values()],
        promises=[shaped(Promise, one, text=dict(one.text), waits=list(one.waits)) for one in found.promises.values()],
    )


HANDLERS = [current, publish]
