"""/philosophy/proposals: what colleagues wish to be changed, what is said about it, and what the owner decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from litestar import get, post, put
from litestar.params import JSONBody, QueryParameter
from msgspec import Meta

from credo.api.door import Asker, Work
from credo.api.values import After, Id, Listed, Moment, Number, listed, shaped
from credo.base.paging import Cursor
from credo.philosophy import proposals

Words = Annotated[str, Meta(min_length=1, max_length=5000)]
Element = Annotated[str | None, QueryParameter(max_length=300, description="Only about the element at this path.")]
Only = Annotated[
    Literal["open", "accepted", "declined"] | None,
    QueryParameter(name="state", description="Only those that are in this state."),
]


@dataclass(frozen=True, slots=True)
class NewProposal:
    """A wish about the element at a path such as promises/first-answer, and the clock or event it came up at."""

    element: Annotated[str, Meta(min_length=1, max_length=300)]
    words: Words
    clock_id: Number | None = None
    event_id: Number | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A wish and what became of it. Where it came up is told only to who may see that conversation."""

    id: int
    author_id: int
    author: str
    element: str
    words: str
    at: Moment
    state: Literal["open", "accepted", "declined"]
    decided_by: int | None
    decided_at: Moment | None
    decision_reason: str
    draft_id: int | None
    conversation_id: int | None
    clock_id: int | None
    event_id: int | None
    comments: int


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody said about a wish."""

    id: int
    agent_id: int
    author: str
    words: str
    at: Moment


@dataclass(frozen=True, slots=True)
class Said:
    """What you have to say about it."""

    words: Words


@dataclass(frozen=True, slots=True)
class Commented:
    """The id of the new comment."""

    id: int


@dataclass(frozen=True, slots=True)
class Decision:
    """What the owner decides and why; `draft_id` is the draft that takes an accepted wish up."""

    state: Literal["accepted", "declined"]
    reason: Words
    draft_id: Number | None = None


@get("/philosophy/proposals", operation_id="list_proposals")
async def index(
    tx: Work, actor: Asker, after: After = None, element: Element = None, only: Only = None
) -> Listed[Proposal]:
    """List what colleagues wish to be changed, the newest first, fifty a page."""
    return listed(Proposal, await proposals.every(tx, actor, Cursor.parse(after), element=element, state=only))


@post("/philosophy/proposals", operation_id="propose_change")
async def make(tx: Work, actor: Asker, data: JSONBody[NewProposal]) -> Proposal:
    """Wish a change in the philosophy, from the why-line where it came up or without one."""
    about = proposals.About(data.clock_id, data.event_id)
    return shaped(Proposal, await proposals.make(tx, actor, data.element, data.words, about))


@get("/philosophy/proposals/{id:int}", operation_id="get_proposal")
async def show(tx: Work, actor: Asker, id: Id) -> Proposal:
    """Read one wish and the owner's decision."""
    return shaped(Proposal, await proposals.get(tx, actor, id))


@get("/philosophy/proposals/{id:int}/comments", operation_id="list_comments")
async def comments(tx: Work, actor: Asker, id: Id) -> Listed[Comment]:
    """Read what was said about a wish, oldest first."""
    return Listed([shaped(Comment, one) for one in await proposals.comments(tx, actor, id)])


@post("/philosophy/proposals/{id:int}/comments", operation_id="comment_proposal")
async def comment(tx: Work, actor: Asker, id: Id, data: JSONBody[Said]) -> Commented:
    """Say something about a wish."""
    return Commented(await proposals.comment(tx, actor, id, data.words))


@put("/philosophy/proposals/{id:int}/decision", operation_id="decide_proposal")
async def decide(tx: Work, actor: Asker, id: Id, data: JSONBody[Decision]) -> Proposal:
    """Accept or decline a wish, with a reason; for the owner of the philosophy."""
    found = await proposals.decide(tx, actor, id, data.state, data.reason, data.draft_id)
    return shaped(Proposal, found)


HANDLERS = [index, make, show, comments, comment, decide]
