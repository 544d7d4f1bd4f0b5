"""The door: signing in and out, a code, a forgotten password, an invitation."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from litestar import Request, get, post
from litestar.datastructures import Cookie
from litestar.params import FromPath
from litestar.response import Response

from credo.base import clock
from credo.base.db import Tx
from credo.base.errors import CredoError
from credo.installation import Installation
from credo.people import desks, invitations, links, passwords, resets, secrets, sessions, sign_in
from credo.people.desks import Desk, NameMissing
from credo.people.sessions import Opened
from credo.people.throttle import Slowed
from credo.philosophy import versions
from credo.web import asking, forms, letters, wording
from credo.web.answering import Toast, go, page
from credo.web.asking import Connection, House, cookie_name, is_secure
from credo.web.forms import Errors
from credo.web.wording import gettext as _

Asked = Request[Any, Any, Any]
_WEEK = 7
EVEN = 0.3  # seconds before anybody is told that a link is on its way: one for a known address takes longer to make


@dataclass(frozen=True, slots=True)
class Word:
    """A sentence of the philosophy beside the form."""

    text: str
    under: str


@get("/sign-in", opt={"public": True})
async def form(request: Asked, house: House) -> Response[Any]:
    """The form; an installation without a desk begins with the first run."""
    if request.state.signed is not None:
        return go("/")
    desk = await _desk(request, house)
    if desk is None:
        return go("/welcome")
    return await _page(request, house, desk, "sign_in.html", next=_own(request.query_params.get("next", "")))


@post("/sign-in", opt={"public": True})
async def come_in(request: Asked, house: House) -> Response[Any]:
    """Check address and password; a code may still be to come."""
    desk = await _desk(request, house)
    if desk is None:
        return go("/welcome")
    data = await forms.read(request)
    email, onward = data.text("email"), _own(data.text("next"))
    try:
        opened = await sign_in.sign_in(
            house.db,
            desk.id,
            email,
            data.text("password"),
            asking.place(request),
            keep=data.text("keep") == "1",
        )
    except (sign_in.WrongPassword, Slowed) as error:
        errors = Errors(password=forms.said(error))
        return await _page(request, house, desk, "sign_in.html", error=error, email=email, next=onward, errors=errors)
    return entered(request, opened, onward)


@get("/sign-in/code", opt={"public": True})
async def code_form(request: Asked, house: House) -> Response[Any]:
    """Where the code is typed."""
    desk = await _desk(request, house)
    if desk is None or cookie_name(request) not in request.cookies:
        return go("/sign-in")
    return await _page(request, house, desk, "totp.html", next=_own(request.query_params.get("next", "")))


@post("/sign-in/code", opt={"public": True})
async def code(request: Asked, house: House) -> Response[Any]:
    """Check the code, or a recovery code, and open the session."""
    desk = await _desk(request, house)
    if desk is None:
        return go("/welcome")
    data = await forms.read(request)
    onward = _own(data.text("next"))
    half = request.cookies.get(cookie_name(request), "")
    try:
        opened = await sign_in.second_step(house.db, house.keys, half, data.text("code"), asking.place(request))
    except sign_in.TooLate as error:
        return go("/sign-in", Toast(forms.said(error)))
    except (sign_in.WrongCode, Slowed) as error:
        errors = Errors(code=forms.said(error))
        return await _page(request, house, desk, "totp.html", error=error, next=onward, errors=errors)
    return entered(request, opened, onward)


@post("/sign-out", opt={"public": True})
async def leave(request: Asked, house: House) -> Response[Any]:
    """End this session, and forget the cookie."""
    token = request.cookies.get(cookie_name(request), "")
    desk_id = secrets.desk_of(token)
    if desk_id is not None:
        async with house.db.transaction(desk_id) as tx:
            await sessions.sign_out(tx, token)
    response = go("/sign-in")
    response.set_cookie(_cookie(request, "", 0))
    return response


@get("/reset", opt={"public": True})
async def reset_form(request: Asked, house: House) -> Response[Any]:
    """Where an address is told that should get a link."""
    desk = await _desk(request, house)
    return await _page(request, house, desk, "reset.html", step="ask", token="") if desk else go("/welcome")


@post("/reset", opt={"public": True})
async def ask_reset(request: Asked, house: House) -> Response[Any]:
    """Send a link; the answer is the same for every address."""
    desk = await _desk(request, house)
    if desk is None:
        return go("/welcome")
    email = (await forms.read(request)).text("email")
    even = asyncio.create_task(asyncio.sleep(EVEN))
    try:
        async with house.db.transaction(desk.id) as tx:
            link = await resets.ask(tx, email, asking.place(request))
            if link is not None:
                await letters.send_reset(tx, house.settings, desk, link)
    except Slowed as error:
        errors = Errors(email=forms.said(error))
        return await _page(
            request, house, desk, "reset.html", error=error, step="ask", token="", email=email, errors=errors
        )
    await even
    return await _page(request, house, desk, "reset.html", step="asked", token="", email=email)


@get("/reset/{token:str}", opt={"public": True})
async def choose_form(request: Asked, house: House, token: FromPath[str]) -> Response[Any]:
    """Where the new password is chosen."""
    holder = await links.holder(house.db, token, "reset")
    wording.language.set(holder.language)
    return await _choose(request, house, holder, token)


@post("/reset/{token:str}", opt={"public": True})
async def choose(request: Asked, house: House, token: FromPath[str]) -> Response[Any]:
    """Set the new password and sign in."""
    holder = await links.holder(house.db, token, "reset")
    wording.language.set(holder.language)
    data = await forms.read(request)
    try:
        opened = await resets.use(house.db, token, data.text("password"), asking.place(request))
    except passwords.BAD as error:
        return await _choose(request, house, holder, token, error, Errors(password=forms.said(error)))
    return entered(request, opened)


@get("/invite/{token:str}", opt={"public": True})
async def invitation(request: Asked, house: House, token: FromPath[str]) -> Response[Any]:
    """What an invited colleague sees first."""
    holder = await links.holder(house.db, token, "invite")
    wording.language.set(wording.preferred(request.headers.get("accept-language", holder.language)))
    return await _invited(request, house, holder, token, holder.name)


@post("/invite/{token:str}", opt={"public": True})
async def accept(request: Asked, house: House, token: FromPath[str]) -> Response[Any]:
    """Take the invitation up, and be signed in."""
    holder = await links.holder(house.db, token, "invite")
    data = await forms.read(request)
    name = data.text("name")
    try:
        opened = await invitations.accept(house.db, token, name, data.text("password"), asking.place(request))
    except (NameMissing, *passwords.BAD) as error:
        field = "name" if isinstance(error, NameMissing) else "password"
        return await _invited(request, house, holder, token, name, error, Errors({field: forms.said(error)}))
    return entered(request, opened)


def entered(request: Connection, opened: Opened, onward: str = "") -> Response[Any]:
    """On with the session's cookie: to the code when one is still to come, else inside."""
    age = int(sessions.LONGEST.total_seconds()) if opened.kept and not opened.half else None
    code = f"/sign-in/code?next={quote(onward, safe='')}" if onward else "/sign-in/code"
    response = go(code if opened.half else onward or "/")
    response.set_cookie(_cookie(request, opened.token, age))
    return response


