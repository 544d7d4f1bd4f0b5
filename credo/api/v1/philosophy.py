"""/philosophy: the document in force, as it was published and as it runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from litestar import get, put
from litestar.params import JSONBody
from msgspec import Meta

from credo import philosophy
from credo.access import ensure, may_administer
from credo.api.door import Asker, Work
from credo.api.values import Id, Moment, shaped
from credo.base.errors import NotFound
from credo.philosophy import Version


class NothingPublished(NotFound):
    """No philosophy has been published yet."""


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
    """A published version; the text it was compiled from is under /philosophy/versions/{id}/source."""

    id: int
    number: int
    title: str
    language: str
    zone: str
    published_at: Moment
    published_by: int | None
    values: list[Value]
    principles: list[Principle]
    promises: list[Promise]


@dataclass(frozen=True, slots=True)
class Source:
    """A philosophy document in YAML, with its comments."""

    source: Annotated[str, Meta(min_length=1, max_length=1_000_000)]


@dataclass(frozen=True, slots=True)
class Published:
    """The version that came into force."""

    id: int
    number: int


@get("/philosophy", operation_id="get_philosophy")
async def current(tx: Work) -> InForce:
    """Read the version in force."""
    found = await philosophy.current(tx)
    if found is None:
        raise NothingPublished
    return _shown(found)


@get("/philosophy/versions/{id:int}", operation_id="get_philosophy_version")
async def version(tx: Work, id: Id) -> InForce:
    """Read a version, in force or not: the one a clock or an act names."""
    return _shown(await philosophy.version(tx, id))


@get("/philosophy/versions/{id:int}/source", operation_id="get_philosophy_source")
async def source(tx: Work, id: Id) -> Source:
    """Read the text of a version as it was published."""
    found = await philosophy.version(tx, id)
    return Source(await philosophy.source(tx, found.id))


@put("/philosophy", operation_id="publish_philosophy")
async def publish(tx: Work, actor: Asker, data: JSONBody[Source]) -> Published:
    """Check a document and put it in force from now on; for administrators. Clocks that run keep their version."""
    ensure(may_administer(actor))
    return shaped(Published, await philosophy.publish(tx, actor.as_author(), data.source))


def _shown(found: Version) -> InForce:
    return shaped(
        InForce,
        found,
        values=[shaped(Value, one, came_from=list(one.came_from)) for one in found.values.values()],
        principles=[shaped(Principle, one) for one in found.principles.values()],
        promises=[shaped(Promise, one, text=dict(one.text), waits=list(one.waits)) for one in found.promises.values()],
    )


HANDLERS = [current, version, source, publish]
