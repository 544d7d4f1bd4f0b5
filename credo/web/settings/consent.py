"""Signing a mailbox in at its provider: on to the provider's page, and back with a code that is traded for tokens."""

from __future__ import annotations

import json
from typing import Any

from litestar import Request, get
from litestar.datastructures import Cookie
from litestar.response import Response

from credo.access import Actor, ensure, may_administer
from credo.base.errors import Invalid
from credo.base.secrets import SecretUnreadable
from credo.channels.email import connecting, oauth
from credo.channels.email import mailbox as stored
from credo.channels.email.mailbox import Mailbox
from credo.installation import Installation
from credo.web import asking, shell
from credo.web.answering import Toast, go, page
from credo.web.asking import Asker, House
from credo.web.settings.mailbox_forms import CONSENT
from credo.web.wording import gettext as _

Asked = Request[Any, Any, Any]
_COOKIE = "credo-consent"


class ConsentGone(Invalid):
    """This sign-in took too long or was begun elsewhere; begin it again."""


async def leave(request: Asked, house: Installation, actor: Actor, box: Mailbox) -> Response[Any]:
    """On to the provider; what must be remembered until the way back lies sealed in a cookie.

    Not by a redirect: the page that holds the form may only send it to us.
    """
    async with house.db.reading(actor.desk_id) as tx:
        nav = await shell.navigation(tx, actor, "settings")
    begun = oauth.consent(box.oauth, callback(house), box.incoming.user or box.address)
    sealed = house.keys.seal(json.dumps([box.id, begun.state, begun.verifier]).encode(), _about(actor)).hex()
    provider = oauth.PRESETS[box.oauth.provider].name
    response: Response[Any] = page(
        request, "settings/mailbox_leave.html", section="mailboxes", nav=nav, url=begun.url, provider=provider, box=box
    )
    response.headers["Refresh"] = f"0; url={begun.url}"
    secure = asking.is_secure(request)
    response.set_cookie(
        Cookie(key=_COOKIE, value=sealed, path=CONSENT, max_age=900, httponly=True, samesite="lax", secure=secure)
    )
    return response


@get(CONSENT)
async def back_from_consent(request: Asked, house: House, actor: Asker) -> Response[Any]:
    """Back from the provider: trade the code for tokens and keep them."""
    ensure(may_administer(actor))
    told = request.query_params
    id, state, verifier = _remembered(request, house, actor)
    if told.get("state") != state or not told.get("code"):
        reason = {"reason": told.get("error", "?")[:100]}
        return go(f"/settings/mailboxes/{id}", Toast(_("The provider did not allow it: %(reason)s") % reason))
    async with house.db.reading(actor.desk_id) as tx:
        box = await stored.load(tx, id)
    kept = await oauth.exchange(
        box.oauth, stored.secrets(house.keys, box), callback(house), code=told["code"], verifier=verifier
    )
    async with house.db.transaction(actor.desk_id) as tx:
        await connecting.keep_tokens(tx, house.keys, actor.as_author(), id, kept)
    response = go(f"/settings/mailboxes/{id}", Toast(_("Signed in. The first mail arrives within a minute.")))
    response.delete_cookie(_COOKIE, path=CONSENT)
    return response


def has_tokens(house: Installation, box: Mailbox) -> bool:
    """Whether the provider has given its consent, and we can still read what it gave."""
    try:
        return bool(stored.secrets(house.keys, box).refresh_token)
    except SecretUnreadable:
        return False


def callback(house: Installation) -> str:
    """The address providers send people back to; it is registered with them."""
    return house.settings.address + CONSENT


def _remembered(request: Asked, house: Installation, actor: Actor) -> tuple[int, str, str]:
    try:
        sealed = bytes.fromhex(request.cookies.get(_COOKIE, ""))
        id, state, verifier = json.loads(house.keys.open(sealed, _about(actor)))
    except (ValueError, SecretUnreadable) as error:
        raise ConsentGone from error
    return int(id), str(state), str(verifier)


def _about(actor: Actor) -> str:
    return f"consent {actor.desk_id} {actor.agent_id}"


ROUTES = [back_from_consent]
