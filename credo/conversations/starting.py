"""Starting a conversation ourselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from credo.access import Actor
from credo.base import clock
from credo.base.db import Tx
from credo.base.errors import Invalid, NotFound
from credo.base.ids import short_key
from credo.channels import Address
from credo.conversations.conversation import WORK_KEY, get
from credo.conversations.participants import join
from credo.people.customers import person_of, reserve


class NoMailbox(NotFound):
    """There is no such mailbox, or you may not write from it."""


class NobodyToWriteTo(Invalid):
    """Write at least one address to send to."""


async def start(tx: Tx, actor: Actor, *, mailbox_id: int, subject: str, to: Iterable[Address]) -> int:
    """An empty conversation with the first of `to` as its customer; the first message follows as a reply."""
    addresses = list(to)
    if not addresses:
        raise NobodyToWriteTo
    allowed = actor.sees_all or mailbox_id in actor.mailboxes
    team = await tx.value(
        "select coalesce(team_id, 0) from mailbox where desk_id = %(desk)s and id = %(id)s and state <> 'archived'",
        id=mailbox_id,
    )
    if team is None or not allowed:
        raise NoMailbox
    await reserve(tx, (address.key for address in addresses))
    person_id = await person_of(tx, addresses[0].key, addresses[0].name)
    now = clock.now()
    id = await tx.value(
        f"""insert into conversation (desk_id, mailbox_id, team_id, channel, person_id, subject, assignee_id,
                                     created_at, last_item_at, reply_key, work_key)
           values (%(desk)s, %(mailbox)s, nullif(%(team)s, 0), 'email', %(person)s, %(subject)s, %(me)s, %(at)s,
                   %(at)s, %(key)s, {WORK_KEY.format(due="null", at="%(at)s::timestamptz")}) returning id""",
        mailbox=mailbox_id,
        team=team,
        person=person_id,
        subject=" ".join(subject.replace("\x00", "").split())[:500],
        me=actor.agent_id,
        at=now,
        key=short_key(12),
    )
    for place, address in enumerate(addresses):
        await join(
            tx, id, await person_of(tx, address.key, address.name), address.key, "copied" if place else "requester"
        )
    await get(tx, actor, id)
    return int(id)


@dataclass(frozen=True, slots=True)
class WayOut:
    """A mailbox one may write from."""

    id: int
    name: str
    address: str


async def ways_out(tx: Tx, actor: Actor) -> list[WayOut]:
    """The mailboxes `actor` may write from, by name."""
    return await tx.all(
        WayOut,
        """select id, name, address from mailbox
            where desk_id = %(desk)s and state <> 'archived' and (%(all)s or id = any(%(mailboxes)s))
            order by lower(name), id limit 200""",
        all=actor.sees_all,
        mailboxes=list(actor.mailboxes),
    )
