"""A desk drawn at random, with something secret in every place a conversation leaves words."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Literal

from hypothesis import strategies as st
from psycopg.types.json import Jsonb

from credo.access import Actor
from credo.base.blobs import Blobs
from credo.base.db import Db, Tx
from credo.calendars.opening import Opening
from credo.channels.email.read import read
from credo.conversations.receiving import Arrival, receive
from credo.people import actors, sessions, tokens
from credo.people.sessions import Place
from credo.philosophy import publishing
from credo.philosophy.beginning import Answers, begin
from credo.philosophy.composing import Ground
from credo.philosophy.starters import starter
from support.mails import mail

EARLY = datetime(2026, 11, 1, 9, tzinfo=UTC)
OPENING = Opening((0, 1, 2, 3, 4), "09:00", "18:00", "Europe/Berlin")
STATES = ("open", "open", "waiting", "snoozed", "solved", "spam", "trash")
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Somebody:
    """A colleague to be: role, state, and which mailboxes and teams, by place in the drawing."""

    role: Literal["admin", "lead", "agent"]
    active: bool
    mailboxes: frozenset[int]
    teams: frozenset[int]


@dataclass(frozen=True, slots=True)
class Letter:
    """A conversation to be: its mailbox and team by place (0 is none), state, assignee by place (0 is nobody)."""

    mailbox: int
    team: int
    state: str
    assignee: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """What hypothesis draws: two mailboxes, two teams, some people, some conversations."""

    people: tuple[Somebody, ...]
    letters: tuple[Letter, ...]


_some = st.frozensets(st.integers(1, 2))
people = st.builds(
    Somebody, st.sampled_from(["agent", "agent", "lead", "admin"]), st.integers(0, 5).map(bool), _some, _some
)
letters = st.builds(Letter, st.integers(0, 2), st.integers(0, 2), st.sampled_from(STATES), st.integers(0, 3))
drawings = st.builds(
    Drawing,
    st.lists(people, min_size=3, max_size=3).map(tuple),
    st.lists(letters, min_size=2, max_size=6).map(tuple),
)
small_drawings = st.builds(
    Drawing,
    st.lists(people, min_size=2, max_size=2).map(lambda found: (*found, found[0])),
    st.lists(letters, min_size=2, max_size=3).map(tuple),
)


@dataclass(frozen=True, slots=True)
class Case:
    """A conversation with everything that hangs on it; `secret` stands in all its words, `needle` can be searched."""

    id: int
    letter: Letter
    mailbox_id: int | None
    team_id: int | None
    person_id: int
    items: tuple[int, ...]
    attachments: tuple[int, ...]
    clock_id: int
    outbox_id: int
    drafts: tuple[int, ...]
    secret: str
    needle: str
    address: str


@dataclass(frozen=True, slots=True)
class Unread:
    """Mail that could not be read and belongs to no conversation yet."""

    id: int
    mailbox_id: int | None
    secret: str


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who may ask: a session and two tokens, opened before the grants were drawn."""

    id: int
    drawn: Somebody
    cookie: str
    reading: str
    writing: str
    granted: frozenset[int]
    member_of: frozenset[int]
    draft_id: int
    own_secret: str

    def sees(self, mailbox_id: int | None, team_id: int | None) -> bool:
        """The rule, written a second time and in another way than in `credo.access`."""
        if not self.drawn.active:
            return False
        return self.drawn.role == "admin" or mailbox_id in self.granted or team_id in self.member_of


@dataclass(slots=True)
class World:
    """One desk and its things."""

    desk_id: int
    mailboxes: list[int]
    teams: list[int]
    cases: list[Case] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    colleagues: list[Colleague] = field(default_factory=list)
    admin: Actor | None = None

    def visible(self, who: Colleague) -> set[int]:
        """The conversations `who` should see."""
        return {case.id for case in self.cases if who.sees(case.mailbox_id, case.team_id)}


