"""Bounces: a mail that came back is written on the recipient it was for, and an address that is gone is doubted."""

from __future__ import annotations

from dataclasses import dataclass

from credo.base.clock import now
from credo.base.db import Tx
from credo.channels import BounceDetails
from credo.conversations.conversation import tell
from credo.delivery.events import Bounced
from credo.history import by_system, record

_GONE = ("5.1.", "5.2.1", "5.4.4")  # no such address, switched off, no such host; a full box or a filter is neither


@dataclass(frozen=True, slots=True)
class _Sent:
    id: int
    item_id: int | None
    conversation_id: int | None
    kind: str


async def note(
    tx: Tx, details: BounceDetails, *, message_id: str | None, about_item_id: int | None = None, doubted: bool = False
) -> int | None:
    """Map a bounce back to the mail it speaks of, and return the outbox id, or None for a mail that is not ours.

    The mail is found by the `message_id` the bounce names, else by the item it was threaded to. A `doubted` bounce
    (its sender failed the checks) is noted, but makes no address doubtful.
    """
    sent = await _sent(tx, message_id, about_item_id)
    if sent is None:
        return None
    reached = await tx.values(
        "select address from recipient where desk_id = %(desk)s and outbox_id = %(id)s and state <> 'suppressed'",
        id=sent.id,
    )
    named = {one.casefold() for one in details.recipients}
    back = [address for address in reached if address.casefold() in named] or (reached if len(reached) == 1 else [])
    if not back:
        return sent.id
    await _mark(tx, sent, back, details)
    if details.permanent and not doubted and _is_gone(details.status):
        await _doubt(tx, back, details)
    await _record(tx, sent, details)
    return sent.id


async def _sent(tx: Tx, message_id: str | None, item_id: int | None) -> _Sent | None:
    for column, value in (("message_id", message_id.strip("<> ") if message_id else None), ("item_id", item_id)):
        if value is not None:
            found = await tx.maybe(
                _Sent,
                f"""select id, item_id, conversation_id, kind from outbox
                     where desk_id = %(desk)s and {column} = %(value)s order by id desc limit 1""",
                value=value,
            )
            if found is not None:
                return found
    return None


async def _mark(tx: Tx, sent: _Sent, back: list[str], details: BounceDetails) -> None:
    """A permanent bounce ends it for these recipients; a temporary one only says that it takes longer."""
    await tx.run(
        """update recipient set state = %(state)s, code = %(code)s, detail = %(detail)s, at = %(now)s
            where desk_id = %(desk)s and outbox_id = %(id)s and address = any(%(back)s) and state <> 'bounced'""",
        id=sent.id,
        back=back,
        state="bounced" if details.permanent else "deferred",
        code=details.status or None,
        detail=" ".join(details.reason.split())[:500] or None,
        now=now(),
    )


def _is_gone(status: str) -> bool:
    return not status or status.startswith(_GONE)


async def _doubt(tx: Tx, back: list[str], details: BounceDetails) -> None:
    await tx.run(
        """update identity set doubted_at = coalesce(doubted_at, %(now)s), doubt = coalesce(doubt, %(why)s)
            where desk_id = %(desk)s and kind = 'email' and address = any(%(back)s)""",
        now=now(),
        why=(details.status or "bounced"),
        back=[one.casefold() for one in back],
    )


async def _record(tx: Tx, sent: _Sent, details: BounceDetails) -> None:
    if sent.conversation_id is None:
        return
    left = await tx.value(
        """select count(*) from recipient where desk_id = %(desk)s and outbox_id = %(id)s
              and state in ('accepted', 'waiting', 'deferred')""",
        id=sent.id,
    )
    await record(
        tx,
        Bounced(
            at=now(),
            actor=by_system(),
            conversation_id=sent.conversation_id,
            item_id=sent.item_id,
            outbox_id=sent.id,
            permanent=details.permanent,
            all=details.permanent and left == 0 and sent.kind == "reply",
        ),
    )
    await tell(tx, sent.conversation_id)
