"""Keeping: on the disk and committed first, once for each place on a server."""

from __future__ import annotations

import hashlib

import pytest

from credo import intake
from credo.base.blobs import Blobs
from credo.base.db import Db
from credo.intake import Arrival, Source, digest, keep, keep_many
from support.desks import Desk

pytestmark = pytest.mark.anyio

MAIL = b"From: Mara <mara@example.org>\r\nSubject: Lamp\r\nMessage-ID: <1@example.org>\r\n\r\nIt flickers.\r\n"


async def test_keep_stores_the_bytes_and_a_row(db: Db, blobs: Blobs, desk: Desk) -> None:
    raw_id = await keep(
        db, blobs, desk.id, desk.mailbox_id, MAIL, origin="command", envelope={"from": "mara@example.org"}
    )
    async with db.reading(desk.id) as tx:
        sha256 = await tx.value(
            "select sha256 from raw where desk_id = %(desk)s and id = %(id)s and state = 'kept'", id=raw_id
        )
        assert await tx.value("select size from blob where desk_id = %(desk)s and sha256 = %(s)s", s=sha256) == len(
            MAIL
        )
    assert sha256 == hashlib.sha256(MAIL).hexdigest()
    assert await blobs.get(desk.id, sha256) == MAIL


async def test_the_same_place_on_a_server_is_kept_once(db: Db, blobs: Blobs, desk: Desk) -> None:
    arrival = Arrival(content=MAIL, source=Source("INBOX", 7, 12))
    first = await keep_many(db, blobs, desk.id, desk.mailbox_id, [arrival], origin="imap")
    again = await keep_many(db, blobs, desk.id, desk.mailbox_id, [arrival], origin="imap")
    assert first == again
    async with db.reading(desk.id) as tx:
        assert await tx.value("select count(*) from raw where desk_id = %(desk)s") == 1


async def test_after_a_new_uidvalidity_known_bytes_are_linked_not_doubled(db: Db, blobs: Blobs, desk: Desk) -> None:
    old = Arrival(content=MAIL, source=Source("INBOX", 7, 12))
    moved = Arrival(
        content=b"Received: from a by b;\r\n Sat, 21 Nov 2026\r\n" + MAIL,
        source=Source("INBOX", 8, 1),
        unless_known=True,
    )
    fresh = Arrival(content=MAIL.replace(b"<1@", b"<2@"), source=Source("INBOX", 8, 2), unless_known=True)
    (first,) = await keep_many(db, blobs, desk.id, desk.mailbox_id, [old], origin="imap")
    linked, new = await keep_many(db, blobs, desk.id, desk.mailbox_id, [moved, fresh], origin="imap")
    assert linked == first
    assert new != first


async def test_a_refused_mail_leaves_its_headers_and_an_event(db: Db, blobs: Blobs, desk: Desk) -> None:
    async def refuse() -> int | None:
        return await intake.refuse(
            db,
            blobs,
            desk.id,
            desk.mailbox_id,
            b"Subject: huge\r\n\r\n",
            size=90_000_000,
            envelope={"from": "mara@example.org", "subject": "huge", "message_id": "h@example.org"},
            source=Source("INBOX", 7, 3),
            reason="This message is larger than 40 MB.",
        )

    raw_id = await refuse()
    assert await refuse() is None, "a second look at the server refuses nothing twice"
    async with db.reading(desk.id) as tx:
        assert await tx.value("select state from raw where desk_id = %(desk)s and id = %(id)s", id=raw_id) == "refused"
        assert await tx.value("select size from raw where desk_id = %(desk)s and id = %(id)s", id=raw_id) == 90_000_000
        assert await tx.values("select kind from event where desk_id = %(desk)s") == ["intake.refused"]


@pytest.mark.parametrize(
    "other",
    [
        MAIL.replace(b"\r\n", b"\n"),
        b"Return-Path: <mara@example.org>\r\nReceived: from x\r\n\tby y; today\r\n" + MAIL,
        b"Received: by relay\r\n" + MAIL + b"\r\n",
        b"From mara@example.org Sat Nov 21 10:00:00 2026\n" + MAIL.replace(b"\r\n", b"\n"),
        MAIL.replace(b"Subject", b"X-Spam-Score: 1\r\nAuthentication-Results: mx; spf=pass\r\nSubject"),
    ],
)
def test_two_copies_share_a_digest(other: bytes) -> None:
    assert digest(other) == digest(MAIL)


@pytest.mark.parametrize(
    "other",
    [
        MAIL.replace(b"flickers", b"glows"),
        MAIL.replace(b"Lamp", b"Desk"),
        MAIL.replace(b"<1@", b"<2@"),
        MAIL.replace(b"It flickers.", b"Received: it flickers."),
        b"",
        b"\r\n\r\n",
    ],
)
def test_two_mails_do_not(other: bytes) -> None:
    assert digest(other) != digest(MAIL)
