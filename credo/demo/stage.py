"""The stage: mails that arrive and colleagues who act, each by the functions that serve real desks."""

from __future__ import annotations

import asyncio
import hashlib
import random
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from psycopg.types.json import Jsonb

from credo import channels, intake
from credo.access import Actor
from credo.base import clock
from credo.base.blobs import Blobs
from credo.base.db import Db, Tx
from credo.channels.email import read as email
from credo.channels.email.send import KEPT_HERE
from credo.conversations import assignment, conversation, notes, snoozing, state, tags, thread
from credo.conversations.receiving import Arrival, Outcome, receive
from credo.delivery import bounces, release
from credo.delivery.events import Delivered
from credo.demo.cast import Colleague, Customer
from credo.demo.letters import Letter, Quoted, html_of, written
from credo.demo.wording import Writer
from credo.fields import FIELDS
from credo.history import by_system, record
from credo.promises import ring_due, settle
from credo.replying import sending

_UNDO = timedelta(seconds=10)
_AT_ONCE = 40
_LANES = 3
Verdict = Literal["verified", "unknown", "failed"]


@dataclass(frozen=True, slots=True)
class Box:
    """A mailbox of the demo."""

    id: int
    address: str


@dataclass(slots=True)
class Talk:
    """A conversation while it is played."""

    customer: Customer
    box: str
    owner: Colleague
    subject: str
    id: int | None = None
    sent: list[str] = field(default_factory=list)
    last: Quoted | None = None
    words: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Act:
    """Something that happens at a moment."""

    at: datetime
    do: Callable[[Stage], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Story:
    """The acts of one customer's conversation; `whose` is their address."""

    whose: str
    acts: list[Act]


@dataclass(slots=True)
class Props:
    """What all lanes of the play share; `stored` are bytes that rows speak of, by their SHA-256."""

    db: Db
    desk_id: int
    actors: dict[str, Actor]
    boxes: dict[str, Box]
    pick: random.Random
    writer: Writer
    stored: dict[str, bytes] = field(default_factory=dict)
    letters: int = 0


async def play(props: Props, stories: list[Story], blobs: Blobs) -> None:
    """Play every story in the order of time, customers side by side in a few lanes, and keep all bytes.

    Stories of one customer stand in one lane, so that no two lanes ever wait for each other.
    """
    lanes: list[list[Act]] = [[] for _ in range(_LANES)]
    for story in stories:
        lanes[zlib.crc32(story.whose.encode()) % _LANES] += story.acts
    await asyncio.gather(*(Stage(props).play(lane) for lane in lanes))
    async with props.db.transaction(props.desk_id) as tx:
        while await ring_due(tx, clock.now(), FIELDS):
            await props.db.before_commit(tx)
        await snoozing.wake_due(tx)
    await _keep(props, blobs)


async def _keep(props: Props, blobs: Blobs) -> None:
    waiting = list(props.stored.values())
    for start in range(0, len(waiting), 40):
        await asyncio.gather(*(blobs.put(props.desk_id, one) for one in waiting[start : start + 40]))
    async with props.db.transaction(props.desk_id) as tx:
        await tx.many(
            """insert into blob (desk_id, sha256, size) values (%(desk)s, %(sha256)s, %(size)s)
               on conflict do nothing""",
            [{"sha256": sha256, "size": len(content)} for sha256, content in props.stored.items()],
        )


class Stage:
    """One lane of the play; `tx` is the transaction of the acts in hand."""

    tx: Tx

    def __init__(self, props: Props) -> None:
        self.props, self.actors, self.boxes, self.pick = props, props.actors, props.boxes, props.pick

    async def play(self, acts: list[Act]) -> None:
        """Every act at its time."""
        waiting = sorted(acts, key=lambda act: act.at)
        for start in range(0, len(waiting), _AT_ONCE):
            async with self.props.db.transaction(self.props.desk_id) as self.tx:
                await self.tx.run("set local synchronous_commit = off")
                for act in waiting[start : start + _AT_ONCE]:
                    with clock.frozen(act.at):
                        await act.do(self)
                        await self._react()

    async def arrives(self, talk: Talk, letter: Letter, verdict: Verdict = "verified") -> None:
        """A mail of the customer comes in."""
        outcome = await self.bytes_arrive(talk.box, written(letter), verdict)
        talk.id = outcome.conversation_id
        talk.sent.append(letter.message_id)

    async def bytes_arrive(self, box: str, content: bytes, verdict: Verdict = "verified") -> Outcome:
        """The way of any mail: kept, read, received; a bounce finds its answer."""
        at, mailbox_id = clock.now(), self.boxes[box].id
        inbound = email.read(content)
        for attachment in inbound.attachments:
            self._store(attachment.content)
        raw_id = await self.raw(box, content, "read")
        outcome = await receive(
            self.tx,
            Arrival(raw_id, mailbox_id, at, intake.digest(content), verdict),
            inbound,
        )
        await self.tx.run(
            """update raw set conversation_id = %(conversation)s, item_id = %(item)s, trace = %(trace)s
                where desk_id = %(desk)s and id = %(id)s""",
            id=raw_id,
            conversation=outcome.conversation_id,
            item=outcome.item_id,
            trace=Jsonb([{"step": "received", "state": outcome.state, "verdict": verdict, "how": list(outcome.trace)}]),
        )
        await self._bounced(inbound, outcome)
        return outcome

    async def raw(self, box: str, content: bytes, state: str, reason: str | None = None) -> int:
        """The row of a mail's bytes, as intake would have written it at this moment."""
        raw_id: int = await self.tx.value(
            """insert into raw (desk_id, mailbox_id, sha256, size, digest, origin, state, reason, received_at,
                                next_try_at)
               values (%(desk)s, %(mailbox)s, %(sha256)s, %(size)s, %(digest)s, 'demo', %(state)s, %(reason)s, %(at)s,
                       %(at)s)
               returning id""",
            mailbox=self.boxes[box].id,
            sha256=self._store(content),
            size=len(content),
            digest=intake.digest(content),
            state=state,
            reason=reason,
            at=clock.now(),
        )
        return raw_id

    async def unreadable(self, box: str, content: bytes) -> None:
        """Bytes that nobody can read stand in Needs a look."""
        raw_id = await self.raw(box, content, "failed", email.Unreadable("These bytes are not a mail.").sentence)
        await record(self.tx, intake.Failed(at=clock.now(), actor=by_system(), raw_id=raw_id, tries=1))

    async def answer(
        self, talk: Talk, text: str, then: sending.Then = "waiting", *, by: Colleague | None = None
    ) -> None:
        """A colleague answers; ten seconds later it is released, and the demo's own server takes it."""
        who = by or talk.owner
        actor, id = self.actors[who.key], self._id(talk)
        here = await self._open(talk, who)
        to = channels.Address(name=talk.customer.name, address=talk.customer.address)
        answer = sending.Answer(text=text, html=html_of(text), to=(to,), last_seen_seq=here.last_word_seq, then=then)
        sent = await sending.send(self.tx, actor, id, answer, undo=_UNDO)
        await self._react()
        pressed = clock.now()
        with clock.frozen(pressed + _UNDO):
            await release.release_next(self.tx)
            await self._react()
            await self._taken(talk, sent)
            self.tx.recorded.clear()  # being taken changes no promise that the answer has kept already
        message_id = await self.tx.value(
            "select message_id from item where desk_id = %(desk)s and id = %(id)s", id=sent.item_id
        )
        talk.sent.append(message_id)
        talk.last = Quoted(who.name, self.boxes[talk.box].address, pressed, f"Re: {talk.subject}", text)

    async def note(self, talk: Talk, by: Colleague, text: str) -> None:
        """A word for colleagues."""
        await notes.add_note(self.tx, self.actors[by.key], self._id(talk), text=text)

    async def assign(self, talk: Talk, by: Colleague, to: Colleague) -> None:
        """Hand it to somebody."""
        await assignment.assign(self.tx, self.actors[by.key], self._id(talk), self.actors[to.key].agent_id)

    async def tag(self, talk: Talk, by: Colleague, names: tuple[str, ...]) -> None:
        """Put tags on."""
        await tags.set_tags(self.tx, self.actors[by.key], self._id(talk), names)

    async def solve(self, talk: Talk, by: Colleague) -> None:
        """Consider it solved, unless it is already."""
        here = await self._open(talk, by)
        if here.state in ("open", "waiting", "snoozed"):
            await state.solve(self.tx, self.actors[by.key], here.id)

    async def snooze(self, talk: Talk, by: Colleague, until: datetime) -> None:
        """Put it aside; the wake follows as an act of its own."""
        await snoozing.snooze(self.tx, self.actors[by.key], self._id(talk), until)

    async def wake(self) -> None:
        """Bring back what was put aside until now."""
        await snoozing.wake_due(self.tx)

    async def spam(self, talk: Talk, by: Colleague) -> None:
        """Call it spam."""
        await state.mark_spam(self.tx, self.actors[by.key], self._id(talk))

    async def trash(self, talk: Talk, by: Colleague) -> None:
        """Throw it away."""
        await state.trash(self.tx, self.actors[by.key], self._id(talk))

    async def read_by(self, talk: Talk, by: Colleague) -> None:
        """Somebody opened it."""
        here = await conversation.get(self.tx, self.actors[by.key], self._id(talk))
        await thread.mark_seen(self.tx, self.actors[by.key], here.id, here.last_seq)

    def message_id(self, customer: Customer) -> str:
        """A fresh Message-ID of a customer's server."""
        self.props.letters += 1
        return f"{self.props.letters:05d}.{self.pick.getrandbits(48):012x}@{customer.address.rpartition('@')[2]}"

    def _store(self, content: bytes) -> str:
        sha256 = hashlib.sha256(content).hexdigest()
        self.props.stored[sha256] = content
        return sha256

    def _id(self, talk: Talk) -> int:
        assert talk.id is not None
        return talk.id

    async def _react(self) -> None:
        await self.props.db.before_commit(self.tx)

    async def _open(self, talk: Talk, by: Colleague) -> conversation.Conversation:
        """The conversation as `by` opens it; a promise that broke in the meantime is written down first."""
        here = await conversation.get(self.tx, self.actors[by.key], self._id(talk))
        if here.next_due_at and here.next_due_at < clock.now() and not here.due_late:
            await settle(self.tx, here.id, FIELDS)
            await self._react()
        return here

    async def _taken(self, talk: Talk, sent: sending.Sent) -> None:
        """Write down that the demo's own server took the mail; no mail of the demo leaves this machine."""
        await self.tx.run(
            """with mail as (
                 update outbox set state = 'sent', sent_at = %(now)s, tries = 1
                  where desk_id = %(desk)s and id = %(id)s returning id)
               update recipient set state = 'accepted', code = 'demo', detail = %(detail)s, at = %(now)s
                where desk_id = %(desk)s and outbox_id = (select id from mail)""",
            id=sent.outbox_id,
            detail=KEPT_HERE,
            now=clock.now(),
        )
        await record(
            self.tx,
            Delivered(
                at=clock.now(),
                actor=by_system(),
                conversation_id=self._id(talk),
                item_id=sent.item_id,
                outbox_id=sent.outbox_id,
                accepted=1,
                refused=0,
            ),
        )

    async def _bounced(self, inbound: channels.Inbound, outcome: Outcome) -> None:
        if inbound.bounce is None:
            return
        about = await self.tx.value(
            "select about_item_id from item where desk_id = %(desk)s and id = %(id)s", id=outcome.item_id
        )
        await bounces.note(
            self.tx, inbound.bounce, message_id=inbound.original_message_id, about_item_id=about, doubted=False
        )
