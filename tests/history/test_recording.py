"""Events are written once and come back as they were."""

from __future__ import annotations

from datetime import timedelta

from credo import history
from credo.base import clock
from credo.base.db import Db
from credo.conversations import snoozing
from credo.conversations.events import Snoozed
from support.desks import Desk
from support.mails import MONDAY, arrive, mail


async def test_an_event_comes_back_as_it_was(db: Db, desk: Desk) -> None:
    outcome = await arrive(db, desk, mail())
    until = clock.now() + timedelta(hours=3)
    async with db.transaction(desk.id) as tx:
        await snoozing.snooze(tx, desk.ines, outcome.conversation_id or 0, until)
        recorded = tx.recorded[-1]
        assert await history.load(tx, recorded.id) == recorded
    assert isinstance(recorded.event, Snoozed)
    assert recorded.event.until == until


async def test_payloads_hold_no_words(db: Db, desk: Desk) -> None:
    outcome = await arrive(db, desk, mail(subject="Secret subject", text="Secret words"), at=MONDAY)
    async with db.reading(desk.id) as tx:
        rows = await history.of_conversation(tx, outcome.conversation_id or 0)
    written = " ".join(str((row.payload, row.cause)) for row in rows)
    assert [row.kind for row in rows] == ["message.received"]
    assert not any(word in written for word in ("Secret", "Hanna", "hanna@example.com"))
