"""/search: everything you may see, the newest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from litestar import get
from litestar.params import QueryParameter

from credo.api.door import Asker, Work
from credo.api.values import After, Listed, Moment, shaped
from credo.base.paging import Cursor
from credo.conversations import search

Wanted = Annotated[str, QueryParameter(max_length=200, description="Words that all occur; the last as a beginning.")]


@dataclass(frozen=True, slots=True)
class Snippet:
    """The text around the first word that was found."""

    before: str
    found: str
    after: str


@dataclass(frozen=True, slots=True)
class Hit:
    """An item that matches, in its conversation."""

    conversation_id: int
    item_id: int
    seq: int
    subject: str
    customer: str
    state: str
    at: Moment
    snippet: Snippet


@get("/search", operation_id="search")
async def index(tx: Work, actor: Asker, words: Wanted, after: After = None) -> Listed[Hit]:
    """Search messages and notes, twenty-five a page."""
    page = await search.search(tx, actor, words, Cursor.parse(after))
    hits = [shaped(Hit, one, snippet=Snippet(*one.snippet)) for one in page.rows]
    return Listed(hits, str(page.next) if page.next else None)


HANDLERS = [index]
