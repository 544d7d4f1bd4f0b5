"""A conversation as a row, and the one way to get hold of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from credo import live
from credo.access import Actor, visible_to
from credo.base.db import Tx
from credo.base.errors import NotFound

State = Literal["open", "waiting", "snoozed", "solved", "spam", "trash"]

COLUMNS = """c.id, c.mailbox_id, c.team_id, c.channel, c.person_id, c.subject, c.state, c.assignee_id, c.created_at,
             c.last_item_at, c.last_seq, c.last_word_seq, c.last_customer_seq, c.snoozed_until, c.next_due_at,
             c.due_since, c.due_late, c.due_version_id, c.due_calendar, c.reply_key, c.related_id, c.doubtful, c.tags"""

# Promises come first by their due time; without one, the newest word comes first. One key gives paging one place.
WORK_KEY = "coalesce({due}, timestamptz '3000-01-01' + (timestamptz '2100-01-01' - {at}))"


class NoConversation(NotFound):
    """There is no such conversation, or you may not see it."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """The hot row of a conversation."""

    id: int
    mailbox_id: int | None
    team_id: int | None
    channel: str
    person_id: int
    subject: str
    state: State
    assignee_id: int | None
    created_at: datetime
    last_item_at: datetime
    last_seq: int
    last_word_seq: int
    last_customer_seq: int
    snoozed_until: datetime | None
    next_due_at: datetime | None
    due_since: datetime | None
    due_late: bool
    due_version_id: int | None
    due_calendar: str | None
    reply_key: str
    related_id: int | None
    doubtful: bool
    tags: list[str]


async def get(tx: Tx, actor: Actor, id: int, *, for_change: bool = False) -> Conversation:
    """The conversation, locked when it is about to change; raises NoConversation unless `actor` may see it."""
    seen = visible_to(actor)
    found = await tx.maybe(
        Conversation,
        f"""select {COLUMNS} from conversation c
             where c.desk_id = %(desk)s and c.id = %(id)s and {seen} {"for update" if for_change else ""}""",
        id=id,
        **seen.params,
    )
    if found is None:
        raise NoConversation
    return found


async def lock(tx: Tx, id: int) -> Conversation:
    """The conversation, locked, for what the desk itself does; raises NoConversation."""
    found = await tx.maybe(
        Conversation,
        f"select {COLUMNS} from conversation c where c.desk_id = %(desk)s and c.id = %(id)s for update",
        id=id,
    )
    if found is None:
        raise NoConversation
    return found


async def show(
    tx: Tx,
    id: int,
    *,
    next_due_at: datetime | None,
    due_since: datetime | None = None,
    due_late: bool = False,
    due_version_id: int | None = None,
    due_calendar: str | None = None,
) -> None:
    """Show the nearest running promise on the conversation's row; None when no promise runs.

    Version and calendar tell whose opening hours it counts.
    """
    await tx.run(
        f"""update conversation set next_due_at = %(due)s, due_since = %(since)s, due_late = %(late)s,
                   due_version_id = %(version)s, due_calendar = %(calendar)s,
                   work_key = {WORK_KEY.format(due="%(due)s::timestamptz", at="last_item_at")}
             where desk_id = %(desk)s and id = %(id)s
               and (next_due_at, due_since, due_late, due_version_id, due_calendar)
                   is distinct from (%(due)s, %(since)s, %(late)s, %(version)s, %(calendar)s)""",
        id=id,
        due=next_due_at,
        since=due_since,
        late=due_late,
        version=due_version_id,
        calendar=due_calendar,
    )
    await tell(tx, id)


async def tell(tx: Tx, id: int, what: Literal["conversation", "presence"] = "conversation") -> None:
    """Tell open browsers that this conversation changed, or only who is there."""
    place = "select mailbox_id, team_id from conversation where desk_id = %(desk)s and id = %(id)s"
    await live.changed_at(tx, f"{what}:{id}", place, id=id)
