"""The listener: yes only when stored, only for our addresses, a polite no for what is too large."""

from __future__ import annotations

import asyncio
import smtplib
from collections.abc import AsyncIterator
from typing import Any

import pytest

from credo.base.blobs import Blobs
from credo.base.db import Db
from credo.channels.email.listener import BadAddress, Listener, PortTaken, listen, parse
from credo.channels.email.porter import Room
from support.desks import Desk
from support.mails import mail

pytestmark = pytest.mark.anyio


@pytest.fixture
async def address(db: Db, desk: Desk) -> str:
    """An address of this desk's mailbox that no other desk of this database has."""
    mine = f"care{desk.id}@lumen.example"
    async with db.transaction(desk.id) as tx:
        await tx.run(
            "update mailbox set address = %(address)s, aliases = %(aliases)s where desk_id = %(desk)s and id = %(id)s",
            address=mine,
            aliases=[f"Help{desk.id}@lumen.example"],
            id=desk.mailbox_id,
        )
    return mine


@pytest.fixture
async def smtp(db: Db, blobs: Blobs, address: str) -> AsyncIterator[Listener]:
    """A listener by SMTP."""
    listener = await listen(db, blobs, "127.0.0.1:0", max_bytes=100_000)
    yield listener
    await listener.close()


@pytest.fixture
async def lmtp(db: Db, blobs: Blobs, address: str) -> AsyncIterator[Listener]:
    """A listener by LMTP."""
    listener = await listen(db, blobs, "127.0.0.1:0", max_bytes=100_000, lmtp=True)
    yield listener
    await listener.close()


async def hand_over(listener: Listener, to: list[str], content: bytes, kind: type[smtplib.SMTP] = smtplib.SMTP) -> Any:
    """Deliver as a mail server does; returns the refused recipients or the error's code and words."""

    def deliver() -> Any:
        with kind("127.0.0.1", listener.port, timeout=5) as client:
            try:
                return client.sendmail("mara@example.org", to, content)
            except smtplib.SMTPRecipientsRefused as refused:
                return refused.recipients
            except smtplib.SMTPResponseException as refused:
                return refused.smtp_code, refused.smtp_error

    return await asyncio.to_thread(deliver)


async def kept(db: Db, desk: Desk) -> list[dict[str, Any]]:
    """The envelopes of what was kept."""
    async with db.reading(desk.id) as tx:
        return await tx.values("select envelope from raw where desk_id = %(desk)s and origin = 'listener' order by id")


async def test_a_yes_means_that_it_is_stored(db: Db, blobs: Blobs, desk: Desk, address: str, smtp: Listener) -> None:
    content = mail(to=address).replace(b"\n", b"\r\n")
    assert await hand_over(smtp, [address], content) == {}
    ((envelope),) = await kept(db, desk)
    assert envelope["sender"] == "mara@example.org"
    assert envelope["to"] == [address]
    async with db.reading(desk.id) as tx:
        sha256 = await tx.value("select sha256 from raw where desk_id = %(desk)s and state = 'kept'")
    assert await blobs.get(desk.id, sha256) == content


async def test_aliases_and_plus_addresses_live_here_too(db: Db, desk: Desk, address: str, smtp: Listener) -> None:
    local, _, domain = address.partition("@")
    to = [address.upper(), f"help{desk.id}@lumen.example", f"{local}+abcd.0123@{domain}"]
    assert await hand_over(smtp, to, mail()) == {}
    (envelope,) = await kept(db, desk)
    assert len(envelope["to"]) == 3, "one mail to one mailbox is kept once"


@pytest.mark.parametrize("other", ["nobody@lumen.example", "care@elsewhere.example", "care"])
async def test_for_others_it_is_no_relay(db: Db, desk: Desk, smtp: Listener, other: str) -> None:
    refused = await hand_over(smtp, [other], mail())
    assert refused[other][0] in (550, 553)
    assert await kept(db, desk) == []


async def test_too_large_is_refused_politely(db: Db, desk: Desk, address: str, smtp: Listener) -> None:
    code, words = await hand_over(smtp, [address], mail() + b"0123456789\r\n" * 10_000)
    assert code == 552
    assert b"smaller files" in words
    assert await kept(db, desk) == []


async def test_long_lines_and_bare_bytes_are_taken(
    db: Db, blobs: Blobs, desk: Desk, address: str, smtp: Listener
) -> None:
    content = b"Subject: x\r\n\r\n" + b"\xff\xfe" + b"y" * 60_000 + b"\r\n..dots\r\n.\r.\r\n"
    assert await hand_over(smtp, [address], content) == {}
    async with db.reading(desk.id) as tx:
        sha256 = await tx.value("select sha256 from raw where desk_id = %(desk)s")
    stored = await blobs.get(desk.id, sha256)
    assert b"y" * 60_000 in stored
    assert b"\r\n..dots\r\n" in stored


class _Failing(Blobs):
    """A store whose disk is full."""

    async def put(self, desk_id: int, content: bytes) -> str:
        raise OSError("No space left on device")


async def test_when_it_cannot_be_stored_the_other_side_keeps_it(db: Db, blobs: Blobs, desk: Desk, address: str) -> None:
    full = _Failing(blobs._store, blobs._folder)
    listener = await listen(db, full, "127.0.0.1:0", max_bytes=100_000)
    code, _ = await hand_over(listener, [address], mail())
    await listener.close()
    assert code == 451
    assert await kept(db, desk) == []


