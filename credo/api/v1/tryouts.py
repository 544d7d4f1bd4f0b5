"""/tryouts: a philosophy document tried on what has happened, and the evidence for one condition of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from litestar import get, post
from litestar.params import JSONBody, QueryParameter
from msgspec import Meta

from credo import philosophy
from credo.api.door import Asker, Work
from credo.api.v1.philosophy import NothingPublished
from credo.api.values import After, Id, Listed, Moment, Number, shaped
from credo.base.paging import Cursor
from credo.fields import FIELDS
from credo.improving import evidence as seen
from credo.improving import report, tryouts

Document = Annotated[str, Meta(min_length=1, max_length=200_000)]
Path = Annotated[str, Meta(min_length=1, max_length=300)]
State = Literal["waiting", "running", "done", "cancelled", "failed"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to try: the text of a document, a published version, or with neither the version in force."""

    source: Document | None = None
    version_id: Number | None = None
    days: Annotated[int, Meta(ge=1, le=tryouts.LONGEST)] = 90


@dataclass(frozen=True, slots=True)
class Asked:
    """The try-out that was queued."""

    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tryout:
    """A try-out as it stands: `looked_at` of `total` conversations, `total` null until it begins.

    `version_id` is the published version, where the text is one's. `since` is where the days that are looked at begin.
    """

    id: int
    state: State
    days: int
    since: Moment
    asked_by: int | None
    asked_at: Moment
    version_id: int | None
    total: int | None
    looked_at: int
    finished_at: Moment | None
    cancelled_at: Moment | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """A promise or a condition of the document.

    `moment` says when a condition was asked: as each message came in, before each answer left, as it was solved.
    `verdict` is `unknowable` where history never told the fields in `untold`, and `waits` where the rooms or clocks in
    `waits_for` are still to be built. `counts` is by outcome, each complete: of a condition the conversations in which
    it `matched` or stayed `unknown`, out of `of` that had such a moment; of a promise its clocks as they would have
    been (`kept`, `late`, `broken` and unanswered, `open`, `released` by a closure), as they were (`was_kept`, …), and
    those in which both differ (`changed`). You count what you may see.
    """

    path: str
    kind: Literal["promise", "condition", "routing"]
    moment: Literal["", "message", "answer", "solved"]
    verdict: Literal["counted", "unknowable", "waits"]
    untold: list[str]
    waits_for: list[str]
    of: int | None
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Report:
    """A try-out and what it found so far, in the order of the document."""

    tryout: Tryout
    elements: list[Element]


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that a figure counts: a conversation, and the event at which it was so first, or a clock began."""

    conversation_id: int
    event_id: int
    at: Moment
    subject: str
    state: Literal["open", "waiting", "snoozed", "solved", "spam", "trash"]


@dataclass(frozen=True, slots=True)
class Question:
    """A condition of a document that somebody is writing: its path, or that of its element."""

    source: Document
    path: Path


@dataclass(frozen=True, slots=True)
class Lack:
    """A field that cannot be known of the past; `waits_for` names the room that will know it, empty where none did."""

    field: str
    waits_for: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """How many of the newest conversations of 90 days it matched, and the newest five of them.

    `looked_at` is how many were looked at, because this answers at once; `all` says that these are all there are.
    """

    path: str
    lacks: list[Lack]
    matched: int
    looked_at: int
    all: bool
    examples: list[Case]


@post("/tryouts", operation_id="try_out")
async def create(tx: Work, actor: Asker, data: JSONBody[Wanted]) -> Asked:
    """Try a document on the last days, in the background; one at a time for each colleague."""
    return Asked(await tryouts.try_out(tx, actor, await _text(tx, data), data.days))


@get("/tryouts", operation_id="list_tryouts")
async def index(tx: Work, actor: Asker) -> Listed[Tryout]:
    """List the newest twenty try-outs of the desk."""
    return Listed([shaped(Tryout, one) for one in await tryouts.newest(tx)])


@get("/tryouts/{id:int}", operation_id="get_tryout")
async def show(tx: Work, actor: Asker, id: Id) -> Report:
    """Read how far a try-out is and what it found, counted for you."""
    found = await tryouts.get(tx, id)
    return Report(shaped(Tryout, found), [shaped(Element, one) for one in await report.elements(tx, actor, found)])


@get("/tryouts/{id:int}/cases", operation_id="list_cases_of_tryout")
async def cases(
    tx: Work,
    actor: Asker,
    id: Id,
    path: Annotated[str, QueryParameter(max_length=300, description="The element, or `moments/message` and the like.")],
    outcome: Annotated[str, QueryParameter(max_length=40, description="Which of its counts; `all` of moments.")],
    after: After = None,
) -> Listed[Case]:
    """List what one figure counts, the newest first, fifty a page."""
    found, place = await tryouts.cases(tx, actor, id, f"{path}#{outcome}", Cursor.parse(after).id)
    following = str(Cursor(found[-1].at, place)) if place is not None else None
    return Listed([shaped(Case, one) for one in found], following)


@post("/tryouts/{id:int}/cancellation", operation_id="cancel_tryout", status_code=204)
async def cancel(tx: Work, actor: Asker, id: Id) -> None:
    """Stop a try-out of yours, or anybody's for administrators; what it found so far stays."""
    await tryouts.cancel(tx, actor, id)


@post("/tryouts/evidence", operation_id="see_evidence", status_code=200)
async def evidence(tx: Work, actor: Asker, data: JSONBody[Question]) -> Evidence:
    """See how often one condition held in your own cases lately, with examples."""
    found = await seen.evidence(tx, actor, FIELDS, data.source, data.path)
    lacks = [shaped(Lack, one) for one in found.lacks]
    return shaped(Evidence, found, lacks=lacks, examples=[shaped(Case, one) for one in found.examples])


async def _text(tx: Work, data: Wanted) -> str:
    if data.source is not None:
        return data.source
    found = await (philosophy.version(tx, data.version_id) if data.version_id else philosophy.current(tx))
    if found is None:
        raise NothingPublished
    return await philosophy.source(tx, found.id)


HANDLERS = [create, index, show, cases, cancel, evidence]
