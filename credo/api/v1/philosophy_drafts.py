"""/philosophy/drafts: the next version while it is written, proposed, approved and published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from litestar import delete, get, post, put
from litestar.params import JSONBody, PathParameter
from msgspec import Meta

from credo import philosophy
from credo.api.door import Asker, Work
from credo.api.v1.philosophy import Published, Source
from credo.api.values import Id, Listed, Moment, Number, Seq, shaped
from credo.philosophy import approvals, drafts
from credo.philosophy.questions import Question

Title = Annotated[str, Meta(min_length=1, max_length=200)]
Text = Annotated[str, Meta(max_length=1_000_000)]
Words = Annotated[str, Meta(max_length=5000)]
RevisionNumber = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]


@dataclass(frozen=True, slots=True)
class NewDraft:
    """Where to begin: from a text, from a version, or from the version published last where both are left out."""

    title: Title
    source: Text | None = None
    version_id: Number | None = None


@dataclass(frozen=True, slots=True)
class Writing:
    """The text, and the `revision` it was written over: what others saved meanwhile is never overwritten."""

    source: Text
    revision: Seq
    title: Title | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PhilosophyDraft:
    """A draft with its newest text. `base_id` is the version it follows, `version_id` what became of it."""

    id: int
    title: str
    base_id: int | None
    author_id: int | None
    state: Literal["draft", "proposed", "published", "dropped"]
    revision: int
    source: str
    started_at: Moment
    saved_by: int | None
    saved_at: Moment
    proposed_revision: int | None
    proposed_by: int | None
    proposed_at: Moment | None
    version_id: int | None


@dataclass(frozen=True, slots=True)
class Revision:
    """One saved text; `merged` is the revision of somebody else that it was put together with."""

    revision: int
    merged: int | None
    saved_by: int | None
    saved_at: Moment


@dataclass(frozen=True, slots=True)
class Need:
    """Whose word a change of this section needs: that of `every` one of them, or of any one."""

    section: str
    approvers: list[int]
    every: bool


@dataclass(frozen=True, slots=True)
class Approval:
    """What somebody said about a revision."""

    id: int
    revision: int
    agent_id: int
    decision: Literal["approved", "rejected"]
    reason: str
    at: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far a draft is: the elements it changes, whose word that needs, what was said, and whether it is settled.

    `nobody` are names in the document that match no colleague; owners and administrators stand in for them.
    `failures` are golden conversations that do not come out as expected.
    """

    parts: list[str]
    needs: list[Need]
    approvers: list[int]
    said: list[Approval]
    settled: bool
    failures: list[str]
    nobody: list[str]


@dataclass(frozen=True, slots=True)
class Word:
    """Your decision about the proposed `revision`; a no takes a reason."""

    revision: Seq
    decision: Literal["approved", "rejected"]
    reason: Words = ""


