"""Many huge mails at once are read one after the other: the memory of a worker is that of one of them."""

from __future__ import annotations

import os
import tracemalloc
from email.message import EmailMessage

import pytest

from credo import reading
from credo.base.blobs import Blobs
from credo.base.db import Db
from credo.intake import keep
from support.desks import Desk

pytestmark = pytest.mark.anyio
_MAILS, _BYTES = 8, 3_000_000


async def test_huge_mails_are_not_held_all_at_once(db: Db, blobs: Blobs, desk: Desk) -> None:
    for number in range(_MAILS):
        message = EmailMessage()
        message["From"], message["Subject"], message["Message-ID"] = "a@b.example", "Photos", f"<{number}@b.example>"
        message.set_content("Here they are.")
        message.add_attachment(os.urandom(_BYTES), maintype="image", subtype="png", filename="a.png")
        await keep(db, blobs, desk.id, desk.mailbox_id, message.as_bytes(), origin="command")
    tracemalloc.start()
    while await reading.read_due(db, blobs):
        pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    async with db.reading(desk.id) as tx:
        assert await tx.values("select distinct state from raw where desk_id = %(desk)s") == ["read"]
        assert await tx.value("select count(*) from attachment where desk_id = %(desk)s and size > 0") == _MAILS
    assert peak < 10 * _BYTES, f"{peak / 1e6:.0f} MB"
