"""Views: which conversations, in which order, and how many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from credo.access import Actor, visible_to
from credo.base.db import Ask, Tx, ask
from credo.base.errors import NotFound
from credo.base.paging import Cursor, Page
from credo.conversations.conversation import NoConversation

Order = Literal["work", "activity"]
ENOUGH = 500  # counts are exact up to here and "500+" beyond


class NoView(NotFound):
    """There is no such view."""


@dataclass(frozen=True, slots=True)
class View:
    """A named list: its condition on `conversation c`, and its order."""

    key: str
    where: str
    order: Order
    counted: bool = True


VIEWS: dict[str, View] = {
    view.key: view
    for view in (
        View("mine", "c.state = 'open' and c.assignee_id = %(me)s", "work"),
        View("unassigned", "c.state = 'open' and c.assignee_id is null", "work"),
        View("open", "c.state = 'open'", "work"),
        View("waiting", "c.state = 'waiting'", "work"),
        View("snoozed", "c.state = 'snoozed'", "work"),
        View("solved", "c.state = 'solved'", "activity", counted=False),
        View("spam", "c.state = 'spam'", "activity", counted=False),
        View("trash", "c.state = 'trash'", "activity", counted=False),
    )
}


@dataclass(frozen=True, slots=True)
class Summary:
    """A row of a list."""

    id: int
    subject: str
    snippet: str
    state: str
    channel: str
    customer: str
    assignee_id: int | None
    assignee: str | None
    team_id: int | None
    tags: list[str]
    created_at: datetime
    last_item_at: datetime
    work_key: datetime
    next_due_at: datetime | None
    due_since: datetime | None
    due_late: bool
    due_version_id: int | None
    due_calendar: str | None
    snoozed_until: datetime | None
    unread: bool
    doubtful: bool
    mailbox_id: int | None
    related_id: int | None
    last_word_seq: int
    seen_seq: int


_SUMMARY = """select c.id, c.subject, c.snippet, c.state, c.channel, p.name as customer, c.assignee_id,
                     a.name as assignee, c.team_id, c.tags, c.created_at, c.last_item_at, c.work_key, c.next_due_at,
                     c.due_since, c.due_late, c.due_version_id, c.due_calendar,
                     c.snoozed_until, c.doubtful, c.mailbox_id, c.related_id, c.last_word_seq,
                     coalesce(s.seq, 0) as seen_seq, c.last_customer_seq > coalesce(s.seq, 0) as unread
                from conversation c
                left join seen s on s.desk_id = c.desk_id and s.conversation_id = c.id and s.agent_id = %(me)s
                join person p on p.desk_id = c.desk_id and p.id = c.person_id
                left join agent a on a.desk_id = c.desk_id and a.id = c.assignee_id"""


async def in_view(
    tx: Tx, actor: Actor, key: str, after: Cursor, *, team_id: int | None = None, tag: str | None = None
) -> Page[Summary]:
    """Fifty conversations of a view that `actor` may see, promises first; raises NoView for an unknown key."""
    view = VIEWS.get(key)
    if view is None:
        raise NoView
    seen = visible_to(actor)
    narrower = " and c.team_id = %(team)s" if team_id is not None else ""
    narrower += " and c.tags @> array[%(tag)s]" if tag is not None else ""
    place, order = _PLACES[view.order]
    rows = await tx.all(
        Summary,
        f"""{_SUMMARY}
             where c.desk_id = %(desk)s and {view.where} and {seen}{narrower}{place if after.id is not None else ""}
             order by {order} limit 51""",
        me=actor.agent_id,
        team=team_id,
        tag=tag,
        at=after.at,
        after=after.id,
        **seen.params,
    )
    if view.order == "work":
        return Page.of(rows, 50, lambda row: (row.work_key, row.id))
    return Page.of(rows, 50, lambda row: (row.last_item_at, row.id))


_PLACES: dict[Order, tuple[str, str]] = {
    "work": (" and (c.work_key, c.id) > (%(at)s, %(after)s)", "c.work_key, c.id"),
    "activity": (" and (c.last_item_at, c.id) < (%(at)s, %(after)s)", "c.last_item_at desc, c.id desc"),
}


async def row(tx: Tx, actor: Actor, id: int) -> Summary:
    """One conversation as a row of a list; raises NoConversation unless `actor` may see it."""
    (found,) = await tx.together(asked_row(actor, id))
    return the_row(found)


def asked_row(actor: Actor, id: int) -> Ask[Summary]:
    """What `row` asks, for a page that asks more besides; `the_row` reads the answer."""
    seen = visible_to(actor)
    where = f"where c.desk_id = %(desk)s and c.id = %(id)s and {seen}"
    return ask(Summary, f"{_SUMMARY} {where}", id=id, me=actor.agent_id, **seen.params)


def the_row(found: Sequence[Summary]) -> Summary:
    """The row that was asked for; raises NoConversation when there is none to see."""
    if not found:
        raise NoConversation
    return found[0]


async def arrived(
    tx: Tx, actor: Actor, key: str, since: datetime, known: Sequence[int] = (), *, team_id: int | None = None
) -> int:
    """How many conversations of a view, beside those `known`, had a customer's word after `since`; at most 51."""
    view = VIEWS.get(key)
    if view is None:
        raise NoView
    seen = visible_to(actor)
    narrower = "and c.team_id = %(team)s" if team_id is not None else ""
    return int(
        await tx.value(
            f"""select count(*) from (select from conversation c
                 where c.desk_id = %(desk)s and {view.where} and {seen} {narrower} and c.last_item_at > %(since)s
                   and c.last_customer_seq = c.last_word_seq and c.id <> all(%(known)s) limit 51) x""",
            me=actor.agent_id,
            team=team_id,
            since=since,
            known=list(known),
            **seen.params,
        )
    )