async def build(db: Db, blobs: Blobs, drawing: Drawing) -> World:
    """Make the drawing real."""
    number = next(_numbers)
    async with db.transaction(0) as first:
        desk_id = await first.value(
            """insert into desk (name, zone, signing_key, setup_step, host)
               values ('Lumen Lamps', 'Europe/Berlin', 'key', 3, %(host)s) returning id""",
            host=f"world-{number}.example.com",
        )
    async with db.transaction(desk_id) as tx:
        mailboxes = [await _mailbox(tx, f"box{n}.{number}@lumen.example") for n in (1, 2)]
        teams = [
            await tx.value(
                "insert into team (desk_id, name, sort_key) values (%(desk)s, %(n)s, %(n)s) returning id", n=n
            )
            for n in ("Care", "Trade")
        ]
        world = World(desk_id, mailboxes, teams)
        root = await _agent(tx, "Root", "admin")
        world.admin = await actors.of_agent(tx, root)
        assert world.admin is not None
        text = begin(starter("shop", "en"), Ground("Lumen Lamps", OPENING, (), date(2026, 11, 27)), Answers(), hours=4)
        version = (await publishing.publish(tx, world.admin.as_author(), text)).id
        world.colleagues = [await _colleague(tx, world, n, one) for n, one in enumerate(drawing.people, 1)]
    for letter in drawing.letters:
        world.cases.append(await _case(db, blobs, world, letter, version))
    async with db.transaction(desk_id) as tx:
        for mailbox_id in (None, *mailboxes):
            world.unread.append(await _unread(tx, blobs, mailbox_id))
        for case, other in zip(world.cases, world.cases[1:] + world.cases[:1], strict=True):
            await tx.run(
                "update conversation set related_id = %(other)s where desk_id = %(desk)s and id = %(id)s",
                id=case.id,
                other=other.id if other.id != case.id else None,
            )
    return world


async def _mailbox(tx: Tx, address: str) -> int:
    return int(
        await tx.value(
            """insert into mailbox (desk_id, name, address, outgoing)
               values (%(desk)s, %(a)s, %(a)s, '{"host": "smtp.example.com"}') returning id""",
            a=address,
        )
    )


async def _agent(tx: Tx, name: str, role: str) -> int:
    return int(
        await tx.value(
            """insert into agent (desk_id, email, name, sort_key, role, state)
               values (%(desk)s, %(email)s, %(name)s, %(name)s, %(role)s, 'active') returning id""",
            email=f"{name.lower()}@lumen.example",
            name=name,
            role=role,
        )
    )


async def _colleague(tx: Tx, world: World, number: int, one: Somebody) -> Colleague:
    """Opened and granted everything first, then what was drawn: what was let go must not linger."""
    id = await _agent(tx, f"Colleague{number}", "admin")
    was = await actors.of_agent(tx, id)
    assert was is not None
    opened = await sessions.begin(tx, id, Place("192.0.2.7", "Firefox on Linux"), how="password")
    reading = await tokens.make(tx, was, "read", ["read"])
    writing = await tokens.make(tx, was, "write", ["write"])
    own = f"own{id}secret"
    draft_id = await tx.value(
        """insert into draft (desk_id, agent_id, kind, text, html)
           values (%(desk)s, %(id)s, 'new', %(t)s, %(t)s) returning id""",
        id=id,
        t=own,
    )
    await tx.run(
        """insert into attachment (desk_id, draft_id, agent_id, name, type, size, sha256)
           values (%(desk)s, %(draft)s, %(id)s, %(t)s, 'text/plain', 1, %(t)s)""",
        draft=draft_id,
        id=id,
        t=own,
    )
    granted = frozenset(world.mailboxes[n - 1] for n in one.mailboxes)
    member_of = frozenset(world.teams[n - 1] for n in one.teams)
    for mailbox_id in granted:
        await tx.run(
            "insert into mailbox_grant (desk_id, mailbox_id, agent_id) values (%(desk)s, %(m)s, %(id)s)",
            m=mailbox_id,
            id=id,
        )
    for team_id in member_of:
        await tx.run(
            "insert into team_member (desk_id, team_id, agent_id) values (%(desk)s, %(t)s, %(id)s)", t=team_id, id=id
        )
    await tx.run(
        "update agent set role = %(role)s, state = %(state)s where desk_id = %(desk)s and id = %(id)s",
        role=one.role,
        state="active" if one.active else "deactivated",
        id=id,
    )
    return Colleague(id, one, opened.token, reading.secret, writing.secret, granted, member_of, draft_id, own)


