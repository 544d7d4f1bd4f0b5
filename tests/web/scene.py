"""A morning at Lumen Lamps: enough conversations, in every state, for screens to be looked at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from credo import philosophy
from credo.access import Actor
from credo.base import clock, jobs
from credo.base.blobs import Blobs
from credo.base.db import Db
from credo.channels import Address
from credo.conversations import assignment, conversation, notes, snoozing, state, tags, views
from credo.delivery import guard
from credo.people import sessions
from credo.people.sessions import Place
from credo.replying import sending
from support.desks import Desk, make_desk
from support.mails import arrive, mail
from web.crowded import crowd


@dataclass(frozen=True, slots=True)
class Scene:
    """The desk, the conversation everything happens in, and session secrets by name."""

    desk: Desk
    hanna: int
    framed: int
    doubtful: int
    crowded: int
    raw: int
    cookies: dict[str, str]

    @property
    def ids(self) -> dict[str, int]:
        """For addresses with a place for one of them."""
        found = {"hanna": self.hanna, "framed": self.framed, "doubtful": self.doubtful, "raw": self.raw}
        return {**found, "crowded": self.crowded, "mailbox": self.desk.mailbox_id}


HANNA = """Hello Ines, you helped me with the dimmer in November.

The Solveig pendant arrived this morning. The box was fine, but the glass shade has a crack from the rim almost to \
the socket. I am quite upset, to be honest: we planned the dinner on Saturday around that lamp, eight people, and \
the old one is already down.

Could you send a new shade so that it is here by Friday evening? Do I have to return the broken one, or is a photo \
enough? And is it safe to use the lamp without the shade until then?

Best wishes, Hanna

On 4 November Ines wrote:
> Good evening Hanna,
>
> the hum comes from the old dimmer and not from you. A new one is on its
> way, free of charge.
>
> Ines
"""

ROWS = (
    # name, address, subject, text, minutes ago, due in minutes, since minutes ago, who, state
    ("Leyla Aydın", "leyla@example.com", "Second invoice for Café Morgenrot?",
     "Good morning, our bookkeeper says we paid LL-4402 twice. Could you check?", 2900, -40, 280, "ines", "open"),
    ("Priya Raman", "priya@example.com", "Re: Flicker since the update",
     "It started again last night, this time on all four. My daughter is afraid of it.", 90, 18, 100, "ines", "open"),
    ("Marguerite Delacroix-Beaumont", "marguerite@example.com", "26 pendants for Hôtel des Tilleuls, revised delivery",
     "Tom promised: a new delivery plan, today.", 4300, 300, 700, "tom", "open"),
    ("Yusuf Demir", "yusuf@example.com", "Which bulb fits the Lykke table lamp?",
     "I have the small one, E14 I think, and want it warmer.", 12, 1300, 12, None, "open"),
    ("Daniel Osei", "daniel@example.com", "No rush, I’ll manage",
     "If the replacement is not there on Saturday I will borrow one, really.", 30, 2900, 30, None, "open"),
    ("Oskar Lindqvist", "oskar@example.com", "Refund for order LL-3390",
     "Thank you for confirming. I only wonder when it shows on my card, as", 2800, None, None, "ines", "open"),
    ("Wim de Groot", "wim@example.com", "Lamp came in black instead of brass",
     "Photo attached. I don’t mind keeping the black one if", 2700, None, None, "ines", "open"),
    ("Karin Sommer", "karin@example.com", "Höhe des Kabels bei schräger Decke",
     "Wie hoch ist der niedrigste Punkt? Danke für Ihre Geduld.", 4000, None, None, "lea", "waiting"),
    ("Beatriz Nogueira", "beatriz@example.com", "¡Muchas gracias!",
     "La lámpara ha llegado perfecta y mi madre está encantada.", 4100, None, None, "ines", "snoozed"),
    ("مريم السيد", "mariam@example.com", "شكرا على المصباح الجميل",
     "وصل المصباح اليوم وهو رائع. شكرا جزيلا لكم.", 200, None, None, None, "open"),
)  # fmt: skip

DOCUMENT = """format: philosophy/1
id: lumen
title: How we look after people at Lumen Lamps
zone: Europe/Berlin
philosophy:
  values:
    - {id: care, name: Care, statement: We treat every customer as a person with a story.}
  principles:
    - {id: word, serves: care, statement: We make few promises and keep every one.}
