from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from credo.access import Actor
from credo.base.db import Db
from credo.people import actors, first_run, sessions
from credo.people.sessions import Place
from support.browser import Browsers, browsers, host_of
from support.desks import Desk
from support.empty import empty_database
from support.people import PASSWORD, give_password

NEW = "five loose tiles on the roof"


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[Browsers]:
    async with browsers(database_url, tmp_path) as found:
        yield found


async def _as(house: Browsers, db: Db, actor: Actor) -> httpx2.AsyncClient:
    """A browser in which `actor` is signed in."""
    client = house.open(await host_of(db, actor.desk_id))
    async with db.transaction(actor.desk_id) as tx:
        opened = await sessions.begin(tx, actor.agent_id, Place("192.0.2.7", "Firefox on Linux"), how="password")
    client.cookies.set("credo", opened.token)
    return client


async def test_invite_hand_over_accept(house: Browsers, db: Db, desk: Desk) -> None:
    ada = await _as(house, db, desk.ada)
    assert "Ines" in (await ada.get("/settings/people")).text
    shown = await ada.post(
        "/settings/people",
        data={
            "email": "yara@example.com",
            "name": "Yara",
            "role": "lead",
            "mailboxes": [str(desk.mailbox_id)],
            "teams": [str(desk.team_id)],
        },
    )
    assert shown.status_code == 200
    link = re.findall(r"https://care\.example\.com(/invite/\d+\.[\w-]{43})", shown.text)[0]
    yara = house.open(str(ada.base_url.host), address="198.51.100.2")
    page = await yara.get(link)
    assert "Ada asked you to join the help desk of Lumen Lamps." in page.text
    assert "yara@example.com" in page.text
    refused = await yara.post(link, data={"name": "", "password": NEW})
    assert (refused.status_code, "A name is needed" in refused.text) == (422, True)
    refused = await yara.post(link, data={"name": "Yara Haddad", "password": "password1234"})
    assert (refused.status_code, "This can be guessed" in refused.text) == (422, True)
    assert (await yara.post(link, data={"name": "Yara Haddad", "password": NEW})).headers["location"] == "/"
    actor = await actors.by_session(db, yara.cookies["credo"])
    assert actor
    assert (actor.name, actor.role) == ("Yara Haddad", "lead")
    assert (actor.mailboxes, actor.teams) == ((desk.mailbox_id,), (desk.team_id,))
    assert (await house.open(str(ada.base_url.host)).get(link)).status_code == 404


async def test_an_invitation_goes_out_by_mail_when_a_mailbox_can_send(house: Browsers, db: Db, desk: Desk) -> None:
    async with db.transaction(desk.id) as tx:
        await tx.run("""update mailbox set outgoing = '{"host": "smtp.example.com"}' where desk_id = %(desk)s""")
    ada = await _as(house, db, desk.ada)
    data = {"email": "yara@example.com", "name": "Yara", "role": "agent"}
    sent = await ada.post("/settings/people", data=data)
    assert sent.status_code == 303
    async with db.reading(desk.id) as tx:
        kinds = await tx.values("select kind from outbox where desk_id = %(desk)s")
        to = await tx.values("select address from recipient where desk_id = %(desk)s")
        text = await tx.value("select content->>'text' from outbox where desk_id = %(desk)s")
    assert (kinds, to) == (["notice"], ["yara@example.com"])
    assert "https://care.example.com/invite/" in text
    assert "Ada asks you to join" in text
    refused = await ada.post("/settings/people", data={**data, "email": "nobody"})
    assert (refused.status_code, "does not look like" in refused.text) == (422, True)
    again = await ada.post("/settings/people", data=data)
    assert (again.status_code, "works here already" in again.text) == (422, True)


