"""Whose turn it is: solve, wait, reopen, spam, trash and back. A closure is a row with an author and a time."""

from __future__ import annotations

from datetime import datetime

from credo.access import Actor
from credo.base import clock
from credo.base.db import Tx
from credo.base.errors import Conflict
from credo.conversations import events, items
from credo.conversations.conversation import Conversation, get, lock, tell
from credo.history import Actor as Author
from credo.history import Event, Recorded, by_customer, by_system, record


class NotOpen(Conflict):
    """This conversation is not open any more; look again before you act."""


class NotClosed(Conflict):
    """This conversation is open already."""


async def solve(tx: Tx, actor: Actor, id: int) -> None:
    """Close as solved; raises NotOpen when it is closed already."""
    await _close(tx, actor, id, "solved")


async def mark_spam(tx: Tx, actor: Actor, id: int) -> None:
    """Put among spam: no clock runs there and nobody is answered by itself."""
    await _close(tx, actor, id, "spam")


async def trash(tx: Tx, actor: Actor, id: int) -> None:
    """Throw away, to be taken back at any time; leave tombstones so that its mails are not imported again."""
    await _close(tx, actor, id, "trash")
    await tx.run(
        """insert into tombstone (desk_id, mailbox_id, message_id, digest, agent_id)
           select desk_id, mailbox_id, message_id, digest, %(agent)s from message_key
            where desk_id = %(desk)s and conversation_id = %(id)s on conflict do nothing""",
        id=id,
        agent=actor.agent_id,
    )


async def reopen(tx: Tx, actor: Actor, id: int) -> None:
    """Make it our turn again: from solved or waiting, or back from spam, trash or a snooze."""
    conversation = await get(tx, actor, id, for_change=True)
    if conversation.state == "open":
        raise NotClosed
    was = await _end_closure(tx, conversation, actor.as_author())
    await _end_snooze(tx, id)
    restored = conversation.state in ("spam", "trash")
    back = was if restored and was in ("open", "waiting", "solved") else "open"
    await _set(tx, id, back)
    if conversation.state == "trash":
        await _lift_tombstones(tx, id)
    happened = events.Restored if restored else events.Reopened
    await _say(tx, happened(at=clock.now(), actor=actor.as_author(), conversation_id=id, was=conversation.state))


async def wait(tx: Tx, actor: Actor, id: int) -> None:
    """Say that it is the customer's turn; raises NotOpen unless it is ours."""
    conversation = await get(tx, actor, id, for_change=True)
    if conversation.state != "open":
        raise NotOpen
    await _set(tx, id, "waiting")
    await _say(tx, events.Waiting(at=clock.now(), actor=actor.as_author(), conversation_id=id))


async def reopen_for_customer(tx: Tx, id: int, person_id: int, at: datetime, *, moves: bool) -> bool:
    """After a customer wrote: back to open from solved, waiting or a snooze. Spam stays spam. True when it moved."""
    conversation = await lock(tx, id)
    if not moves or conversation.state not in ("solved", "waiting", "snoozed"):
        return False
    author = by_customer(person_id)
    await _end_closure(tx, conversation, author)
    await _end_snooze(tx, id)
    await _set(tx, id, "open")
    await _say(tx, events.Reopened(at=at, actor=author, conversation_id=id, was=conversation.state))
    return True


async def back_to_owner(tx: Tx, recorded: Recorded) -> None:
    """When an answer reached nobody: it is our turn again, whoever has the conversation keeps it."""
    event = recorded.event
    if event.conversation_id is None or event.payload().get("all") is False:
        return  # a bounce of one recipient among several: the answer still reached somebody
    conversation = await lock(tx, event.conversation_id)
    if conversation.state not in ("waiting", "solved", "snoozed"):
        return
    await _end_closure(tx, conversation, by_system())
    await _end_snooze(tx, conversation.id)
    await _set(tx, conversation.id, "open")
    reopened = events.Reopened(
        at=event.at,
        actor=by_system(),
        conversation_id=conversation.id,
        was=conversation.state,
        cause={"event": recorded.id, "kind": event.kind},
    )
    await _say(tx, reopened)


async def after_reply(tx: Tx, id: int, author: Author, at: datetime, then: str) -> None:
    """Move on after an answer left: to `waiting` or `solved`, unless something new came in meanwhile."""
    conversation = await lock(tx, id)
    if conversation.state not in ("open", "snoozed") or then not in ("waiting", "solved"):
        return
    await _end_snooze(tx, id)
    if then == "solved":
        await _write_closure(tx, conversation, author, "solved", at)
        await _set(tx, id, "solved")
        await _say(tx, events.Solved(at=at, actor=author, conversation_id=id))
    else:
        await _set(tx, id, "waiting")
        await tell(tx, id)


async def _close(tx: Tx, actor: Actor, id: int, kind: str) -> None:
    conversation = await get(tx, actor, id, for_change=True)
    if conversation.state == kind or (kind == "solved" and conversation.state in ("spam", "trash")):
        raise NotOpen
    await _end_closure(tx, conversation, actor.as_author())
    await _end_snooze(tx, id)
    await _write_closure(tx, conversation, actor.as_author(), kind, clock.now())
    await _set(tx, id, kind)
    happened = {"solved": events.Solved, "spam": events.MarkedSpam, "trash": events.Trashed}[kind]
    await _say(tx, happened(at=clock.now(), actor=actor.as_author(), conversation_id=id))


async def _write_closure(tx: Tx, conversation: Conversation, by: Author, kind: str, at: datetime) -> None:
    await tx.run(
        """insert into closure (desk_id, conversation_id, kind, was, by_kind, by_id, at)
           values (%(desk)s, %(id)s, %(kind)s, %(was)s, %(by_kind)s, %(by_id)s, %(at)s)""",
        id=conversation.id,
        kind=kind,
        was="open" if conversation.state == "snoozed" else conversation.state,
        by_kind=by.kind,
        by_id=by.id,
        at=at,
    )


async def _end_closure(tx: Tx, conversation: Conversation, by: Author) -> str | None:
    """End the closure in force and return the state before it."""
    was: str | None = await tx.value(
        """update closure set ended_at = %(at)s, ended_by_kind = %(kind)s, ended_by_id = %(by)s
            where desk_id = %(desk)s and conversation_id = %(id)s and ended_at is null returning was""",
        id=conversation.id,
        at=clock.now(),
        kind=by.kind,
        by=by.id,
    )
    return was


async def _end_snooze(tx: Tx, id: int) -> None:
    await tx.run(
        """update snooze set ended_at = %(at)s
            where desk_id = %(desk)s and conversation_id = %(id)s and ended_at is null""",
        id=id,
        at=clock.now(),
    )


async def _lift_tombstones(tx: Tx, id: int) -> None:
    await tx.run(
        """delete from tombstone t using message_key k
            where t.desk_id = %(desk)s and k.desk_id = t.desk_id and k.conversation_id = %(id)s
              and (t.mailbox_id, t.message_id, t.digest) = (k.mailbox_id, k.message_id, k.digest)""",
        id=id,
    )


async def _set(tx: Tx, id: int, state: str) -> None:
    await tx.run(
        """update conversation set state = %(state)s, snoozed_until = null
            where desk_id = %(desk)s and id = %(id)s""",
        id=id,
        state=state,
    )


async def _say(tx: Tx, event: Event) -> None:
    await items.line(tx, await record(tx, event))
    assert event.conversation_id is not None
    await tell(tx, event.conversation_id)
