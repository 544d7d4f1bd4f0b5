"""How words arrive and leave: the shapes every channel shares. A channel reads bytes into an `Inbound`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Kind = Literal["message", "auto_reply", "bounce", "complaint"]
Automatic = Literal["no", "auto-replied", "auto-generated"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One address as it was written: `name` may be empty, `address` keeps its case in the local part."""

    name: str
    address: str

    @property
    def key(self) -> str:
        """The address folded for comparison."""
        return self.address.casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """One file that came with a message; `inline` means that the text shows it in place."""

    name: str
    type: str
    content: bytes
    size: int
    sha256: str
    content_id: str | None
    inline: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """What a calendar invitation says, as far as a person wants to see it at a glance."""

    method: str
    summary: str
    starts: datetime | None
    ends: datetime | None
    all_day: bool
    location: str
    organizer: Address | None
    attendees: tuple[Address, ...]
    description: str
    uid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BounceDetails:
    """What a bounce says; `status` is an enhanced code such as `5.1.1` or empty when the mail names none."""

    status: str
    permanent: bool
    recipients: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """One message as a channel read it, whole and untouched by any opinion of the desk.

    `text` is the whole plain text (made from the HTML where there is only that); `visible_text` is the
    same without quotes and signature; `folded` says where those stand in `text`, as kind, start and end.
    `html` is raw and never to be shown; `html_clean` is safe: remote images wait in `data-src`, inline images in
    `data-cid`, quotes are folded into `<details class="quote">`.
    Message ids stand without their angle brackets.
    """

    kind: Kind
    automatic: Automatic = "no"
    message_id: str | None = None
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    from_: Address | None = None
    senders: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    delivered_to: tuple[str, ...] = ()
    date: datetime | None = None
    subject: str = ""
    text: str = ""
    visible_text: str = ""
    folded: tuple[tuple[str, int, int], ...] = ()
    html: str | None = None
    html_clean: str | None = None
    attachments: tuple[Attachment, ...] = ()
    invite: Invite | None = None
    original_message_id: str | None = None
    bounce: BounceDetails | None = None
    list_id: str | None = None
    markers: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    authentication_results: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