async def test_role_grants_leaving_and_coming_back(house: Browsers, db: Db, desk: Desk) -> None:
    ada, tom = await _as(house, db, desk.ada), await _as(house, db, desk.tom)
    changed = await ada.post(
        f"/settings/people/{desk.tom.agent_id}", data={"role": "lead", "mailboxes": [str(desk.mailbox_id)]}
    )
    assert changed.status_code == 303
    actor = await actors.by_session(db, tom.cookies["credo"])
    assert actor
    assert (actor.role, actor.mailboxes, actor.teams) == ("lead", (desk.mailbox_id,), ())
    assert (await ada.post(f"/settings/people/{desk.tom.agent_id}/deactivation")).status_code == 303
    assert (await tom.get("/settings/account")).status_code == 303
    assert "no longer here" in (await ada.get("/settings/people")).text
    alone = await ada.post(f"/settings/people/{desk.ada.agent_id}", data={"role": "agent"})
    assert (alone.status_code, "only administrator" in alone.text) == (409, True)
    assert (await ada.post(f"/settings/people/{desk.tom.agent_id}/reactivation")).status_code == 303
    assert (await ada.post("/settings/people/999999999/deactivation")).status_code == 404
    assert (await ada.post(f"/settings/people/{desk.tom.agent_id}", data={"role": "owner"})).status_code == 422


async def test_teams_are_founded_renamed_and_put_to_rest(house: Browsers, db: Db, desk: Desk) -> None:
    ada = await _as(house, db, desk.ada)
    assert (await ada.post("/settings/teams", data={"name": "Trade desk"})).status_code == 303
    double = await ada.post("/settings/teams", data={"name": "trade DESK"})
    assert (double.status_code, "a team of this name already" in double.text) == (409, True)
    team = max(map(int, re.findall(r'id="team-(\d+)"', (await ada.get("/settings/people")).text)))
    assert (await ada.post(f"/settings/teams/{team}", data={"name": "Dealers"})).status_code == 303
    assert (await ada.post(f"/settings/teams/{team}/archive")).status_code == 303
    page = (await ada.get("/settings/people")).text
    assert "Dealers" in page
    assert "at rest" in page
    assert (await ada.post(f"/settings/teams/{team}/restoration")).status_code == 303


async def test_tokens_are_shown_once_and_taken_back(house: Browsers, db: Db, desk: Desk) -> None:
    ines = await _as(house, db, desk.ines)
    page = (await ines.get("/settings/tokens")).text
    assert 'value="write"' in page
    assert 'value="admin"' not in page
    refused = await ines.post("/settings/tokens", data={"name": "shop", "scopes": ["admin"], "days": "90"})
    assert refused.status_code == 422
    refused = await ines.post("/settings/tokens", data={"name": "shop", "days": "90"})
    assert (refused.status_code, "at least one" in refused.text) == (422, True)
    shown = await ines.post("/settings/tokens", data={"name": "shop", "scopes": ["read"], "days": "90"})
    secret = re.findall(r"credo_\d+_[\w-]{43}", shown.text)[0]
    assert (await actors.by_token(db, secret)) is not None
    page = (await ines.get("/settings/tokens")).text
    assert secret not in page
    token = re.findall(r"/settings/tokens/(\d+)/revocation", page)[0]
    assert (await ines.post(f"/settings/tokens/{token}/revocation")).status_code == 303
    assert await actors.by_token(db, secret) is None


async def test_only_administrators_see_and_change_people(house: Browsers, db: Db, desk: Desk) -> None:
    for actor in (desk.lea, desk.ines):
        client = await _as(house, db, actor)
        assert (await client.get("/settings/people")).status_code == 403
        for address in (
            "/settings/people",
            f"/settings/people/{desk.tom.agent_id}",
            f"/settings/people/{desk.tom.agent_id}/deactivation",
            f"/settings/people/{desk.tom.agent_id}/reactivation",
            f"/settings/people/{desk.ada.agent_id}/reset",
            f"/settings/people/{desk.ada.agent_id}/code/end",
            f"/settings/people/{desk.ada.agent_id}/invite",
            "/settings/teams",
            f"/settings/teams/{desk.team_id}",
            f"/settings/teams/{desk.team_id}/archive",
            f"/settings/teams/{desk.team_id}/restoration",
        ):
            data = {"role": "admin", "name": "X", "email": "x@example.com"}
            assert (await client.post(address, data=data)).status_code == 403, address
    async with db.reading(desk.id) as tx:
        assert await tx.value("select count(*) from event where desk_id = %(desk)s and kind <> 'session.opened'") == 0


