"""Search over everything the asker may see: the page, its older results, and the palette's few."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from litestar import Request, get
from litestar.params import FromQuery
from litestar.response import Response

from credo.access import Actor
from credo.base.db import Tx
from credo.base.errors import NotFound
from credo.base.paging import Cursor
from credo.conversations import search as searching
from credo.conversations import views
from credo.web import forms, shell
from credo.web.answering import fragment, page
from credo.web.asking import Asker, House, wants_fragment
from credo.web.rendering import render
from credo.web.shell import Entry
from credo.web.wording import gettext as _

Asked = Request[Any, Any, Any]


@get("/search")
async def show(
    request: Asked, house: House, actor: Asker, q: FromQuery[str] = "", after: FromQuery[str | None] = None
) -> Response[str]:
    """The newest items that hold all the words."""
    async with house.db.reading(actor.desk_id) as tx:
        found = await searching.search(tx, actor, q, Cursor.parse(after))
        older = f"/search?{urlencode({'q': q, 'after': str(found.next)})}" if found.next else None
        if after and wants_fragment(request):
            return fragment(render("search/results.html", results=found.rows, older=older, q=q))
        nav = await shell.navigation(tx, actor, "search")
    return page(request, "search/page.html", nav=nav, q=q, results=found.rows, older=older)


@get("/search/quick")
async def quick(house: House, actor: Asker, q: FromQuery[str] = "") -> Response[str]:
    """A few finds while typing, and the places one can jump to."""
    async with house.db.reading(actor.desk_id) as tx:
        jumps = await _jumps(tx, actor, q.strip())
        found = await searching.search(tx, actor, q) if q.strip() else None
    results = found.rows[:7] if found else []
    return fragment(render("search/quick.html", q=q, results=results, jumps=jumps))


async def _jumps(tx: Tx, actor: Actor, words: str) -> list[Entry]:
    """The conversation of a number, and areas and views whose name begins so."""
    number = forms.number(words)
    if number is not None:
        try:
            row = await views.row(tx, actor, number)
        except NotFound:
            return []
        return [
            Entry(
                "",
                f"{_('No. %(number)s') % {'number': row.id}}: {row.subject}",
                f"/conversations/{row.id}",
                icon="mail",
            )
        ]
    places = [
        *shell.areas(actor),
        *(Entry(key, shell.title(key), f"/inbox/{key}", icon="inbox") for key in views.VIEWS),
    ]
    return [place for place in places if place.label.lower().startswith(words.lower())][:6]


ROUTES = [show, quick]
