"""A seeded help desk in rows: the same seed and size always give the same texts, people and threads.

Rows are made in chunks, so that half a million items need no memory of their own; `bench.filling` copies them in.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bench.words import Words
from credo.conversations.items import day_mark, day_of

SEARCHED = "quindle"  # stands in one item of a hundred
LONG_ONES = 200  # conversations with exactly twenty items
MAILBOXES = 4
STAFF = 20
Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything; `items` counts messages, notes and event lines."""

    conversations: int
    items: int
    customers: int = 5_000


SMALL = Size(20_000, 100_000)
LARGE = Size(100_000, 500_000)


@dataclass(frozen=True, slots=True)
class Bases:
    """The first id of each table; what stands before is taken."""

    agent: int
    team: int
    mailbox: int
    person: int
    identity: int
    conversation: int
    item: int
    event: int
    raw: int
    outbox: int
    clock: int
    version: int


@dataclass(slots=True)
class Rows:
    """The rows of a chunk, by table."""

    conversation: list[Row] = field(default_factory=list)
    participant: list[Row] = field(default_factory=list)
    item: list[Row] = field(default_factory=list)
    event: list[Row] = field(default_factory=list)
    message_key: list[Row] = field(default_factory=list)
    raw: list[Row] = field(default_factory=list)
    outbox: list[Row] = field(default_factory=list)
    recipient: list[Row] = field(default_factory=list)
    closure: list[Row] = field(default_factory=list)
    assignment: list[Row] = field(default_factory=list)
    seen: list[Row] = field(default_factory=list)
    clock: list[Row] = field(default_factory=list)
    clock_interval: list[Row] = field(default_factory=list)
    due: list[Row] = field(default_factory=list)


COLUMNS = {
    "conversation": "id, mailbox_id, team_id, person_id, subject, state, assignee_id, created_at, last_item_at,"
    " last_seq, last_word_seq, last_customer_seq, snippet, work_key, next_due_at, due_since, due_late,"
    " due_version_id, due_calendar, reply_key, tags",
    "participant": "conversation_id, person_id, address, role",
    "item": "id, conversation_id, seq, kind, direction, at, agent_id, person_id, event_id, subject, text, zones, html,"
    " addresses, verdict, raw_id, message_id, searched, day",
    "event": "id, kind, at, recorded_at, conversation_id, item_id, actor_kind, actor_id, payload",
    "message_key": "mailbox_id, message_id, digest, item_id, conversation_id",
    "raw": "id, mailbox_id, sha256, size, digest, origin, state, conversation_id, item_id, received_at, next_try_at",
    "outbox": "id, item_id, conversation_id, mailbox_id, message_id, state, pressed_at, release_at, next_try_at,"
    " sent_at",
    "recipient": "outbox_id, address, name, role, state, at",
    "closure": "conversation_id, kind, was, by_kind, by_id, at",
    "assignment": "conversation_id, agent_id, team_id, by_kind, by_id, at",
    "seen": "conversation_id, agent_id, seq",
    "clock": "id, conversation_id, promise, kind, version_id, calendar, target, state, started_at, started_by, due_at,"
    " broken_at",
    "clock_interval": "clock_id, seq, kind, from_at, cause, event_id",
    "due": "clock_id, at",
}

_FAR = datetime.fromisoformat("2100-01-01T00:00:00+00:00")
_FURTHER = datetime.fromisoformat("3000-01-01T00:00:00+00:00")
_STATES = ["open"] * 15 + ["waiting"] * 10 + ["solved"] * 75
_TAGS = ("broken glass", "refund", "delivery", "invoice", "spare part", "trade", "praise", "warranty", "dimmer", "gift")


