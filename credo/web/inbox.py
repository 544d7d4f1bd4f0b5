"""The list: views, rows, counts, and what is new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from litestar import Request, get
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Response

from credo.access import Actor
from credo.base import clock
from credo.base.db import Tx
from credo.base.paging import Cursor
from credo.conversations import views
from credo.conversations.views import NoView, Summary
from credo.web import clocks, forms, remembered, shell, wording
from credo.web.answering import fragment, page
from credo.web.asking import Asker, House, Id, reader
from credo.web.clocks import ClockShown
from credo.web.rendering import render
from credo.web.wording import gettext as _

Asked = Request[Any, Any, Any]


@dataclass(frozen=True, slots=True)
class ViewShown:
    """A view as the list names it."""

    key: str
    title: str
    empty: str = ""
    next: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under one heading; no heading, no line."""

    title: str
    count: int
    rows: Sequence[Summary]


@get("/", name="home")
async def home() -> Redirect:
    """The inbox is where one begins."""
    return Redirect("/inbox/mine")


@get("/inbox")
async def inbox() -> Redirect:
    """The same."""
    return Redirect("/inbox/mine")


@get("/inbox/{view:str}")
async def show(
    request: Asked, house: House, actor: Asker, view: FromPath[str], after: FromQuery[str | None] = None
) -> Response[str]:
    """A view as a page, or its older rows as a fragment."""
    async with house.db.reading(actor.desk_id) as tx:
        listed = await listing(tx, actor, view, after)
        if after and request.headers.get("hx-request") == "true":
            return fragment(render("inbox/rows.html", reader=reader(request), **listed))
        nav = await shell.navigation(tx, actor, "inbox", view)
    return page(request, "inbox/page.html", nav=nav, conversation=None, **listed)


@get("/inbox/{view:str}/list")
async def rows(
    request: Asked, house: House, actor: Asker, view: FromPath[str], after: FromQuery[str | None] = None
) -> Response[str]:
    """Only the rows of a view."""
    async with house.db.reading(actor.desk_id) as tx:
        listed = await listing(tx, actor, view, after)
    return fragment(render("inbox/rows.html", reader=reader(request), **listed))


@get("/inbox/{view:str}/news")
async def news(
    house: House, actor: Asker, view: FromPath[str], since: FromQuery[datetime], known: FromQuery[str] = ""
) -> Response[str]:
    """How many conversations not shown yet came into the view since it was fetched; nothing moves by itself."""
    key, team = _parsed(view)
    ids = sorted(forms.numbers(known.split(",")[:500]))
    async with house.db.reading(actor.desk_id) as tx:
        number = await views.arrived(tx, actor, key, since, ids, team_id=team)
    return fragment(render("inbox/news.html", view=ViewShown(view, ""), number=number))


@get("/counts")
async def counts(house: House, actor: Asker, view: FromQuery[str] = "") -> Response[str]:
    """The navigation's lists with fresh counts."""
    async with house.db.reading(actor.desk_id) as tx:
        nav = await shell.navigation(tx, actor, "inbox", view)
    return fragment(render("parts/side_lists.html", nav=nav))


@get("/conversations/{id:int}/row")
async def row(request: Asked, house: House, actor: Asker, id: Id, view: FromQuery[str] = "mine") -> Response[str]:
    """One row again, after something about it changed."""
    async with house.db.reading(actor.desk_id) as tx:
        found = await views.row(tx, actor, id)
        due = await clocks.of(tx, found)
    return fragment(render_row(request, found, due, view))


def render_row(request: Asked, found: Summary, due: ClockShown | None, view: str, open_id: int | None = None) -> str:
    """A row as a fragment."""
    return remembered.row(found, due, view, reader(request).id, open_id)


async def listing(
    tx: Tx, actor: Actor, view: str, after: str | None = None, open_id: int | None = None
) -> dict[str, Any]:
    """What inbox/list.html reads."""
    key, team = _parsed(view)
    found = await views.in_view(tx, actor, key, Cursor.parse(after), team_id=team)
    due = await clocks.on(tx, found.rows)
    return {
        "view": ViewShown(view, await _title(tx, actor, view, team), *_rest(key)),
        "groups": grouped(found.rows, headings=not after and key in ("mine", "unassigned", "open")),
        "drawn": {
            each.id: remembered.row(each, due.get(each.id), view, actor.agent_id, open_id) for each in found.rows
        },
        "older": f"/inbox/{view}?after={found.next}" if found.next else None,
        "open_id": open_id,
        "fetched_at": clock.now(),
    }


def grouped(rows: Sequence[Summary], *, headings: bool) -> list[Group]:
    """Sorted by what we owe: promised today, later, and our turn without a promise."""
    if not rows:
        return []
    if not headings:
        return [Group("", 0, rows)]
    today = wording.local(clock.now()).date()
    due = [row for row in rows if row.next_due_at and wording.local(row.next_due_at).date() <= today]
    later = [row for row in rows if row.next_due_at and wording.local(row.next_due_at).date() > today]
    free = [row for row in rows if not row.next_due_at]
    named = ((_("Promised today"), due), (_("Promised"), later), (_("Our turn"), free))
    return [Group(title, len(found), found) for title, found in named if found]


def _parsed(view: str) -> tuple[str, int | None]:
    """The room's key of a view, and the team when it is a team's."""
    if not view.startswith("team-"):
        return view, None
    number = forms.number(view.removeprefix("team-"))
    if number is None:
        raise NoView
    return "open", number


async def _title(tx: Tx, actor: Actor, view: str, team: int | None) -> str:
    if team is None:
        return shell.title(view)
    teams = await views.team_counts(tx, actor)
    name = next((one.name for one in teams if one.id == team), None)
    if name is None:
        raise NoView
    return name


def _rest(key: str) -> tuple[str, str]:
    """An empty list is a rest, not an advertisement."""
    return {
        "mine": (_("Nobody waits for you."), _("What nobody has yet stands one view below.")),
        "unassigned": (_("Everything has somebody."), _("New mail appears here by itself.")),
        "open": (_("Nothing is open."), _("New mail appears here by itself.")),
        "waiting": (_("We wait for nobody."), ""),
        "snoozed": (_("Nothing sleeps."), ""),
    }.get(key, (_("Nothing here."), ""))


ROUTES = [home, inbox, show, rows, news, counts, row]
