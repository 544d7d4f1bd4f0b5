"""Mailboxes: connected, tried, changed, paused, compared with their server, disconnected."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from litestar import Request, get, post
from litestar.response import Response

from credo.access import Actor, ensure, may_administer
from credo.base.db import Tx
from credo.base.errors import CredoError, Invalid
from credo.base.secrets import SecretUnreadable
from credo.channels.email import comparing, connecting, oauth, reconcile, trying
from credo.channels.email import mailbox as stored
from credo.channels.email.connecting import AddressTaken, Wish
from credo.channels.email.mailbox import Mailbox, Secrets
from credo.installation import Installation
from credo.people import teams
from credo.web import asking, forms, shell
from credo.web.answering import Toast, fragment, go, page
from credo.web.asking import Asker, House, Id
from credo.web.forms import Errors, Form
from credo.web.rendering import render
from credo.web.settings import consent
from credo.web.settings.mailbox_forms import values, wished
from credo.web.wording import gettext as _

Asked = Request[Any, Any, Any]
Checks = list[dict[str, str]]
HERE = "/settings/mailboxes"
_FIELDS: dict[type[CredoError], str] = {
    connecting.NameMissing: "name",
    connecting.AddressUnclear: "address",
    AddressTaken: "address",
}


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
    """Connect a mailbox once both ways work, or all the same; with a provider, its sign-in comes next."""
    ensure(may_administer(actor))
    data = await forms.read(request)
    made = await _connected(house, actor, data)
    if not isinstance(made, int):
        return await _page(request, house, actor, None, data, *made)
    return await _onward(request, house, actor, made, f"{HERE}/{made}")


@post(f"{HERE}/{{id:int}}")
async def save(request: Asked, house: House, actor: Asker, id: Id) -> Response[Any]:
    """Change a mailbox, or sign in at its provider again."""
    ensure(may_administer(actor))
    data = await forms.read(request)
    async with house.db.reading(actor.desk_id) as tx:
        present = await stored.load(tx, id)
    wish = wished(data, present)
    try:
        checks = await _refusing(house, data, wish, present)
        if checks is not None:
            return await _page(request, house, actor, id, data, checks=checks)
        async with house.db.transaction(actor.desk_id) as tx:
            await connecting.change(tx, house.keys, actor.as_author(), id, wish)
            present = await stored.load(tx, id)
    except (Invalid, AddressTaken) as error:
        return await _page(request, house, actor, id, data, error)
    if wish.oauth.provider and (data.text("consent") or not consent.has_tokens(house, present)):
        return await consent.leave(request, house, actor, present)
    return go(f"{HERE}/{id}", Toast(_("Saved.")))


@get("/welcome/mailbox")
async def first(request: Asked, house: House, actor: Asker) -> Response[Any]:
    """Step 2 of the first run."""
    ensure(may_administer(actor))
    return _first(request, house)


@post("/welcome/mailbox")
async def first_connect(request: Asked, house: House, actor: Asker) -> Response[Any]:
    """Connect the first mailbox and go on to what the desk believes."""
    ensure(may_administer(actor))
    data = await forms.read(request)
    made = await _connected(house, actor, data)
    if not isinstance(made, int):
        return _first(request, house, data, *made)
    return await _onward(request, house, actor, made, "/welcome/philosophy")


@post(f"{HERE}/test")
async def test(request: Asked, house: House, actor: Asker) -> Response[Any]:
    """Try out what stands in the form, without saving it; an empty password means the stored one."""
    ensure(may_administer(actor))
    data = await forms.read(request)
    present = await _by_address(house, actor, data.text("address"))
    try:
        checks = await _tried(house, wished(data, present), present)
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
    """Have it compared with the server; the report appears by itself."""
    ensure(may_administer(actor))
    async with house.db.transaction(actor.desk_id) as tx:
        await comparing.ask(tx, id)
    return go(f"{HERE}/{id}#state-title", Toast(_("It is being compared with the server.")))


@get(f"{HERE}/{{id:int}}/report")
async def report(house: House, actor: Asker, id: Id) -> Response[Any]:
    """How the comparison is getting on, and the last report."""
    ensure(may_administer(actor))
    async with house.db.reading(actor.desk_id) as tx:
        box = await stored.load(tx, id)
        shown = await _compared(tx, box)
    return fragment(render("settings/mailbox_report.html", box=box, **shown))


async def _compared(tx: Tx, box: Mailbox | None) -> dict[str, Any]:
    """What mailbox_report.html reads."""
    kept = await reconcile.latest(tx, box) if box else None
    return {
        "report": {**kept, "at": datetime.fromisoformat(kept["at"])} if kept else None,
        "running": await comparing.running(tx, box.id) if box else None,
        "reasons": reconcile.WORDS,
    }


async def _page(
    request: Asked,
    house: Installation,
    actor: Actor,
    id: int | None,
    data: Form | None = None,
    error: CredoError | None = None,
    checks: Checks | None = None,
) -> Response[Any]:
    ensure(may_administer(actor))
    async with house.db.reading(actor.desk_id) as tx:
        box = await stored.load(tx, id) if id is not None else None
        every_team = [team for team in await teams.every(tx, actor) if not team.archived]
        nav = await shell.navigation(tx, actor, "settings")
        compared = await _compared(tx, box)
    return page(
        request,
        "settings/mailbox.html",
        status=422 if error or checks else 200,
        section="mailboxes",
        nav=nav,
        box=box,
        unreadable=SecretUnreadable().said(_) if box and not stored.is_readable(house.keys, box) else "",
        values=values(box, consent.callback(house), data),
        errors=_errors(error),
        checks=checks,
        teams=every_team,
        **compared,
    )


def _first(
    request: Asked,
    house: Installation,
    data: Form | None = None,
    error: CredoError | None = None,
    checks: Checks | None = None,
) -> Response[Any]:
    return page(
        request,
        "welcome/mailbox.html",
        status=422 if error or checks else 200,
        step=2,
        values=values(None, consent.callback(house), data),
        errors=_errors(error),
        checks=checks,
    )


def _errors(error: CredoError | None) -> Errors:
    return Errors({_FIELDS.get(type(error), "form"): forms.said(error)}) if error else Errors()


async def _connected(house: Installation, actor: Actor, data: Form) -> int | tuple[CredoError | None, Checks | None]:
    """The id of the new mailbox, or what speaks against it: an error, or what failed when it was tried."""
    wish = wished(data, None)
    try:
        checks = await _refusing(house, data, wish, None)
        if checks is not None:
            return None, checks
        async with house.db.transaction(actor.desk_id) as tx:
            return await connecting.connect(tx, house.keys, actor.as_author(), wish)
    except (Invalid, AddressTaken) as error:
        return error, None


async def _onward(request: Asked, house: Installation, actor: Actor, id: int, address: str) -> Response[Any]:
    async with house.db.reading(actor.desk_id) as tx:
        box = await stored.load(tx, id)
    if box.oauth.provider:
        return await consent.leave(request, house, actor, box)
    return go(address, Toast(_("Connected. The first mail arrives within a minute.")))


async def _refusing(house: Installation, data: Form, wish: Wish, present: Mailbox | None) -> Checks | None:
    """What failed when both ways were tried, so that a person may mend it; None when nothing speaks against saving."""
    if data.text("anyway") or wish.oauth.provider or wish.outgoing.nowhere:
        return None
    checks = await _tried(house, wish, present)
    return checks if any(check["state"] == "broken" for check in checks) else None


async def _tried(house: Installation, wish: Wish, present: Mailbox | None) -> Checks:
    try:
        before = stored.secrets(house.keys, present) if present else Secrets()
    except SecretUnreadable as lost:
        if wish.secrets == Secrets():
            return [{"state": "broken", "text": forms.said(lost)}]
        before = Secrets()
    kept = connecting.merged_secrets(before, wish.secrets)
    token = None
    if wish.incoming.sign_in == "oauth":
        if present is None or not kept.refresh_token:
            return [{"state": "risk", "text": _("Save it first; then the provider asks you to sign in.")}]
        token = await oauth.access_token(house.db, house.keys, present)
    checks = await trying.try_out(wish.address, wish.incoming, wish.outgoing, kept, token=token)
    ways = {"in": _("Incoming"), "out": _("Outgoing")}
    return [
        {"state": "kept", "text": f"{_(one.text)} {one.detail}".strip()}
        if one.good
        else {"state": "broken", "text": f"{ways[one.way]}: {_(one.text)} {one.detail}".strip()}
        for one in checks
    ] or [{"state": "risk", "text": _("Enter a server to try.")}]


async def _by_address(house: Installation, actor: Actor, address: str) -> Mailbox | None:
    folded = address.strip().casefold()
    async with house.db.reading(actor.desk_id) as tx:
        return next((one for one in await stored.every(tx) if one.address.casefold() == folded), None)


async def _state(house: Installation, actor: Actor, id: int, state: Any, toast: Toast | None) -> Response[Any]:
    ensure(may_administer(actor))
    try:
        async with house.db.transaction(actor.desk_id) as tx:
            await stored.load(tx, id)
            await connecting.set_state(tx, actor.as_author(), id, state)
    except connecting.NothingToChange:
        toast = None  # it is so already
    return go(f"{HERE}/{id}", toast)


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
    report,
    first,
    first_connect,
]