class Corpus:
    """All rows of one desk as of `now`."""

    def __init__(self, size: Size, desk_id: int, bases: Bases, now: datetime, seed: int = 7) -> None:
        self.size, self.desk_id, self.bases, self.now = size, desk_id, bases, now
        self.random = random.Random(seed)
        self.words = Words(random.Random(seed))
        self.next_item, self.next_event, self.next_raw = bases.item, bases.event, bases.raw
        self.next_outbox, self.next_clock, self.items_made = bases.outbox, bases.clock, 0
        self.owed = 0  # texts that must still take the searched word
        self.people = [self.words.person(number) for number in range(size.customers)]
        self.lengths = _lengths(self.random, size)

    def persons(self) -> Iterator[Row]:
        """id, name, sort_key, language, created_at."""
        for number, (name, _) in enumerate(self.people):
            yield self.bases.person + number, name, name.lower(), "en", self.now - timedelta(days=700)

    def identities(self) -> Iterator[Row]:
        """id, person_id, kind, address."""
        for number, (_, address) in enumerate(self.people):
            yield self.bases.identity + number, self.bases.person + number, "email", address

    def chunks(self, length: int = 2_000) -> Iterator[Rows]:
        """Conversations in the order of their ids, `length` at a time."""
        for first in range(0, self.size.conversations, length):
            rows = Rows()
            for number in range(first, min(first + length, self.size.conversations)):
                self._conversation(rows, number)
            yield rows

    def _conversation(self, rows: Rows, number: int) -> None:
        pick = self.random
        id, length = self.bases.conversation + number, self.lengths[number]
        state = pick.choice(_STATES)
        place = pick.randrange(MAILBOXES)
        mailbox, team = self.bases.mailbox + place, self.bases.team + place
        person = pick.randrange(len(self.people))
        agent = self.bases.agent + pick.randrange(STAFF)
        started = self.now - _age(pick, state)
        subject = self.words.subject(pick)
        thread = _Thread(self, rows, id, mailbox, person, agent, subject, started)
        for seq in range(1, length + 1):
            thread.add(seq, last=seq == length, ours=state != "open")
        assignee = agent if state != "open" or pick.random() < 0.6 else None
        due = self._clock(rows, id, started, thread.asked_by) if state == "open" else None
        late = due is not None and due < self.now
        work_key = due or _FURTHER + (_FAR - thread.at)
        reply_key = hashlib.sha1(f"{id}".encode(), usedforsecurity=False).hexdigest()[:12]
        rows.conversation.append(
            (
                *(id, mailbox, team, self.bases.person + person, subject, state, assignee, started, thread.at, length),
                *(thread.word_seq, thread.customer_seq, thread.snippet, work_key, due, started if due else None, late),
                *((self.bases.version, "shop") if due else (None, None)),
                *(reply_key, pick.sample(_TAGS, pick.choice((0, 0, 1, 1, 2)))),
            )
        )
        rows.participant.append((id, self.bases.person + person, self.people[person][1], "requester"))
        if assignee:
            rows.assignment.append((id, assignee, team, "agent", assignee, started))
            rows.seen.append((id, assignee, thread.word_seq))
        if state == "solved":
            rows.closure.append((id, "solved", "open", "agent", agent, thread.at))

    def _clock(self, rows: Rows, id: int, started: datetime, event_id: int) -> datetime:
        """A running first answer; a third of them are late already."""
        due = self.now + timedelta(minutes=self.random.randrange(-400, 900))
        late = due < self.now
        rows.clock.append(
            (
                *(self.next_clock, id, "first-answer", "first_human_reply", self.bases.version, "shop", "PT4H"),
                *("running", started, event_id, due, due if late else None),
            )
        )
        rows.clock_interval.append((self.next_clock, 1, "run", started, "message.received", event_id))
        if not late:
            rows.due.append((self.next_clock, due))
        self.next_clock += 1
        return due


