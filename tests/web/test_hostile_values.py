"""Whatever stands in an address, a query, a form or a cookie, no screen breaks: a sentence comes back, never a 5xx.

The values are thrown at the application's own route table, so that no screen can be forgotten: what a handler takes
is read from its signature and from the functions it calls.
"""

from __future__ import annotations

import inspect
import re
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import quote, quote_from_bytes

import httpx2
import pytest
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from credo.base.blobs import Blobs
from credo.base.db import Db
from credo.base.settings import read
from credo.people import sessions
from credo.people.sessions import Place
from credo.web.app import create_app
from support.browser import Browsers, browsers, host_of
from support.desks import Desk
from support.people import PASSWORD, give_password
from web.scene import Scene, scene

NUMBERS = ("9" * 400, "9" * 5000, str(2**63), str(2**63 - 1), str(2**31), str(2**53), "-1", "0", "1.5", "1e400")
NUMBERS += ("NaN", "٣", "²", "0x10", "1_000")
TEXTS = ("a\x00b", "\x00", "￾\u202e", "agent:" + "9" * 30, "team:" + "9" * 5000, "9" * 30 + ",1", "%", "'\"\\")
MOMENTS = ("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-11-27", "24:00", "own")
CURSORS = ("W10", "WzEsMl0", "eyJ9", "WyI5OTk5LTEyLTMxVDIzOjU5OjU5KzAwOjAwIiwgMWU5OTldIA", "=" * 9)
CURSORS += (urlsafe_b64encode(b"[" * 30_000).decode(),)
CURSORS += ("WyIyMDI2LTAxLTAxVDAwOjAwOjAwKzAwOjAwIiwgOTk5OTk5OTk5OTk5OTk5OTk5OTk5XQ",)  # its id has 21 digits
RAW = (b"\xff\xfe", b"\xed\xa0\x80", b"ok\xc3")
VALUES = (*NUMBERS, *TEXTS, *MOMENTS, *CURSORS)
HUGE = "x" * 2_000_000
# What a form holds besides the value that does not fit; a screen takes what it knows.
FITS = {
    "kind": "reply",
    "text": "Hello",
    "html": "<p>Hello</p>",
    "to": "maria@example.org",
    "subject": "A lamp",
    "name": "Care again",
    "email": "new@example.org",
    "role": "agent",
    "language": "en",
    "zone": "Europe/Berlin",
    "password": PASSWORD,
    "new_password": PASSWORD + " two",
    "code_password": PASSWORD,
    "address": "again@lumen.example",
    "anyway": "1",
    "handed": "1",
    "tags": "new",
    "until": "2030-01-01T09:00:00Z",
    "doing": "viewing",
    "scopes": "read",
    "pack": "calm",
    "opens": "09:00",
    "closes": "18:00",
    "hours": "4",
    "desk_name": "Lumen",
    "imap_host": "127.0.0.1",
    "imap_port": "9",
    "imap_security": "plain",
    "smtp_host": "127.0.0.1",
    "smtp_port": "9",
    "smtp_security": "plain",
    "since": "2026-01-01T00:00:00Z",
    "after": "0",
}
# Names a loop makes, by the function that has the loop.
BUILT = {
    "def _by_hand": ("imap_host", "imap_port", "imap_security", "smtp_host", "smtp_port", "smtp_security"),
    "def writing": ("to", "cc", "bcc"),
}
SLOW = {"/settings/mailboxes/test", "/reset"}  # one asks servers, the other takes its time for everybody
OWN = {"request", "house", "actor", "who", "state"}
_READ = re.compile(r'\.(?:get|text|texts|number|numbers|file|files)\(\s*"(\w+)"|(?:told|query_params)\["(\w+)"')
_CALLED = re.compile(r"(?:\b(\w+)\.)?\b(\w+)\(")


@dataclass(frozen=True)
class Screen:
    """One method of one path, and the names of what its handler reads."""

    method: str
    path: str
    query: tuple[str, ...]
    fields: tuple[str, ...]


def _screens() -> Iterator[Screen]:
    for route in create_app(read({})).routes:
        if not isinstance(route, HTTPRoute) or route.path.startswith(("/api/", "/static", "/live", "/health")):
            continue
        for handler in route.route_handlers:
            names = set(handler.parsed_fn_signature.parameters) - OWN - set(route.path_parameters)
            asked = names | set(re.findall(r'query_params\.get\("(\w+)"', _source(handler)))
            fields = {one or other for one, other in _READ.findall(_source(handler))}
            fields |= {name for loop, names in BUILT.items() if loop in _source(handler) for name in names}
            for method in sorted(handler.http_methods - {"OPTIONS", "HEAD"}):
                reads = sorted(fields) if method != "GET" else ()
                yield Screen(method, route.path, tuple(sorted(asked)), tuple(reads))


