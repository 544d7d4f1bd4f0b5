"""API tokens: made, shown once, taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from litestar import Request, get, post
from litestar.response import Response

from credo.access import Actor, NotAllowed, may_administer
from credo.base import clock
from credo.installation import Installation
from credo.people import tokens
from credo.people.desks import NameMissing
from credo.web import forms, shell
from credo.web.answering import Toast, go, page
from credo.web.asking import Asker, House, Id
from credo.web.forms import Errors, Form
from credo.web.wording import gettext as _

Asked = Request[Any, Any, Any]
HERE = "/settings/tokens"
_DAYS = {"90": 90, "365": 365}


@get(HERE)
async def show(request: Asked, house: House, actor: Asker) -> Response[Any]:
    """The page."""
    return await _page(request, house, actor)


@post(HERE)
async def make(request: Asked, house: House, actor: Asker) -> Response[Any]:
    """Make a token and show it, this once."""
    data = await forms.read(request)
    days = _DAYS.get(data.text("days"))
    until = clock.now() + timedelta(days=days) if days else None
    try:
        async with house.db.transaction(actor.desk_id) as tx:
            made = await tokens.make(tx, actor, data.text("name"), data.texts("scopes"), until)
    except (NameMissing, tokens.UnknownScope, NotAllowed) as error:
        field = "name" if isinstance(error, NameMissing) else "form"
        return await _page(request, house, actor, errors=Errors({field: forms.said(error)}), typed=data)
    return await _page(request, house, actor, fresh=made.secret)


@post(f"{HERE}/{{id:int}}/revocation")
async def revoke(house: House, actor: Asker, id: Id) -> Response[Any]:
    """Take a token back."""
    async with house.db.transaction(actor.desk_id) as tx:
        await tokens.revoke(tx, actor, id)
    return go(HERE, Toast(_("The token is taken back.")))


async def _page(
    request: Asked,
    house: Installation,
    actor: Actor,
    *,
    fresh: str | None = None,
    errors: Errors | None = None,
    typed: Form | None = None,
) -> Response[Any]:
    async with house.db.reading(actor.desk_id) as tx:
        nav = await shell.navigation(tx, actor, "settings")
        found = await tokens.working(tx, actor)
    return page(
        request,
        "settings/tokens.html",
        status=422 if errors else 200,
        section="tokens",
        nav=nav,
        tokens=[_token(one) for one in found],
        scopes=_scopes(actor),
        fresh=fresh,
        values=_values(typed) if typed else {"name": "", "scopes": [], "days": "90"},
        errors=errors or Errors(),
    )


def _values(typed: Form) -> dict[str, Any]:
    return {"name": typed.text("name"), "scopes": typed.texts("scopes"), "days": typed.text("days")}


def _token(one: tokens.Token) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "scopes": one.scopes,
        "created_at": one.created_at,
        "used_at": one.used_at,
        "expires_at": one.expires_at,
        "revoked_at": None,
        "owner": one.agent_name,
    }


def _scopes(actor: Actor) -> list[dict[str, str]]:
    meanings = {
        "read": _("see what you see"),
        "write": _("answer, assign and change, as you may"),
        "admin": _("change people, mailboxes and the philosophy"),
    }
    return [{"key": key, "meaning": meanings[key]} for key in tokens.SCOPES if key != "admin" or may_administer(actor)]


ROUTES = [show, make, revoke]
