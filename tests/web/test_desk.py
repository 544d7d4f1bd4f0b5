"""The page of the desk itself: administrators change its name, zone and language; nobody else sees it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from bs4 import BeautifulSoup

from credo.access import Actor
from credo.base.db import Db
from credo.people import desks, sessions
from credo.people.sessions import Place
from support.browser import Browsers, browsers, host_of
from support.desks import Desk

pytestmark = pytest.mark.anyio

HERE = "/settings/desk"
WANTED = {"name": "Lumen  Lamps & Sons", "zone": "Europe/Lisbon", "language": "es"}


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[Browsers]:
    async with browsers(database_url, tmp_path) as found:
        yield found


async def _as(house: Browsers, db: Db, actor: Actor) -> httpx2.AsyncClient:
    client = house.open(await host_of(db, actor.desk_id))
    async with db.transaction(actor.desk_id) as tx:
        opened = await sessions.begin(tx, actor.agent_id, Place("192.0.2.7", "Firefox on Linux"), how="password")
    client.cookies.set("credo", opened.token)
    return client


def _chosen(page: httpx2.Response) -> tuple[str, ...]:
    """What stands in the three fields."""
    soup = BeautifulSoup(page.text, "html.parser")
    picked = [soup.select_one(f"select[name={name}] option[selected]") for name in ("zone", "language")]
    name = soup.select_one("input[name=name]")
    assert name is not None
    return str(name["value"]), *(one.get_text() if one else "" for one in picked)


async def test_an_administrator_changes_the_desk(house: Browsers, db: Db, desk: Desk) -> None:
    ada = await _as(house, db, desk.ada)
    page = await ada.get(HERE)
    assert _chosen(page) == ("Lumen Lamps", "Europe/Berlin", "English")
    assert f'href="{HERE}" aria-current="page"' in page.text
    saved = await ada.post(HERE, data=WANTED)
    assert saved.headers["location"] == HERE
    assert _chosen(await ada.get(HERE)) == ("Lumen Lamps & Sons", "Europe/Lisbon", "Español")
    async with db.reading(desk.id) as tx:
        found = await desks.of(tx)
        changed = await tx.values("select payload from event where desk_id = %(desk)s and kind = 'desk.changed'")
    assert (found.name, found.zone, found.language) == ("Lumen Lamps & Sons", "Europe/Lisbon", "es")
    assert changed == [{}]


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("name", "  ", "A name is needed"),
        ("name", "x" * 201, "A name is needed"),
        ("zone", "Europe/Atlantis", "not a time zone"),
        ("zone", "", "not a time zone"),
        ("language", "tlh", "English, German and Spanish"),
    ],
)
async def test_what_does_not_fit_is_said_at_its_field(
    house: Browsers, db: Db, desk: Desk, field: str, text: str, sentence: str
) -> None:
    ada = await _as(house, db, desk.ada)
    refused = await ada.post(HERE, data={**WANTED, field: text})
    assert refused.status_code == 422
    said = BeautifulSoup(refused.text, "html.parser").select_one(f"#e-{field}")
    assert said is not None
    assert sentence in said.get_text()
    async with db.reading(desk.id) as tx:
        assert (await desks.of(tx)).name == "Lumen Lamps"


async def test_nobody_else_sees_or_changes_it(house: Browsers, db: Db, desk: Desk) -> None:
    for actor in (desk.lea, desk.ines):
        client = await _as(house, db, actor)
        assert (await client.get(HERE)).status_code == 403
        assert (await client.post(HERE, data=WANTED)).status_code == 403
        assert HERE not in (await client.get("/settings/account")).text
    stranger = house.open(await host_of(db, desk.id))
    assert (await stranger.get(HERE)).headers["location"].startswith("/sign-in")
