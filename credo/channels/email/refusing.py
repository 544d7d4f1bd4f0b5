"""A mail larger than the desk takes in stays on its server: only its headers are kept, and its sender is told."""

from __future__ import annotations

from credo.base.blobs import Blobs
from credo.base.db import Db
from credo.channels.email import read as reader
from credo.channels.email.imap import Folder, Listed
from credo.channels.email.mailbox import Mailbox
from credo.intake import Source, refuse


async def refuse_large(
    db: Db, blobs: Blobs, mailbox: Mailbox, folder: Folder, one: Listed, headers: bytes, *, max_bytes: int
) -> bool:
    """Keep the `headers` of a message that is too large; False when that was done before."""
    raw_id = await refuse(
        db,
        blobs,
        mailbox.desk_id,
        mailbox.id,
        headers or b"Subject: \r\n\r\n",
        size=one.size,
        envelope=_envelope(headers, folder, max_bytes),
        source=Source(folder.name, folder.uidvalidity, one.uid),
        reason=f"This message has {-(-one.size // 1_000_000)} MB; this desk takes at most {max_bytes // 1_000_000} MB.",
    )
    return raw_id is not None


def _envelope(headers: bytes, folder: Folder, max_bytes: int) -> dict[str, object]:
    """What a refusal needs: who wrote, about what, and whether a person did."""
    told: dict[str, object] = {"folder": folder.name, "most": max_bytes, "answerable": False}
    try:
        inbound = reader.read(headers + b"\r\n")
    except reader.Unreadable:
        return told
    told["from"] = inbound.from_.address if inbound.from_ else ""
    told["subject"] = inbound.subject[:200]
    told["message_id"] = inbound.message_id
    told["answerable"] = inbound.kind == "message" and inbound.automatic == "no"
    return told