def _source(handler: HTTPRouteHandler) -> str:
    """The text of a handler and of every function of the screens it calls."""
    seen: dict[Any, str] = {}
    waiting: list[Any] = [handler.fn]
    while waiting:
        one = waiting.pop()
        if one in seen:
            continue
        seen[one] = f"# {one.__module__}\n{inspect.getsource(one)}"
        known = inspect.getmodule(one).__dict__
        for owner, name in _CALLED.findall(seen[one]):
            holder = known.get(owner) if owner else None
            found = getattr(holder, name, None) if isinstance(holder, ModuleType) else known.get(name)
            if inspect.isfunction(found) and found.__module__.startswith("credo.web."):
                waiting.append(found)
    return "".join(seen.values())


SCREENS = list(_screens())


@pytest.fixture
async def house(database_url: str, tmp_path: Path, blobs: Blobs) -> AsyncIterator[Browsers]:
    async with browsers(database_url, tmp_path) as found:
        yield found


class Thrower:
    """Throws values at screens as the administrator of a desk in its morning state, and remembers what broke."""

    def __init__(self, house: Browsers, db: Db, host: str, desk: Desk, ids: dict[str, int]) -> None:
        self.house, self.db, self.host, self.desk, self.ids = house, db, host, desk, ids
        self.thrown = 0
        self.broken: list[str] = []
        self.cookie = ""
        self._browser: httpx2.AsyncClient

    async def sit_down(self) -> None:
        """A session of its own, because some screens end sessions."""
        async with self.db.transaction(self.desk.id) as tx:
            begun = await sessions.begin(tx, self.desk.ada.agent_id, Place("127.0.0.1", "Firefox"), how="password")
        self._browser = self.house.open(self.host)
        self.cookie = f"credo={begun.token}"
        self._browser.headers["cookie"] = self.cookie

    async def throw(self, told: str, method: str, address: str, **more: Any) -> None:
        """One request; whatever comes back, it is no 5xx, and a refusal says why."""
        self.thrown += 1
        try:
            answer = await self._browser.request(method, address, **more)
        except httpx2.InvalidURL:
            raise
        except Exception as error:  # noqa: BLE001 - what the application lets through is a fault of its own
            self.broken.append(f"{told}: {error!r}"[:300])
            return
        if answer.status_code >= 500:
            self.broken.append(f"{told}: {answer.status_code}")
        elif answer.status_code >= 400 and not answer.text.strip():
            self.broken.append(f"{told}: {answer.status_code} without a sentence")

    def fill(self, path: str) -> str:
        """The path with numbers of what there is."""
        begin = next((name for name in sorted(self.ids, key=len, reverse=True) if path.startswith(name)), "")
        filled = path.replace("{id:int}", str(self.ids.get(begin, 1)))
        return re.sub(r"{\w+:\w+}", "open" if "view" in path else "1", filled)


@pytest.fixture
async def thrower(house: Browsers, db: Db, blobs: Blobs) -> AsyncIterator[Thrower]:
    found: Scene = await scene(db, blobs)
    desk = found.desk
    await give_password(db, desk, desk.ada)
    async with db.reading(desk.id) as tx:
        last = "select max(id) from {} where desk_id = %(desk)s"
        ids = {
            "/conversations": found.hanna,
            "/items": await tx.value(last.format("item")),
            "/outbox": await tx.value(last.format("outbox")),
            "/needs-a-look": found.raw,
            "/settings/people": desk.tom.agent_id,
            "/settings/teams": desk.team_id,
            "/settings/mailboxes": desk.mailbox_id,
            "/settings/breakers": await tx.value(last.format("breaker")),
        }
    throws = Thrower(house, db, await host_of(db, desk.id), desk, ids)
    yield throws
    assert throws.thrown > 20
    assert not throws.broken, "\n".join([f"{len(throws.broken)} of {throws.thrown} broke a screen:", *throws.broken])


def test_the_table_of_screens_knows_what_they_read() -> None:
    known = {(one.method, one.path): one for one in SCREENS}
    assert {"kind", "text", "seen_seq", "to", "mailbox_id"} <= {*known["PUT", "/conversations/{id:int}/draft"].fields}
    assert {"imap_port", "team_id", "days"} <= {*known["POST", "/settings/mailboxes"].fields}
    assert {"after", "before"} == {*known["GET", "/conversations/{id:int}/items"].query}
    assert len(SCREENS) > 70