async def test_an_administrator_hands_over_a_link_and_takes_the_code_off(house: Browsers, db: Db, desk: Desk) -> None:
    ada = await _as(house, db, desk.ada)
    await give_password(db, desk, desk.ines)
    shown = await ada.post(f"/settings/people/{desk.ines.agent_id}/reset")
    link = re.findall(r"https://care\.example\.com(/reset/\d+\.[\w-]{43})", shown.text)[0]
    ines = house.open(str(ada.base_url.host))
    assert (await ines.post(link, data={"password": NEW})).status_code == 303
    assert (await ada.post(f"/settings/people/{desk.ines.agent_id}/code/end")).status_code == 404


YOU = {
    "name": "Maya Okafor",
    "email": "maya@lumen.example",
    "password": PASSWORD,
    "desk_name": "Lumen Lamps",
    "language": "en",
    "days": ["0", "1", "2", "3", "4"],
    "opens": "09:00",
    "closes": "18:00",
    "zone": "Europe/Berlin",
    "region": "DE-BE",
}


async def test_the_first_run_in_three_steps(server_url: str, tmp_path: Path) -> None:
    async with empty_database(server_url) as db, browsers(db.url, tmp_path) as house:
        maya, stranger = house.open(), house.open(address="203.0.113.66")
        assert (await maya.get("/")).headers["location"] == "/sign-in"
        assert (await maya.get("/sign-in")).headers["location"] == "/welcome"
        assert "Set-up code" in (await maya.get("/welcome")).text
        assert (await stranger.post("/welcome", data=YOU)).status_code == 422
        wrong = await stranger.get("/welcome", params={"code": "aaaa-aaaa-aaaa"})
        assert (wrong.status_code, "not the set-up code" in wrong.text) == (422, True)
        right = await maya.get("/welcome", params={"code": first_run.code(tmp_path)})
        assert right.headers["location"] == "/welcome"
        page = (await maya.get("/welcome")).text
        assert "Who are you?" in page
        assert "Germany, BE" in page
        for change, field in (
            ({"password": "lumenlamps12"}, "e-password"),
            ({"name": " "}, "e-name"),
            ({"desk_name": ""}, "e-desk_name"),
            ({"email": "maya"}, "e-email"),
            ({"opens": ""}, "e-opens"),
            ({"days": []}, "e-opens"),
        ):
            refused = await maya.post("/welcome", data={**YOU, **change})
            assert (refused.status_code, f'id="{field}"' in refused.text) == (422, True), field
        assert 'value="maya@lumen.example"' in refused.text
        assert (await maya.post("/welcome", data=YOU)).headers["location"] == "/welcome/mailbox"
        assert (await maya.get("/welcome")).headers["location"] == "/welcome/mailbox"
        assert "Where do people write to you?" in (await maya.get("/welcome/mailbox")).text
        assert (await stranger.get("/welcome/mailbox")).headers["location"].startswith("/sign-in")
        assert (await maya.post("/welcome/mailbox/later")).headers["location"] == "/welcome/philosophy"
        page = (await maya.get("/welcome/philosophy")).text
        assert "What do you believe?" in page
        bad = await maya.post("/welcome/philosophy", data={"own": "format: philosophy/9"})
        assert (bad.status_code, 'id="e-own"' in bad.text) == (422, True)
        odd = await maya.post("/welcome/philosophy", data={"pack": "shop", "hours": "3"})
        assert odd.status_code == 422
        assert (await maya.post("/welcome/philosophy", data={"pack": "shop", "hours": "2"})).headers["location"] == "/"
        assert (await maya.get("/welcome")).headers["location"] == "/"
        assert (await stranger.post("/welcome", data=YOU)).headers["location"] == "/"
        async with db.reading(0) as tx:
            assert await tx.value("select count(*) from desk") == 1
            assert "PT2H" in await tx.value("select source from philosophy_version")
