"""The desk itself: its name, its zone, its language."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import available_timezones

from credo.access import Actor, ensure, may_administer
from credo.base import clock
from credo.base.db import Db, Tx
from credo.base.errors import Invalid
from credo.history import record
from credo.people.events import DeskChanged

LANGUAGES = ("en", "de", "es")


class UnknownZone(Invalid):
    """This is not a time zone we know; choose one such as Europe/Berlin."""


class UnknownLanguage(Invalid):
    """Credo speaks English, German and Spanish so far."""


class NameMissing(Invalid):
    """A name is needed, of at most 200 characters."""


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk as its screens need it; `setup_step` is 3 when the first run is done."""

    id: int
    name: str
    zone: str
    language: str
    setup_step: int


async def for_host(db: Db, host: str) -> Desk | None:
    """The desk that answers to `host` (without port), else the first one; None when there is none yet."""
    async with db.reading(0) as tx:
        # Names no desk because it finds out which one: the only statement of its kind, over a table of a few rows.
        return await tx.maybe(
            Desk,
            """select id, name, zone, language, setup_step from desk
                order by (lower(host) = lower(%(host)s)) is true desc, id limit 1""",
            host=host,
        )


async def of(tx: Tx) -> Desk:
    """The desk of this transaction."""
    return await tx.one(Desk, "select id, name, zone, language, setup_step from desk where id = %(desk)s")


async def change(tx: Tx, actor: Actor, *, name: str, zone: str, language: str) -> None:
    """Set name, time zone and language of the desk."""
    ensure(may_administer(actor))
    ensure_fits(name, zone, language)
    await tx.run(
        "update desk set name = %(name)s, zone = %(zone)s, language = %(language)s where id = %(desk)s",
        name=named(name),
        zone=zone,
        language=language,
    )
    await record(tx, DeskChanged(at=clock.now(), actor=actor.as_author()))


def ensure_fits(name: str, zone: str, language: str) -> None:
    """Refuse a name, zone or language that a desk cannot have."""
    named(name)
    if zone not in available_timezones():
        raise UnknownZone
    if language not in LANGUAGES:
        raise UnknownLanguage


def named(name: str) -> str:
    """`name` without needless spaces; raises NameMissing when nothing, or too much, is left."""
    name = " ".join(name.split())
    if not 0 < len(name) <= 200:
        raise NameMissing
    return name
