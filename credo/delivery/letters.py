"""From rows to the letter that is sent: built once, kept as a blob, the same at every attempt."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any

from credo.base.blobs import Blobs
from credo.base.db import Db, Tx
from credo.channels import Address
from credo.channels.email.compose import File, Letter, compose
from credo.channels.email.mailbox import Mailbox
from credo.conversations import addressing
from credo.delivery.outbox import Outgoing

_IMAGE = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
_DATA_CID = re.compile(r"""\sdata-cid=["']([^"'>]*)["']""", re.IGNORECASE)
_SRC = re.compile(r"""\ssrc=["']([^"'>]*)["']""", re.IGNORECASE)
_OWN_FILE = re.compile(r"/attachments?/(\d+)\b")


async def built(db: Db, blobs: Blobs, mailbox: Mailbox, mail: Outgoing) -> tuple[str | None, bytes]:
    """The SHA-256 and bytes of `mail`, from its first build or made now; the blob is settled on return.

    A notice to a colleague is built at every attempt and never kept, so that no link lies in a blob: no SHA-256.
    """
    if mail.sha256:
        return mail.sha256, await blobs.get(mail.desk_id, mail.sha256)
    async with db.reading(mail.desk_id) as tx:
        letter = await _letter(tx, blobs, mailbox, mail)
    content = compose(letter)
    if mail.kind == "notice":
        return None, content
    sha256 = await blobs.put(mail.desk_id, content)
    async with db.transaction(mail.desk_id) as tx:
        await tx.run(
            "insert into blob (desk_id, sha256, size) values (%(desk)s, %(sha256)s, %(size)s) on conflict do nothing",
            sha256=sha256,
            size=len(content),
        )
    return sha256, content


@dataclass(frozen=True, slots=True)
class _Row:
    pressed_at: datetime
    content: Mapping[str, Any] | None
    subject: str | None
    text: str | None
    html: str | None
    seq: int | None
    conversation_subject: str | None
    reply_key: str | None
    signing_key: bytes


@dataclass(frozen=True, slots=True)
class _Recipient:
    address: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class _File:
    id: int
    name: str
    type: str
    sha256: str
    content_id: str | None
    inline: bool


@dataclass(frozen=True, slots=True)
class _Earlier:
    message_id: str
    direction: str


async def _letter(tx: Tx, blobs: Blobs, mailbox: Mailbox, mail: Outgoing) -> Letter:
    row = await tx.one(
        _Row,
        """select o.pressed_at, o.content, i.subject, i.text, i.html, i.seq, c.subject as conversation_subject,
                  c.reply_key, d.signing_key
             from outbox o join desk d on d.id = o.desk_id
             left join item i on i.desk_id = o.desk_id and i.id = o.item_id
             left join conversation c on c.desk_id = o.desk_id and c.id = o.conversation_id
            where o.desk_id = %(desk)s and o.id = %(id)s""",
        id=mail.id,
    )
    people = await tx.all(
        _Recipient,
        """select address, name, role from recipient where desk_id = %(desk)s and outbox_id = %(id)s
            order by role desc, address""",
        id=mail.id,
    )
    content = row.content or {}
    earlier = await _earlier(tx, mail, row.seq) or _named(content)
    files = await _files(tx, blobs, mail)
    return Letter(
        message_id=mail.message_id,
        at=row.pressed_at,
        from_=Address(name=mailbox.name, address=mailbox.address),
        to=[Address(name=p.name, address=p.address) for p in people if p.role == "to"],
        cc=[Address(name=p.name, address=p.address) for p in people if p.role == "cc"],
        reply_to=_reply_to(mailbox, row),
        subject=row.subject or content.get("subject") or _about(row.conversation_subject),
        text=row.text or content.get("text") or "",
        html=_with_images_in_place(row.html, files) if row.html else None,
        signature=mailbox.signature,
        files=[file for _, file in files],
        in_reply_to=next((one.message_id for one in reversed(earlier) if one.direction == "in"), None)
        or (earlier[-1].message_id if earlier else None),
        references=[one.message_id for one in earlier],
        mark=mail.message_id.partition("@")[0] if row.reply_key else None,
        automatic=mail.kind != "reply",
    )


def _reply_to(mailbox: Mailbox, row: _Row) -> str | None:
    if not mailbox.outgoing.plus or row.reply_key is None:
        return None
    return addressing.reply_address(mailbox.address, row.signing_key, row.reply_key)


def _about(subject: str | None) -> str:
    bare = addressing.bare_subject(subject or "")
    return f"Re: {bare}" if bare else ""


def _named(content: Mapping[str, Any]) -> list[_Earlier]:
    """What mail without a conversation answers to."""
    return [_Earlier(content["in_reply_to"], "in")] if content.get("in_reply_to") else []


async def _earlier(tx: Tx, mail: Outgoing, seq: int | None) -> list[_Earlier]:
    """The Message-IDs of the thread before this mail, oldest first."""
    if mail.conversation_id is None or seq is None:
        return []
    newest_first = await tx.all(
        _Earlier,
        """select message_id, direction from item
            where desk_id = %(desk)s and conversation_id = %(conversation)s and seq < %(seq)s and kind = 'message'
              and nature <> 'bounce' and state = 'shown' and message_id is not null
            order by seq desc limit 20""",
        conversation=mail.conversation_id,
        seq=seq,
    )
    return newest_first[::-1]


async def _files(tx: Tx, blobs: Blobs, mail: Outgoing) -> list[tuple[_File, File]]:
    if mail.item_id is None:
        return []
    rows = await tx.all(
        _File,
        """select id, name, type, sha256, content_id, inline from attachment
            where desk_id = %(desk)s and item_id = %(item)s order by id""",
        item=mail.item_id,
    )
    return [
        (
            row,
            File(
                name=row.name,
                type=row.type,
                content=await blobs.get(mail.desk_id, row.sha256),
                content_id=row.content_id or (f"image{row.id}@credo" if row.inline else None),
            ),
        )
        for row in rows
    ]


def _with_images_in_place(html: str, files: Sequence[tuple[_File, File]]) -> str:
    """The HTML with its own pictures as `cid:`; the composer shows them from our address, which no reader can reach."""
    by_cid = {file.content_id for _, file in files if file.content_id}
    by_id = {row.id: file.content_id for row, file in files if file.content_id}

    def placed(tag: re.Match[str]) -> str:
        told = tag.group()
        cid = found.group(1) if (found := _DATA_CID.search(told)) else None
        src = found.group(1) if (found := _SRC.search(told)) else ""
        if cid not in by_cid:
            own = _OWN_FILE.search(src)
            cid = by_id.get(int(own.group(1))) if own else None
        if cid is None:
            return told
        return f'<img src="cid:{escape(cid)}"' + _SRC.sub("", _DATA_CID.sub("", told))[4:]

    return _IMAGE.sub(placed, html)