@dataclass(frozen=True, slots=True)
class Counts:
    """How many conversations stand in the views that are work, and in open per team; at most `ENOUGH` + 1 each."""

    mine: int
    unassigned: int
    open: int
    waiting: int
    snoozed: int


async def counts(tx: Tx, actor: Actor) -> Counts:
    """The counts `actor` sees, each exact up to 500."""
    seen = visible_to(actor)
    each = ", ".join(
        f"(select count(*) from (select from conversation c where c.desk_id = %(desk)s and {view.where} and {seen}"
        f" limit {ENOUGH + 1}) x) as {view.key}"
        for view in VIEWS.values()
        if view.counted
    )
    return await tx.one(Counts, f"select {each}", me=actor.agent_id, **seen.params)


_LOOKED_AT = 1000  # closed conversations that are looked through for whoever sees only some of them


@dataclass(frozen=True, slots=True)
class ClosedCounts:
    """How many are solved and spam, at most `ENOUGH` + 1 each; with `…_more` there may be older ones besides."""

    solved: int
    solved_more: bool
    spam: int
    spam_more: bool


async def closed_counts(tx: Tx, actor: Actor) -> ClosedCounts:
    """The counts `actor` sees of what nobody has to work on, which may be millions: only the newest are looked at."""
    if not (actor.sees_all or actor.mailboxes or actor.teams):
        return ClosedCounts(0, False, 0, False)
    seen = visible_to(actor)
    most = ENOUGH + 1 if actor.sees_all else _LOOKED_AT
    of = {
        state: f"""(select least(count(*) filter (where {seen}), {ENOUGH + 1}) as number, count(*) = {most} as more
                      from (select c.desk_id, c.mailbox_id, c.team_id from conversation c
                             where c.desk_id = %(desk)s and c.state = '{state}'
                             order by c.last_item_at desc, c.id desc limit {most}) c)"""
        for state in ("solved", "spam")
    }
    return await tx.one(
        ClosedCounts,
        f"""select solved.number as solved, solved.more as solved_more, spam.number as spam, spam.more as spam_more
              from {of["solved"]} solved, {of["spam"]} spam""",
        **seen.params,
    )


@dataclass(frozen=True, slots=True)
class TeamCount:
    """A team and how many open conversations lie with it."""

    id: int
    name: str
    open: int


async def team_counts(tx: Tx, actor: Actor) -> list[TeamCount]:
    """The teams of `actor` (all of them for who sees all) with their open work, by name."""
    seen = visible_to(actor)
    mine = "" if actor.sees_all else "and t.id = any(%(sees_teams)s)"
    return await tx.all(
        TeamCount,
        f"""select t.id, t.name, (select count(*) from (select from conversation c
                 where c.desk_id = t.desk_id and c.team_id = t.id and c.state = 'open' and {seen}
                 limit {ENOUGH + 1}) x) as open
              from team t where t.desk_id = %(desk)s and t.archived_at is null {mine} order by t.sort_key limit 100""",
        **seen.params,
    )
