"""/conversations/{id}/tags and /tags: short words that colleagues put on a conversation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from litestar import get, put
from litestar.params import JSONBody, QueryParameter
from msgspec import Meta

from credo.api.door import Asker, Work
from credo.api.values import Id, Listed
from credo.conversations import tags

Tag = Annotated[str, Meta(min_length=1, max_length=40)]


@dataclass(frozen=True, slots=True)
class Tags:
    """Exactly the tags it is to carry."""

    tags: Annotated[list[Tag], Meta(max_length=30)]


@put("/conversations/{id:int}/tags", operation_id="set_tags", status_code=204)
async def replace(tx: Work, actor: Asker, id: Id, data: JSONBody[Tags]) -> None:
    """Let the conversation carry exactly these tags; new ones are made."""
    await tags.set_tags(tx, actor, id, data.tags)


@get("/tags", operation_id="list_tags")
async def known(tx: Work, start: Annotated[str, QueryParameter(max_length=40)] = "") -> Listed[str]:
    """List up to fifty tags of the desk that begin with `start`."""
    return Listed(await tags.known(tx, start))


HANDLERS = [replace, known]
