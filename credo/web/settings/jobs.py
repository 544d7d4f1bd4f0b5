"""Work that stopped: failed jobs to be tried again, and reactions that failed while something happened."""

from __future__ import annotations

from typing import Any

from litestar import Request, get, post
from litestar.response import Response

from credo.access import ensure, may_administer
from credo.base import jobs
from credo.reacting import failures
from credo.web import shell
from credo.web.answering import Toast, go, page
from credo.web.asking import Asker, House, Id
from credo.web.wording import gettext as _

Asked = Request[Any, Any, Any]
HERE = "/settings/jobs"


@get(HERE)
async def show(request: Asked, house: House, actor: Asker) -> Response[Any]:
    """What failed, newest first."""
    ensure(may_administer(actor))
    async with house.db.reading(actor.desk_id) as tx:
        nav = await shell.navigation(tx, actor, "settings")
        failed = await jobs.failed(tx)
        reactions = await failures(tx)
    return page(request, "settings/jobs.html", nav=nav, section="jobs", jobs=failed, failures=reactions)


@post(f"{HERE}/{{id:int}}/retry")
async def retry(house: House, actor: Asker, id: Id) -> Response[Any]:
    """Let it run again now."""
    ensure(may_administer(actor))
    async with house.db.transaction(actor.desk_id) as tx:
        await jobs.retry(tx, id)
    return go(HERE, Toast(_("It runs again.")))


ROUTES = [show, retry]
