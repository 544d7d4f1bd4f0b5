from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pyotp
import pytest

from credo.base.db import Db
from credo.people import resets
from credo.people.sessions import Place
from support.browser import Browsers, browsers, host_of
from support.desks import Desk
from support.people import PASSWORD, give_password

NEW = "five loose tiles on the roof"


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[Browsers]:
    async with browsers(database_url, tmp_path) as found:
        yield found


@pytest.fixture
async def door(house: Browsers, db: Db, desk: Desk) -> httpx2.AsyncClient:
    await give_password(db, desk, desk.ines)
    await give_password(db, desk, desk.ada)
    return house.open(await host_of(db, desk.id))


async def _sign_in(client: httpx2.AsyncClient, email: str = "ines@lumen.example", **more: str) -> httpx2.Response:
    return await client.post("/sign-in", data={"email": email, "password": PASSWORD, **more})


async def test_every_screen_leads_to_the_door_and_back(door: httpx2.AsyncClient) -> None:
    turned = await door.get("/inbox/open")
    assert (turned.status_code, turned.headers["location"]) == (303, "/sign-in?next=%2Finbox%2Fopen")
    page = await door.get(turned.headers["location"])
    assert page.status_code == 200
    assert "Sign in to the help desk of Lumen Lamps." in page.text
    assert 'name="next" value="/inbox/open"' in page.text
    entered = await _sign_in(door, next="/inbox/open")
    assert (entered.status_code, entered.headers["location"]) == (303, "/inbox/open")
    assert (await door.get("/settings/account")).status_code == 200
    assert (await door.get("/sign-in")).headers["location"] == "/"


@pytest.mark.parametrize(
    "onward", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x", "/a\nb", "/" + "x" * 600]
)
async def test_the_door_never_leads_elsewhere(door: httpx2.AsyncClient, onward: str) -> None:
    assert (await _sign_in(door, next=onward)).headers["location"] == "/"


async def test_the_cookie_is_bound_to_this_host_over_tls(house: Browsers, db: Db, desk: Desk) -> None:
    await give_password(db, desk, desk.ines)
    host = await host_of(db, desk.id)
    plain = (await _sign_in(house.open(host))).headers["set-cookie"]
    assert re.match(r"credo=\d+\.[\w-]{43}; ", plain)
    assert "path=/;" in plain.lower()
    assert "httponly" in plain.lower()
    assert "samesite=lax" in plain.lower()
    assert "secure" not in plain.lower()
    assert "max-age" not in plain.lower()
    tls = (await _sign_in(house.open(host, scheme="https"), keep="1")).headers["set-cookie"]
    assert tls.startswith("__Host-credo=")
    assert "secure" in tls.lower()
    assert "domain" not in tls.lower()
    assert "max-age=7776000" in tls.lower()


async def test_a_wrong_password_says_how_many_tries_are_left_and_then_to_wait(door: httpx2.AsyncClient) -> None:
    texts = []
    for _ in range(7):
        answer = await door.post("/sign-in", data={"email": "ines@lumen.example", "password": "lamp"})
        texts.append((answer.status_code, answer.text))
    assert texts[0][0] == 422
    assert "That password does not match this address. 4 tries left." in texts[0][1]
    assert 'value="ines@lumen.example"' in texts[0][1]
    assert "lamp" not in re.sub(r"Lumen Lamps|lumen", "", texts[0][1]).replace("lamps", "")
    assert texts[6][0] == 429
    assert "Wait 2 seconds" in texts[6][1] or "Wait 1 second" in texts[6][1]
    assert "credo=" not in str(answer.headers.get("set-cookie"))


async def test_another_site_cannot_sign_anybody_in_or_out(door: httpx2.AsyncClient) -> None:
    for headers in (
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
    ):
        answer = await door.post(
            "/sign-in", data={"email": "ines@lumen.example", "password": PASSWORD}, headers=headers
        )
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers
        assert (await door.post("/sign-out", headers=headers)).status_code == 403


async def test_signing_out_ends_the_session_not_only_the_cookie(door: httpx2.AsyncClient) -> None:
    await _sign_in(door)
    kept = door.cookies["credo"]
    assert (await door.post("/sign-out")).headers["location"] == "/sign-in"
    assert "credo" not in door.cookies
    door.cookies.set("credo", kept)
    assert (await door.get("/settings/account")).status_code == 303


