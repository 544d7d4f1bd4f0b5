"""Loading the demo desk: its people, mailboxes and philosophy, then three months of mail."""

from __future__ import annotations

import random
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files

from psycopg.types.json import Jsonb

from credo.access import Actor
from credo.base import clock
from credo.base.blobs import Blobs
from credo.base.db import Db, Tx
from credo.base.errors import Conflict
from credo.base.ids import fold
from credo.base.settings import Settings
from credo.calendars import Calendar
from credo.demo import cast, heroes, scenes
from credo.demo.hours import Hours
from credo.demo.stage import Box, Props, Story, play
from credo.demo.stories import Teller
from credo.demo.wording import Writer
from credo.history import by_agent
from credo.people import actors, invitations, passwords
from credo.philosophy import publish

PASSWORD = "lamp-light-2026"  # noqa: S105 - everybody may know it: the demo holds nothing but invented words
_SEED = 26
_LOCK = 7_263_403
_DAYS = 90
_OLDER, _NEWER = 214, 68
_BOXES = (
    (
        "care",
        "Lumen Lamps",
        "care@lumen.example",
        "Care",
        "Lumen Lamps · Hafenstraße 3 · Berlin\nMon to Fri 9–18, Sat 10–14",
    ),
    (
        "trade",
        "Lumen Lamps, trade desk",
        "trade@lumen.example",
        "Trade desk",
        "Lumen Lamps, trade desk · Hafenstraße 3 · Berlin",
    ),
)


class NotEmpty(Conflict):
    """There is a help desk here already; the demo needs a data folder of its own, for example with --data."""


@dataclass(frozen=True, slots=True)
class DemoSignIn:
    """How to get in: one address for each role, and a password that fits all of them."""

    people: tuple[tuple[str, str], ...]
    password: str

    def __str__(self) -> str:
        who = ", ".join(f"{email} ({role})" for email, role in self.people)
        return f"Demo desk: sign in as {who}; the password is {self.password}"


async def load(db: Db, blobs: Blobs, settings: Settings) -> DemoSignIn:
    """Fill an empty database with the demo desk, once, and say how to sign in; raises NotEmpty beside a real desk."""
    del settings  # the demo is the same everywhere; the call is part of how processes start
    async with db.connection() as connection:
        await connection.execute("select pg_advisory_lock(%s)", [_LOCK])
        try:
            if not await _is_loaded(db):
                await _load(db, blobs)
        finally:
            await connection.execute("select pg_advisory_unlock(%s)", [_LOCK])
    return sign_in()


def sign_in() -> DemoSignIn:
    """Who can sign in, and with what."""
    roles = {"admin": "administrator", "lead": "lead", "agent": "colleague"}
    shown = {one.role: one for one in reversed(cast.COLLEAGUES)}
    return DemoSignIn(tuple((shown[role].email, word) for role, word in reversed(roles.items())), PASSWORD)


async def _is_loaded(db: Db) -> bool:
    """Whether this database has had the demo; raises NotEmpty when it holds another desk.

    A loading that was cut off left nothing but pieces of the demo, which are taken away.
    """
    async with db.transaction(0) as tx:
        if await tx.value("select 1 from desk where demo_loaded_at is not null limit 1"):
            return True
        if await tx.run("delete from fact where key = 'demo begun'"):
            await tx.run("truncate desk cascade")
        if await tx.value("select 1 from desk limit 1"):
            raise NotEmpty
        await tx.run("insert into fact (key, value) values ('demo begun', 'true')")
    return False


async def _load(db: Db, blobs: Blobs) -> None:
    now, pick = clock.now(), random.Random(_SEED)
    began = now - timedelta(days=_DAYS + 30)
    with clock.frozen(began):
        async with db.transaction(0) as tx:
            tx.desk_id = await _desk(tx, began)
            people, boxes = await _people(tx)
            calendar = await _philosophy(tx, people["maya"])
        async with db.transaction(tx.desk_id) as tx:
            await _tags(tx)
    props = Props(db, tx.desk_id, people, boxes, pick, Writer(pick))
    await play(props, _stories(Teller(Hours(calendar, now, pick), props.writer, pick), pick), blobs)
    async with db.transaction(tx.desk_id) as tx:
        await _settle_in(tx, now)


def _stories(teller: Teller, pick: random.Random) -> list[Story]:
    """Every scene several times and the heroes once; the newest days are fuller, as mornings are."""
    hours, customers = teller.hours, cast.customers(pick)
    deck: list[scenes.Scene] = []
    told = heroes.stories(hours)
    for number in range(_OLDER + _NEWER):
        if not deck:
            deck = scenes.every()
            pick.shuffle(deck)
        scene, slow = deck.pop(), number >= _OLDER
        start = _newer(hours, pick) if slow else hours.now - timedelta(days=3.5 + (_DAYS - 4) * pick.random())
        customer = pick.choice(customers[scene.language, scene.mailbox])
        told.append(teller.tell(scene, customer, hours.awake(start), slow=slow))
    return told


