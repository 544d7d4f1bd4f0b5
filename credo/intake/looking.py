"""Needs a look: what could not be read, shown with its source, read again after a fix or put away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from credo.base.blobs import Blobs
from credo.base.clock import now
from credo.base.db import Tx
from credo.base.errors import Conflict
from credo.history import Actor, record
from credo.intake.events import Dismissed, ReadAgain


class Scope(Protocol):
    """A piece of WHERE about the mailboxes an asker may see, written for the table alias `r`."""

    @property
    def sql(self) -> str:
        """The condition."""

    @property
    def params(self) -> dict[str, Any]:
        """Its parameters."""


@dataclass(frozen=True, slots=True)
class Look:
    """One message that waits for a look; `reason` is a sentence, `envelope` what is known without reading it."""

    id: int
    mailbox_id: int | None
    mailbox: str | None
    state: str
    sha256: str
    size: int
    origin: str
    reason: str | None
    tries: int
    envelope: Mapping[str, Any]
    trace: Sequence[Mapping[str, Any]]
    received_at: datetime


_COLUMNS = """select r.id, r.mailbox_id, m.name as mailbox, r.state, r.sha256, r.size, r.origin, r.reason, r.tries,
                     r.envelope, r.trace, r.received_at
                from raw r left join mailbox m on m.desk_id = r.desk_id and m.id = r.mailbox_id"""


async def to_look_at(tx: Tx, scope: Scope, *, before: int | None = None, limit: int = 50) -> list[Look]:
    """What waits for a look in the mailboxes of `scope`, newest first; `before` is the last id of the page above."""
    return await tx.all(
        Look,
        f"""{_COLUMNS}
             where r.desk_id = %(desk)s and r.state = 'failed' and {scope.sql}
               and (%(before)s::bigint is null or r.id < %(before)s)
             order by r.id desc limit {int(limit)}""",
        before=before,
        **scope.params,
    )


async def look_at(tx: Tx, scope: Scope, raw_id: int) -> Look:
    """One raw message in whatever state; raises NotFound where `scope` does not reach."""
    return await tx.one(
        Look, f"{_COLUMNS} where r.desk_id = %(desk)s and r.id = %(id)s and {scope.sql}", id=raw_id, **scope.params
    )


async def source(tx: Tx, blobs: Blobs, scope: Scope, raw_id: int) -> bytes:
    """The bytes exactly as they came in; raises NotFound."""
    return await blobs.get(tx.desk_id, (await look_at(tx, scope, raw_id)).sha256)


async def read_again(tx: Tx, scope: Scope, raw_id: int, actor: Actor) -> None:
    """Put a failed or dismissed message back into the queue, with fresh tries; raises NotFound or Conflict."""
    await look_at(tx, scope, raw_id)
    moment = now()
    touched = await tx.run(
        """update raw set state = 'kept', tries = 0, next_try_at = %(now)s, claimed_until = null, reason = null
            where desk_id = %(desk)s and id = %(id)s and state in ('failed', 'dismissed')""",
        id=raw_id,
        now=moment,
    )
    if not touched:
        raise Conflict
    await record(tx, ReadAgain(at=moment, actor=actor, raw_id=raw_id))


async def dismiss(tx: Tx, scope: Scope, raw_id: int, actor: Actor) -> None:
    """Put a failed message away; its source stays and it can still be read again. Raises NotFound or Conflict."""
    await look_at(tx, scope, raw_id)
    touched = await tx.run(
        "update raw set state = 'dismissed' where desk_id = %(desk)s and id = %(id)s and state = 'failed'", id=raw_id
    )
    if not touched:
        raise Conflict
    await record(tx, Dismissed(at=now(), actor=actor, raw_id=raw_id))
