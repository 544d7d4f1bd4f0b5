"""Mailboxes: connected, tried, changed, paused, compared with their server, disconnected."""

from __future__ import annotations

import json
from typing import Any

from litestar import Request, get, post
from litestar.datastructures import Cookie
from litestar.response import Response

from credo.access import Actor, ensure, may_administer
from credo.base.errors import Conflict, CredoError, Invalid
from credo.base.secrets import SecretUnreadable
from credo.channels.email import mailbox as stored
from credo.channels.email import oauth, reconcile, saving, trying
from credo.channels.email.mailbox import Mailbox, Secrets
from credo.channels.email.saving import Wanted
from credo.installation import Installation
from credo.people import teams
from credo.web import asking, forms, shell
from credo.web.answering import Toast, fragment, go, page
from credo.web.asking import Asker, House, Id
from credo.web.forms import Errors, Form
from credo.web.rendering import render
from credo.web.settings.mailbox_forms import CONSENT, values, wanted
from credo.web.wording import gettext as _

Asked = Request[Any, Any, Any]
HERE = "/settings/mailboxes"
_COOKIE = "credo-consent"
_FIELDS: dict[type[CredoError], str] = {
    saving.NameMissing: "name",
    saving.AddressUnclear: "address",
    saving.AddressTaken: "address",
}


class ConsentGone(Invalid):
    """This sign-in took too long or was begun elsewhere; begin it again."""


@get(HERE)
async def show(request: Asked, house: House, actor: Asker) -> Response[Any]:
    """The list."""
    ensure(may_administer(actor))
    async with house.db.reading(actor.desk_id) as tx:
        found = await stored.every(tx)
        nav = await shell.navigation(tx, actor, "settings")
    return page(request, "settings/mailboxes.html", section="mailboxes", nav=nav, mailboxes=found)


@get(f"{HERE}/new")
async def blank(request: Asked, house: House, actor: Asker) -> Response[Any]:
    """An empty form."""
    return await _page(request, house, actor, None)


@get(f"{HERE}/{{id:int}}")
async def edit(request: Asked, house: House, actor: Asker, id: Id) -> Response[Any]:
    """One mailbox."""
    return await _page(request, house, actor, id)


@post(HERE)
async def connect(request: Asked, house: House, actor: Asker) -> Response[Any]:
    """Connect a mailbox; with a provider, its sign-in comes next."""
    ensure(may_administer(actor))
    data = await forms.read(request)
    try:
        asked = wanted(data, None)
        async with house.db.transaction(actor.desk_id) as tx:
            id = await saving.connect(tx, house.keys, actor.as_author(), asked)
    except (Invalid, saving.AddressTaken) as error:
        return await _page(request, house, actor, None, data, error)
    return go(f"{HERE}/{id}", Toast(_next(asked)))


@post(f"{HERE}/{{id:int}}")
async def save(request: Asked, house: House, actor: Asker, id: Id) -> Response[Any]:
    """Change a mailbox."""
    ensure(may_administer(actor))
    data = await forms.read(request)
    try:
        async with house.db.transaction(actor.desk_id) as tx:
            asked = wanted(data, await stored.load(tx, id))
            await saving.change(tx, house.keys, actor.as_author(), id, asked)
    except (Invalid, saving.AddressTaken) as error:
        return await _page(request, house, actor, id, data, error)
    return go(f"{HERE}/{id}", Toast(_("Saved.")))


@post(f"{HERE}/test")
async def test(request: Asked, house: House, actor: Asker) -> Response[Any]:
    """Try out what stands in the form, without saving it; an empty password means the stored one."""
    ensure(may_administer(actor))
    data = await forms.read(request)
    present = await _by_address(house, actor, data.text("address"))
    try:
        asked = wanted(data, present)
        checks = await _tried(house, asked, present)
    except CredoError as error:
        checks = [{"state": "broken", "text": forms.said(error)}]
    if request.headers.get("hx-request") == "true":
        return fragment(render("settings/checks.html", reader=asking.reader(request), checks=checks))
    return await _page(request, house, actor, present.id if present else None, data, checks=checks)


