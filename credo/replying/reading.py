"""Opening a conversation to answer it: its row, its thread, one's draft and whom an answer goes to, asked at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from credo.access import Actor
from credo.base.db import Tx
from credo.conversations import thread, views
from credo.conversations.participants import Answered, answered
from credo.conversations.thread import Stretch
from credo.conversations.views import Summary
from credo.replying import drafts
from credo.replying.drafts import Draft, DraftFile, Kind


@dataclass(frozen=True, slots=True)
class Opened:
    """A conversation as a colleague opens it. `people` is whom an answer goes to, the requester first."""

    found: Summary
    stretch: Stretch
    draft: Draft | None
    files: Sequence[DraftFile]
    people: Sequence[Answered]


async def opened(tx: Tx, actor: Actor, id: int, kind: Kind) -> Opened:
    """Everything the conversation itself shows; raises NoConversation unless `actor` may see it."""
    row, items, files, receipts, draft, people = await tx.together(
        views.asked_row(actor, id), *thread.asked(id), drafts.own(actor, id, kind), answered(id)
    )
    found = views.the_row(row)
    kept = draft[0] if draft else None
    hung = await drafts.files(tx, actor, kept.id) if kept else ()
    return Opened(found, thread.joined(items, files, receipts), kept, hung, people)