class _Thread:
    """One thread while it grows: customer and colleague in turn, with notes and event lines between them."""

    def __init__(
        self, corpus: Corpus, rows: Rows, id: int, mailbox: int, person: int, agent: int, subject: str, at: datetime
    ) -> None:
        self.corpus, self.rows, self.id, self.mailbox, self.agent = corpus, rows, id, mailbox, agent
        self.person_id, (self.name, self.address) = corpus.bases.person + person, corpus.people[person]
        self.subject, self.at = subject, at
        self.step = max((corpus.now - at) / 25, timedelta(minutes=2))
        self.word_seq = self.customer_seq = self.asked_by = 0
        self.snippet = self.before = ""

    def add(self, seq: int, *, last: bool, ours: bool) -> None:
        """Append item `seq`; the last one is the colleague's when `ours`, else the customer's."""
        pick, corpus = self.corpus.random, self.corpus
        if seq > 1:
            self.at = min(self.at + self.step * pick.random(), corpus.now)
        id = corpus.next_item
        corpus.next_item += 1
        corpus.items_made += 1
        corpus.owed += corpus.items_made % 100 == 37
        chance = pick.random()
        if seq > 1 and not last and chance < 0.18:
            self._line(id, seq) if chance < 0.1 else self._note(id, seq)
        elif (ours if last else seq % 2 == 0) and seq > 1:
            self._answer(id, seq)
        else:
            self._letter(id, seq)

    def _letter(self, id: int, seq: int) -> None:
        """A mail of the customer, often with a quote below."""
        pick, corpus = self.corpus.random, self.corpus
        words = self._words(pick.randrange(2, 9))
        quote = "\n\nOn a day before, we wrote:\n> " + self.before.replace("\n", "\n> ") if self.before else ""
        text = f"{words}\n\nKind regards\n{self.name}{quote}"
        zones = f'[["quote",{len(text) - len(quote)},{len(text)}]]' if quote else None
        raw_id, message_id = corpus.next_raw, f"{id}.mail@customers.example"
        corpus.next_raw += 1
        key = hashlib.sha256(message_id.encode()).digest()
        self.rows.raw.append(
            (raw_id, self.mailbox, key.hex(), len(text) + 900, key, "imap", "read", self.id, id, self.at, self.at)
        )
        event = self._event(id, "message.received", "customer", self.person_id, f'{{"seq":{seq}}}')
        self.asked_by = self.asked_by or event
        addresses = f'{{"from":[["{self.name}","{self.address}"]],"to":[["","care@lumen.example"]],"cc":[]}}'
        html = _html(text) if pick.random() < 0.6 else None
        self._item(id, seq, "message", "in", text, html, words, zones, addresses, raw_id, message_id)
        self.rows.message_key.append((self.mailbox, message_id, key, id, self.id))
        self.customer_seq = seq

    def _answer(self, id: int, seq: int) -> None:
        """A colleague's mail, accepted by the customer's server."""
        pick, corpus = self.corpus.random, self.corpus
        text = f"Hello {self.name.split()[0]},\n\n{self._words(pick.randrange(2, 7))}\n\nKind regards\nCare"
        message_id = f"credo.{id}.ours@lumen.example"
        outbox = corpus.next_outbox
        corpus.next_outbox += 1
        self._event(id, "message.replied", "agent", self.agent, f'{{"seq":{seq},"outbox_id":{outbox}}}')
        addresses = f'{{"to":[["{self.name}","{self.address}"]],"cc":[],"bcc":[]}}'
        self._item(id, seq, "message", "out", text, _html(text), text, None, addresses, None, message_id)
        self.rows.message_key.append((self.mailbox, message_id, b"", id, self.id))
        self.rows.outbox.append(
            (outbox, id, self.id, self.mailbox, message_id, "sent", self.at, self.at, self.at, self.at)
        )
        self.rows.recipient.append((outbox, self.address, self.name, "to", "accepted", self.at))

    def _note(self, id: int, seq: int) -> None:
        text = self._words(self.corpus.random.randrange(1, 4))
        self._event(id, "note.added", "agent", self.agent, f'{{"seq":{seq}}}')
        self._item(id, seq, "note", None, text, None, text, None, "{}", None, None)

    def _line(self, id: int, seq: int) -> None:
        event = self._event(id, "conversation.assigned", "agent", self.agent, f'{{"to":{self.agent},"was":null}}')
        self.rows.item.append(
            (
                *(id, self.id, seq, "event", None, self.at, self.agent, None, event, None, None, None, None),
                *("{}", None, None, None, None, None),
            )
        )

    def _words(self, sentences: int) -> str:
        words = self.corpus.words.text(self.corpus.random, sentences)
        if not self.corpus.owed:
            return words
        self.corpus.owed -= 1
        return f"{words} The {SEARCHED} again."

    def _event(self, item_id: int, kind: str, actor: str, actor_id: int, payload: str) -> int:
        id = self.corpus.next_event
        self.corpus.next_event += 1
        self.rows.event.append((id, kind, self.at, self.at, self.id, item_id, actor, actor_id, payload))
        return id

    def _item(
        self,
        id: int,
        seq: int,
        kind: str,
        direction: str | None,
        text: str,
        html: str | None,
        shown: str,
        zones: str | None,
        addresses: str,
        raw_id: int | None,
        message_id: str | None,
    ) -> None:
        agent, person = (None, self.person_id) if direction == "in" else (self.agent, None)
        verdict = "verified" if direction == "in" else None
        self.rows.item.append(
            (
                *(id, self.id, seq, kind, direction, self.at, agent, person, None, self.subject, text, zones, html),
                *(addresses, verdict, raw_id, message_id, f"{self.subject}\n{text}".lower()),
                day_mark(self.corpus.desk_id, day_of(self.at)),
            )
        )
        self.word_seq, self.before = seq, shown[:600].replace(SEARCHED, "lamp")
        line = " ".join(shown.split())
        self.snippet = line if len(line) <= 160 else line[:159] + "…"


def _lengths(pick: random.Random, size: Size) -> list[int]:
    """Items of each conversation: the long ones exactly twenty, the others two to eight, together `size.items`."""
    longs = min(LONG_ONES, size.conversations // 10)
    lengths = [pick.randint(2, 8) for _ in range(size.conversations)]
    chosen = set(pick.sample(range(size.conversations), longs))
    for number in chosen:
        lengths[number] = 20
    others = [number for number in range(size.conversations) if number not in chosen]
    short = size.items - sum(lengths)
    while short:
        number = pick.choice(others)
        step = 1 if short > 0 else -1
        if 1 <= lengths[number] + step <= 12:
            lengths[number] += step
            short -= step
    return lengths


def _age(pick: random.Random, state: str) -> timedelta:
    days = {"open": 4, "waiting": 20, "solved": 600}[state]
    return timedelta(days=days * pick.random() ** 1.3, minutes=pick.randrange(3, 300))


def _html(text: str) -> str:
    return "".join(f"<p>{part}</p>" for part in text.replace("&", "&amp;").replace("<", "&lt;").split("\n\n"))