async def _case(db: Db, blobs: Blobs, world: World, letter: Letter, version: int) -> Case:
    number = next(_numbers)
    secret, needle = f"secret{number:06d}x", f"needle{number:06d}x"
    address = f"{secret}@example.com"
    at = EARLY + timedelta(minutes=number % 1000)
    raw = mail(
        f"{secret} Vogel <{address}>",
        to=f"box1.{number}@lumen.example",
        subject=f"{secret} cracked",
        text=f"lampshade {needle}\n\n{secret} is my order.",
        message_id=f"<{secret}@example.com>",
    )
    sha256 = await blobs.put(world.desk_id, secret.encode())
    async with db.transaction(world.desk_id) as tx:
        raw_id = await tx.value(
            """insert into raw (desk_id, mailbox_id, sha256, size, digest, origin, state, received_at)
               values (%(desk)s, %(m)s, %(sha)s, %(size)s, %(digest)s, 'api', 'read', %(at)s) returning id""",
            m=world.mailboxes[0],
            sha=sha256,
            size=len(raw),
            digest=hashlib.sha256(raw).digest(),
            at=at,
        )
        arrival = Arrival(raw_id, world.mailboxes[0], at, hashlib.sha256(raw).digest(), "verified")
        outcome = await receive(tx, arrival, read(raw))
        id = outcome.conversation_id
        assert id is not None
        return await _filled(tx, world, letter, version, id, sha256, at, (secret, needle, address))


