"""Mail that goes out by itself: to people who write for the first time, never to machines, never in circles."""

from __future__ import annotations

from datetime import timedelta

import pytest

from credo.base.blobs import Blobs
from credo.base.clock import frozen, now
from credo.base.db import Db
from credo.base.errors import Conflict
from credo.channels.email.read import read
from credo.channels.email.send import Postman
from credo.delivery import guard
from credo.delivery.automatic import is_for_nobody
from credo.delivery.sending import send_due
from support.desks import Desk
from support.mails import arrive, mail
from support.smtp_server import SmtpServer

pytestmark = pytest.mark.anyio
WORDS = "Thank you, your message arrived. We answer within one working day."


@pytest.fixture(autouse=True)
async def says_hello(db: Db, desk: Desk) -> None:
    """The mailbox has an automatic answer."""
    async with db.transaction(desk.id) as tx:
        await tx.run("update mailbox set automatic_answer = %(words)s where desk_id = %(desk)s", words=WORDS)


async def written_to(db: Db, desk: Desk) -> list[str]:
    """Who gets an automatic answer, in order."""
    async with db.reading(desk.id) as tx:
        return await tx.values(
            """select r.address from outbox o join recipient r on r.desk_id = o.desk_id and r.outbox_id = o.id
                where o.desk_id = %(desk)s and o.kind = 'automatic' order by o.id"""
        )


async def test_a_person_hears_at_once(db: Db, blobs: Blobs, desk: Desk, server: SmtpServer, postman: Postman) -> None:
    outcome = await arrive(db, desk, mail(), at=now())
    await send_due(db, blobs, postman)
    (taken,) = server.taken
    assert taken.recipients == ("hanna@example.com",)
    assert taken.message["Auto-Submitted"] == "auto-replied"
    assert taken.message["In-Reply-To"] == "<one@example.com>"
    assert taken.message["Subject"] == "Re: Cracked glass"
    assert WORDS in read(taken.content).text
    async with db.reading(desk.id) as tx:
        nature = await tx.values(
            """select nature from item where desk_id = %(desk)s and conversation_id = %(id)s and kind = 'message'
                order by seq""",
            id=outcome.conversation_id,
        )
        state = await tx.value(
            "select state from conversation where desk_id = %(desk)s and id = %(id)s", id=outcome.conversation_id
        )
        kinds = await tx.values("select kind from event where desk_id = %(desk)s")
    assert nature == ["message", "automatic_answer"]
    assert state == "open", "an automatic answer is no answer"
    assert "message.replied" not in kinds


async def test_only_the_first_message_of_a_conversation_is_answered(db: Db, desk: Desk) -> None:
    await arrive(db, desk, mail(), at=now())
    await arrive(db, desk, mail(message_id="<two@example.com>", in_reply_to="<one@example.com>", text="More"), at=now())
    assert await written_to(db, desk) == ["hanna@example.com"]


@pytest.mark.parametrize(
    ("sender", "headers"),
    [
        ("hanna@example.com", {"auto_submitted": "auto-replied"}),
        ("hanna@example.com", {"auto_submitted": "auto-generated"}),
        ("hanna@example.com", {"precedence": "bulk"}),
        ("hanna@example.com", {"list_id": "<news.example.com>"}),
        ("hanna@example.com", {"x_auto_response_suppress": "All"}),
        ("no-reply@shop.example", {}),
        ("NoReply+123@shop.example", {}),
        ("MAILER-DAEMON@mx.example", {}),
        ("care+somebody@lumen.example", {}),
        ("bounces+7@list.example", {}),
    ],
)
async def test_machines_are_never_answered(db: Db, desk: Desk, sender: str, headers: dict[str, str]) -> None:
    await arrive(db, desk, mail(sender, **headers), at=now())
    assert await written_to(db, desk) == []


async def test_nobody_is_answered_who_may_not_be_who_they_say(db: Db, desk: Desk) -> None:
    await arrive(db, desk, mail(), verdict="failed", at=now())
    assert await written_to(db, desk) == []