def _newer(hours: Hours, pick: random.Random) -> datetime:
    """Within the last three opening days; a few while the shop was closed."""
    return hours.ago(timedelta(hours=27 * pick.random() ** 1.4)) + timedelta(minutes=pick.randrange(-9, 9))


async def _desk(tx: Tx, began: datetime) -> int:
    id: int = await tx.value(
        """insert into desk (name, zone, language, setup_step, signing_key, created_at)
           values ('Lumen Lamps', 'Europe/Berlin', 'en', 3, %(key)s, %(at)s) returning id""",
        key=secrets.token_bytes(32),
        at=began,
    )
    return id


async def _people(tx: Tx) -> tuple[dict[str, Actor], dict[str, Box]]:
    """Teams, mailboxes, colleagues and who may see what."""
    names = dict.fromkeys(team for one in cast.COLLEAGUES for team in one.teams)
    teams = {name: await _team(tx, name) for name in names}
    boxes = {
        key: await _mailbox(tx, name, address, teams[team], signature) for key, name, address, team, signature in _BOXES
    }
    people = {}
    for one in cast.COLLEAGUES:
        hash_ = await passwords.hashed(PASSWORD)
        agent_id = await invitations.add(tx, one.email, one.name, one.role, password_hash=hash_)  # type: ignore[arg-type]
        await tx.many(
            "insert into mailbox_grant (desk_id, mailbox_id, agent_id) values (%(desk)s, %(mailbox)s, %(agent)s)",
            [{"mailbox": boxes[key].id, "agent": agent_id} for key in one.works],
        )
        await tx.many(
            "insert into team_member (desk_id, team_id, agent_id) values (%(desk)s, %(team)s, %(agent)s)",
            [{"team": teams[name], "agent": agent_id} for name in one.teams],
        )
        actor = await actors.of_agent(tx, agent_id)
        assert actor is not None
        people[one.key] = actor
    return people, boxes


async def _team(tx: Tx, name: str) -> int:
    id: int = await tx.value(
        "insert into team (desk_id, name, sort_key) values (%(desk)s, %(name)s, %(key)s) returning id",
        name=name,
        key=fold(name),
    )
    return id


async def _mailbox(tx: Tx, name: str, address: str, team_id: int, signature: str) -> Box:
    id: int = await tx.value(
        """insert into mailbox (desk_id, name, address, team_id, signature, outgoing)
           values (%(desk)s, %(name)s, %(address)s, %(team)s, %(signature)s, %(outgoing)s) returning id""",
        name=name,
        address=address,
        team=team_id,
        signature=signature,
        outgoing=Jsonb({"nowhere": True}),
    )
    return Box(id, address)


async def _philosophy(tx: Tx, maya: Actor) -> Calendar:
    text = files("credo.demo").joinpath("lumen-lamps.yaml").read_text("utf-8")
    version = await publish(tx, by_agent(maya.agent_id), text)
    return next(iter(version.running.values())).calendar


async def _tags(tx: Tx) -> None:
    """All tags at once, so that no lane of the play waits for another one's."""
    names = sorted({tag for scene in scenes.every() for tag in scene.tags})
    await tx.run("insert into tag (desk_id, name) select %(desk)s, unnest(%(names)s::text[])", names=names)


async def _settle_in(tx: Tx, now: datetime) -> None:
    """What is older than two days everybody has read; languages are known; the demo is loaded."""
    await tx.run(
        """insert into seen (desk_id, conversation_id, agent_id, seq)
           select c.desk_id, c.id, a.id, c.last_seq from conversation c join agent a on a.desk_id = c.desk_id
            where c.desk_id = %(desk)s and c.last_item_at < %(before)s
           on conflict (desk_id, conversation_id, agent_id) do update set seq = excluded.seq""",
        before=now - timedelta(days=2),
    )
    await tx.run(
        """insert into seen (desk_id, conversation_id, agent_id, seq)
           select desk_id, conversation_id, agent_id, max(seq) from item
            where desk_id = %(desk)s and agent_id is not null and kind <> 'event'
            group by desk_id, conversation_id, agent_id
           on conflict (desk_id, conversation_id, agent_id) do update set seq = greatest(seen.seq, excluded.seq)"""
    )
    known = {one.address: one.language for each in cast.customers(random.Random(_SEED)).values() for one in each}
    await tx.many(
        """update person p set language = %(language)s from identity i
            where p.desk_id = %(desk)s and i.desk_id = p.desk_id and i.person_id = p.id and i.address = %(address)s""",
        [{"language": language, "address": address} for address, language in known.items()],
    )
    await tx.run(
        """update person p set note = %(note)s, language = 'en' from identity i
            where p.desk_id = %(desk)s and i.desk_id = p.desk_id and i.person_id = p.id
              and i.address = 'hanna.vogel@example.com'""",
        note="With us since March 2023. Writes in the evening, likes short answers, asked not to be phoned.",
    )
    await tx.run("update desk set demo_loaded_at = %(now)s where id = %(desk)s", now=now)
    await tx.run("delete from fact where key = 'demo begun'")
