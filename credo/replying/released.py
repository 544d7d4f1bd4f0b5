"""When an answer has left our hands: it is shown as a word of ours, and the conversation moves on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from credo.base.db import Tx
from credo.conversations import items, state
from credo.conversations.conversation import WORK_KEY, lock, tell
from credo.conversations.events import Replied
from credo.history import Recorded
from credo.language.mask import mask


@dataclass(frozen=True, slots=True)
class _Shown:
    conversation_id: int
    seq: int
    at: datetime
    text: str
    then: str
    newer: bool


async def move_on(tx: Tx, recorded: Recorded) -> None:
    """Show the item in lists, remember that its writer has read so far, and take the next step chosen at Send.

    A customer's word that came while the answer was held keeps the conversation open.
    """
    event = recorded.event
    assert isinstance(event, Replied)
    shown = await tx.one(
        _Shown,
        """select i.conversation_id, i.seq, i.at, coalesce(i.text, '') as text,
                  coalesce(i.meta->>'then', 'waiting') as then, c.last_customer_seq > i.seq as newer
             from item i join conversation c on c.desk_id = i.desk_id and c.id = i.conversation_id
            where i.desk_id = %(desk)s and i.id = %(item)s""",
        item=event.item_id,
    )
    await lock(tx, shown.conversation_id)
    await tx.run(
        f"""update conversation
               set last_word_seq = greatest(last_word_seq, %(seq)s),
                   snippet = case when last_word_seq < %(seq)s then %(snippet)s else snippet end,
                   last_item_at = greatest(last_item_at, %(at)s),
                   work_key = {WORK_KEY.format(due="next_due_at", at="greatest(last_item_at, %(at)s)")}
             where desk_id = %(desk)s and id = %(id)s""",
        id=shown.conversation_id,
        seq=shown.seq,
        at=shown.at,
        snippet=items.snippet(mask(shown.text)),
    )
    if not shown.newer:
        await state.after_reply(tx, shown.conversation_id, event.actor, event.at, shown.then)
    await tell(tx, shown.conversation_id)
