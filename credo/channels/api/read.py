"""A message handed over by another program becomes an `Inbound`. Pure: no database, no socket, no clock."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Protocol

from msgspec import Meta

from credo.base.errors import Invalid
from credo.channels import Address, Attachment, Inbound
from credo.language import zones


class NoWords(Invalid):
    """A message needs text, html or at least one file."""


class NotBase64(Invalid):
    """The content of a file must be base64 (RFC 4648)."""


class NotAnAddress(Invalid):
    """This does not look like a mail address."""


@dataclass(frozen=True, slots=True)
class Sender:
    """The customer who wrote."""

    address: Annotated[str, Meta(min_length=3, max_length=254, extra_json_schema={"format": "email"})]
    name: Annotated[str, Meta(max_length=200)] = ""


@dataclass(frozen=True, slots=True)
class File:
    """A file of the message; `content` in base64."""

    name: Annotated[str, Meta(max_length=255)]
    content: Annotated[str, Meta(extra_json_schema={"contentEncoding": "base64"})]
    type: Annotated[str, Meta(max_length=255)] = "application/octet-stream"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a customer wrote, and the mailbox it belongs to.

    `conversation_id` adds it to a conversation that is there already. `external_id` is your own name for the message:
    the same message under the same name is taken in once, however often it is sent. `written_at` says when it was
    written, if not just now.
    """

    mailbox_id: Annotated[int, Meta(ge=1, le=2**53 - 1)]
    customer: Sender
    subject: Annotated[str, Meta(max_length=500)] = ""
    text: Annotated[str, Meta(max_length=1_000_000)] = ""
    html: Annotated[str, Meta(max_length=2_000_000)] | None = None
    files: Annotated[list[File], Meta(max_length=50)] | None = None
    conversation_id: Annotated[int, Meta(ge=1, le=2**53 - 1)] | None = None
    external_id: Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[!-~]+$")] | None = None
    written_at: Annotated[datetime, Meta(tz=True)] | None = None


class Told(Protocol):
    """What HTML comes to when it was read: safe markup and the same as plain text."""

    @property
    def clean(self) -> str:
        """Safe markup."""

    @property
    def text(self) -> str:
        """All of it as plain text."""


def read(message: Message, told: Told | None, *, reply_address: str | None = None) -> Inbound:
    """`message` as an Inbound; `told` is its HTML as it was read, `reply_address` that of the conversation it joins.

    Raises NotAnAddress, NotBase64, or NoWords when nothing was said.
    """
    text = message.text if message.text.strip() or told is None else told.text
    files = tuple(_file(one) for one in message.files or ())
    if not text.strip() and not files:
        raise NoWords
    sender = _address(message.customer)
    found = zones.zones(text)
    return Inbound(
        kind="message",
        message_id=f"{message.external_id}@api.invalid" if message.external_id else None,
        from_=sender,
        senders=(sender,),
        delivered_to=(reply_address,) if reply_address else (),
        date=message.written_at,
        subject=message.subject,
        text=text,
        visible_text=zones.visible_of(text, found),
        folded=tuple((zone.kind, zone.start, zone.end) for zone in found if zone.hidden),
        html=message.html,
        html_clean=told.clean if told else None,
        attachments=files,
    )


def _address(sender: Sender) -> Address:
    local, at, domain = sender.address.rpartition("@")
    if not (local and at and domain) or any(c.isspace() or c in "<>,;\x00" for c in sender.address):
        raise NotAnAddress("“%(address)s” does not look like a mail address.", address=sender.address)
    return Address(name=sender.name, address=sender.address)


def _file(file: File) -> Attachment:
    try:
        content = base64.b64decode(file.content, validate=True)
    except (binascii.Error, ValueError) as wrong:
        raise NotBase64("The content of “%(name)s” is not base64.", name=file.name) from wrong
    return Attachment(
        name=file.name or "file",
        type=file.type,
        content=content,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content_id=None,
        inline=False,
    )
