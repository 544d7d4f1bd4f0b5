"""A conversation that we begin: started and its first message sent, in one breath."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from credo.access import Actor
from credo.base.db import Tx
from credo.conversations import starting
from credo.replying.sending import UNDO, Answer, Sent, send


@dataclass(frozen=True, slots=True)
class Begun:
    """The new conversation and its first message on the way."""

    conversation_id: int
    sent: Sent


async def begin(
    tx: Tx, actor: Actor, *, mailbox_id: int, subject: str, answer: Answer, undo: timedelta = UNDO
) -> Begun:
    """Start a conversation with the first recipient as its customer, and send `answer` there."""
    id = await starting.start(tx, actor, mailbox_id=mailbox_id, subject=subject, to=(*answer.to, *answer.cc))
    return Begun(id, await send(tx, actor, id, answer, undo=undo))
