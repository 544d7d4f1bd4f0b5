"""Small holes through which something could be learned, reached or pretended."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import AsyncIterator

import pytest

from credo import live
from credo.access import Actor
from credo.api import idempotency
from credo.base.db import Db
from credo.base.guard import FetchFailed, Guard
from credo.channels.email import html
from credo.live import Hub
from credo.web.answering import go
from review.conftest import Clients
from support.desks import Desk

pytestmark = pytest.mark.anyio


async def test_rights_that_change_while_a_stream_asks_are_asked_for_again(db: Db, desk: Desk) -> None:
    hub = Hub(db)
    hub.start()
    asked: list[int] = []

    async def who() -> Actor | None:
        asked.append(1)
        if len(asked) > 1:
            return None
        await asyncio.sleep(0.6)  # in the meantime rights change once more
        return desk.ines

    async def drain() -> None:
        async for _ in hub.stream(desk.ines, who):
            pass

    task = asyncio.create_task(drain())
    await asyncio.sleep(0.3)
    for pause in (0.3, 0.0):
        async with db.transaction(desk.id) as tx:
            await live.changed(tx, live.ACCESS)
        await asyncio.sleep(pause)
    await asyncio.wait_for(task, 5)
    await hub.stop()
    assert len(asked) == 2


async def test_who_is_there_is_heard_only_where_the_conversation_is(db: Db, desk: Desk) -> None:
    hub = Hub(db)
    hub.start()
    heard: dict[str, asyncio.Task[list[str]]] = {}
    for name, actor in {"ada": desk.ada, "tom": desk.tom}.items():
        heard[name] = asyncio.create_task(_presence(_listen(hub, actor)))
    await asyncio.sleep(0.3)
    async with db.transaction(desk.id) as tx:
        await live.changed(tx, "presence:7")  # of a conversation that lies in no mailbox and with no team
    assert await asyncio.wait_for(heard["ada"], 3) == ["presence:7"]
    await asyncio.sleep(0.2)
    assert not heard["tom"].done()
    heard["tom"].cancel()
    await hub.stop()


def _listen(hub: Hub, actor: Actor) -> AsyncIterator[list[str]]:
    async def who() -> Actor | None:
        return actor

    return hub.stream(actor, who)


async def _presence(stream: AsyncIterator[list[str]]) -> list[str]:
    async for names in stream:
        if found := [name for name in names if name.startswith("presence:")]:
            return found
    return []


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.0.1",
        "198.18.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "::ffff:10.0.0.1",
        "::7f00:1",
        "::ffff:0:7f00:1",
        "64:ff9b::a00:1",
        "64:ff9b:1::a00:1",
        "2002:a00:1::",
        "2001:0:4136:e378:8000:63bf:f5ff:fffe",
        "fe80::1",
        "fec0::1",
        "fc00::1",
        "ff02::1",
        "4000::1",
        "5f00::1",
    ],
)
def test_no_way_of_writing_a_private_address_passes_the_guard(address: str) -> None:
    assert ipaddress.ip_address(address)
    assert not Guard().allows(address)


@pytest.mark.parametrize(
    "address", ["http://[::1/a", "http://a b/", "http://", "http://x:99999/", "http://\x00/", "//x/"]
)
async def test_an_address_that_is_none_is_a_plain_failure(address: str) -> None:
    with pytest.raises(FetchFailed):
        await Guard().fetch(address, seconds=3)


def test_public_addresses_pass_the_guard() -> None:
    for address in ("93.184.216.34", "2606:4700::1111", "::ffff:93.184.216.34", "64:ff9b::5db8:d822"):
        assert Guard().allows(address)


@pytest.mark.parametrize("scheme", ["data:", " data:", "da\tta:", "\x01data:", "DA\nTA:", "\x00 cid:"])
def test_links_to_data_are_taken_out_however_they_are_written(scheme: str) -> None:
    assert "href" not in html.read(f'<a href="{scheme}text/html,hello">a</a>').clean


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("/inbox/mine?after=1%2C2&q=a%20b", "/inbox/mine?after=1%2C2&q=a%20b"),
        ("/settings/account#code-title", "/settings/account#code-title"),
        ("/conversations/1?view=x\r\nSet-Cookie: a=b", "/conversations/1?view=x%0D%0ASet-Cookie:%20a=b"),
        ("/search?q=Größe", "/search?q=Gr%C3%B6%C3%9Fe"),
    ],
)
def test_where_to_go_on_is_one_header(address: str, told: str) -> None:
    assert go(address).headers["Location"] == told


async def test_an_invitation_by_api_leaves_no_secret_in_the_database(db: Db, desk: Desk, clients: Clients) -> None:
    body = {"email": "new@lumen.example", "name": "New", "role": "agent"}
    headers = {idempotency.HEADER: "one"}
    first = await clients.ada.post("/agents", json=body, headers=headers)
    assert first.status_code == 201
    token = first.json()["token"].encode()
    async with db.reading(desk.id) as tx:
        kept = await tx.value("select body from idempotency where desk_id = %(desk)s")
    assert token not in bytes(kept)
    again = await clients.ada.post("/agents", json=body, headers=headers)
    assert again.status_code == 201, "the key still tells that it was done"
    assert again.json() == first.json(), "and the answer is the same"
