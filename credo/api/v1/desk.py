"""/desk: where you are."""

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


@get("/desk", operation_id="get_desk")
async def show(tx: Work) -> Desk:
    """Read name, zone and language of the desk."""
    return shaped(Desk, await desks.of(tx))


@put("/desk", operation_id="change_desk", status_code=204)
async def change(tx: Work, actor: Asker, data: JSONBody[DeskChange]) -> None:
    """Change them; for administrators."""
    await desks.change(tx, actor, name=data.name, zone=data.zone, language=data.language)


HANDLERS = [show, change]
