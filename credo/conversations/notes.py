"""Words for colleagues only."""

from __future__ import annotations

from credo.access import Actor
from credo.base import clock
from credo.base.db import Tx
from credo.base.errors import Invalid
from credo.conversations import events, items
from credo.conversations.conversation import get, tell
from credo.history import record
from credo.language.mask import mask


class EmptyNote(Invalid):
    """There is nothing written yet."""


async def add_note(tx: Tx, actor: Actor, id: int, *, text: str, html: str | None = None) -> items.Appended:
    """Add a note; `html` must have been cleaned. Raises EmptyNote when nothing is written."""
    await get(tx, actor, id, for_change=True)
    if not text.strip():
        raise EmptyNote
    now = clock.now()
    new = items.NewItem(
        kind="note",
        at=now,
        agent_id=actor.agent_id,
        text=text,
        shown_text=mask(text),
        html=html,
    )
    appended = await items.append(tx, id, new)
    await record(
        tx, events.Noted(at=now, actor=actor.as_author(), conversation_id=id, item_id=appended.id, seq=appended.seq)
    )
    await tell(tx, id)
    return appended
