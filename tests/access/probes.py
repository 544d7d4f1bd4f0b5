"""Every way to read or change a conversation from a room, as a list that grows with the rooms.

Add a probe for each new function that takes an actor:
`@lists` gives conversation ids and must give exactly those the actor may see (of those `among` allows);
`@counts` gives numbers by name beside the numbers there should be;
`@opens` does something with one case and must raise NotFound when the actor may not see it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from credo import intake
from credo.access import Actor, visible_mailboxes
from credo.base.db import Tx
from credo.base.paging import Cursor
from credo.channels import Address
from credo.conversations import (
    assignment,
    conversation,
    customers,
    notes,
    presence,
    search,
    snoozing,
    starting,
    state,
    tags,
    thread,
    views,
)
from credo.delivery import watching
from credo.fields import FIELDS
from credo.philosophy import proposals
from credo.philosophy.proposals import About
from credo.promises import why, withheld
from credo.replying import drafts, sending
from credo.replying.drafts import Writing
from credo.replying.sending import Answer
from support.world import Case, Colleague, World

TOP = Cursor()
ELEMENT = "promises/first-answer"
LATER = datetime(2027, 3, 1, tzinfo=UTC)

Listing = Callable[[Tx, Actor, World], Awaitable[set[int]]]
Opening = Callable[[Tx, Actor, Case], Awaitable[Any]]
Counting = Callable[[Tx, Actor, World, Colleague], Awaitable[tuple[dict[str, int], dict[str, int]]]]


@dataclass(frozen=True, slots=True)
class Lists:
    """A probe that lists."""

    name: str
    call: Listing
    among: Callable[[Case], bool]


@dataclass(frozen=True, slots=True)
class Opens:
    """A probe that opens one; `reads` tells those that change nothing and must succeed for whoever may see."""

    name: str
    call: Opening
    reads: bool


LISTS: list[Lists] = []
OPENS: list[Opens] = []
COUNTS: list[tuple[str, Counting]] = []


def lists(name: str, among: Callable[[Case], bool] = lambda case: True) -> Callable[[Listing], Listing]:
    """Register a probe that lists."""

    def register(call: Listing) -> Listing:
        LISTS.append(Lists(name, call, among))
        return call

    return register


def counts(name: str) -> Callable[[Counting], Counting]:
    """Register a probe that counts."""

    def register(call: Counting) -> Counting:
        COUNTS.append((name, call))
        return call

    return register


def reads(name: str, call: Opening) -> None:
    """Register a reading of one case."""
    OPENS.append(Opens(name, call, True))


def changes(name: str, call: Opening) -> None:
    """Register a change of one case."""
    OPENS.append(Opens(name, call, False))


# ───────────── lists

for key in views.VIEWS:

    @lists(f"views.{key}", among=lambda case, key=key: _in_view(case, key))  # type: ignore[misc]
    async def _view(tx: Tx, actor: Actor, world: World, key: str = key) -> set[int]:
        found = {row.id for row in (await views.in_view(tx, actor, key, TOP)).rows}
        if key == "mine":
            mine = {case.id for case in world.cases if case.letter.assignee and _holder(world, case) == actor.agent_id}
            theirs = {case.id for case in world.cases if case.letter.state == "open"} - mine
            return found | (theirs & _visible_by_actor(actor, world))
        return found


@lists("search", among=lambda case: case.letter.state != "trash")
async def _search(tx: Tx, actor: Actor, world: World) -> set[int]:
    return {hit.conversation_id for hit in (await search.search(tx, actor, "lampsh")).rows}


@lists("search of one word each", among=lambda case: case.letter.state != "trash")
async def _needles(tx: Tx, actor: Actor, world: World) -> set[int]:
    return {hit.conversation_id for case in world.cases for hit in (await search.search(tx, actor, case.needle)).rows}


@lists("delivery.watching.unsent")
async def _unsent(tx: Tx, actor: Actor, world: World) -> set[int]:
    return {mail.conversation_id for mail in await watching.unsent(tx, actor) if mail.conversation_id}


@lists("customers.conversations_of", among=lambda case: case.letter.state != "trash")
async def _theirs(tx: Tx, actor: Actor, world: World) -> set[int]:
    found: set[int] = set()
    for case in world.cases:
        if case.id in _visible_by_actor(actor, world):
            found |= {one.id for one in await customers.conversations_of(tx, actor, case.person_id)}
    return found


@lists("philosophy.proposals.every")
async def _wishes(tx: Tx, actor: Actor, world: World) -> set[int]:
    wishes = (await proposals.every(tx, actor, TOP)).rows
    assert len(wishes) == len(world.cases), "the wish itself is everybody's"
    assert all(one.clock_id is None for one in wishes if one.conversation_id is None)
    return {one.conversation_id for one in wishes if one.conversation_id}


# ───────────── counts


@counts("views.counts")
async def _counts(tx: Tx, actor: Actor, world: World, who: Colleague) -> tuple[dict[str, int], dict[str, int]]:
    seen = [case for case in world.cases if who.sees(case.mailbox_id, case.team_id)]
    opened = [case for case in seen if case.letter.state == "open"]
    should = {
        "mine": sum(_holder(world, case) == who.id for case in opened),
        "unassigned": sum(_holder(world, case) is None for case in opened),
        "open": len(opened),
        "waiting": sum(case.letter.state == "waiting" for case in seen),
        "snoozed": sum(case.letter.state == "snoozed" for case in seen),
    }
    found = await views.counts(tx, actor)
    return {name: getattr(found, name) for name in should}, should


@counts("views.closed_counts")
async def _closed(tx: Tx, actor: Actor, world: World, who: Colleague) -> tuple[dict[str, int], dict[str, int]]:
    seen = [case for case in world.cases if who.sees(case.mailbox_id, case.team_id)]
    should = {state: sum(case.letter.state == state for case in seen) for state in ("solved", "spam")}
    found = await views.closed_counts(tx, actor)
    return {name: getattr(found, name) for name in should}, should


@counts("views.team_counts")
async def _team_counts(tx: Tx, actor: Actor, world: World, who: Colleague) -> tuple[dict[str, int], dict[str, int]]:
    teams = set(world.teams) if who.drawn.role == "admin" else who.member_of
    opened = [case.team_id for case in world.cases if case.letter.state == "open"]
    should = {str(team): opened.count(team) for team in teams}
    return {str(team.id): team.open for team in await views.team_counts(tx, actor)}, should


@counts("views.arrived")
async def _arrived(tx: Tx, actor: Actor, world: World, who: Colleague) -> tuple[dict[str, int], dict[str, int]]:
    await tx.run("update conversation set last_customer_seq = last_word_seq where desk_id = %(desk)s")
    opened = [case for case in world.cases if case.letter.state == "open" and case.id in world.visible(who)]
    found = await views.arrived(tx, actor, "open", datetime(2000, 1, 1, tzinfo=UTC))
    return {"open": found}, {"open": len(opened)}


@counts("intake.to_look_at")
async def _unread(tx: Tx, actor: Actor, world: World, who: Colleague) -> tuple[dict[str, int], dict[str, int]]:
    may = {one.id for one in world.unread if who.drawn.role == "admin" or one.mailbox_id in who.granted}
    found = {one.id for one in await intake.to_look_at(tx, visible_mailboxes(actor, "r"))}
    return dict.fromkeys(map(str, found), 1), dict.fromkeys(map(str, may), 1)


@counts("starting.ways_out")
async def _ways_out(tx: Tx, actor: Actor, world: World, who: Colleague) -> tuple[dict[str, int], dict[str, int]]:
    may = set(world.mailboxes) if who.drawn.role == "admin" else set(who.granted)
    found = {way.id for way in await starting.ways_out(tx, actor)}
    return dict.fromkeys(map(str, found - may), 1), {}


# ───────────── one at a time

reads("conversation.get", lambda tx, actor, case: conversation.get(tx, actor, case.id))
reads("views.row", lambda tx, actor, case: views.row(tx, actor, case.id))
reads("thread.read", lambda tx, actor, case: thread.read(tx, actor, case.id))
reads("thread.item", lambda tx, actor, case: thread.item(tx, actor, case.items[1]))
reads("thread.file", lambda tx, actor, case: thread.file(tx, actor, case.attachments[1]))
reads("thread.participants", lambda tx, actor, case: thread.participants(tx, actor, case.id))
reads("thread.customer", lambda tx, actor, case: thread.customer(tx, actor, case.id))
reads("customers.customer", lambda tx, actor, case: customers.customer(tx, actor, case.person_id))
reads("customers.by_address", lambda tx, actor, case: customers.by_address(tx, actor, case.address))
reads("assignment.candidates", lambda tx, actor, case: assignment.candidates(tx, actor, case.id))
reads("presence.present", lambda tx, actor, case: presence.present(tx, actor, case.id))
reads("promises.of_conversation", lambda tx, actor, case: why.of_conversation(tx, actor, case.id))
reads("promises.withheld", lambda tx, actor, case: withheld(tx, actor, case.id, FIELDS))
reads("promises.explain", lambda tx, actor, case: why.explain(tx, actor, case.clock_id))
reads("drafts.find", lambda tx, actor, case: drafts.find(tx, actor, case.id, "reply"))
reads("watching.mail", lambda tx, actor, case: watching.mail(tx, actor, case.outbox_id))
reads("watching.watched", lambda tx, actor, case: watching.watched(tx, actor, case.outbox_id))

changes("thread.mark_seen", lambda tx, actor, case: thread.mark_seen(tx, actor, case.id, 1))
changes("thread.mark_unseen", lambda tx, actor, case: thread.mark_unseen(tx, actor, case.id))
changes("presence.here", lambda tx, actor, case: presence.here(tx, actor, case.id, "viewing"))
changes("notes.add_note", lambda tx, actor, case: notes.add_note(tx, actor, case.id, text="Hello"))
changes("tags.set_tags", lambda tx, actor, case: tags.set_tags(tx, actor, case.id, ["new"]))
changes("assignment.assign", lambda tx, actor, case: assignment.assign(tx, actor, case.id, actor.agent_id))
changes("assignment.move_to_team", lambda tx, actor, case: assignment.move_to_team(tx, actor, case.id, None))
changes("state.solve", lambda tx, actor, case: state.solve(tx, actor, case.id))
changes("state.mark_spam", lambda tx, actor, case: state.mark_spam(tx, actor, case.id))
changes("state.trash", lambda tx, actor, case: state.trash(tx, actor, case.id))
changes("state.reopen", lambda tx, actor, case: state.reopen(tx, actor, case.id))
changes("state.wait", lambda tx, actor, case: state.wait(tx, actor, case.id))
changes("snoozing.snooze", lambda tx, actor, case: snoozing.snooze(tx, actor, case.id, LATER))
changes("drafts.save", lambda tx, actor, case: drafts.save(tx, actor, case.id, "note", Writing(html="", text="Hello")))
changes("drafts.discard", lambda tx, actor, case: drafts.discard(tx, actor, case.id, "reply"))
changes("proposals.make", lambda tx, actor, case: proposals.make(tx, actor, ELEMENT, "Sooner", _about(case)))
changes("sending.send", lambda tx, actor, case: sending.send(tx, actor, case.id, ANSWER))

ANSWER = Answer(text="Hello", to=(Address(name="", address="hanna@example.com"),), last_seen_seq=99)


def _in_view(case: Case, key: str) -> bool:
    if key == "mine":
        return case.letter.state == "open"
    if key == "unassigned":
        return case.letter.state == "open" and not case.letter.assignee
    return case.letter.state == key


def _holder(world: World, case: Case) -> int | None:
    return world.colleagues[case.letter.assignee - 1].id if case.letter.assignee else None


def _visible_by_actor(actor: Actor, world: World) -> set[int]:
    who = next(one for one in world.colleagues if one.id == actor.agent_id)
    return world.visible(who)


def _about(case: Case) -> About:
    """Where a wish comes up."""
    return About(clock_id=case.clock_id)
