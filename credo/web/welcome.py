"""The first run, in three steps: who you are, where people write to you, what you believe."""

from __future__ import annotations

import asyncio
from functools import lru_cache
from typing import Any

from babel import Locale
from litestar import Request, get, post
from litestar.datastructures import Cookie
from litestar.response import Response

from credo.base import clock
from credo.base.errors import CredoError, Invalid
from credo.calendars.holidays import known_codes
from credo.calendars.opening import HoursUnclear, NeverOpen, Opening, UnknownRegion
from credo.installation import Installation
from credo.people import desks, first_run, invitations, passwords
from credo.people.actors import Signed
from credo.people.first_run import MAILBOX, PHILOSOPHY, AlreadySetUp, WrongSetupCode, You
from credo.people.throttle import Slowed
from credo.philosophy import BadPhilosophy
from credo.philosophy.beginning import HOURS, Answers
from credo.philosophy.beginning import begin as begun
from credo.philosophy.composing import Ground
from credo.philosophy.starters import starter, starters
from credo.web import asking, forms, sign_in, wording
from credo.web.answering import Toast, go, page
from credo.web.asking import House, Who
from credo.web.forms import Errors, Form
from credo.web.wording import gettext as _

Asked = Request[Any, Any, Any]
CODE = "credo-setup"
_STEPS = {MAILBOX: "/welcome/mailbox", PHILOSOPHY: "/welcome/philosophy"}
_FIELDS: dict[type[CredoError], str] = {
    invitations.AddressUnclear: "email",
    passwords.PasswordTooShort: "password",
    passwords.PasswordTooLong: "password",
    passwords.PasswordGuessable: "password",
    desks.NameMissing: "name",
    NeverOpen: "opens",
    HoursUnclear: "opens",
    UnknownRegion: "opens",
}


@get("/welcome", opt={"public": True})
async def begin(request: Asked, house: House) -> Response[Any]:
    """Step 1, for whoever has the set-up code; else where it is typed. Afterwards, on to the step that is next."""
    if not await first_run.is_needed(house.db):
        signed: Signed | None = request.state.signed
        return go(_STEPS.get(signed.setup_step, "/") if signed and signed.actor.role == "admin" else "/")
    given = request.query_params.get("code", "")
    if given:
        return await _with_code(request, house, given)
    if CODE not in request.cookies:
        return page(request, "welcome/code.html", step=1, errors=Errors())
    return await _you(request, _blank(wording.language.get()))


@post("/welcome", opt={"public": True})
async def you(request: Asked, house: House) -> Response[Any]:
    """Open the desk, and be signed in as its administrator."""
    data = await forms.read(request)
    given = request.cookies.get(CODE, "")
    try:
        opened = await first_run.begin(house.db, house.settings.data_dir, given, _answers(data), asking.place(request))
    except AlreadySetUp:
        return go("/")
    except (WrongSetupCode, Slowed) as error:
        return _code_page(request, error)
    except Invalid as error:
        name_empty = not data.text("name").strip()
        field = _FIELDS.get(type(error), "form")
        if field == "name" and not name_empty:
            field = "desk_name"
        return await _you(request, _typed(data), error, Errors({field: forms.said(error)}))
    response = sign_in.entered(request, opened, _STEPS[MAILBOX])
    response.delete_cookie(CODE)
    return response


@post("/welcome/mailbox/later")
async def later(house: House, who: Who) -> Response[Any]:
    """Go on without a mailbox."""
    async with house.db.transaction(who.actor.desk_id) as tx:
        await first_run.mailbox_done(tx, who.actor)
    return go(_STEPS[PHILOSOPHY])


@get("/welcome/philosophy")
async def philosophy(request: Asked, house: House, who: Who) -> Response[Any]:
    """Step 3: a philosophy to start from. Whoever comes here is done with step 2."""
    async with house.db.transaction(who.actor.desk_id) as tx:
        await first_run.mailbox_done(tx, who.actor)
    return await _believe(request)


@post("/welcome/philosophy")
async def believe(request: Asked, house: House, who: Who) -> Response[Any]:
    """Publish the one that was chosen, or a document of one's own; or go on without."""
    data = await forms.read(request)
    own = data.text("own", 500_000)
    try:
        async with house.db.transaction(who.actor.desk_id) as tx:
            if data.text("without"):
                await first_run.without(tx, who.actor)
                return go("/")
            text = own if own.strip() else await _document(tx, who, data)
            await first_run.publish(tx, who.actor, text)
    except BadPhilosophy as error:
        return await _believe(request, data, error, Errors(own=forms.said(error)))
    except Invalid as error:
        return await _believe(request, data, error, Errors(form=forms.said(error)))
    return go("/", Toast(_("Your first promise runs. From now on every letter gets its clock.")))


