"""Sessions are rows: opened, renewed, listed to their owner, ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from credo import history
from credo.access import Actor
from credo.base import clock
from credo.base.db import Tx
from credo.base.errors import NotFound
from credo.base.ids import digest
from credo.history import record
from credo.people import secrets
from credo.people.events import SessionsEnded, SignedIn

HALF = timedelta(minutes=10)
IDLE = timedelta(hours=12)
IDLE_KEPT = timedelta(days=30)
LONGEST = timedelta(days=90)  # then a password is asked again, however often the session was used
_REMEMBERED = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody comes from: the network address and the browser, as in "Firefox on Linux"."""

    address: str = ""
    browser: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A new session: the secret for the cookie, whether a code is still to come, and whether the cookie is kept."""

    token: str
    agent_id: int
    half: bool
    kept: bool


@dataclass(frozen=True, slots=True)
class Session:
    """An open session, as its owner sees it."""

    id: int
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    address: str
    browser: str
    kept: bool


async def begin(tx: Tx, agent_id: int, place: Place, *, how: str, kept: bool = False, half: bool = False) -> Opened:
    """Open a session for `agent_id`, or a half one that only a code can turn into an open one."""
    now = clock.now()
    token, hash_ = secrets.make(tx.desk_id)
    id = await tx.value(
        """insert into session (desk_id, agent_id, token_hash, state, kept, created_at, seen_at, expires_at, address,
                                browser)
           values (%(desk)s, %(agent)s, %(hash)s, %(state)s, %(kept)s, %(now)s, %(now)s, %(expires)s, %(address)s,
                   %(browser)s) returning id""",
        agent=agent_id,
        hash=hash_,
        state="half" if half else "open",
        kept=kept,
        now=now,
        expires=now + (HALF if half else IDLE_KEPT if kept else IDLE),
        address=place.address[:64],
        browser=place.browser[:100],
    )
    if not half:
        await record(tx, SignedIn(at=now, actor=history.by_agent(agent_id), session_id=id, how=how))
    return Opened(token, agent_id, half, kept)


async def renew(tx: Tx, id: int, created_at: datetime, kept: bool) -> None:
    """Note that the session was used now, and let it live on, at most ninety days in all."""
    now = clock.now()
    await tx.run(
        "update session set seen_at = %(now)s, expires_at = %(expires)s where desk_id = %(desk)s and id = %(id)s",
        now=now,
        expires=min(now + (IDLE_KEPT if kept else IDLE), created_at + LONGEST),
        id=id,
    )


async def own(tx: Tx, actor: Actor) -> list[Session]:
    """The open sessions of `actor`, the most recently used first."""
    return await tx.all(
        Session,
        """select id, created_at, seen_at, expires_at, coalesce(address, '') as address,
                  coalesce(browser, '') as browser, kept
             from session
            where desk_id = %(desk)s and agent_id = %(agent)s and state = 'open' and expires_at > %(now)s
            order by seen_at desc, id desc limit 100""",
        agent=actor.agent_id,
        now=clock.now(),
    )


async def end(tx: Tx, actor: Actor, id: int) -> None:
    """End one session of `actor`'s own."""
    if not await _end(tx, actor.agent_id, "and id = %(id)s", id=id):
        raise NotFound
    await _ended(tx, actor.as_author(), actor.agent_id, 1)


async def end_others(tx: Tx, actor: Actor, keep: int | None) -> int:
    """End all sessions of `actor` but `keep`, and say how many those were."""
    number = await _end(tx, actor.agent_id, "and id is distinct from %(id)s", id=keep)
    await _ended(tx, actor.as_author(), actor.agent_id, number)
    return number


async def end_all(tx: Tx, author: history.Actor, agent_id: int) -> int:
    """End every session of a colleague."""
    number = await _end(tx, agent_id, "")
    await _ended(tx, author, agent_id, number)
    return number


async def sign_out(tx: Tx, token: str) -> None:
    """End the session that `token` belongs to, if there is one."""
    await tx.run(
        """update session set state = 'ended', ended_at = %(now)s
            where desk_id = %(desk)s and token_hash = %(hash)s and state <> 'ended'""",
        now=clock.now(),
        hash=digest(token),
    )


async def addresses(tx: Tx, agent_id: int) -> list[str]:
    """Where `agent_id` came in from within the last ninety days."""
    return await tx.values(
        """select distinct address from session
            where desk_id = %(desk)s and agent_id = %(agent)s and state <> 'half' and created_at > %(then)s
              and address is not null""",
        agent=agent_id,
        then=clock.now() - _REMEMBERED,
    )


async def prune(tx: Tx) -> int:
    """Delete the sessions of this desk that ended, or ran out, more than ninety days ago, and half ones after a day."""
    now = clock.now()
    return await tx.run(
        """delete from session where desk_id = %(desk)s
            and (least(ended_at, expires_at) < %(then)s or (state = 'half' and created_at < %(day)s))""",
        then=now - _REMEMBERED,
        day=now - timedelta(days=1),
    )


def browser_name(user_agent: str) -> str:
    """What a User-Agent header means to a person: "Firefox on Linux"; empty when it says nothing we know."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return " on ".join(part for part in (browser, system) if part)


# The first mark found counts: nearly every browser also claims to be Chrome and Safari.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


async def _end(tx: Tx, agent_id: int, which: str, **params: object) -> int:
    return await tx.run(
        f"""update session set state = 'ended', ended_at = %(now)s
             where desk_id = %(desk)s and agent_id = %(agent)s and state <> 'ended' {which}""",
        now=clock.now(),
        agent=agent_id,
        **params,
    )


async def _ended(tx: Tx, author: history.Actor, agent_id: int, number: int) -> None:
    if number:
        await record(tx, SessionsEnded(at=clock.now(), actor=author, agent_id=agent_id, number=number))
