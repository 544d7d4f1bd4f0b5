"""The desk itself: its name, its time zone, its language."""

from __future__ import annotations

from typing import Any

from litestar import Request, get, post
from litestar.response import Response

from credo.access import Actor, ensure, may_administer
from credo.base.errors import Invalid
from credo.installation import Installation
from credo.people import desks
from credo.people.desks import NameMissing, UnknownLanguage, UnknownZone
from credo.web import forms, shell, wording
from credo.web.answering import Toast, go, page
from credo.web.asking import Asker, House
from credo.web.forms import Errors, Form
from credo.web.wording import gettext as _

Asked = Request[Any, Any, Any]
HERE = "/settings/desk"
_FIELDS: dict[type[Invalid], str] = {NameMissing: "name", UnknownZone: "zone", UnknownLanguage: "language"}


@get(HERE)
async def show(request: Asked, house: House, actor: Asker) -> Response[Any]:
    """The page."""
    return await _page(request, house, actor)


@post(HERE)
async def save(request: Asked, house: House, actor: Asker) -> Response[Any]:
    """Change them; for administrators."""
    data = await forms.read(request)
    try:
        async with house.db.transaction(actor.desk_id) as tx:
            await desks.change(
                tx, actor, name=data.text("name"), zone=data.text("zone"), language=data.text("language")
            )
    except (NameMissing, UnknownZone, UnknownLanguage) as error:
        return await _page(request, house, actor, data, Errors({_FIELDS[type(error)]: forms.said(error)}))
    return go(HERE, Toast(_("Saved.")))


async def _page(
    request: Asked, house: Installation, actor: Actor, typed: Form | None = None, errors: Errors | None = None
) -> Response[Any]:
    ensure(may_administer(actor))
    async with house.db.reading(actor.desk_id) as tx:
        found = await desks.of(tx)
        nav = await shell.navigation(tx, actor, "settings")
    values = {"name": found.name, "zone": found.zone, "language": found.language}
    known = wording.zones()
    return page(
        request,
        "settings/desk.html",
        status=422 if errors else 200,
        section="desk",
        nav=nav,
        values={key: typed.text(key) for key in values} if typed else values,
        zones=known if found.zone in known else [found.zone, *known],
        languages=wording.LANGUAGES,
        errors=errors or Errors(),
    )


ROUTES = [show, save]
