"""Teams: founding, renaming, putting to rest."""

from __future__ import annotations

from typing import Any

from litestar import Request, post
from litestar.response import Response

from credo.people import teams
from credo.people.desks import NameMissing
from credo.web import forms
from credo.web.answering import Toast, go
from credo.web.asking import Asker, House, Id
from credo.web.forms import Errors
from credo.web.settings.people import HERE, listed
from credo.web.wording import gettext as _

Asked = Request[Any, Any, Any]


@post("/settings/teams")
async def make(request: Asked, house: House, actor: Asker) -> Response[Any]:
    """Found a team."""
    data = await forms.read(request)
    try:
        async with house.db.transaction(actor.desk_id) as tx:
            await teams.make(tx, actor, data.text("name"), data.numbers("members"))
    except (teams.TeamExists, NameMissing) as error:
        return await listed(request, house, actor, Errors(team=forms.said(error)), data, status=409)
    return go(HERE, Toast(_("The team is there.")))


@post("/settings/teams/{id:int}")
async def rename(request: Asked, house: House, actor: Asker, id: Id) -> Response[Any]:
    """Give a team another name."""
    data = await forms.read(request)
    try:
        async with house.db.transaction(actor.desk_id) as tx:
            members = (await teams.get(tx, actor, id)).members
            await teams.change(tx, actor, id, data.text("name"), members)
    except (teams.TeamExists, NameMissing) as error:
        return await listed(request, house, actor, Errors({f"team-{id}": forms.said(error)}), data, status=409)
    return go(HERE, Toast(_("Saved.")))


@post("/settings/teams/{id:int}/archive")
async def archive(house: House, actor: Asker, id: Id) -> Response[Any]:
    """Give the team nothing new."""
    async with house.db.transaction(actor.desk_id) as tx:
        await teams.archive(tx, actor, id)
    text = _("The team takes nothing new. What lies with it stays where it is.")
    return go(HERE, Toast(text, undo=f"/settings/teams/{id}/restoration"))


@post("/settings/teams/{id:int}/restoration")
async def restore(request: Asked, house: House, actor: Asker, id: Id) -> Response[Any]:
    """Let the team work again."""
    try:
        async with house.db.transaction(actor.desk_id) as tx:
            await teams.restore(tx, actor, id)
    except teams.TeamExists as error:
        return await listed(request, house, actor, Errors(form=forms.said(error)), status=409)
    return go(HERE, Toast(_("The team works again.")))


ROUTES = [make, rename, archive, restore]
