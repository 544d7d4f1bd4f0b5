"""What colleagues wish to be changed: tied to an element, discussed, and decided by the owner with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from credo.access import Actor, ensure, visible_to
from credo.base import clock
from credo.base.db import Tx
from credo.base.errors import Conflict, Forbidden, Invalid, NotFound
from credo.base.paging import Cursor, Page
from credo.history import record
from credo.philosophy import drafts
from credo.philosophy.events import ChangeWished, WishDecided, WishDiscussed
from credo.philosophy.publishing import ReasonMissing

State = Literal["open", "accepted", "declined"]
_A_PAGE = 50
_LONGEST = 5_000
_LONGEST_PATH = 300


class NoProposal(NotFound):
    """There is no such proposal."""


class NothingThere(NotFound):
    """There is no such clock or event, or you may not see its conversation."""


class WordsMissing(Invalid):
    """Write a sentence or more, of at most 5,000 characters."""


class AlreadyDecided(Conflict):
    """This was decided already."""


class NotTheOwner(Forbidden):
    """The owner of the philosophy decides about this."""


class NotAsked(Forbidden):
    """The philosophy in force names others who may propose changes."""


@dataclass(frozen=True, slots=True)
class About:
    """Where the wish came up: a clock or an event of a conversation, or none of both."""

    clock_id: int | None = None
    event_id: int | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A wish. Where it came up is told only to who may see that conversation; `comments` are how many."""

    id: int
    author_id: int
    author: str
    element: str
    words: str
    at: datetime
    state: State
    decided_by: int | None
    decided_at: datetime | None
    decision_reason: str
    draft_id: int | None
    conversation_id: int | None
    clock_id: int | None
    event_id: int | None
    comments: int


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody said about it."""

    id: int
    agent_id: int
    author: str
    words: str
    at: datetime


async def every(
    tx: Tx, actor: Actor, after: Cursor, *, element: str | None = None, state: State | None = None
) -> Page[Proposal]:
    """The wishes of this desk, the newest first, fifty a page; of one element or state where that is asked."""
    rows = await tx.all(
        Proposal,
        f"""{_select(actor)} and (%(element)s::text is null or p.element = %(element)s)
              and (%(state)s::text is null or p.state = %(state)s)
              and (%(id)s::bigint is null or p.id < %(id)s)
            order by p.id desc limit {_A_PAGE + 1}""",
        element=element,
        state=state,
        id=after.id,
        **visible_to(actor).params,
    )
    return Page.of(rows, _A_PAGE, lambda one: (one.at, one.id))


async def get(tx: Tx, actor: Actor, proposal_id: int) -> Proposal:
    """One wish; raises NoProposal."""
    found = await tx.maybe(Proposal, f"{_select(actor)} and p.id = %(id)s", id=proposal_id, **visible_to(actor).params)
    if found is None:
        raise NoProposal
    return found


async def make(tx: Tx, actor: Actor, element: str, words: str, about: About | None = None) -> Proposal:
    """Wish a change of the element at this path; raises NothingThere for a clock or event `actor` may not see."""
    governance = await drafts.in_force_governance(tx)
    if governance.wishers is not None and actor.agent_id not in {*governance.wishers, *governance.owners}:
        raise NotAsked
    about = about or About()
    conversation_id = await _conversation(tx, actor, about)
    now = clock.now()
    id = await tx.value(
        """insert into philosophy_proposal (desk_id, author_id, element, words, conversation_id, clock_id, event_id, at)
           values (%(desk)s, %(author)s, %(element)s, %(words)s, %(conversation)s, %(clock)s, %(event)s, %(now)s)
           returning id""",
        author=actor.agent_id,
        element=_said(element, _LONGEST_PATH),
        words=_said(words),
        conversation=conversation_id,
        clock=about.clock_id,
        event=about.event_id,
        now=now,
    )
    await record(tx, ChangeWished(at=now, actor=actor.as_author(), proposal_id=id))
    return await get(tx, actor, id)


async def comments(tx: Tx, actor: Actor, proposal_id: int) -> list[Comment]:
    """What was said about a wish, oldest first; raises NoProposal."""
    await get(tx, actor, proposal_id)
    return await tx.all(
        Comment,
        """select c.id, c.agent_id, a.name as author, c.words, c.at from philosophy_comment c
             join agent a on a.desk_id = c.desk_id and a.id = c.agent_id
            where c.desk_id = %(desk)s and c.proposal_id = %(id)s order by c.id""",
        id=proposal_id,
    )


async def comment(tx: Tx, actor: Actor, proposal_id: int, words: str) -> int:
    """Say something about a wish, decided or not; returns the comment's id."""
    await get(tx, actor, proposal_id)
    now = clock.now()
    id: int = await tx.value(
        """insert into philosophy_comment (desk_id, proposal_id, agent_id, words, at)
           values (%(desk)s, %(proposal)s, %(agent)s, %(words)s, %(now)s) returning id""",
        proposal=proposal_id,
        agent=actor.agent_id,
        words=_said(words),
        now=now,
    )
    await record(tx, WishDiscussed(at=now, actor=actor.as_author(), proposal_id=proposal_id))
    return id


