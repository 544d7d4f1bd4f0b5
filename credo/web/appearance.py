"""Light, dark or as the system: kept with the colleague, and in a cookie for whoever is not signed in."""

from __future__ import annotations

from typing import Any

from litestar import Request, post
from litestar.datastructures import Cookie
from litestar.response import Response

from credo.people import preferences
from credo.web import forms
from credo.web.answering import go
from credo.web.asking import THEMES, House, is_secure


@post("/appearance", opt={"public": True}, status_code=303)
async def appearance(request: Request[Any, Any, Any], house: House) -> Response[Any]:
    """Remember a theme and go back to where one was."""
    chosen = (await forms.read(request)).text("theme")
    theme = chosen if chosen in THEMES else "auto"
    signed = request.state.signed
    if signed is not None:
        async with house.db.transaction(signed.actor.desk_id) as tx:
            await preferences.set_theme(tx, signed.actor, theme)
    response = go("/")
    response.set_cookie(Cookie("theme", value=theme, max_age=31_536_000, samesite="lax", secure=is_secure(request)))
    return response


ROUTES = [appearance]
