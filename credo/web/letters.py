"""Letters of the desk to its own people: invitations and links for a new password."""

from __future__ import annotations

from dataclasses import dataclass

from credo.base.db import Tx
from credo.base.settings import Settings
from credo.delivery import internal
from credo.people.desks import Desk
from credo.people.links import Link
from credo.web import wording
from credo.web.wording import gettext as _


@dataclass(frozen=True, slots=True)
class Handed:
    """A link for an administrator to hand over, because no mailbox can send it."""

    name: str
    address: str
    expires: str


async def send_invitation(tx: Tx, settings: Settings, desk: Desk, link: Link, by: str) -> Handed | None:
    """Send the link to the invited colleague, or give it back to be handed over."""
    address = f"{settings.address}/invite/{link.token}"
    subject = _("Join the help desk of %(desk)s") % {"desk": desk.name}
    text = _(
        "Hello %(name)s,\n\n%(by)s asks you to join the help desk of %(desk)s. Choose a password here:\n\n"
        "%(address)s\n\nThe link works until %(until)s, once."
    ) % {"name": link.name, "by": by, "desk": desk.name, "address": address, "until": wording.day(link.expires_at)}
    return None if await _sent(tx, settings, link, subject, text) else _handed(link, address)


async def send_reset(tx: Tx, settings: Settings, desk: Desk, link: Link) -> Handed | None:
    """Send the link to a colleague who forgot the password, or give it back to be handed over."""
    address = f"{settings.address}/reset/{link.token}"
    subject = _("A new password for %(desk)s") % {"desk": desk.name}
    text = _(
        "Hello %(name)s,\n\nsomebody, hopefully you, asked for a new password. Choose it here:\n\n%(address)s\n\n"
        "The link works for one hour, once. If it was not you, nothing has changed and you need do nothing."
    ) % {"name": link.name, "address": address}
    return None if await _sent(tx, settings, link, subject, text) else _handed(link, address)


async def _sent(tx: Tx, settings: Settings, link: Link, subject: str, text: str) -> bool:
    """Whether the letter is on its way."""
    way = await internal.way(tx, settings)
    if way is None:
        return False
    await internal.send(tx, way, link.email, subject, text)
    return True


def _handed(link: Link, address: str) -> Handed:
    return Handed(link.name, address, wording.when(link.expires_at))