async def decide(
    tx: Tx,
    actor: Actor,
    proposal_id: int,
    state: Literal["accepted", "declined"],
    reason: str,
    draft_id: int | None = None,
) -> Proposal:
    """The owner's decision with its reason; an accepted wish may name the draft that takes it up.

    Raises NotTheOwner, ReasonMissing, AlreadyDecided or NoDraft.
    """
    await get(tx, actor, proposal_id)
    governance = await drafts.in_force_governance(tx)
    if actor.agent_id not in governance.owners:
        raise NotTheOwner
    ensure(actor.scopes is None or "write" in actor.scopes)
    if not reason.strip():
        raise ReasonMissing
    if draft_id is not None:
        await drafts.get(tx, actor, draft_id)
    now = clock.now()
    if not await tx.run(
        """update philosophy_proposal set state = %(state)s, decided_by = %(by)s, decided_at = %(now)s,
                  decision_reason = %(reason)s, draft_id = %(draft)s
            where desk_id = %(desk)s and id = %(id)s and state = 'open'""",
        state=state,
        by=actor.agent_id,
        now=now,
        reason=_said(reason),
        draft=draft_id,
        id=proposal_id,
    ):
        raise AlreadyDecided
    await record(tx, WishDecided(at=now, actor=actor.as_author(), proposal_id=proposal_id, state=state))
    return await get(tx, actor, proposal_id)


async def _conversation(tx: Tx, actor: Actor, about: About) -> int | None:
    """The conversation of the clock or event; raises NothingThere, also for one that cannot be seen."""
    if about.clock_id is None and about.event_id is None:
        return None
    scope = visible_to(actor)
    found: int | None = await tx.value(
        f"""select c.id from conversation c where c.desk_id = %(desk)s and {scope}
               and (%(clock)s::bigint is null or c.id = (select k.conversation_id from clock k
                                                         where k.desk_id = %(desk)s and k.id = %(clock)s))
               and (%(event)s::bigint is null or c.id = (select e.conversation_id from event e
                                                         where e.desk_id = %(desk)s and e.id = %(event)s))""",
        clock=about.clock_id,
        event=about.event_id,
        **scope.params,
    )
    if found is None:
        raise NothingThere
    return found


def _said(words: str, most: int = _LONGEST) -> str:
    words = words.strip()
    if not words or len(words) > most:
        raise WordsMissing
    return words


def _select(actor: Actor) -> str:
    """Every wish, with the place where it came up only where the conversation may be seen."""
    return f"""
        select p.id, p.author_id, a.name as author, p.element, p.words, p.at, p.state, p.decided_by, p.decided_at,
               p.decision_reason, p.draft_id, c.id as conversation_id,
               case when c.id is not null then p.clock_id end as clock_id,
               case when c.id is not null then p.event_id end as event_id,
               (select count(*) from philosophy_comment k
                 where k.desk_id = %(desk)s and k.proposal_id = p.id) as comments
          from philosophy_proposal p
          join agent a on a.desk_id = p.desk_id and a.id = p.author_id
          left join conversation c on c.desk_id = p.desk_id and c.id = p.conversation_id and {visible_to(actor)}
         where p.desk_id = %(desk)s"""
