"""One's own account: name, language, password, the code at sign-in, sessions."""

from __future__ import annotations

from typing import Any

from litestar import Request, get, post
from litestar.response import Response
from markupsafe import Markup

from credo.base.errors import CredoError
from credo.installation import Installation
from credo.people import agents, passwords, preferences, resets, sessions, sign_in, totp
from credo.people.actors import Signed
from credo.people.desks import NameMissing
from credo.people.throttle import Slowed
from credo.web import forms, shell, wording
from credo.web.answering import Toast, go, page
from credo.web.asking import House, Id, Who
from credo.web.forms import Errors, Form
from credo.web.wording import gettext as _

Asked = Request[Any, Any, Any]
HERE = "/settings/account"


@get("/settings")
async def settings() -> Response[Any]:
    """Settings begin with oneself."""
    return go(HERE)


@get(HERE)
async def show(request: Asked, house: House, who: Who) -> Response[Any]:
    """The page."""
    return await _page(request, house, who)


@post(HERE)
async def save(request: Asked, house: House, who: Who) -> Response[Any]:
    """Name, language and keys."""
    data = await forms.read(request)
    try:
        async with house.db.transaction(who.actor.desk_id) as tx:
            await agents.rename(tx, who.actor, who.actor.agent_id, data.text("name"))
            await preferences.set_language(tx, who.actor, data.text("language"))
            await preferences.set_keys(tx, who.actor, data.text("keys_on") == "1")
    except NameMissing as error:
        return await _page(request, house, who, error, Errors(name=forms.said(error)), data)
    wording.language.set(data.text("language"))
    return go(HERE, Toast(_("Saved.")))


@post(f"{HERE}/password")
async def password(request: Asked, house: House, who: Who) -> Response[Any]:
    """Change the password; other sessions end."""
    data = await forms.read(request)
    try:
        await resets.change(house.db, who.actor, who.session_id, data.text("password"), data.text("new_password"))
    except (sign_in.WrongPassword, Slowed) as error:
        return await _page(request, house, who, error, Errors(password=forms.said(error)))
    except passwords.BAD as error:
        return await _page(request, house, who, error, Errors(new_password=forms.said(error)))
    return go(HERE, Toast(_("Your password is changed, and your other sessions ended.")))


@post(f"{HERE}/code")
async def begin_code(house: House, who: Who) -> Response[Any]:
    """Make a secret for the app."""
    async with house.db.transaction(who.actor.desk_id) as tx:
        await totp.begin(tx, house.keys, who.actor)
    return go(f"{HERE}#code-title")


@post(f"{HERE}/code/confirm")
async def confirm_code(request: Asked, house: House, who: Who) -> Response[Any]:
    """Turn it on with a first code; the recovery codes are shown this once."""
    data = await forms.read(request)
    try:
        async with house.db.transaction(who.actor.desk_id) as tx:
            codes = await totp.confirm(tx, house.keys, who.actor, data.text("code"))
    except totp.CodeDoesNotMatch as error:
        return await _page(request, house, who, error, Errors(code=forms.said(error)))
    return await _codes(request, house, who, codes)


@post(f"{HERE}/code/recovery")
async def recovery(request: Asked, house: House, who: Who) -> Response[Any]:
    """New recovery codes instead of the old ones, for whoever knows the password."""
    refused = await _confirmed(request, house, who)
    if refused is not None:
        return refused
    async with house.db.transaction(who.actor.desk_id) as tx:
        codes = await totp.new_recovery_codes(tx, house.keys, who.actor)
    return await _codes(request, house, who, codes)


@post(f"{HERE}/code/end")
async def end_code(request: Asked, house: House, who: Who) -> Response[Any]:
    """Turn it off, for whoever knows the password."""
    refused = await _confirmed(request, house, who)
    if refused is not None:
        return refused
    async with house.db.transaction(who.actor.desk_id) as tx:
        await totp.turn_off(tx, who.actor)
    return go(HERE, Toast(_("You sign in with your password alone again.")))


@post(f"{HERE}/sessions/{{id:int}}/end")
async def end_session(house: House, who: Who, id: Id) -> Response[Any]:
    """End one session of one's own."""
    async with house.db.transaction(who.actor.desk_id) as tx:
        await sessions.end(tx, who.actor, id)
    return go(HERE, Toast(_("That session is ended.")))


@post(f"{HERE}/sessions/end")
async def end_others(house: House, who: Who) -> Response[Any]:
    """End every session of one's own but this one."""
    async with house.db.transaction(who.actor.desk_id) as tx:
        await sessions.end_others(tx, who.actor, keep=who.session_id)
    return go(HERE, Toast(_("You are signed in only here now.")))


async def _confirmed(request: Asked, house: Installation, who: Signed) -> Response[Any] | None:
    """None when the password that came along is right, else the page that says it is not."""
    data = await forms.read(request)
    try:
        await sign_in.confirm_password(house.db, who.actor.desk_id, who.actor.agent_id, data.text("code_password"))
    except (sign_in.WrongPassword, Slowed) as error:
        return await _page(request, house, who, error, Errors(code_password=forms.said(error)))
    return None


async def _page(
    request: Asked,
    house: Installation,
    who: Signed,
    error: CredoError | None = None,
    errors: Errors | None = None,
    typed: Form | None = None,
) -> Response[Any]:
    async with house.db.reading(who.actor.desk_id) as tx:
        enrolment = await totp.pending(tx, house.keys, who.actor)
        context = {
            "nav": await shell.navigation(tx, who.actor, "settings"),
            "sessions": [_session(one, who.session_id) for one in await sessions.own(tx, who.actor)],
            "codes_left": await totp.codes_left(tx, who.actor) if who.totp_on else 0,
        }
    account = {
        "name": typed.text("name") if typed else who.actor.name,
        "email": who.email,
        "language": typed.text("language") if typed else who.language,
        "theme": who.theme,
        "keys_on": typed.text("keys_on") == "1" if typed else who.keys_on,
        "totp_confirmed": who.totp_on,
    }
    return page(
        request,
        "settings/account.html",
        status=200 if error is None else 429 if isinstance(error, Slowed) else 422,
        section="account",
        account=account,
        languages=wording.LANGUAGES,
        # The markup is ours: the QR code of a secret we made, drawn by the library.
        enrolment={"qr": Markup(enrolment.qr), "secret": enrolment.secret} if enrolment else None,  # noqa: S704
        errors=errors or Errors(),
        **context,
    )


async def _codes(request: Asked, house: Installation, who: Signed, codes: list[str]) -> Response[Any]:
    async with house.db.reading(who.actor.desk_id) as tx:
        nav = await shell.navigation(tx, who.actor, "settings")
    return page(request, "settings/recovery.html", section="account", nav=nav, codes=codes)


def _session(one: sessions.Session, here: int) -> dict[str, Any]:
    return {
        "id": one.id,
        "browser": _browser(one.browser),
        "address": one.address,
        "created_at": one.created_at,
        "seen_at": one.seen_at,
        "here": one.id == here,
    }


def _browser(name: str) -> str:
    """The stored "Firefox on Linux" in the reader's language."""
    browser, on, system = name.partition(" on ")
    return _("%(browser)s on %(system)s") % {"browser": browser, "system": system} if on else name


ROUTES = [
    settings,
    show,
    save,
    password,
    begin_code,
    confirm_code,
    recovery,
    end_code,
    end_session,
    end_others,
]