async def test_a_doubted_address_is_left_alone(db: Db, desk: Desk) -> None:
    await arrive(db, desk, mail(), at=now())
    async with db.transaction(desk.id) as tx:
        await tx.run("update identity set doubted_at = now(), doubt = '5.1.1' where desk_id = %(desk)s")
    await arrive(db, desk, mail(message_id="<two@example.com>", subject="Another"), at=now())
    assert await written_to(db, desk) == ["hanna@example.com"]


async def test_the_same_subject_is_answered_twice_a_day_then_a_breaker_trips(db: Db, desk: Desk) -> None:
    for number in range(4):
        await arrive(
            db,
            desk,
            mail(message_id=f"<{number}@example.com>", subject="Re: Cracked glass", text=f"{number}"),
            at=now(),
        )
    assert len(await written_to(db, desk)) == 2
    async with db.reading(desk.id) as tx:
        (breaker,) = await guard.tripped(tx)
    assert (breaker.address, breaker.reason) == ("hanna@example.com", "subject")


async def test_an_address_is_answered_ten_times_a_day_until_somebody_resets(db: Db, desk: Desk) -> None:
    for number in range(12):
        await arrive(db, desk, mail(message_id=f"<{number}@example.com>", subject=f"Question {number}"), at=now())
    assert len(await written_to(db, desk)) == 10
    async with db.transaction(desk.id) as tx:
        (breaker,) = await guard.tripped(tx)
        assert breaker.reason == "address"
        await guard.reset(tx, breaker.id, desk.ada.as_author())
        with pytest.raises(Conflict):
            await guard.reset(tx, breaker.id, desk.ada.as_author())
        assert await guard.tripped(tx) == []
    with frozen(now() + timedelta(seconds=1)):
        await arrive(db, desk, mail(message_id="<again@example.com>", subject="Question again"), at=now())
    assert len(await written_to(db, desk)) == 11, "after a reset it counts from there"
    async with db.reading(desk.id) as tx:
        kinds = await tx.values(
            "select kind from event where desk_id = %(desk)s and kind like 'breaker.%%' order by id"
        )
    assert kinds == ["breaker.tripped", "breaker.reset"]


async def test_others_are_answered_while_a_breaker_is_open(db: Db, desk: Desk) -> None:
    async with db.transaction(desk.id) as tx:
        await guard.trip(tx, "hanna@example.com", "flood")
    await arrive(db, desk, mail(), at=now())
    await arrive(db, desk, mail("ben@example.com", message_id="<ben@example.com>"), at=now())
    assert await written_to(db, desk) == ["ben@example.com"]


async def test_a_flood_trips_the_breaker(db: Db, desk: Desk) -> None:
    async with db.transaction(desk.id) as tx:
        await tx.run("update mailbox set automatic_answer = '' where desk_id = %(desk)s")
    for number in range(51):
        await arrive(db, desk, mail(message_id=f"<{number}@example.com>", subject=f"Question {number}"), at=now())
        async with db.reading(desk.id) as tx:
            assert (await guard.tripped(tx) != []) == (number >= 50)
    async with db.reading(desk.id) as tx:
        assert (await guard.tripped(tx))[0].reason == "flood"


async def test_an_automatic_mail_to_a_gone_address_is_left_out(
    db: Db, blobs: Blobs, desk: Desk, server: SmtpServer, postman: Postman
) -> None:
    await arrive(db, desk, mail(), at=now())
    async with db.transaction(desk.id) as tx:
        await tx.run("update identity set doubted_at = now(), doubt = '5.1.1' where desk_id = %(desk)s")
    await send_due(db, blobs, postman)
    assert server.taken == []
    async with db.reading(desk.id) as tx:
        assert await tx.values("select state from recipient where desk_id = %(desk)s") == ["suppressed"]
        assert await tx.values("select state from outbox where desk_id = %(desk)s") == ["failed"]


async def test_people_are_people() -> None:
    for address in ("hanna@example.com", "reply@example.com", "abusive.fan@example.com", "info@x.example"):
        assert not is_for_nobody(address)