@dataclass(frozen=True, slots=True)
class CheckQuestion:
    """A question of yours about a changed part, instead of the one made from the change. `right` counts from 0."""

    part: Annotated[str, Meta(min_length=1, max_length=300)]
    question: Annotated[str, Meta(min_length=1, max_length=500)]
    options: Annotated[list[Annotated[str, Meta(max_length=600)]], Meta(min_length=2, max_length=6)]
    right: Annotated[int, Meta(ge=0, le=5)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """Why it is published, and from when it is in force: at once where `effective_at` is left out.

    `override_reason` is needed where golden conversations do not come out as expected.
    """

    reason: Annotated[str, Meta(min_length=1, max_length=5000)]
    effective_at: Moment | None = None
    override_reason: Words = ""
    questions: Annotated[list[CheckQuestion], Meta(max_length=200)] | None = None


@get("/philosophy/drafts", operation_id="list_philosophy_drafts")
async def index(tx: Work, actor: Asker) -> Listed[PhilosophyDraft]:
    """List the drafts you may see, the newest first: what is proposed or published, and all for who may write."""
    return Listed([shaped(PhilosophyDraft, one) for one in await drafts.every(tx, actor)])


@post("/philosophy/drafts", operation_id="start_philosophy_draft")
async def start(tx: Work, actor: Asker, data: JSONBody[NewDraft]) -> PhilosophyDraft:
    """Begin a draft; for administrators, leads and whoever the document in force names."""
    made = await drafts.start(tx, actor, data.title, text=data.source, version_id=data.version_id)
    return shaped(PhilosophyDraft, made)


@get("/philosophy/drafts/{id:int}", operation_id="get_philosophy_draft")
async def show(tx: Work, actor: Asker, id: Id) -> PhilosophyDraft:
    """Read a draft with its newest text."""
    return shaped(PhilosophyDraft, await drafts.get(tx, actor, id))


@put("/philosophy/drafts/{id:int}", operation_id="save_philosophy_draft")
async def save(tx: Work, actor: Asker, id: Id, data: JSONBody[Writing]) -> PhilosophyDraft:
    """Save a draft. What somebody else saved meanwhile on other parts stays in.

    Refused with 409 where both changed the same part: the problem carries their text and its revision.
    """
    return shaped(PhilosophyDraft, await drafts.save(tx, actor, id, data.source, data.revision, data.title))


@delete("/philosophy/drafts/{id:int}", operation_id="drop_philosophy_draft", status_code=204)
async def drop(tx: Work, actor: Asker, id: Id) -> None:
    """Give a draft up; its texts are kept."""
    await drafts.drop(tx, actor, id)


@get("/philosophy/drafts/{id:int}/revisions", operation_id="list_revisions")
async def revisions(tx: Work, actor: Asker, id: Id) -> Listed[Revision]:
    """List every text a draft ever had, the newest first."""
    return Listed([shaped(Revision, one) for one in await drafts.revisions(tx, actor, id)])


@get("/philosophy/drafts/{id:int}/revisions/{number:int}", operation_id="get_revision")
async def revision(tx: Work, actor: Asker, id: Id, number: RevisionNumber) -> Source:
    """Read the text of one revision."""
    return Source(await drafts.text_of(tx, actor, id, number))


@post("/philosophy/drafts/{id:int}/following", operation_id="follow_newest", status_code=200)
async def follow(tx: Work, actor: Asker, id: Id) -> PhilosophyDraft:
    """Bring in what was published since the draft began; refused with 409 where both changed the same part."""
    return shaped(PhilosophyDraft, await drafts.follow(tx, actor, id))


@put("/philosophy/drafts/{id:int}/proposal", operation_id="propose_draft")
async def propose(tx: Work, actor: Asker, id: Id) -> Standing:
    """Ask the named approvers about the draft as it stands; refused while it has errors."""
    return _shown(await approvals.propose(tx, actor, id))


@delete("/philosophy/drafts/{id:int}/proposal", operation_id="withdraw_draft", status_code=204)
async def withdraw(tx: Work, actor: Asker, id: Id) -> None:
    """Take a proposed draft back, to write on."""
    await approvals.withdraw(tx, actor, id)


@get("/philosophy/drafts/{id:int}/approvals", operation_id="list_approvals")
async def standing(tx: Work, actor: Asker, id: Id) -> Standing:
    """Read what a draft changes, whose word that needs, and who has spoken."""
    return _shown(await approvals.standing(tx, actor, id))


@post("/philosophy/drafts/{id:int}/approvals", operation_id="decide_draft")
async def decide(tx: Work, actor: Asker, id: Id, data: JSONBody[Word]) -> Standing:
    """Say yes or no to a proposed revision; for its named approvers. A no makes it a draft again."""
    return _shown(await approvals.decide(tx, actor, id, data.revision, data.decision, data.reason))


@post("/philosophy/drafts/{id:int}/publication", operation_id="publish_draft")
async def publish(tx: Work, actor: Asker, id: Id, data: JSONBody[Publication]) -> Published:
    """Publish an approved draft, in force at once or from a moment ahead; for administrators."""
    asked = {one.part: Question(one.part, one.question, tuple(one.options), one.right) for one in data.questions or ()}
    decision = philosophy.Decision(data.effective_at, data.reason, data.override_reason, asked)
    return shaped(Published, await philosophy.publish_draft(tx, actor, id, decision))


def _shown(found: approvals.Standing) -> Standing:
    return Standing(
        parts=list(found.parts),
        needs=[Need(one.section, list(one.approvers), one.every) for one in found.needs.needs],
        approvers=list(found.needs.asked()),
        said=[shaped(Approval, one) for one in found.said],
        settled=found.settled,
        failures=list(found.judgement.failures),
        nobody=list(found.nobody),
    )


HANDLERS = [
    *(index, start, show, save, drop, revisions, revision, follow),
    *(propose, withdraw, standing, decide, publish),
]
