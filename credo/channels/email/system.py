"""The installation's own way out, for letters that come from no mailbox: invitations and links for a new password."""

from __future__ import annotations

from dataclasses import dataclass, field
from email.utils import parseaddr
from urllib.parse import unquote, urlsplit

from credo.base.secrets import Keyring
from credo.base.settings import Settings
from credo.channels.email import mailbox as mailboxes
from credo.channels.email.mailbox import Incoming, Mailbox, OAuth, Outgoing, Secrets, Security

_WAYS: dict[str, tuple[Security, int]] = {"smtps": ("tls", 465), "smtp": ("starttls", 587), "smtp+plain": ("plain", 25)}


@dataclass(frozen=True, slots=True)
class System:
    """A server and the sender's name and address."""

    name: str
    address: str
    outgoing: Outgoing
    password: str = field(repr=False)

    def mailbox(self, desk_id: int, keys: Keyring) -> Mailbox:
        """The same as a mailbox without a row, its id 0, so that it is sent from like any other."""
        return Mailbox(
            desk_id=desk_id,
            id=0,
            name=self.name,
            address=self.address,
            aliases=(),
            team_id=None,
            signature="",
            automatic_answer="",
            incoming=Incoming(),
            outgoing=self.outgoing,
            oauth=OAuth(),
            state="active",
            secret=mailboxes.sealed(keys, desk_id, 0, Secrets(smtp_password=self.password)),
            fetched_at=None,
            fetch_error=None,
            fetch_failures=0,
            send_error=None,
        )


def system(settings: Settings) -> System | None:
    """What CREDO_SYSTEM_SMTP_URL and CREDO_SYSTEM_FROM say, None when nothing."""
    if not settings.system_smtp_url:
        return None
    url = urlsplit(settings.system_smtp_url)
    name, address = parseaddr(settings.system_from)
    security, port = _WAYS[url.scheme]
    user, password = unquote(url.username or ""), unquote(url.password or "")
    outgoing = Outgoing(
        host=url.hostname or "",
        port=url.port or port,
        security=security,
        user=user,
        sign_in="password" if user else "none",
    )
    return System(name, address, outgoing, password)