async def test_the_code_is_set_up_asked_and_taken_off(
    door: httpx2.AsyncClient, house: Browsers, db: Db, desk: Desk
) -> None:
    await _sign_in(door)
    assert (await door.post("/settings/account/code")).status_code == 303
    page = await door.get("/settings/account")
    assert '<svg viewBox="0 0' in page.text
    app = pyotp.TOTP(re.findall(r"<code>([A-Z2-7]{32})</code>", page.text)[0])
    refused = await door.post("/settings/account/code/confirm", data={"code": "000"})
    assert (refused.status_code, "That code does not match" in refused.text) == (422, True)
    code = app.now()
    shown = await door.post("/settings/account/code/confirm", data={"code": code})
    recovery = re.findall(r"<pre[^>]*>([^<]*)</pre>", shown.text)[0].split()
    assert len(recovery) == 10
    assert shown.headers["cache-control"] == "no-store"
    page = await door.get("/settings/account")
    assert "10 recovery codes left" in page.text
    assert recovery[0] not in page.text

    other = house.open(str(door.base_url.host), address="198.51.100.2")
    half = await _sign_in(other, next="/inbox/open", keep="1")
    assert half.headers["location"] == "/sign-in/code?next=%2Finbox%2Fopen"
    assert (await other.get("/settings/account")).status_code == 303
    assert "And your code." in (await other.get(half.headers["location"])).text
    wrong = await other.post("/sign-in/code", data={"code": code})  # used when it was set up
    assert (wrong.status_code, "That code does not match" in wrong.text) == (422, True)
    entered = await other.post("/sign-in/code", data={"code": recovery[0], "next": "/inbox/open"})
    assert (entered.status_code, entered.headers["location"]) == (303, "/inbox/open")
    assert "max-age=7776000" in entered.headers["set-cookie"].lower()
    assert "9 recovery codes left" in (await other.get("/settings/account")).text

    refused = await other.post("/settings/account/code/end", data={"code_password": "not it"})
    assert refused.status_code == 422
    renewed = await other.post("/settings/account/code/recovery", data={"code_password": PASSWORD})
    assert recovery[1] not in renewed.text
    assert (await other.post("/settings/account/code/end", data={"code_password": PASSWORD})).status_code == 303
    third = house.open(str(door.base_url.host), address="198.51.100.2")
    assert (await _sign_in(third)).headers["location"] == "/"


async def test_a_half_session_is_late_after_ten_minutes(door: httpx2.AsyncClient) -> None:
    assert (await door.get("/sign-in/code")).headers["location"] == "/sign-in"
    late = await door.post("/sign-in/code", data={"code": "123456"})
    assert late.status_code == 303
    assert late.headers["location"] == "/sign-in"


async def test_sessions_are_listed_and_ended(door: httpx2.AsyncClient, house: Browsers) -> None:
    other = house.open(str(door.base_url.host), address="198.51.100.2")
    await _sign_in(other)
    await _sign_in(door)
    page = (await door.get("/settings/account")).text
    assert page.count("Firefox on Linux") == 2
    assert "198.51.100.2" in page
    ids = re.findall(r"/settings/account/sessions/(\d+)/end", page)
    assert len(ids) == 1
    assert (await door.post(f"/settings/account/sessions/{ids[0]}/end")).status_code == 303
    assert (await other.get("/settings/account")).status_code == 303
    assert (await door.post(f"/settings/account/sessions/{ids[0]}/end")).status_code == 404


async def test_the_account_is_changed_and_speaks_the_chosen_language(
    door: httpx2.AsyncClient, db: Db, desk: Desk
) -> None:
    await _sign_in(door)
    saved = await door.post("/settings/account", data={"name": "Inés Duarte", "language": "de"})
    assert saved.status_code == 303
    page = (await door.get("/settings/account")).text
    assert 'value="Inés Duarte"' in page
    assert '<html lang="de"' in page
    assert 'data-keys="off"' in page
    refused = await door.post("/settings/account", data={"name": "  ", "language": "de"})
    assert refused.status_code == 422
    changed = await door.post("/settings/account/password", data={"password": PASSWORD, "new_password": NEW})
    assert changed.status_code == 303
    await door.post("/sign-out")
    assert (await _sign_in(door)).status_code == 422


async def test_a_forgotten_password_looks_the_same_for_everybody(door: httpx2.AsyncClient, db: Db, desk: Desk) -> None:
    assert "Send me a link" in (await door.get("/reset")).text
    answers = [await door.post("/reset", data={"email": email}) for email in ("ines@lumen.example", "x@lumen.example")]
    first, second = (answer.text.replace("ines@", "").replace("x@", "") for answer in answers)
    assert first == second
    assert "Look in your mailbox." in first


async def test_a_reset_link_sets_a_password_and_signs_in(door: httpx2.AsyncClient, db: Db, desk: Desk) -> None:
    async with db.transaction(desk.id) as tx:
        link = await resets.ask(tx, "ines@lumen.example", Place("203.0.113.80"))
    assert link
    assert 'minlength="12"' in (await door.get(f"/reset/{link.token}")).text
    refused = await door.post(f"/reset/{link.token}", data={"password": "ines@lumen.example"})
    assert (refused.status_code, "This can be guessed" in refused.text) == (422, True)
    assert (await door.post(f"/reset/{link.token}", data={"password": NEW})).headers["location"] == "/"
    assert (await door.get("/settings/account")).status_code == 200
    used = await door.get(f"/reset/{link.token}")
    assert (used.status_code, "too old" in used.text) == (404, True)
    for token in ("", "x", "1.x", f"{desk.id}.x", "9" * 300):
        assert (await door.get(f"/reset/{token}")).status_code in (200 if not token else 404, 404)


async def test_the_browser_is_told_nothing_it_could_keep(door: httpx2.AsyncClient) -> None:
    page = await door.get("/sign-in")
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "same-origin"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert " style=" not in page.text
