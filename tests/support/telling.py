"""Short ways to let things happen in a conversation, through the rooms that let them happen on a desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from itertools import count

from hypothesis import strategies as st

from credo.base import clock
from credo.base.db import Db, Tx
from credo.base.errors import CredoError
from credo.channels import Address
from credo.conversations import addressing, assignment, conversation, snoozing, state
from credo.delivery import events as delivered
from credo.delivery.release import release_due
from credo.fields import FIELDS
from credo.history import by_agent, by_system, record
from credo.philosophy import Decision, Version, exceptions, publish
from credo.philosophy.exceptions import Wish
from credo.promises import ring_due
from credo.replying import sending
from support.desks import Desk
from support.mails import arrive, mail

DEMO = files("credo").joinpath("demo/lumen-lamps.yaml").read_text()
_numbers = count(1)
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # 10:00 in Berlin: an hour after opening


def at(hours: float) -> datetime:
    """So many hours after Monday at ten in Berlin."""
    return MONDAY + timedelta(hours=hours)


ACTS = [
    "close today",
    "write",
    "write",
    "reply",
    "reply",
    "reply and solve",
    "hold",
    "release",
    "bounce",
    "solve",
    "spam",
    "trash",
]
STEPS = st.lists(
    st.tuples(
        st.sampled_from([*ACTS, "reopen", "reopen", "wait", "snooze", "wake", "hand over", "ring", "elsewhere"]),
        st.sampled_from([0.01, 0.5, 5.0, 26.0, 80.0, 700.0]),
    ),
    min_size=1,
    max_size=10,
)
"""What may happen next, and after how many hours."""


def somebody() -> str:
    """The address of a customer whom no test has met before."""
    return f"customer{next(_numbers)}@example.com"


@dataclass
class Story:
    """A conversation of one customer. Hours count from Monday at ten; every act happens at its hour."""

    db: Db
    desk: Desk
    customer: str = "hanna@example.com"
    id: int = 0
    sent: list[sending.Sent] = field(default_factory=list)

    async def begins(self, hours: float, **headers: str) -> int:
        """The customer opens the conversation."""
        raw = mail(f"Customer <{self.customer}>", message_id=f"<{hours}.{self.customer}>", **headers)
        with clock.frozen(at(hours)):
            self.id = (await arrive(self.db, self.desk, raw, at=at(hours))).conversation_id or 0
        return self.id

    async def writes(self, hours: float, **headers: str) -> None:
        """The customer writes again; what lies in the trash stays there, and a new conversation opens."""
        async with self.db.reading(self.desk.id) as tx:
            here = await conversation.get(tx, self.desk.ada, self.id)
            key = await tx.value("select signing_key from desk where id = %(desk)s")
        to = addressing.reply_address("care@lumen.example", key, here.reply_key)
        raw = mail(f"Customer <{self.customer}>", to=to, message_id=None, text=f"At {hours}", **headers)
        with clock.frozen(at(hours)):
            await arrive(self.db, self.desk, raw, at=at(hours))

    async def send(self, hours: float, then: sending.Then = "waiting") -> None:
        """A colleague presses Send; the answer is held."""
        async with self._at(hours) as tx:
            here = await conversation.get(tx, self.desk.ada, self.id)
            to = (Address(name="Customer", address=self.customer),)
            answer = sending.Answer(text="It leaves today.", to=to, last_seen_seq=here.last_word_seq, then=then)
            self.sent.append(await sending.send(tx, self.desk.ada, self.id, answer))

    async def reply(self, hours: float, then: sending.Then = "waiting") -> None:
        """A colleague answers, and the time to undo passes."""
        await self.send(hours, then)
        await self.release(hours + 11 / 3600)

    async def release(self, hours: float) -> None:
        """What was held long enough leaves."""
        with clock.frozen(at(hours)):
            await release_due(self.db)

    async def bounces(self, hours: float) -> None:
        """The last answer comes back from everybody."""
        if not self.sent:
            return
        last = self.sent.pop()
        async with self._at(hours) as tx:
            await record(
                tx,
                delivered.Bounced(
                    at=at(hours),
                    actor=by_system(),
                    conversation_id=self.id,
                    item_id=last.item_id,
                    outbox_id=last.outbox_id,
                    permanent=True,
                    all=True,
                ),
            )

    async def does(self, act: str, hours: float) -> None:
        """Solve, mark as spam, throw away, reopen, wait, snooze, hand over, close the desk, or let the clocks ring."""
        async with self._at(hours) as tx:
            ada, id = self.desk.ada, self.id
            if act == "hand over":
                here = await conversation.get(tx, ada, id)
                to = self.desk.lea if here.assignee_id == self.desk.ines.agent_id else self.desk.ines
                await assignment.assign(tx, ada, id, to.agent_id)
            elif act == "snooze":
                await snoozing.snooze(tx, ada, id, at(hours + 30))
            elif act == "wake":
                await snoozing.wake_due(tx)
            elif act == "close today":
                await exceptions.declare(tx, ada, Wish("closed_today", "Power cut"))
            elif act == "ring":
                await ring_due(tx, at(hours), FIELDS)
            else:
                acts = {"solve": state.solve, "spam": state.mark_spam, "trash": state.trash, "wait": state.wait}
                await {**acts, "reopen": state.reopen}[act](tx, ada, id)

    async def act(self, act: str, hours: float) -> None:
        """One of `ACTS`; one that does not fit here, such as solving what is solved, changes nothing."""
        answers: Mapping[str, sending.Then] = {"reply": "waiting", "reply and solve": "solved"}
        try:
            if act in answers:
                await self.reply(hours, answers[act])
            elif act == "write":
                await self.writes(hours)
            elif act == "hold":
                await self.send(hours)
            elif act == "release":
                await self.release(hours)
            elif act == "elsewhere":
                await Story(self.db, self.desk, self.customer).begins(hours)
            elif act == "bounce":
                await self.bounces(hours)
            elif act != "nothing":
                await self.does(act, hours)
        except CredoError:
            pass

    def _at(self, hours: float) -> _Writing:
        return _Writing(self.db, self.desk.id, at(hours))


class _Writing:
    """A writing transaction with the clock held."""

    def __init__(self, db: Db, desk_id: int, moment: datetime) -> None:
        self._frozen, self._transaction = clock.frozen(moment), db.transaction(desk_id)

    async def __aenter__(self) -> Tx:
        self._frozen.__enter__()
        return await self._transaction.__aenter__()

    async def __aexit__(self, *wrong: object) -> None:
        try:
            await self._transaction.__aexit__(*wrong)  # type: ignore[arg-type]
        finally:
            self._frozen.__exit__(*wrong)  # type: ignore[arg-type]


async def believe(
    db: Db, desk: Desk, text: str = DEMO, when: datetime = datetime(2026, 9, 1, 8, tzinfo=UTC)
) -> Version:
    """Publish `text`."""
    async with _Writing(db, desk.id, when) as tx:
        return await publish(tx, by_agent(desk.ada.agent_id), text, Decision(override_reason="It is a test."))
