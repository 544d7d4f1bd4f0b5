"""/desk and /me: where you are, and who you are here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from litestar import get, put
from litestar.params import JSONBody
from msgspec import Meta

from credo.api.door import Asker, Work
from credo.api.values import shaped
from credo.people import desks


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
class Desk:
    """The desk. `zone` is a time zone such as Europe/Berlin."""

    id: int
    name: str
    zone: str
    language: str


@dataclass(frozen=True, slots=True)
class DeskChange:
    """What the desk is to be called, where it stands and what it speaks."""

    name: Annotated[str, Meta(min_length=1, max_length=200)]
    zone: str
    language: Literal["en", "de", "es"]


@get("/me", operation_id="get_me")
async def me(actor: Asker) -> Me:
    """Read whom this token acts for."""
    lists = {"mailboxes": list(actor.mailboxes), "teams": list(actor.teams), "scopes": sorted(actor.scopes or ())}
    return shaped(Me, actor, **lists)


@get("/desk", operation_id="get_desk")
async def show(tx: Work) -> Desk:
    """Read name, zone and language of the desk."""
    return shaped(Desk, await desks.of(tx))


@put("/desk", operation_id="change_desk", status_code=204)
async def change(tx: Work, actor: Asker, data: JSONBody[DeskChange]) -> None:
    """Change them; for administrators."""
    await desks.change(tx, actor, name=data.name, zone=data.zone, language=data.language)


HANDLERS = [me, show, change]
