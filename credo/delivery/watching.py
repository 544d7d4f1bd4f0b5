"""Looking at mail on its way out: what became of it at each recipient, and every attempt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from credo.access import Actor, visible_to
from credo.base.db import Tx
from credo.base.errors import NotFound


class NoMail(NotFound):
    """There is no such mail, or you may not see its conversation."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail on its way out; `state` is held (can be undone), ready, sent, failed or cancelled."""

    id: int
    conversation_id: int
    item_id: int | None
    mailbox_id: int
    kind: str
    state: str
    message_id: str
    pressed_at: datetime
    release_at: datetime
    next_try_at: datetime
    tries: int
    sent_at: datetime | None
    last_error: str | None


@dataclass(frozen=True, slots=True)
class Recipient:
    """What became of the mail at one recipient; `detail` is the answer of their server."""

    address: str
    name: str
    role: str
    state: str
    code: str | None
    detail: str | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to hand the mail over."""

    at: datetime
    outcome: str
    detail: str | None


@dataclass(frozen=True, slots=True)
class Watched:
    """A mail with its recipients and attempts, the oldest first."""

    mail: Mail
    recipients: Sequence[Recipient]
    attempts: Sequence[Attempt]


_MAIL = """select o.id, o.conversation_id, o.item_id, o.mailbox_id, o.kind, o.state, o.message_id, o.pressed_at,
                  o.release_at, o.next_try_at, o.tries, o.sent_at, o.last_error
             from outbox o join conversation c on c.desk_id = o.desk_id and c.id = o.conversation_id"""


async def mail(tx: Tx, actor: Actor, outbox_id: int) -> Mail:
    """One mail of a conversation `actor` may see; raises NoMail."""
    seen = visible_to(actor)
    found = await tx.maybe(
        Mail, f"{_MAIL} where o.desk_id = %(desk)s and o.id = %(id)s and {seen}", id=outbox_id, **seen.params
    )
    if found is None:
        raise NoMail
    return found


async def watched(tx: Tx, actor: Actor, outbox_id: int) -> Watched:
    """The same with recipients and attempts; raises NoMail."""
    return Watched(
        await mail(tx, actor, outbox_id),
        await tx.all(
            Recipient,
            """select address, name, role, state, code, detail, at from recipient
                where desk_id = %(desk)s and outbox_id = %(id)s order by role, address""",
            id=outbox_id,
        ),
        await tx.all(
            Attempt,
            """select at, outcome, detail from attempt where desk_id = %(desk)s and outbox_id = %(id)s
                order by id limit 200""",
            id=outbox_id,
        ),
    )


async def unsent(tx: Tx, actor: Actor, *, before: int | None = None, limit: int = 50) -> list[Mail]:
    """Mail that waits or has failed, in conversations `actor` may see, the newest first; `before` is an id."""
    seen = visible_to(actor)
    place = "and o.id < %(before)s" if before is not None else ""
    return await tx.all(
        Mail,
        f"""{_MAIL} where o.desk_id = %(desk)s and o.state in ('held', 'ready', 'failed') {place} and {seen}
             order by o.id desc limit {int(limit)}""",
        before=before,
        **seen.params,
    )