async def _filled(
    tx: Tx,
    world: World,
    letter: Letter,
    version: int,
    id: int,
    sha256: str,
    at: datetime,
    words: tuple[str, str, str],
) -> Case:
    secret, needle, address = words
    mailbox_id = world.mailboxes[letter.mailbox - 1] if letter.mailbox else None
    team_id = world.teams[letter.team - 1] if letter.team else None
    assignee = world.colleagues[letter.assignee - 1].id if letter.assignee else None
    # A conversation in the trash or asleep has a row that says so; without one the rooms would stumble.
    if letter.state in ("solved", "spam", "trash"):
        await tx.run(
            """insert into closure (desk_id, conversation_id, kind, was, by_kind, at)
               values (%(desk)s, %(id)s, %(state)s, 'open', 'system', %(at)s)""",
            id=id,
            state=letter.state,
            at=at,
        )
    if letter.state == "snoozed":
        await tx.run(
            """insert into snooze (desk_id, conversation_id, was, at, until)
               values (%(desk)s, %(id)s, 'open', %(at)s, '2027-01-01')""",
            id=id,
            at=at,
        )
    person_id = await tx.value(
        """update conversation set mailbox_id = %(m)s, team_id = %(t)s, state = %(s)s, assignee_id = %(a)s,
                  snoozed_until = case when %(s)s = 'snoozed' then timestamptz '2027-01-01' end,
                  last_seq = last_seq + 2, last_word_seq = last_word_seq + 2
            where desk_id = %(desk)s and id = %(id)s returning person_id""",
        id=id,
        m=mailbox_id,
        t=team_id,
        s=letter.state,
        a=assignee,
    )
    first = await tx.value("select min(id) from item where desk_id = %(desk)s and conversation_id = %(id)s", id=id)
    last = await tx.value("select max(seq) from item where desk_id = %(desk)s and conversation_id = %(id)s", id=id)
    assert world.admin is not None
    note, answer = [
        await tx.value(
            """insert into item (desk_id, conversation_id, seq, kind, direction, at, agent_id, subject, text, html,
                                 addresses)
               values (%(desk)s, %(id)s, %(seq)s, %(kind)s, %(direction)s, %(at)s, %(agent)s, %(text)s, %(text)s,
                       %(html)s, %(addresses)s) returning id""",
            id=id,
            seq=last + n,
            kind=kind,
            direction=direction,
            at=at,
            agent=world.admin.agent_id,
            text=f"{secret} said",
            html=f"<p>{secret}</p>",
            addresses=Jsonb({"to": [{"address": address, "name": secret}]}),
        )
        for n, kind, direction in ((1, "note", None), (2, "message", "out"))
    ]
    await tx.run(
        """update conversation set last_seq = %(seq)s, last_word_seq = %(seq)s
            where desk_id = %(desk)s and id = %(id)s""",
        id=id,
        seq=last + 2,
    )
    attachments = [
        await tx.value(
            """insert into attachment (desk_id, item_id, name, type, size, sha256)
               values (%(desk)s, %(item)s, %(name)s, 'text/plain', %(size)s, %(sha)s) returning id""",
            item=item,
            name=f"{secret}.txt",
            size=len(secret),
            sha=sha256,
        )
        for item in (first, note)
    ]
    clock_id = await tx.value(
        """insert into clock (desk_id, conversation_id, promise, kind, version_id, calendar, target, state, started_at,
                              due_at)
           values (%(desk)s, %(id)s, 'first-answer', 'first_human_reply', %(version)s, 'desk', 'PT4H', 'running',
                   %(at)s, %(due)s) returning id""",
        id=id,
        version=version,
        at=at,
        due=at + timedelta(hours=4),
    )
    await tx.run(
        """insert into clock_interval (desk_id, clock_id, seq, kind, from_at, cause)
           values (%(desk)s, %(clock)s, 1, 'run', %(at)s, 'message.received')""",
        clock=clock_id,
        at=at,
    )
    await tx.run(
        """insert into philosophy_proposal (desk_id, author_id, element, words, conversation_id, clock_id, at)
           values (%(desk)s, %(agent)s, 'promises/first-answer', 'Sooner', %(id)s, %(clock)s, %(at)s)""",
        agent=world.admin.agent_id,
        id=id,
        clock=clock_id,
        at=at,
    )
    outbox_id = await tx.value(
        """insert into outbox (desk_id, item_id, conversation_id, mailbox_id, message_id, state, pressed_at, release_at,
                               next_try_at, last_error)
           values (%(desk)s, %(item)s, %(id)s, %(m)s, %(mid)s, 'failed', %(at)s, %(at)s, %(at)s, %(secret)s)
           returning id""",
        item=answer,
        id=id,
        m=mailbox_id or world.mailboxes[0],
        mid=f"<out.{secret}@lumen.example>",
        at=at,
        secret=secret,
    )
    await tx.run(
        """insert into recipient (desk_id, outbox_id, address, name, role, state, detail)
           values (%(desk)s, %(outbox)s, %(address)s, %(secret)s, 'to', 'refused', %(secret)s)""",
        outbox=outbox_id,
        address=address,
        secret=secret,
    )
    drafts = [
        await tx.value(
            """insert into draft (desk_id, conversation_id, agent_id, kind, html, text, subject)
               values (%(desk)s, %(id)s, %(agent)s, 'reply', %(secret)s, %(secret)s, %(secret)s) returning id""",
            id=id,
            agent=one.id,
            secret=secret,
        )
        for one in world.colleagues
    ]
    return Case(
        id,
        letter,
        mailbox_id,
        team_id,
        person_id,
        (first, note, answer),
        tuple(attachments),
        clock_id,
        outbox_id,
        tuple(drafts),
        secret,
        needle,
        address,
    )


async def _unread(tx: Tx, blobs: Blobs, mailbox_id: int | None) -> Unread:
    secret = f"unread{next(_numbers):06d}x"
    sha256 = await blobs.put(tx.desk_id, secret.encode())
    id = await tx.value(
        """insert into raw (desk_id, mailbox_id, sha256, size, digest, origin, state, reason, envelope)
           values (%(desk)s, %(m)s, %(sha)s, 9, 'x', 'api', 'failed', %(secret)s, %(envelope)s) returning id""",
        m=mailbox_id,
        sha=sha256,
        secret=secret,
        envelope=Jsonb({"subject": secret, "from": f"{secret}@example.com"}),
    )
    return Unread(id, mailbox_id, secret)
