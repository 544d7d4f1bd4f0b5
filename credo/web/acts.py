"""What colleagues do with a conversation. Each act answers with the head, the new event lines, and a way back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Request, get, post
from litestar.response import Response

from credo.access import Actor
from credo.base.db import Tx
from credo.base.errors import Invalid
from credo.conversations import assignment, snoozing, state, tags, views
from credo.conversations import thread as reading
from credo.installation import Installation
from credo.web import clocks, conversation, forms, inbox, shell, wording
from credo.web.answering import Toast, fragment, go, page, part, told
from credo.web.asking import Asker, House, Id, reader, wants_fragment
from credo.web.rendering import render
from credo.web.wording import gettext as _

Asked = Request[Any, Any, Any]
Act = Callable[[Tx], Awaitable[Toast]]


class NobodyChosen(Invalid):
    """Choose somebody from the list."""


class NoMoment(Invalid):
    """Choose a day and an hour."""


async def did(request: Asked, house: Installation, actor: Actor, id: int, act: Act) -> Response[Any]:
    """Do it in one transaction, then show what changed: as fragments for htmx, as the page for a plain form."""
    async with house.db.transaction(actor.desk_id) as tx:
        toast = await act(tx)
    view = request.query_params.get("view") or "open"
    if request.headers.get("hx-request") != "true":
        return go(f"/conversations/{id}?view={view}", toast)
    async with house.db.reading(actor.desk_id) as tx:
        row = await views.row(tx, actor, id)
        due = await clocks.of(tx, row)
        shown = await conversation.refreshed(tx, actor, id)
    who = reader(request)
    pieces = [
        part("#thread-head", render("conversation/head.html", reader=who, **conversation.head(row, due, view))),
        part("#thread-items", render("conversation/items.html", **shown)),
        part(f"#row-{id}", inbox.render_row(request, row, due, view, open_id=id)),
        told(toast),
    ]
    return fragment("".join(pieces), trigger={"credo:counts": {}})


@post("/conversations/{id:int}/assignment", status_code=200)
async def assign(request: Asked, house: House, actor: Asker, id: Id) -> Response[Any]:
    """Hand it to a colleague, a team or nobody."""
    kind, _colon, whom = (await forms.read(request)).text("to").partition(":")

    async def act(tx: Tx) -> Toast:
        was = (await views.row(tx, actor, id)).assignee_id
        number = forms.number(whom)
        if kind == "agent" and number is not None:
            await assignment.assign(tx, actor, id, number)
        elif kind == "team" and number is not None:
            await assignment.move_to_team(tx, actor, id, number)
        elif kind == "nobody":
            await assignment.assign(tx, actor, id, None)
        else:
            raise NobodyChosen
        back = f"agent:{was}" if was else "nobody"
        return Toast(_("Handed on."), f"/conversations/{id}/assignment?undo={back}")

    if undo := request.query_params.get("undo"):
        kind, _colon, whom = undo.partition(":")
    return await did(request, house, actor, id, act)


@get("/conversations/{id:int}/assignment")
async def candidates(request: Asked, house: House, actor: Asker, id: Id) -> Response[str]:
    """Everybody a conversation may be handed to: the list of the menu, or a page without scripts."""
    async with house.db.reading(actor.desk_id) as tx:
        context: dict[str, Any] = {
            "conversation": await views.row(tx, actor, id),
            "colleagues": await assignment.candidates(tx, actor, id),
            "teams": await views.team_counts(tx, actor),
        }
        if wants_fragment(request):
            return fragment(render("conversation/assign_list.html", reader=reader(request), **context))
        nav = await shell.navigation(tx, actor, "inbox")
    return page(request, "conversation/assign_page.html", nav=nav, **context)


@get("/tags")
async def known_tags(house: House, actor: Asker) -> Response[str]:
    """The tags of the desk, to choose from while typing."""
    async with house.db.reading(actor.desk_id) as tx:
        return fragment(render("conversation/known_tags.html", names=await tags.known(tx)))


@post("/conversations/{id:int}/closure", status_code=200)
async def solve(request: Asked, house: House, actor: Asker, id: Id) -> Response[Any]:
    """Solve it."""

    async def act(tx: Tx) -> Toast:
        await state.solve(tx, actor, id)
        return Toast(_("Solved."), f"/conversations/{id}/reopening")

    return await did(request, house, actor, id, act)


@post("/conversations/{id:int}/reopening", status_code=200)
async def reopen(request: Asked, house: House, actor: Asker, id: Id) -> Response[Any]:
    """Open it again, from wherever it is."""

    async def act(tx: Tx) -> Toast:
        await state.reopen(tx, actor, id)
        return Toast(_("Open again."))

    return await did(request, house, actor, id, act)


@post("/conversations/{id:int}/waiting", status_code=200)
async def wait(request: Asked, house: House, actor: Asker, id: Id) -> Response[Any]:
    """It is the customer's turn."""

    async def act(tx: Tx) -> Toast:
        await state.wait(tx, actor, id)
        return Toast(_("Waiting for the customer."), f"/conversations/{id}/reopening")

    return await did(request, house, actor, id, act)