async def test_no_address_breaks_a_screen(thrower: Thrower) -> None:
    for screen in SCREENS:
        await thrower.sit_down()
        for hole in re.findall(r"{\w+:\w+}", screen.path):
            for value in (*map(quote, VALUES), *map(quote_from_bytes, RAW)):
                kept = screen.path.replace(hole, "\x01")
                address = thrower.fill(kept).replace("\x01", value.replace("/", "%2F"))
                await thrower.throw(f"{screen.method} {screen.path} {value[:30]}", screen.method, address)


async def test_no_query_breaks_a_screen(thrower: Thrower) -> None:
    for screen in SCREENS:
        await thrower.sit_down()
        for name in screen.query:
            others = [other for other in screen.query if other in FITS and other != name]
            fits = "".join(f"&{other}={quote(FITS[other])}" for other in others)
            for value in (*map(quote, VALUES), *map(quote_from_bytes, RAW), "x" * 60_000):
                address = f"{thrower.fill(screen.path)}?{name}={value}{fits}"
                await thrower.throw(f"{screen.method} {screen.path} ?{name}={value[:30]}", screen.method, address)


async def test_no_field_of_a_form_breaks_a_screen(thrower: Thrower) -> None:
    for screen in SCREENS:
        await thrower.sit_down()
        for name in screen.fields:
            fits = {other: FITS[other] for other in screen.fields if other in FITS and other != name}
            values = (*NUMBERS[1::2], *TEXTS, *MOMENTS[:2], HUGE)
            for value in values[:: 1 if screen.path not in SLOW else 7]:
                told = f"{screen.method} {screen.path} {name}={value[:30]!r}"
                await thrower.throw(told, screen.method, thrower.fill(screen.path), data={**fits, name: value})


async def test_no_shape_of_a_form_breaks_a_screen(thrower: Thrower) -> None:
    typed, parts = "application/x-www-form-urlencoded", "multipart/form-data; boundary=b"
    for screen in SCREENS:
        if screen.method == "GET":
            continue
        await thrower.sit_down()
        names = [*screen.fields, "text"]
        shapes = {
            "raw bytes": (typed, "&".join(f"{name}=x".encode().decode() for name in names).encode() + b"\xff=\xfe"),
            "percent": (typed, "&".join(f"{name}=%ff%fe%00" for name in names).encode()),
            "many": (typed, b"&".join(b"f%d=1" % number for number in range(5000))),
            "many parts": (parts, b"".join(_part(f"f{number}", b"1") for number in range(1500)) + b"--b--\r\n"),
            "no boundary": ("multipart/form-data", b"--b\r\n"),
            "half a part": (parts, b'--b\r\nContent-Disposition: form-data; name="te'),
            "no part": (parts, b""),
            "bad bytes": (parts, b"".join(_part(name, b"\xff\x00") for name in names) + b"--b--\r\n"),
            "charset": (parts, _part("text", b"x", b"text/plain; charset=klingon") + b"--b--\r\n"),
            "files": (parts, b"".join(_part(name, b"\x00", file=b"a\x00.png") for name in names) + b"--b--\r\n"),
            "json": ("application/json", b'{"text": "\\u0000"'),
            "kind": ("text/\xff; charset=\xfe", b"x"),
        }
        for told, (kind, body) in shapes.items():
            headers = {"content-type": kind.encode("latin-1")}
            address = thrower.fill(screen.path)
            await thrower.throw(
                f"{screen.method} {screen.path} {told}", screen.method, address, content=body, headers=headers
            )


def _part(name: str, content: bytes, kind: bytes = b"", file: bytes = b"") -> bytes:
    head = b'--b\r\nContent-Disposition: form-data; name="%s"' % name.encode()
    head += b'; filename="%s"' % file if file else b""
    head += b"\r\nContent-Type: " + kind if kind else b""
    return head + b"\r\n\r\n" + content + b"\r\n"


async def test_no_cookie_breaks_a_screen(thrower: Thrower) -> None:
    cookies = (
        "5",
        "null",
        '"x"',
        "[]",
        "[1,2]",
        "[" * 30_000,
        "%5B%22%00%22%2C1%5D",
        *NUMBERS,
        "1." + "é" * 9,
        "0",
        "x" * 9000,
    )
    await thrower.sit_down()
    for name in ("credo", "__Host-credo", "credo-flash", "credo-consent", "credo-setup", "theme"):
        for path in ("/settings/account", "/sign-in", "/sign-in/code", "/settings/mailboxes/consent?state=x&code=y"):
            for value in cookies:
                header = thrower.cookie if name != "credo" else ""
                headers = {"cookie": f"{header}; {name}={value}".encode()}
                await thrower.throw(f"GET {path} cookie {name}={value[:20]}", "GET", path, headers=headers)
                await thrower.throw(f"POST {path} cookie {name}={value[:20]}", "POST", path, headers=headers)
