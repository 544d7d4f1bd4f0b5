"""What holds for every screen: closed unless it says otherwise, under a policy, and quiet about errors."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute

from credo.base.db import Db
from credo.base.settings import read
from credo.web.app import POLICY, create_app
from support.browser import Browsers, browsers, host_of
from support.desks import Desk

OPEN = {"/", "/health", "/sign-in", "/sign-in/code", "/sign-out", "/reset", "/reset/{token:str}"}
OPEN |= {"/invite/{token:str}", "/welcome", "/appearance", "/static/{file_path:path}"}


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[Browsers]:
    async with browsers(database_url, tmp_path) as found:
        yield found


@pytest.fixture
async def stranger(house: Browsers, db: Db, desk: Desk) -> httpx2.AsyncClient:
    return house.open(await host_of(db, desk.id))


def _screens(app: Litestar) -> list[tuple[str, str]]:
    """Every method and path of the screens, without the API."""
    routes = [route for route in app.routes if isinstance(route, HTTPRoute)]
    return [
        (method, route.path)
        for route in routes
        for method in sorted(route.methods - {"OPTIONS", "HEAD"})
        if not route.path.startswith("/api/")
    ]


SCREENS = _screens(create_app(read({})))


def test_the_open_screens_are_these_and_no_others() -> None:
    closed = {
        route.path
        for route in create_app(read({})).routes
        if isinstance(route, HTTPRoute) and not route.path.startswith("/api/")
        for handler in route.route_handlers
        if handler.fn.__module__.startswith("credo.") and not handler.opt.get("public")
    }
    assert OPEN & closed == {"/"}


async def test_every_closed_screen_turns_a_stranger_away(stranger: httpx2.AsyncClient) -> None:
    for method, path in SCREENS:
        if path in OPEN:
            continue
        asked = re.sub(r"\{[^}]*\}", "1", path)
        answer = await stranger.request(method, asked)
        turned = (answer.status_code, answer.headers.get("location", "")[:8])
        assert turned == (303, "/sign-in"), (method, path)


async def test_a_fragment_leads_the_whole_page_to_the_door(stranger: httpx2.AsyncClient) -> None:
    answer = await stranger.get("/inbox/open/list", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/sign-in")


@pytest.mark.parametrize("path", ["/sign-in", "/inbox/open", "/nothing/here", "/health", "/static/nothing.js"])
async def test_every_answer_carries_the_policy(stranger: httpx2.AsyncClient, path: str) -> None:
    answer = await stranger.get(path)
    assert answer.headers["content-security-policy"] == POLICY
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "unsafe" not in POLICY


async def test_a_database_that_is_away_is_said_at_every_door(
    house: Browsers, stranger: httpx2.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    await house.app.state.installation.db.close()
    for path, headers in (
        ("/sign-in", {}),
        ("/inbox/open", {"Cookie": "credo=1.x"}),
        ("/api/v1/me", {"Authorization": "Bearer credo_1.x"}),
    ):
        answer = await stranger.get(path, headers=headers)
        assert answer.status_code == 503, path
        assert "The database does not answer just now" in answer.text
    assert not [one for one in caplog.records if one.name in ("credo.web", "credo.api") and one.exc_info]


async def test_what_is_not_there_is_said_in_a_sentence(stranger: httpx2.AsyncClient) -> None:
    answer = await stranger.get("/nothing/here")
    assert answer.status_code == 404
    assert "<h1>There is nothing here.</h1>" in answer.text


async def test_built_files_are_kept_for_good(stranger: httpx2.AsyncClient) -> None:
    page = (await stranger.get("/sign-in")).text
    found = re.search(r'href="(/static/style-[^"]+\.css)"', page)
    assert found
    answer = await stranger.get(found[1])
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]