@post(f"{HERE}/{{id:int}}/pause")
async def pause(house: House, actor: Asker, id: Id) -> Response[Any]:
    """Fetch no more for now."""
    return await _state(house, actor, id, "paused", Toast(_("Fetching is paused."), undo=f"{HERE}/{id}/resumption"))


@post(f"{HERE}/{{id:int}}/resumption")
async def resume(house: House, actor: Asker, id: Id) -> Response[Any]:
    """Fetch again; what arrived meanwhile comes too."""
    return await _state(house, actor, id, "active", Toast(_("It is fetched again.")))


@post(f"{HERE}/{{id:int}}/archive")
async def archive(house: House, actor: Asker, id: Id) -> Response[Any]:
    """Disconnect a mailbox; its conversations stay."""
    await _state(house, actor, id, "archived", None)
    return go(HERE, Toast(_("The mailbox is disconnected. Its conversations stay.")))


@post(f"{HERE}/{{id:int}}/reconciliation")
async def compare(house: House, actor: Asker, id: Id) -> Response[Any]:
    """Compare with the server now."""
    ensure(may_administer(actor))
    async with house.db.reading(actor.desk_id) as tx:
        box = await stored.load(tx, id)
    report = await reconcile.compare(house.db, house.blobs, house.keys, box, max_bytes=house.settings.mail_max_bytes)
    if report.error:
        return go(f"{HERE}/{id}", Toast(_("It could not be compared: %(reason)s") % {"reason": _(report.error)}))
    return go(f"{HERE}/{id}#state-title", Toast(_("Compared with the server.")))


@get(f"{HERE}/{{id:int}}/consent")
async def leave_for_consent(request: Asked, house: House, actor: Asker, id: Id) -> Response[Any]:
    """On to the provider's sign-in; what must be remembered until the way back lies sealed in a cookie."""
    ensure(may_administer(actor))
    async with house.db.reading(actor.desk_id) as tx:
        box = await stored.load(tx, id)
    begun = oauth.consent(box.oauth, _callback(house), box.incoming.user or box.address)
    sealed = house.keys.seal(json.dumps([id, begun.state, begun.verifier]).encode(), _about(actor)).hex()
    response = go(begun.url)
    response.set_cookie(
        Cookie(
            key=_COOKIE,
            value=sealed,
            path=CONSENT,
            max_age=900,
            httponly=True,
            samesite="lax",
            secure=asking.is_secure(request),
        )
    )
    return response


@get(CONSENT)
async def back_from_consent(request: Asked, house: House, actor: Asker) -> Response[Any]:
    """Back from the provider: trade the code for tokens and keep them."""
    ensure(may_administer(actor))
    told = request.query_params
    id, state, verifier = _remembered(request, house, actor)
    if told.get("state") != state or not told.get("code"):
        return go(
            f"{HERE}/{id}",
            Toast(_("The provider did not allow it: %(reason)s") % {"reason": told.get("error", "?")[:100]}),
        )
    async with house.db.reading(actor.desk_id) as tx:
        box = await stored.load(tx, id)
    kept = await oauth.exchange(
        box.oauth, stored.secrets(house.keys, box), _callback(house), code=told["code"], verifier=verifier
    )
    async with house.db.transaction(actor.desk_id) as tx:
        await saving.keep_tokens(tx, house.keys, actor.as_author(), id, kept)
    response = go(f"{HERE}/{id}", Toast(_("Signed in. The first mail arrives within a minute.")))
    response.delete_cookie(_COOKIE, path=CONSENT)
    return response


