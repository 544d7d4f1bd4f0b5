"""The first run: from an empty database to a desk with an administrator, a mailbox and a first promise."""

from __future__ import annotations

import hmac
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from psycopg.types.json import Jsonb

from credo import history
from credo.access import Actor, ensure, may_administer
from credo.base import clock
from credo.base.db import Db, Tx
from credo.base.errors import Conflict, Invalid
from credo.base.ids import short_key
from credo.calendars.opening import Opening
from credo.history import record
from credo.people import invitations, passwords, sessions, sign_in, throttle
from credo.people.desks import ensure_fits, named
from credo.people.events import DeskOpened
from credo.people.sessions import Opened, Place
from credo.people.throttle import Gate
from credo.philosophy import publishing

CODE_FILE = "setup.code"
MAILBOX, PHILOSOPHY, DONE = 1, 2, 3  # `desk.setup_step`: what comes next
_LOCK = 7_263_402


class WrongSetupCode(Invalid):
    """That is not the set-up code. It stands where Credo was started, and in the file setup.code of the data folder."""


class AlreadySetUp(Conflict):
    """This help desk is set up already; sign in."""


@dataclass(frozen=True, slots=True)
class You:
    """The answers of step 1: who administers, and for whom the desk is."""

    name: str
    email: str
    password: str
    desk_name: str
    language: str
    opening: Opening


async def is_needed(db: Db) -> bool:
    """Whether there is no desk yet."""
    async with db.reading(0) as tx:
        return not await _any_desk(tx)


def code(data_dir: Path) -> str:
    """The set-up code, made the first time it is asked for, so that only who can read the console sets up the desk."""
    path = data_dir / CODE_FILE
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write("-".join(short_key(4) for _ in range(3)) + "\n")
    return path.read_text(encoding="ascii").strip()


async def begin(db: Db, data_dir: Path, given: str, you: You, place: Place) -> Opened:
    """Step 1: open the desk with its first administrator, who is signed in.

    Raises WrongSetupCode, AlreadySetUp, and Invalid for answers that do not fit.
    """
    await ensure_code(db, data_dir, given, place)
    ensure_fits(you.desk_name, you.opening.zone, you.language)
    you.opening.ensure_fits()
    named(you.name)
    invitations.addressed(you.email)
    passwords.ensure_good(you.password, you.email, you.name, you.desk_name)
    hash_ = await passwords.hashed(you.password)
    async with db.transaction(0) as tx:
        desk_id = await _open_desk(tx, you)
        tx.desk_id = desk_id
        agent_id = await invitations.add(tx, you.email, you.name, "admin", password_hash=hash_)
        await record(tx, DeskOpened(at=clock.now(), actor=history.by_agent(agent_id)))
        opened = await sessions.begin(tx, agent_id, place, how="password")
    (data_dir / CODE_FILE).unlink(missing_ok=True)
    return opened


async def ensure_code(db: Db, data_dir: Path, given: str, place: Place) -> None:
    """Refuse a wrong set-up code, with growing waits; raises AlreadySetUp when it no longer matters."""
    if not await is_needed(db):
        raise AlreadySetUp
    gate = Gate(f"setup {sign_in.network_of(place.address)}", 10)
    async with db.transaction(0) as tx:
        await throttle.knock(tx, gate)
    if not hmac.compare_digest(_tidy(given), _tidy(code(data_dir))):
        raise WrongSetupCode
    async with db.transaction(0) as tx:
        await throttle.forgive(tx, gate)


async def opening(tx: Tx) -> Opening:
    """The opening hours said in step 1, or usual ones for a desk that was not opened by the first run."""
    desk = await tx.one(_Setup, "select zone, setup from desk where id = %(desk)s")
    said = desk.setup.get("opening")
    return msgspec.convert(said, Opening) if said else Opening((0, 1, 2, 3, 4), "09:00", "18:00", desk.zone)


@dataclass(frozen=True, slots=True)
class _Setup:
    zone: str
    setup: dict[str, Any]


async def mailbox_done(tx: Tx, actor: Actor) -> None:
    """Step 2 is over, with a mailbox or without one for now."""
    await _step(tx, actor, PHILOSOPHY)


async def publish(tx: Tx, actor: Actor, text: str) -> None:
    """Step 3: publish the first philosophy document; raises philosophy.BadPhilosophy."""
    ensure(may_administer(actor))
    await publishing.publish(tx, actor.as_author(), text)
    await _step(tx, actor, DONE)


async def without(tx: Tx, actor: Actor) -> None:
    """Step 3, left out for now: no promise is made and no clock runs."""
    await _step(tx, actor, DONE)


async def _step(tx: Tx, actor: Actor, step: int) -> None:
    ensure(may_administer(actor))
    await tx.run("update desk set setup_step = greatest(setup_step, %(step)s) where id = %(desk)s", step=step)


async def _open_desk(tx: Tx, you: You) -> int:
    # One at a time: two people who press the button together must not open two desks.
    await tx.run("select pg_advisory_xact_lock(%(lock)s)", lock=_LOCK)
    if await _any_desk(tx):
        raise AlreadySetUp
    return int(
        await tx.value(
            """insert into desk (name, zone, language, setup_step, setup, signing_key, created_at)
               values (%(name)s, %(zone)s, %(language)s, %(step)s, %(setup)s, %(key)s, %(now)s) returning id""",
            name=named(you.desk_name),
            zone=you.opening.zone,
            language=you.language,
            step=MAILBOX,
            setup=Jsonb({"opening": msgspec.to_builtins(you.opening)}),
            key=os.urandom(32),
            now=clock.now(),
        )
    )


async def _any_desk(tx: Tx) -> bool:
    return bool(await tx.value("select exists (select from desk)"))


def _tidy(text: str) -> bytes:
    return "".join(c for c in text.lower() if c.isalnum()).encode()