async def _with_code(request: Asked, house: Installation, given: str) -> Response[Any]:
    try:
        await first_run.ensure_code(house.db, house.settings.data_dir, given, asking.place(request))
    except (WrongSetupCode, Slowed) as error:
        return _code_page(request, error)
    response = go("/welcome")
    secure = asking.is_secure(request)
    response.set_cookie(Cookie(key=CODE, value=given, max_age=3600, secure=secure, httponly=True, samesite="lax"))
    return response


def _code_page(request: Asked, error: CredoError) -> Response[Any]:
    status = 429 if isinstance(error, Slowed) else 422
    return page(request, "welcome/code.html", status=status, step=1, errors=Errors(code=forms.said(error)))


async def _you(
    request: Asked, values: dict[str, Any], error: CredoError | None = None, errors: Errors | None = None
) -> Response[Any]:
    # The library of holidays takes half a second to load, the first time.
    regions = await asyncio.to_thread(_regions, wording.language.get())
    return page(
        request,
        "welcome/you.html",
        status=422 if error else 200,
        step=1,
        values=values,
        zones=wording.zones(),
        regions=regions,
        languages=wording.LANGUAGES,
        errors=errors or Errors(),
    )


async def _believe(
    request: Asked, data: Form | None = None, error: CredoError | None = None, errors: Errors | None = None
) -> Response[Any]:
    # Six whole documents take half a second to read, the first time.
    packs = await asyncio.to_thread(_packs, wording.language.get())
    return page(
        request,
        "welcome/philosophy.html",
        status=422 if error else 200,
        step=3,
        packs=packs,
        hours=HOURS,
        chosen=(data.text("pack") if data else "") or "shop",
        chosen_hours=_hours(data) if data else 4,
        own=data.text("own", 500_000) if data else "",
        errors=errors or Errors(),
    )


def _packs(language: str) -> list[dict[str, Any]]:
    """The philosophies to start from, as cards."""
    return [
        {
            "key": one.key,
            "name": one.name,
            "quote": one.read().purpose,
            "whom": one.whom,
            "principles": len(one.read().principles),
            "promises": len(one.read().promises),
            "effort": one.effort,
        }
        for one in starters(language)
    ]


async def _document(tx: Any, who: Signed, data: Form) -> str:
    """The document of the chosen starter, in the language of the desk, with its hours and its administrator."""
    desk, opening = await desks.of(tx), await first_run.opening(tx)
    ground = Ground(desk.name, opening, (who.email,), clock.now().date())
    say = wording.catalogue(desk.language).gettext
    return begun(starter(data.text("pack"), desk.language), ground, Answers(), say, hours=_hours(data), published=True)


def _hours(data: Form) -> int:
    text = data.text("hours")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 0


def _answers(data: Form) -> You:
    days = tuple(day for day in data.numbers("days") if day < 7)
    opening = Opening(days, data.text("opens"), data.text("closes"), data.text("zone"), data.text("region"))
    language = data.text("language") or wording.language.get()
    name, email, desk_name = data.text("name"), data.text("email"), data.text("desk_name")
    return You(name, email, data.text("password"), desk_name, language, opening)


def _blank(language: str) -> dict[str, Any]:
    return {
        "name": "",
        "email": "",
        "desk_name": "",
        "language": language,
        "zone": "Europe/Berlin" if language == "de" else "Europe/Madrid" if language == "es" else "Europe/London",
        "region": "",
        "opens": "09:00",
        "closes": "18:00",
        "days": [0, 1, 2, 3, 4],
    }


def _typed(data: Form) -> dict[str, Any]:
    names = ("name", "email", "desk_name", "language", "zone", "region", "opens", "closes")
    return {**{name: data.text(name) for name in names}, "days": data.numbers("days")}


@lru_cache
def _regions(language: str) -> list[dict[str, str]]:
    """Countries and their regions, named in the reader's language, by name."""
    names = Locale.parse(language).territories
    found = []
    for code in known_codes():
        country, dash, region = code.partition("-")
        if country in names and len(country) == 2:
            found.append({"key": code, "label": f"{names[country]}, {region}" if dash else str(names[country])})
    return sorted(found, key=lambda one: one["label"])


ROUTES = [begin, you, later, philosophy, believe]
