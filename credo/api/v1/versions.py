"""/philosophy/versions: what was published, for how long it is in force, and who has understood it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from litestar import get, post
from litestar.params import JSONBody
from msgspec import Meta

from credo import philosophy
from credo.api.door import Asker, Work
from credo.api.v1.philosophy import InForce, Source, in_force
from credo.api.values import Id, Listed, Moment, shaped
from credo.philosophy import acknowledging


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What became of a version. `scheduled` is still ahead; `withdrawn` was taken back before its time.

    `base_id` is the version it was written from, `digest` the SHA-256 of its text. `override_reason` says why it was
    published although a golden conversation did not come out as expected.
    """

    id: int
    number: int
    title: str
    state: Literal["scheduled", "in_force", "retired", "withdrawn"]
    base_id: int | None
    published_at: Moment
    published_by: int | None
    reason: str
    override_reason: str | None
    effective_at: Moment
    retired_at: Moment | None
    retired_by: int | None
    retired_reason: str
    digest: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, for those who ask later."""

    reason: Annotated[str, Meta(min_length=1, max_length=5000)]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked about a changed part. An empty `question` asks which of the options is in force now.

    An empty option says that nothing of the kind is in force. `answer` is what you have made of it so far.
    """

    part: str
    question: str
    options: list[str]
    answer: Literal["right", "wrong"] | None


@dataclass(frozen=True, slots=True)
class Answer:
    """The option you choose, for the question about `part`."""

    part: Annotated[str, Meta(min_length=1, max_length=300)]
    option: Annotated[str, Meta(max_length=5000)]


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether it was right; a wrong answer can be given again."""

    right: bool


@dataclass(frozen=True, slots=True)
class Department:
    """A team of the alignment board. Figures count people by fives and are null where so few would tell on them.

    `understood` are those who answered everything rightly, `at_once` is the share of first answers that were right.
    """

    team_id: int
    name: str
    people: int
    understood: int | None
    at_once: float | None


@get("/philosophy/versions", operation_id="list_philosophy_versions")
async def index(tx: Work) -> Listed[Version]:
    """List every version ever published, the newest first."""
    return Listed([shaped(Version, one) for one in await philosophy.lives(tx)])


@get("/philosophy/versions/{id:int}", operation_id="get_philosophy_version")
async def show(tx: Work, id: Id) -> InForce:
    """Read a version, in force or not: the one a clock or an act names."""
    return in_force(await philosophy.version(tx, id))


@get("/philosophy/versions/{id:int}/source", operation_id="get_philosophy_source")
async def source(tx: Work, id: Id) -> Source:
    """Read the text of a version as it was published."""
    found = await philosophy.version(tx, id)
    return Source(await philosophy.source(tx, found.id))


@post("/philosophy/versions/{id:int}/retirement", operation_id="retire_philosophy", status_code=204)
async def retire(tx: Work, actor: Asker, id: Id, data: JSONBody[Reason]) -> None:
    """Retire the version in force, or take back one that is still ahead; for administrators.

    It starts nothing new, and nothing follows by itself. Clocks that run keep it.
    """
    await philosophy.retire(tx, actor, id, data.reason)


@get("/philosophy/versions/{id:int}/questions", operation_id="list_questions")
async def questions(tx: Work, actor: Asker, id: Id) -> Listed[Question]:
    """List what a version asks you about its changed parts, with your own answers."""
    found = await acknowledging.asked(tx, actor, id)
    return Listed(
        [Question(one.question.part, one.question.question, list(one.question.options), one.answer) for one in found]
    )


@post("/philosophy/versions/{id:int}/acknowledgements", operation_id="acknowledge")
async def acknowledge(tx: Work, actor: Asker, id: Id, data: JSONBody[Answer]) -> Judged:
    """Answer the question about one part. Others learn sums of five people or more, never yours."""
    return Judged(await acknowledging.answer(tx, actor, id, data.part, data.option))


@get("/philosophy/versions/{id:int}/alignment", operation_id="get_alignment")
async def alignment(tx: Work, id: Id) -> Listed[Department]:
    """Read how far the teams have understood a version."""
    return Listed([shaped(Department, one) for one in await acknowledging.board(tx, id)])


HANDLERS = [index, show, source, retire, questions, acknowledge, alignment]
