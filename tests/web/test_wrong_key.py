"""Another secret key than before: one clear sentence wherever something cannot be decrypted, and nothing crashes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from credo.base.db import Db
from credo.base.secrets import Keyring
from credo.base.settings import read
from credo.channels.email import mailbox as stored
from credo.people import sessions, totp
from credo.people.sessions import Place
from credo.running import doctor
from support.browser import Browsers, browsers, host_of
from support.desks import Desk
from support.imap_server import PASSWORD, USER, ImapServer, imap_server
from support.mailboxes import connect
from support.people import PASSWORD as SIGN_IN
from support.people import give_password

pytestmark = pytest.mark.anyio
BEFORE, NOW = "the key that was used before and is long enough", "another key altogether that is just as long"
LOST = "was encrypted under another secret key"


@pytest.fixture
async def imap() -> AsyncIterator[ImapServer]:
    async with imap_server() as running:
        yield running


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[Browsers]:
    async with browsers(database_url, tmp_path, CREDO_SECRET_KEY=NOW) as found:
        yield found


@pytest.fixture
async def ada(house: Browsers, db: Db, desk: Desk, imap: ImapServer) -> httpx2.AsyncClient:
    """The administrator of a desk whose secrets stand under the key before."""
    old = Keyring((BEFORE.encode(),))
    await connect(db, old, desk, imap.port)
    await give_password(db, desk, desk.ada)
    client = house.open(await host_of(db, desk.id))
    async with db.transaction(desk.id) as tx:
        await totp.begin(tx, old, desk.ada)
        begun = await sessions.begin(tx, desk.ada.agent_id, Place("127.0.0.1", "Firefox"), how="password")
    client.cookies.set("credo", begun.token)
    return client


async def test_the_page_of_the_mailbox_says_so_and_a_new_password_mends_it(
    house: Browsers, ada: httpx2.AsyncClient, db: Db, desk: Desk, imap: ImapServer
) -> None:
    place = f"/settings/mailboxes/{desk.mailbox_id}"
    shown = await ada.get(place)
    assert shown.status_code == 200 and LOST in shown.text
    form = {
        "name": "Care",
        "address": desk.address,
        "user": USER,
        "imap_host": "127.0.0.1",
        "imap_port": str(imap.port),
        "imap_security": "plain",
        "smtp_host": "127.0.0.1",
        "smtp_port": "9",
        "smtp_security": "plain",
    }
    for address in (place, "/settings/mailboxes/test"):
        refused = await ada.post(address, data=form)
        assert refused.status_code == 422 and LOST in refused.text, address
    kept = await ada.post(place, data={**form, "signature": "Yours", "anyway": "1"})
    assert kept.status_code == 303, kept.text
    async with db.reading(desk.id) as tx:
        before = await stored.load(tx, desk.mailbox_id)
    assert stored.secrets(Keyring((BEFORE.encode(),)), before).password == PASSWORD, "what cannot be read is kept"
    assert (await ada.post(place, data={**form, "secret": PASSWORD, "anyway": "1"})).status_code == 303
    async with db.reading(desk.id) as tx:
        after = await stored.load(tx, desk.mailbox_id)
    assert stored.secrets(Keyring((NOW.encode(),)), after).password == PASSWORD
    assert LOST not in (await ada.get(place)).text


async def test_no_other_page_breaks(ada: httpx2.AsyncClient, house: Browsers, db: Db, desk: Desk) -> None:
    assert (await ada.get("/settings/account")).status_code == 200, "a second step nobody can finish is begun anew"
    confirmed = await ada.post("/settings/account/code/confirm", data={"code": "123456"})
    assert confirmed.status_code in (422, 503)
    async with db.transaction(desk.id) as tx:
        await tx.run("update agent set totp_confirmed_at = now() where desk_id = %(desk)s and totp_secret is not null")
    stranger = house.open(await host_of(db, desk.id))
    await stranger.post("/sign-in", data={"email": "ada@lumen.example", "password": SIGN_IN})
    told = await stranger.post("/sign-in/code", data={"code": "123456"})
    assert told.status_code == 503 and LOST in told.text


async def test_the_doctor_says_whose(
    ada: httpx2.AsyncClient, db: Db, desk: Desk, database_url: str, tmp_path: Path
) -> None:
    async with db.transaction(desk.id) as tx:
        await tx.run("update mailbox set name = 'Zz, told first' where desk_id = %(desk)s")
    chosen = read({"CREDO_SECRET_KEY": NOW}, data_dir=tmp_path)
    (found,) = [one for one in await doctor.examine(chosen, database_url) if one.subject == "secrets"]
    assert found.state == "bad" and "the password of Zz, told first" in found.sentence
    assert "CREDO_SECRET_KEY" in found.advice