@post("/conversations/{id:int}/snooze", status_code=200)
async def snooze(request: Asked, house: House, actor: Asker, id: Id) -> Response[Any]:
    """Put it aside until a moment."""
    form = await forms.read(request)
    until = moment(form.text("until"), form.text("own"))

    async def act(tx: Tx) -> Toast:
        await snoozing.snooze(tx, actor, id, until)
        return Toast(_("Put aside until %(when)s.") % {"when": wording.when(until)}, f"/conversations/{id}/reopening")

    return await did(request, house, actor, id, act)


@post("/conversations/{id:int}/spam", status_code=200)
async def spam(request: Asked, house: House, actor: Asker, id: Id) -> Response[Any]:
    """It is spam."""

    async def act(tx: Tx) -> Toast:
        await state.mark_spam(tx, actor, id)
        return Toast(_("Put among spam."), f"/conversations/{id}/reopening")

    return await did(request, house, actor, id, act)


@post("/conversations/{id:int}/trash", status_code=200)
async def trash(request: Asked, house: House, actor: Asker, id: Id) -> Response[Any]:
    """Throw it away, to be brought back."""

    async def act(tx: Tx) -> Toast:
        await state.trash(tx, actor, id)
        return Toast(_("Moved to the trash."), f"/conversations/{id}/reopening")

    return await did(request, house, actor, id, act)


@post("/conversations/{id:int}/tags", status_code=200)
async def tag(request: Asked, house: House, actor: Asker, id: Id) -> Response[Any]:
    """Let it carry exactly these tags."""
    wanted = (await forms.read(request)).text("tags", 10_000).split(",")

    async def act(tx: Tx) -> Toast:
        await tags.set_tags(tx, actor, id, wanted)
        return Toast(_("Tagged."))

    return await did(request, house, actor, id, act)


@post("/conversations/{id:int}/unread", status_code=200)
async def unread(request: Asked, house: House, actor: Asker, id: Id) -> Response[Any]:
    """Let it look unread to this colleague, and leave it."""
    async with house.db.transaction(actor.desk_id) as tx:
        await reading.mark_unseen(tx, actor, id)
    view = request.query_params.get("view") or "mine"
    if request.headers.get("hx-request") == "true":
        return fragment("", HX_Redirect=f"/inbox/{view}")
    return go(f"/inbox/{view}")


def moment(until: str, own: str) -> datetime:
    """A moment from a choice of the menu, or from the field on the reader's clock; raises NoMoment."""
    try:
        found = datetime.fromisoformat(own if until == "own" else until)
        if found.tzinfo is None:
            found = found.replace(tzinfo=ZoneInfo(wording.zone.get()))
        return found.astimezone(UTC)
    except (ValueError, OverflowError) as wrong:
        raise NoMoment from wrong


ROUTES = [assign, candidates, known_tags, solve, reopen, wait, snooze, spam, trash, tag, unread]