async def test_without_the_database_it_says_later(db: Db, blobs: Blobs, desk: Desk, address: str) -> None:
    gone = await Db(db.url, size=1).open()
    listener = await listen(gone, blobs, "127.0.0.1:0", max_bytes=100_000)
    await gone.close()
    refused = await hand_over(listener, [address], mail())
    await listener.close()
    assert refused[address][0] == 451


async def test_lmtp_answers_for_each_recipient(db: Db, desk: Desk, address: str, lmtp: Listener) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", lmtp.port)

    async def say(line: bytes) -> bytes:
        writer.write(line + b"\r\n")
        answer = await reader.readline()
        while answer[3:4] == b"-":
            answer = await reader.readline()
        return answer

    assert (await reader.readline()).startswith(b"220")
    assert (await say(b"LHLO mx.example.org")).startswith(b"250")
    assert (await say(b"MAIL FROM:<mara@example.org>")).startswith(b"250")
    assert (await say(f"RCPT TO:<{address}>".encode())).startswith(b"250")
    assert (await say(b"RCPT TO:<nobody@lumen.example>")).startswith(b"550")
    assert (await say(f"RCPT TO:<help{desk.id}@lumen.example>".encode())).startswith(b"250")
    assert (await say(b"DATA")).startswith(b"354")
    writer.write(b"Subject: x\r\n\r\nHello\r\n.\r\n")
    answers = [await asyncio.wait_for(reader.readline(), 5) for _ in range(2)]
    assert all(answer.startswith(b"250") for answer in answers)
    assert (await say(b"QUIT")).startswith(b"221")
    writer.close()
    assert len(await kept(db, desk)) == 1


async def test_a_fault_of_ours_is_told_to_each_recipient_too(
    desk: Desk, address: str, lmtp: Listener, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*given: Any) -> str:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr("credo.channels.email.listener.Door.handle_DATA", broken)

    def deliver() -> list[int]:
        with smtplib.LMTP("127.0.0.1", lmtp.port, timeout=5) as client:
            client.ehlo()
            client.mail("mara@example.org")
            codes = [client.rcpt(one)[0] for one in (address, f"help{desk.id}@lumen.example")]
            codes += [client.data(mail())[0], client.getreply()[0], client.noop()[0]]
            return codes

    assert await asyncio.to_thread(deliver) == [250, 250, 451, 451, 250]
    assert "broken on purpose" in caplog.text


async def _greeted(listener: Listener, address: str = "127.0.0.1") -> tuple[str, asyncio.StreamWriter]:
    """What a new connection from `address` is greeted with."""
    opened = asyncio.open_connection("127.0.0.1", listener.port, local_addr=(address, 0))
    reader, writer = await opened
    return (await asyncio.wait_for(reader.readline(), 5)).decode(), writer


async def test_each_address_may_hold_so_many_connections(db: Db, blobs: Blobs, address: str) -> None:
    listener = await listen(db, blobs, "127.0.0.1:0", max_bytes=100_000, room=Room(total=3, each=2))
    held = [await _greeted(listener), await _greeted(listener)]
    assert [told[:3] for told, _ in held] == ["220", "220"]
    told, writer = await _greeted(listener)
    assert told.startswith("421 4.7.0 ")
    writer.close()
    held.append(await _greeted(listener, "127.0.0.2"))
    assert held[-1][0].startswith("220"), "another address has room of its own"
    told, writer = await _greeted(listener, "127.0.0.3")
    assert told.startswith("421 4.3.2 "), "the whole room is full"
    writer.close()
    for _, holder in held:
        holder.close()
        await holder.wait_closed()
    await asyncio.sleep(0.1)
    assert await hand_over(listener, [address], mail()) == {}, "whoever leaves makes room"
    await listener.close()


async def test_who_says_nothing_is_sent_away_and_who_is_slow_is_not(db: Db, blobs: Blobs, address: str) -> None:
    listener = await listen(db, blobs, "127.0.0.1:0", max_bytes=100_000, room=Room(idle=0.5))
    reader, writer = await asyncio.open_connection("127.0.0.1", listener.port)
    assert (await reader.readline()).startswith(b"220")
    for line in (b"HELO mx", b"MAIL FROM:<mara@example.org>", f"RCPT TO:<{address}>".encode(), b"DATA"):
        writer.write(line + b"\r\n")
        await reader.readline()
    for _ in range(5):
        writer.write(b"a slow line\r\n")
        await asyncio.sleep(0.2)
    writer.write(b".\r\n")
    assert (await reader.readline()).startswith(b"250")
    assert (await asyncio.wait_for(reader.read(), 5)).startswith(b"421 4.4.2 ")
    writer.close()
    await listener.close()


def test_addresses_are_parsed() -> None:
    assert parse("127.0.0.1:2525") == ("127.0.0.1", 2525)
    assert parse("[::1]:24") == ("::1", 24)
    for wrong in ("2525", "localhost", "host:port", "host:99999"):
        with pytest.raises(BadAddress):
            parse(wrong)


async def test_a_taken_port_is_one_sentence(db: Db, blobs: Blobs, smtp: Listener) -> None:
    with pytest.raises(PortTaken, match="Nothing can listen on"):
        await listen(db, blobs, f"127.0.0.1:{smtp.port}", max_bytes=1)