promises:
  - id: first
    serves: word
    text: {en: A person answers within 4 opening hours.}
    to: 'ticket.channel == "email"'
    measure: {clock: first_human_reply, target: PT4H, calendar: berlin, objective: 0.95}
policy:
  calendars:
    berlin: {hours: {mon-fri: ["09:00-18:00"]}, holidays: DE-BE}
"""

HTML = """From: Studio Halden <post@halden.example>
To: care@lumen.example
Subject: Our spring order, with the plan
Message-ID: <halden@halden.example>
MIME-Version: 1.0
Content-Type: text/html; charset=utf-8

<html><body style="font-family:Georgia"><h2 style="color:#7a4b12">Spring order</h2>
<p>Dear all, please find our order for the <b>Halden</b> flat below.</p>
<table border="1" cellpadding="6"><tr><th>Lamp</th><th>Number</th></tr><tr><td>Solveig</td><td>4</td></tr>
<tr><td>Lykke</td><td>2</td></tr></table>
<p><img src="https://images.example/plan.png" alt="The plan of the flat" width="300"></p>
<p>Kind regards<br>Mette</p></body></html>
"""


async def scene(db: Db, blobs: Blobs) -> Scene:
    """Everything, on a desk of its own."""
    desk = await _named(db, await make_desk(db))
    hanna = await _hanna(db, desk)
    for row in ROWS:
        await _row(db, desk, row)
    framed = await arrive(db, desk, HTML.encode(), at=_ago(400))
    forged = mail("Lumen Bank <bank@example.org>", subject="Your account", text="Please sign in.", message_id="<b@x>")
    doubtful = await arrive(db, desk, forged, verdict="failed", at=_ago(500))
    assert framed.conversation_id and doubtful.conversation_id
    raw = await _unread(db, blobs, desk)
    await _promised(db, desk)
    crowded = await crowd(db, desk)
    who = {"ada": desk.ada, "lea": desk.lea, "ines": desk.ines, "tom": desk.tom}
    cookies = {name: await _signed_in(db, actor) for name, actor in who.items()}
    return Scene(desk, hanna, framed.conversation_id, doubtful.conversation_id, crowded, raw, cookies)


async def _promised(db: Db, desk: Desk) -> None:
    """A philosophy in force, an automatic answer that went round in circles, and a job that failed."""
    async with db.transaction(desk.id) as tx:
        with clock.frozen(_ago(60 * 24 * 60)):  # what came in before a philosophy is promised nothing
            await philosophy.publish(tx, desk.ada.as_author(), DOCUMENT)
        await guard.trip(tx, "robot@example.org", "subject")
        job = await jobs.defer(tx, "react", event_id=1, reaction="promises.clocks.start")
        await tx.run("update procrastinate_jobs set status = 'failed' where id = %(id)s", id=job)


async def _unread(db: Db, blobs: Blobs, desk: Desk) -> int:
    """A mail that could not be read, in the view for those."""
    source = b"From: broken\r\nSubject: Half a mail\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n"
    async with db.transaction(desk.id) as tx:
        return int(
            await tx.value(
                """insert into raw (desk_id, mailbox_id, sha256, size, digest, origin, state, tries, reason, envelope)
                   values (%(desk)s, %(mailbox)s, %(sha)s, %(size)s, 'x', 'imap', 'failed', 5,
                           'The parts of this mail do not end.', '{"subject": "Half a mail"}') returning id""",
                mailbox=desk.mailbox_id,
                sha=await blobs.put(desk.id, source),
                size=len(source),
            )
        )


async def _named(db: Db, desk: Desk) -> Desk:
    """Whole names, and a grant for Tom, who has none on a plain test desk."""
    full = {"Ada": "Ada Lind", "Lea": "Lea Kowalska", "Ines": "Ines Duarte", "Tom": "Tom Berger"}
    async with db.transaction(desk.id) as tx:
        for name, whole in full.items():
            await tx.run("update agent set name = %(w)s where desk_id = %(desk)s and name = %(n)s", w=whole, n=name)
        await tx.run(
            """insert into mailbox_grant (desk_id, mailbox_id, agent_id)
               values (%(desk)s, %(m)s, %(a)s) on conflict do nothing""",
            m=desk.mailbox_id,
            a=desk.tom.agent_id,
        )
    return replace(desk, tom=replace(desk.tom, mailboxes=(desk.mailbox_id,)))


async def _hanna(db: Db, desk: Desk) -> int:
    before = mail(
        "Hanna Vogel <hanna.vogel@example.com>", subject="A dimmer that hums", text="It hums.", message_id="<0@x>"
    )
    earlier = await arrive(db, desk, before, at=_ago(33000))
    assert earlier.conversation_id
    sent = mail(
        "Hanna Vogel <hanna.vogel@example.com>",
        subject="Cracked glass, and eight people on Saturday",
        text=HANNA,
        message_id="<1@x>",
    )
    found = await arrive(db, desk, sent, verdict="verified", at=_ago(150))
    id = found.conversation_id
    assert id
    async with db.transaction(desk.id) as tx:
        await state.solve(tx, desk.ines, earlier.conversation_id)
        await assignment.assign(tx, desk.lea, id, desk.ines.agent_id)
        await conversation.show(tx, id, next_due_at=_ago(-130), due_since=_ago(150))
        await tags.set_tags(tx, desk.ines, id, ["glass"])
        text = "@Ines the workshop has three Solveig shades. If you order before 14:00 it leaves today."
        await notes.add_note(tx, desk.tom, id, text=text)
    async with db.transaction(desk.id) as tx:
        seen = (await conversation.get(tx, desk.ines, id)).last_word_seq
        answer = sending.Answer(
            text="Dear Hanna,\n\nI am looking into it and write again before noon.\n\nInes",
            to=(Address(name="Hanna Vogel", address="hanna.vogel@example.com"),),
            last_seen_seq=seen,
            then="open",
        )
        sent_answer = await sending.send(tx, desk.ines, id, answer)
        await tx.run(
            "update outbox set state = 'sent' where desk_id = %(desk)s and id = %(o)s", o=sent_answer.outbox_id
        )
        await tx.run("update item set state = 'shown' where desk_id = %(desk)s and id = %(i)s", i=sent_answer.item_id)
        await tx.run(
            "update recipient set state = 'accepted' where desk_id = %(desk)s and outbox_id = %(o)s",
            o=sent_answer.outbox_id,
        )
    return id


async def _row(db: Db, desk: Desk, row: tuple) -> None:  # type: ignore[type-arg]
    name, address, subject, text, ago, due, since, who, where = row
    sent = mail(f"{name} <{address}>", subject=subject, text=text, message_id=f"<{address}>")
    outcome = await arrive(db, desk, sent, at=_ago(ago))
    id = outcome.conversation_id
    assert id
    async with db.transaction(desk.id) as tx:
        if who:
            await assignment.assign(tx, desk.lea, id, getattr(desk, who).agent_id)
        if due is not None:
            await conversation.show(tx, id, next_due_at=_ago(-due), due_since=_ago(since), due_late=due < 0)
        if subject.startswith("26"):
            await tags.set_tags(tx, desk.lea, id, ["trade"])
        if where == "waiting":
            await state.wait(tx, desk.lea, id)
        if where == "snoozed":
            await snoozing.snooze(tx, desk.ines, id, _ago(-1500))
        await views.row(tx, desk.ada, id)


async def _signed_in(db: Db, actor: Actor) -> str:
    async with db.transaction(actor.desk_id) as tx:
        return (await sessions.begin(tx, actor.agent_id, Place("127.0.0.1", "Chromium on Linux"), how="password")).token


def _ago(minutes: int) -> datetime:
    return clock.now() - timedelta(minutes=minutes)