async def _page(
    request: Asked,
    house: Installation,
    actor: Actor,
    id: int | None,
    data: Form | None = None,
    error: CredoError | None = None,
    checks: list[dict[str, str]] | None = None,
) -> Response[Any]:
    ensure(may_administer(actor))
    async with house.db.reading(actor.desk_id) as tx:
        box = await stored.load(tx, id) if id is not None else None
        every_team = [team for team in await teams.every(tx, actor) if not team.archived]
        nav = await shell.navigation(tx, actor, "settings")
    kept = await reconcile.latest(house.db, box) if box else None
    errors = Errors()
    if error is not None:
        errors[str(error.details.get("field") or _FIELDS.get(type(error), "form"))] = forms.said(error)
    return page(
        request,
        "settings/mailbox.html",
        status=422 if error else 200,
        section="mailboxes",
        nav=nav,
        box=box,
        consent=box is not None and bool(box.oauth.provider) and not _has_tokens(house, box),
        values=values(box, _callback(house), data),
        errors=errors,
        checks=checks,
        teams=every_team,
        report=_report(kept),
    )


def _report(kept: dict[str, Any] | None) -> list[dict[str, Any]] | None:
    """The last comparison as the page reads it; None when there was none or the server did not answer."""
    if not kept or kept.get("error") or "missing" not in kept:
        return None
    return [
        {"folder": one["folder"], "uid": one["uid"], "reason": reconcile.WORDS[one["why"]]} for one in kept["missing"]
    ]


async def _tried(house: Installation, asked: Wanted, present: Mailbox | None) -> list[dict[str, str]]:
    kept = saving.secrets_of(asked, stored.secrets(house.keys, present) if present else Secrets())
    token = None
    if asked.incoming.sign_in == "oauth":
        if present is None or not kept.refresh_token:
            return [{"state": "risk", "text": _("Save it first; then the provider asks you to sign in.")}]
        token = await oauth.access_token(house.db, house.keys, present)
    checks = await trying.try_out(asked.address, asked.incoming, asked.outgoing, kept, token=token)
    return [
        {"state": "kept" if one.good else "broken", "text": f"{_(one.text)} {one.detail}".strip()} for one in checks
    ] or [{"state": "risk", "text": _("Enter a server to try.")}]


async def _by_address(house: Installation, actor: Actor, address: str) -> Mailbox | None:
    async with house.db.reading(actor.desk_id) as tx:
        return next(
            (one for one in await stored.every(tx) if one.address.casefold() == address.strip().casefold()), None
        )


async def _state(house: Installation, actor: Actor, id: int, state: Any, toast: Toast | None) -> Response[Any]:
    ensure(may_administer(actor))
    try:
        async with house.db.transaction(actor.desk_id) as tx:
            await stored.load(tx, id)
            await saving.set_state(tx, actor.as_author(), id, state)
    except Conflict:
        toast = None  # it is so already
    return go(f"{HERE}/{id}", toast)


def _next(asked: Wanted) -> str:
    if asked.oauth.provider:
        return _("Saved. Now sign in with the provider.")
    return _("Connected. The first mail arrives within a minute.")


def _has_tokens(house: Installation, box: Mailbox) -> bool:
    try:
        return bool(stored.secrets(house.keys, box).refresh_token)
    except SecretUnreadable:
        return False


def _remembered(request: Asked, house: Installation, actor: Actor) -> tuple[int, str, str]:
    try:
        sealed = bytes.fromhex(request.cookies.get(_COOKIE, ""))
        id, state, verifier = json.loads(house.keys.open(sealed, _about(actor)))
    except (ValueError, SecretUnreadable) as error:
        raise ConsentGone from error
    return int(id), str(state), str(verifier)


def _about(actor: Actor) -> str:
    return f"consent {actor.desk_id} {actor.agent_id}"


def _callback(house: Installation) -> str:
    return house.settings.address + CONSENT


ROUTES = [
    show,
    blank,
    edit,
    connect,
    save,
    test,
    pause,
    resume,
    archive,
    compare,
    leave_for_consent,
    back_from_consent,
]
