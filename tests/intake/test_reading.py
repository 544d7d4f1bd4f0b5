"""From kept bytes to a conversation: once, in order, and a bad mail stops no other."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from credo import intake
from credo.access import visible_mailboxes
from credo.base.blobs import Blobs
from credo.base.clock import frozen, now
from credo.base.db import Db
from credo.intake import Arrival, Source, keep, keep_many
from credo.reading import read_due
from support.desks import Desk
from support.mails import mail

pytestmark = pytest.mark.anyio


def silent(name: str, kind: str) -> list[str]:
    """No network in tests."""
    return []


async def _keep(db: Db, blobs: Blobs, desk: Desk, *contents: bytes) -> list[int]:
    return [await keep(db, blobs, desk.id, desk.mailbox_id, one, origin="command") for one in contents]


async def read_all(db: Db, blobs: Blobs) -> None:
    """Read until nothing is due."""
    while await read_due(db, blobs, resolver=silent):
        pass


async def _states(db: Db, desk: Desk) -> list[str]:
    async with db.reading(desk.id) as tx:
        return await tx.values("select state from raw where desk_id = %(desk)s order by id")


async def test_a_mail_becomes_a_conversation(db: Db, blobs: Blobs, desk: Desk) -> None:
    (raw_id,) = await _keep(db, blobs, desk, mail())
    await read_all(db, blobs)
    async with db.reading(desk.id) as tx:
        found = await tx.value(
            """select c.subject from raw r join conversation c on c.desk_id = r.desk_id and c.id = r.conversation_id
                join item i on i.desk_id = r.desk_id and i.id = r.item_id and i.raw_id = r.id
                where r.desk_id = %(desk)s and r.id = %(id)s and r.state = 'read'""",
            id=raw_id,
        )
    assert found == "Cracked glass"


async def test_a_reply_kept_right_behind_its_original_joins_it(db: Db, blobs: Blobs, desk: Desk) -> None:
    await _keep(
        db,
        blobs,
        desk,
        mail(),
        mail(message_id="<two@example.com>", in_reply_to="<one@example.com>", text="And another crack."),
    )
    await asyncio.gather(*(read_all(db, blobs) for _ in range(3)))
    async with db.reading(desk.id) as tx:
        assert await tx.value("select count(*) from conversation where desk_id = %(desk)s") == 1
        assert await tx.value("select count(*) from item where desk_id = %(desk)s and kind = 'message'") == 2


async def test_the_same_mail_twice_is_marked_and_not_doubled(db: Db, blobs: Blobs, desk: Desk) -> None:
    await _keep(db, blobs, desk, mail(), mail())
    await read_all(db, blobs)
    assert await _states(db, desk) == ["read", "duplicate"]
    async with db.reading(desk.id) as tx:
        assert await tx.value("select count(*) from item where desk_id = %(desk)s and kind = 'message'") == 1


async def test_many_workers_read_each_mail_once(db: Db, blobs: Blobs, desk: Desk) -> None:
    await _keep(db, blobs, desk, *(mail(f"c{n}@example.com", message_id=f"<{n}@example.com>") for n in range(40)))
    await asyncio.gather(*(read_all(db, blobs) for _ in range(4)))
    await read_all(db, blobs)
    assert set(await _states(db, desk)) == {"read"}
    async with db.reading(desk.id) as tx:
        assert await tx.value("select count(*) from item where desk_id = %(desk)s and kind = 'message'") == 40
        assert await tx.value("select count(*) from event where desk_id = %(desk)s and kind = 'message.received'") == 40


async def test_what_is_no_mail_needs_a_look_at_once_and_stops_nothing(db: Db, blobs: Blobs, desk: Desk) -> None:
    await _keep(db, blobs, desk, b"   \r\n", mail())
    await read_all(db, blobs)
    assert await _states(db, desk) == ["failed", "read"]
    async with db.reading(desk.id) as tx:
        (look,) = await intake.to_look_at(tx, visible_mailboxes(desk.ines, "r"))
        assert look.reason == "This mail is empty."
        assert await tx.value("select count(*) from change where desk_id = %(desk)s and name = 'needs-a-look'") == 1


async def test_a_lost_blob_is_tried_again_and_then_shown(db: Db, blobs: Blobs, desk: Desk) -> None:
    (raw_id,) = await _keep(db, blobs, desk, mail())
    async with db.reading(desk.id) as tx:
        sha256 = await tx.value("select sha256 from raw where desk_id = %(desk)s and id = %(id)s", id=raw_id)
    content = await blobs.get(desk.id, sha256)
    await blobs.remove(desk.id, sha256)
    moment = now()
    for _ in range(3):
        with frozen(moment):
            await read_all(db, blobs)
        moment += timedelta(minutes=5)
    assert await _states(db, desk) == ["failed"]
    await blobs.put(desk.id, content)
    async with db.transaction(desk.id) as tx:
        await intake.read_again(tx, visible_mailboxes(desk.ada, "r"), raw_id, desk.ada.as_author())
    with frozen(moment):
        await read_all(db, blobs)
    assert await _states(db, desk) == ["read"]


async def test_attachments_are_stored_before_the_conversation_knows_them(db: Db, blobs: Blobs, desk: Desk) -> None:
    from email import message_from_bytes, policy

    message = message_from_bytes(mail(), policy=policy.default)
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="crack.pdf")
    await keep_many(
        db,
        blobs,
        desk.id,
        desk.mailbox_id,
        [Arrival(content=message.as_bytes(), source=Source("INBOX", 1, 1))],
        origin="imap",
    )
    await read_all(db, blobs)
    async with db.reading(desk.id) as tx:
        sha256 = await tx.value("select sha256 from attachment where desk_id = %(desk)s and name = 'crack.pdf'")
        assert await tx.value("select size from blob where desk_id = %(desk)s and sha256 = %(s)s", s=sha256) == 8
    assert await blobs.get(desk.id, sha256) == b"%PDF-1.7"
