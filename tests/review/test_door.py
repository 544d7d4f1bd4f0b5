"""The door: what a stranger can learn from it, and what other sites can do through it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx2
import pytest

from credo.base.db import Db
from credo.people import links
from credo.web import sign_in
from support.browser import Browsers, browsers, host_of
from support.desks import Desk
from support.mails import arrive, mail
from support.people import PASSWORD, give_password

pytestmark = pytest.mark.anyio


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[Browsers]:
    """The whole application, asked without a network."""
    async with browsers(database_url, tmp_path) as found:
        yield found


@pytest.fixture
async def door(house: Browsers, db: Db, desk: Desk) -> httpx2.AsyncClient:
    """A browser in front of this desk."""
    await give_password(db, desk, desk.ines)
    return house.open(await host_of(db, desk.id))


async def test_asking_for_a_new_password_takes_as_long_for_an_unknown_address(door: httpx2.AsyncClient) -> None:
    for email in ("ines@lumen.example", "nobody@lumen.example"):
        began = time.monotonic()
        assert (await door.post("/reset", data={"email": email})).status_code in (200, 201)
        assert time.monotonic() - began >= sign_in.EVEN


async def test_a_fault_behind_a_link_leaves_no_secret_in_the_log(
    door: httpx2.AsyncClient, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*given: Any) -> None:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(links, "holder", broken)
    with caplog.at_level(logging.INFO, "credo"), caplog.at_level(logging.ERROR, "httpx2"):
        for path in ("/reset/7.very-secret", "/invite/7.very-secret"):
            assert (await door.get(path)).status_code == 500
    assert "broken on purpose" in caplog.text
    assert "very-secret" not in caplog.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site", "X-HTTP-Method-Override": "GET"},
    ],
)
async def test_other_sites_can_post_nothing(door: httpx2.AsyncClient, desk: Desk, headers: dict[str, str]) -> None:
    await door.post("/sign-in", data={"email": "ines@lumen.example", "password": PASSWORD})
    assert (await door.get("/settings/account")).status_code == 200
    for path in ("/sign-out", "/settings/account", "/settings/tokens", "/conversations", "/sign-in"):
        assert (await door.post(path, data={"name": "x"}, headers=headers)).status_code == 403, path
    assert (await door.get("/settings/account")).status_code == 200, "still signed in"


def test_the_way_on_survives_the_code_whole() -> None:
    opened = sign_in.sessions.Opened("1.x", 1, half=True, kept=False)

    class Asked:
        class url:
            scheme = "http"

    answer = sign_in.entered(Asked(), opened, "/search?q=a&after=b#c")  # type: ignore[arg-type]
    assert answer.headers["Location"] == "/sign-in/code?next=%2Fsearch%3Fq%3Da%26after%3Db%23c"


async def test_remote_images_reach_no_private_network_and_no_fault(
    door: httpx2.AsyncClient, db: Db, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    asked: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readline())
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "a@b.example", "care@lumen.example", "Hello"
    addresses = (
        f"http://127.0.0.1:{port}/a.png",
        f"http://[::ffff:7f00:1]:{port}/b.png",
        "http://nowhere.invalid/c.png",
    )
    letter.set_content("".join(f'<p>k<img src="{one}"></p>' for one in addresses), subtype="html")
    came = await arrive(db, desk, letter.as_bytes())
    await door.post("/sign-in", data={"email": "ines@lumen.example", "password": PASSWORD})
    shown = await door.get(f"/items/{came.item_id}/letter")
    assert "/images/" not in shown.text, "nothing is asked for before a person wants it"
    assert f"/items/{came.item_id}/images/2" in (await door.get(f"/items/{came.item_id}/letter?images=1")).text
    with caplog.at_level(logging.WARNING, "credo"):
        for number in (*range(len(addresses)), 3, 99):
            assert (await door.get(f"/items/{came.item_id}/images/{number}")).status_code == 404
    server.close()
    assert asked == []
    told = [record.getMessage() for record in caplog.records if record.name.startswith("credo")]
    assert told == [], "an image that cannot be had is no fault of ours"


async def test_a_note_keeps_its_files_and_a_doubled_press_sends_one_letter(
    door: httpx2.AsyncClient, db: Db, desk: Desk
) -> None:
    came = await arrive(db, desk, mail())
    await door.post("/sign-in", data={"email": "ines@lumen.example", "password": PASSWORD})
    base = f"/conversations/{came.conversation_id}"
    hung = await door.post(
        f"{base}/draft/attachments", data={"kind": "note"}, files={"file": ("plan.pdf", b"%PDF", "application/pdf")}
    )
    assert hung.status_code == 200
    await door.post(f"{base}/replies", data={"kind": "note", "text": "See the plan"})
    assert "plan.pdf" in (await door.get(base)).text
    async with db.reading(desk.id) as tx:
        seq = await tx.value("select last_word_seq from conversation where desk_id = %(desk)s")
    letter = {"kind": "reply", "text": "On its way", "to": "hanna@example.com", "seen_seq": str(seq)}
    answers = await asyncio.gather(*(door.post(f"{base}/replies", data=letter) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [303, 409, 409]
    async with db.reading(desk.id) as tx:
        assert await tx.value("select count(*) from outbox where desk_id = %(desk)s") == 1
