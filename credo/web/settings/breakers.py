"""Loop breakers: addresses that get no automatic mail, and allowing it again."""

from __future__ import annotations

from typing import Any

from litestar import Request, get, post
from litestar.response import Response

from credo.access import ensure, may_administer
from credo.delivery import guard
from credo.web import shell
from credo.web.answering import Toast, go, page
from credo.web.asking import Asker, House, Id
from credo.web.wording import gettext as _

Asked = Request[Any, Any, Any]
HERE = "/settings/breakers"


@get(HERE)
async def show(request: Asked, house: House, actor: Asker) -> Response[Any]:
    """The page."""
    ensure(may_administer(actor))
    async with house.db.reading(actor.desk_id) as tx:
        found = await guard.tripped(tx)
        nav = await shell.navigation(tx, actor, "settings")
    return page(request, "settings/breakers.html", section="breakers", nav=nav, breakers=found)


@post(f"{HERE}/{{id:int}}/reset")
async def reset(house: House, actor: Asker, id: Id) -> Response[Any]:
    """Allow automatic mail to the address again."""
    ensure(may_administer(actor))
    async with house.db.transaction(actor.desk_id) as tx:
        await guard.reset(tx, id, actor.as_author())
    return go(HERE, Toast(_("Automatic answers go there again.")))


ROUTES = [show, reset]
