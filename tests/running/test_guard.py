"""The guard: nothing a stranger writes makes this machine talk to its own network."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from credo.base.errors import TooLarge
from credo.base.guard import AddressForbidden, FetchFailed, Guard


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        port = self.server.server_address[1]
        if self.path == "/large":
            self._send(200, b"x" * 50_000)
        elif self.path == "/endless":
            self.send_response(200)
            self.end_headers()
            while True:
                try:
                    self.wfile.write(b"x" * 10_000)
                except OSError:
                    return
        elif self.path == "/slow":
            threading.Event().wait(2)
            self._send(200, b"late")
        elif self.path == "/zipped":
            self._send(200, b"\x1f\x8b", {"Content-Encoding": "gzip"})
        elif self.path == "/inward":
            self._send(302, b"", {"Location": f"http://[::ffff:127.0.0.1]:{port}/secret"})
        elif self.path == "/round":
            self._send(302, b"", {"Location": "/round"})
        elif self.path == "/away":
            self._send(302, b"", {"Location": f"http://localhost:{port}/told"})
        elif self.path == "/file":
            self._send(302, b"", {"Location": "file:///etc/passwd"})
        else:
            told = self.headers.get("Authorization", "nothing")
            self._send(200, f"told {told}".encode(), {"Content-Type": "text/plain; charset=utf-8"})

    def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Stay quiet."""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:0:4136:e378:8000:63bf:80ff:fffe",
    ],
)
def test_private_addresses_are_refused(address: str) -> None:
    assert not Guard().allows(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "64:ff9b::808:808"])
def test_public_addresses_are_allowed(address: str) -> None:
    assert Guard().allows(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "http://127.1:{port}/",
        "http://2130706433:{port}/",
        "http://0x7f.1:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://user@127.0.0.1:{port}/",
        "http://LOCALHOST.:{port}/",
    ],
)
async def test_no_spelling_of_this_machine_gets_through(port: int, url: str) -> None:
    with pytest.raises((AddressForbidden, FetchFailed)):
        await Guard().fetch(url.format(port=port))


async def test_what_the_operator_allows_is_fetched(port: int) -> None:
    for allowed in ("localhost", "127.0.0.0/8"):
        host = "localhost" if allowed == "localhost" else "127.0.0.1"
        fetched = await Guard([allowed]).fetch(f"http://{host}:{port}/", headers={"Authorization": "a key"})
        assert (fetched.status, fetched.content, fetched.type) == (200, b"told a key", "text/plain")


async def test_a_suffix_allows_the_hosts_below_it_only(monkeypatch: pytest.MonkeyPatch) -> None:
    _answer(monkeypatch, "10.0.0.1")
    guard = Guard([".lan"])
    assert await guard.resolve("calendar.lan", 80) == ["10.0.0.1"]
    for host in ("lan", "calendar.lan.example", "calendarlan"):
        with pytest.raises(AddressForbidden):
            await guard.resolve(host, 80)


@pytest.mark.parametrize("path", ["inward", "file"])
async def test_a_redirect_is_checked_like_a_first_address(port: int, path: str) -> None:
    with pytest.raises((AddressForbidden, FetchFailed)):
        await Guard(["localhost"]).fetch(f"http://localhost:{port}/{path}")


async def test_credentials_do_not_follow_to_another_host(port: int) -> None:
    guard = Guard(["localhost", "127.0.0.1"])
    fetched = await guard.fetch(f"http://127.0.0.1:{port}/away", headers={"Authorization": "a key"})
    assert fetched.content == b"told nothing"
    assert fetched.url == f"http://localhost:{port}/told"


@pytest.mark.parametrize("path", ["large", "endless"])
async def test_too_much_is_cut_off(port: int, path: str) -> None:
    with pytest.raises(TooLarge):
        await Guard(["localhost"]).fetch(f"http://localhost:{port}/{path}", max_bytes=20_000)


async def test_too_slow_is_given_up(port: int) -> None:
    with pytest.raises(FetchFailed, match="whole answer"):
        await Guard(["localhost"]).fetch(f"http://localhost:{port}/slow", seconds=0.2)


@pytest.mark.parametrize(("path", "sentence"), [("round", "forwards too often"), ("zipped", "compressed")])
async def test_what_cannot_be_used_is_said(port: int, path: str, sentence: str) -> None:
    with pytest.raises(FetchFailed, match=sentence):
        await Guard(["localhost"]).fetch(f"http://localhost:{port}/{path}")


async def test_every_address_of_a_name_must_be_public(monkeypatch: pytest.MonkeyPatch) -> None:
    _answer(monkeypatch, "8.8.8.8", "10.0.0.1")
    with pytest.raises(AddressForbidden):
        await Guard().resolve("rebound.example", 80)


async def test_a_name_that_does_not_exist_is_said() -> None:
    with pytest.raises(FetchFailed, match="not known"):
        await Guard().fetch(f"http://{'x' * 70}.invalid/")


def _answer(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Let every name mean `addresses`: which names resolve differs from machine to machine."""

    async def told(*_: object, **__: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)) for address in addresses]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", told)