def _cookie(request: Connection, token: str, age: int | None) -> Cookie:
    return Cookie(
        key=cookie_name(request),
        value=token,
        max_age=age,
        path="/",
        secure=is_secure(request),
        httponly=True,
        samesite="lax",
    )


def _own(address: str) -> str:
    """An address within Credo, or nothing: a link to the sign-in must not lead elsewhere."""
    fits = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if fits and len(address) < 500 else ""


async def _desk(request: Asked, house: Installation) -> Desk | None:
    return await desks.for_host(house.db, request.url.hostname or "")


async def _page(
    request: Asked,
    house: Installation,
    desk: Desk,
    template: str,
    *,
    error: CredoError | None = None,
    **context: object,
) -> Response[Any]:
    """A page of the door, with a sentence of the philosophy beside it."""
    wording.zone.set(desk.zone)
    async with house.db.reading(desk.id) as tx:
        word = await _word(tx)
    shown = {"email": "", "next": "", "errors": Errors(), "greeting": _greeting(), **context}
    status = 200 if error is None else 429 if isinstance(error, Slowed) else 422
    return page(request, template, status=status, desk_name=desk.name, word=word, **shown)


async def _choose(
    request: Asked,
    house: Installation,
    holder: links.Holder,
    token: str,
    error: CredoError | None = None,
    errors: Errors | None = None,
) -> Response[Any]:
    desk = await _desk_of(house, holder.desk_id)
    return await _page(
        request, house, desk, "reset.html", error=error, step="choose", token=token, errors=errors or Errors()
    )


async def _invited(
    request: Asked,
    house: Installation,
    holder: links.Holder,
    token: str,
    name: str,
    error: CredoError | None = None,
    errors: Errors | None = None,
) -> Response[Any]:
    desk = await _desk_of(house, holder.desk_id)
    async with house.db.reading(desk.id) as tx:
        invited_by = await invitations.inviter(tx, holder.agent_id)
    return await _page(
        request,
        house,
        desk,
        "invite.html",
        error=error,
        token=token,
        email=holder.email,
        name=name,
        invited_by=invited_by,
        errors=errors or Errors(),
    )


async def _desk_of(house: Installation, desk_id: int) -> Desk:
    async with house.db.reading(desk_id) as tx:
        return await desks.of(tx)


async def _word(tx: Tx) -> Word | None:
    """A principle in force, another one each week."""
    version = await versions.current(tx)
    if version is None or not version.principles:
        return None
    principles = list(version.principles.values())
    week = wording.local(clock.now()).toordinal() // _WEEK
    return Word(principles[week % len(principles)].statement, _("Principle of the week."))


def _greeting() -> str:
    hour = wording.local(clock.now()).hour
    if hour < 5 or hour >= 18:
        return _("Good evening.")
    return _("Good morning.") if hour < 12 else _("Good afternoon.")


ROUTES = [
    form,
    come_in,
    code_form,
    code,
    leave,
    reset_form,
    ask_reset,
    choose_form,
    choose,
    invitation,
    accept,
]
