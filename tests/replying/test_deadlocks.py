"""Writing to somebody new while that very person's first mail arrives: nobody waits for the other in a circle."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

import pytest

from credo import flow
from credo.base.db import Db
from credo.channels import Address
from credo.conversations import addressing
from credo.conversations.conversation import get
from credo.replying import opening, sending
from credo.replying.sending import Answer
from support.desks import Desk
from support.mails import arrive, mail

pytestmark = pytest.mark.anyio
PAIRS = 40


def _answer(*to: str, seen: int = 0) -> Answer:
    people = tuple(Address(name="", address=one) for one in to)
    return Answer(text="Hello", to=people[:1], cc=people[1:], last_seen_seq=seen)


async def _reply(db: Db, desk: Desk, id: int, *to: str) -> None:
    async with db.transaction(desk.id) as tx:
        seen = (await get(tx, desk.ines, id)).last_word_seq
        await sending.send(tx, desk.ines, id, _answer(*to, seen=seen))


async def _begin(db: Db, desk: Desk, *to: str) -> None:
    async with db.transaction(desk.id) as tx:
        await opening.begin(tx, desk.ines, mailbox_id=desk.mailbox_id, subject="Hello", answer=_answer(*to))


async def _reply_address(db: Db, desk: Desk, id: int) -> str:
    async with db.reading(desk.id) as tx:
        key = await tx.value("select signing_key from desk where id = %(desk)s")
        reply_key = (await get(tx, desk.ines, id)).reply_key
    return addressing.reply_address(desk.address, key, reply_key)


async def _together(*acts: Awaitable[Any]) -> list[BaseException]:
    """What went wrong, apart from an answer that something new came before."""
    ends = await asyncio.gather(*acts, return_exceptions=True)
    return [end for end in ends if isinstance(end, BaseException) and not isinstance(end, sending.SomethingNew)]


async def _deadlocks(db: Db) -> int:
    async with db.connection() as connection:
        found = await connection.execute("select deadlocks from pg_stat_database where datname = current_database()")
        row = await found.fetchone()
    assert row is not None
    return int(row[0])


async def test_sending_and_arriving_never_wait_for_each_other_in_a_circle(database_url: str, desk: Desk) -> None:
    db = await Db(database_url, size=12, before_commit=flow.react).open()
    before = await _deadlocks(db)
    wrong: list[BaseException] = []
    for number in range(PAIRS):
        first = await arrive(db, desk, mail(message_id=f"<first-{number}@example.com>"))
        id = first.conversation_id
        assert id is not None
        new = [f"{letter}{number}@new.example" for letter in "abcd"]
        back = await _reply_address(db, desk, id)
        wrong += await _together(
            _reply(db, desk, id, *reversed(new)),
            arrive(db, desk, mail(new[0], to=", ".join([back, *new[1:]]), message_id=f"<a{number}@new.example>")),
            arrive(db, desk, mail(new[3], to=", ".join([back, new[1], new[0]]), message_id=f"<d{number}@new.example>")),
            _begin(db, desk, new[2], new[3], new[0]),
            _begin(db, desk, new[1], new[0]),
        )
    await asyncio.sleep(1.1)  # statistics of other connections are told after a second
    after = await _deadlocks(db)
    await db.close()
    assert wrong == []
    assert after == before
