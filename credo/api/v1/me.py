"""/me and /sessions: who you are here, how your screens look, and where you are signed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from litestar import delete, get, put
from litestar.params import JSONBody

from credo.api.door import Asker, Work
from credo.api.values import Id, Listed, Moment, shaped
from credo.people import preferences, sessions


@dataclass(frozen=True, slots=True)
class Me:
    """The colleague this token acts for, and how far it goes."""

    agent_id: int
    name: str
    role: Literal["admin", "lead", "agent"]
    mailboxes: list[int]
    teams: list[int]
    scopes: list[str]


@dataclass(frozen=True, slots=True)
class Preferences:
    """How your screens look: language, light or dark, and whether single keys act outside text fields."""

    language: Literal["en", "de", "es"]
    theme: Literal["auto", "light", "dark"]
    keys_on: bool


@dataclass(frozen=True, slots=True)
class Session:
    """A browser in which you are signed in."""

    id: int
    created_at: Moment
    seen_at: Moment
    expires_at: Moment
    address: str
    browser: str
    kept: bool


@get("/me", operation_id="get_me")
async def me(actor: Asker) -> Me:
    """Read whom this token acts for."""
    lists = {"mailboxes": list(actor.mailboxes), "teams": list(actor.teams), "scopes": sorted(actor.scopes or ())}
    return shaped(Me, actor, **lists)


@put("/me/preferences", operation_id="set_preferences", status_code=204)
async def prefer(tx: Work, actor: Asker, data: JSONBody[Preferences]) -> None:
    """Say how your screens are to look; your name is changed under /agents."""
    await preferences.set_language(tx, actor, data.language)
    await preferences.set_theme(tx, actor, data.theme)
    await preferences.set_keys(tx, actor, data.keys_on)


@get("/sessions", operation_id="list_sessions")
async def index(tx: Work, actor: Asker) -> Listed[Session]:
    """List the browsers in which you are signed in, the most recently used first."""
    return Listed([shaped(Session, one) for one in await sessions.own(tx, actor)])


@delete("/sessions/{id:int}", operation_id="end_session", status_code=204)
async def end(tx: Work, actor: Asker, id: Id) -> None:
    """Sign one of your browsers out."""
    await sessions.end(tx, actor, id)


@delete("/sessions", operation_id="end_sessions", status_code=204)
async def end_all(tx: Work, actor: Asker) -> None:
    """Sign all of your browsers out; tokens go on."""
    await sessions.end_others(tx, actor, keep=None)


HANDLERS = [me, prefer, index, end, end_all]
