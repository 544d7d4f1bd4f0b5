"""A client that goes away before its request has arrived is no fault of ours: nothing is logged as one."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import uvicorn

from credo.base.db import Db
from credo.base.settings import read
from credo.people import sessions
from credo.people.sessions import Place
from credo.web.app import create_app
from support.api import token
from support.desks import Desk

pytestmark = pytest.mark.anyio


@pytest.fixture
def port(database_url: str, tmp_path: Path) -> Iterator[int]:
    """The whole application behind a real socket."""
    listening = socket.create_server(("127.0.0.1", 0))
    app = create_app(read({}, data_dir=tmp_path), database_url)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="on", ws="none"))
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield int(listening.getsockname()[1])
    server.should_exit = True
    thread.join(10)
    listening.close()


@pytest.fixture
async def known(db: Db, desk: Desk) -> AsyncIterator[dict[str, str]]:
    """Headers of an administrator: for the API, and for the screens."""
    async with db.transaction(desk.id) as tx:
        begun = await sessions.begin(tx, desk.ada.agent_id, Place("127.0.0.1", "Firefox"), how="password")
    yield {"api": f"Authorization: Bearer {await token(db, desk.ada, 'admin')}", "web": f"Cookie: credo={begun.token}"}


def _half(port: int, address: str, header: str, kind: str, body: bytes) -> None:
    """Announce ten thousand bytes, send a few, and go away."""
    with socket.create_connection(("127.0.0.1", port)) as client:
        head = (f"POST {address} HTTP/1.1", "Host: desk", header, f"Content-Type: {kind}", "Content-Length: 10000", "")
        client.sendall("\r\n".join(head).encode() + b"\r\n" + body)
        time.sleep(0.2)


@pytest.mark.parametrize(
    ("door", "address", "kind"),
    [
        ("api", "/api/v1/conversations/1/notes", "application/json"),
        ("api", "/api/v1/drafts/1/attachments?name=a.pdf", "application/pdf"),
        ("web", "/settings/account", "application/x-www-form-urlencoded"),
        ("web", "/conversations/1/replies", "multipart/form-data; boundary=b"),
        ("web", "/sign-in", "application/x-www-form-urlencoded"),
    ],
)
async def test_whoever_goes_away_leaves_no_fault_behind(
    port: int, known: dict[str, str], caplog: pytest.LogCaptureFixture, door: str, address: str, kind: str
) -> None:
    with caplog.at_level(logging.INFO):
        _half(port, address, known[door], kind, b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\nhalf')
        time.sleep(0.3)
    loud = [one for one in caplog.records if one.levelno >= logging.WARNING or one.exc_info]
    assert loud == []
    assert any("went away" in one.getMessage() for one in caplog.records)
