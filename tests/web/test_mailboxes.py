"""Mailboxes and loop breakers through their pages, against real mail and sign-in servers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from psycopg.types.json import Jsonb

from credo import tasks
from credo.access import Actor
from credo.base.clock import now
from credo.base.db import Db
from credo.channels.email import mailbox as stored
from credo.channels.email import oauth
from credo.delivery import guard
from credo.people import sessions
from credo.people.sessions import Place
from support.browser import Browsers, browsers, host_of
from support.desks import Desk
from support.imap_server import PASSWORD, USER, ImapServer, imap_server
from support.mails import mail
from support.oauth_server import CLIENT, SECRET, oauth_server
from support.smtp_server import SmtpServer, smtp_server

pytestmark = pytest.mark.anyio
PAGE = "/settings/mailboxes"


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[Browsers]:
    """The application."""
    async with browsers(database_url, tmp_path) as found:
        yield found


@pytest.fixture
async def imap() -> AsyncIterator[ImapServer]:
    """A mail server to fetch from."""
    async with imap_server() as running:
        yield running


@pytest.fixture
async def smtp() -> AsyncIterator[SmtpServer]:
    """A mail server to send by."""
    async with smtp_server(auth=True, auth_required=False) as running:
        running.passwords = {USER: PASSWORD}
        yield running


async def _as(house: Browsers, db: Db, actor: Actor) -> httpx2.AsyncClient:
    client = house.open(await host_of(db, actor.desk_id))
    async with db.transaction(actor.desk_id) as tx:
        opened = await sessions.begin(tx, actor.agent_id, Place("192.0.2.7", "Firefox on Linux"), how="password")
    client.cookies.set("credo", opened.token)
    return client


def _form(imap: ImapServer, smtp: SmtpServer, **more: Any) -> dict[str, Any]:
    return {
        "name": "Trade desk",
        "address": "trade@lumen.example",
        "sign_in": "password",
        "imap_host": "127.0.0.1",
        "imap_port": str(imap.port),
        "imap_security": "plain",
        "smtp_host": "127.0.0.1",
        "smtp_port": str(smtp.port),
        "smtp_security": "plain",
        "user": USER,
        "secret": PASSWORD,
        "folders": "INBOX",
        "signature": "Your trade desk",
        **more,
    }


async def _boxes(db: Db, desk: Desk) -> dict[str, stored.Mailbox]:
    async with db.reading(desk.id) as tx:
        return {box.address: box for box in await stored.every(tx)}


async def test_connect_change_pause_and_disconnect(
    house: Browsers, db: Db, desk: Desk, imap: ImapServer, smtp: SmtpServer
) -> None:
    ada = await _as(house, db, desk.ada)
    assert (await ada.get(f"{PAGE}/new")).status_code == 200
    made = await ada.post(PAGE, data=_form(imap, smtp))
    assert made.status_code == 303, made.text
    place = made.headers["location"]
    box = (await _boxes(db, desk))["trade@lumen.example"]
    assert place == f"{PAGE}/{box.id}"
    assert (box.incoming.port, box.outgoing.port, box.signature) == (imap.port, smtp.port, "Your trade desk")
    assert PASSWORD.encode() not in (box.secret or b"")
    shown = await ada.get(place)
    assert "Trade desk" in shown.text
    assert PASSWORD not in shown.text
    saved = await ada.post(place, data=_form(imap, smtp, name="Trade", secret=""))
    assert saved.status_code == 303, "an empty password keeps the stored one, and both ways still work"
    for act, state in (("pause", "paused"), ("resumption", "active"), ("pause", "paused")):
        assert (await ada.post(f"{place}/{act}")).status_code == 303
        assert (await _boxes(db, desk))["trade@lumen.example"].state == state
    assert "paused" in (await ada.get(PAGE)).text
    assert (await ada.post(f"{place}/archive")).status_code == 303
    assert "trade@lumen.example" not in await _boxes(db, desk)
    assert (await ada.post(place, data=_form(imap, smtp))).status_code in (303, 404)
    assert "trade@lumen.example" not in await _boxes(db, desk)


async def test_what_does_not_work_is_shown_before_it_is_saved(
    house: Browsers, db: Db, desk: Desk, imap: ImapServer, smtp: SmtpServer
) -> None:
    ada = await _as(house, db, desk.ada)
    refused = await ada.post(PAGE, data=_form(imap, smtp, secret="wrong"))
    assert refused.status_code == 422
    assert "refused the sign-in" in refused.text
    assert "trade@lumen.example" not in await _boxes(db, desk)
    tried = await ada.post(f"{PAGE}/test", data=_form(imap, smtp), headers={"hx-request": "true"})
    assert "signed in, and every folder is there" in tried.text
    assert "mail would leave" in tried.text
    missing = await ada.post(f"{PAGE}/test", data=_form(imap, smtp, folders="Nowhere"), headers={"hx-request": "true"})
    assert "no such folder" in missing.text
    anyway = await ada.post(PAGE, data=_form(imap, smtp, secret="wrong", anyway="1"))
    assert anyway.status_code == 303


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"address": "nobody"}, "does not look like"),
        ({"address": "care@lumen.example"}, "has this address already"),
    ],
)
async def test_mistakes_are_named_at_their_field(
    house: Browsers, db: Db, desk: Desk, imap: ImapServer, smtp: SmtpServer, more: dict[str, str], words: str
) -> None:
    ada = await _as(house, db, desk.ada)
    refused = await ada.post(PAGE, data=_form(imap, smtp, **more))
    assert refused.status_code == 422
    assert words in refused.text


async def test_only_administrators_come_here(house: Browsers, db: Db, desk: Desk) -> None:
    for actor in (desk.lea, desk.ines, desk.tom):
        client = await _as(house, db, actor)
        for method, path in (
            ("GET", PAGE),
            ("GET", f"{PAGE}/new"),
            ("GET", f"{PAGE}/{desk.mailbox_id}"),
            ("POST", PAGE),
            ("POST", f"{PAGE}/{desk.mailbox_id}"),
            ("POST", f"{PAGE}/test"),
            ("POST", f"{PAGE}/{desk.mailbox_id}/archive"),
            ("POST", f"{PAGE}/{desk.mailbox_id}/reconciliation"),
            ("GET", f"{PAGE}/{desk.mailbox_id}/report"),
            ("GET", f"{PAGE}/consent?code=x&state=y"),
            ("GET", "/welcome/mailbox"),
            ("GET", "/settings/breakers"),
            ("POST", "/settings/breakers/1/reset"),
        ):
            assert (await client.request(method, path)).status_code == 403, (method, path)


async def test_compare_with_the_server(house: Browsers, db: Db, desk: Desk, imap: ImapServer, smtp: SmtpServer) -> None:
    await imap.deliver(mail(subject="Long before us"), at=now() - timedelta(hours=1))
    ada = await _as(house, db, desk.ada)
    place = (await ada.post(PAGE, data=_form(imap, smtp))).headers["location"]
    assert (await ada.post(f"{place}/reconciliation")).status_code == 303
    assert (await ada.post(f"{place}/reconciliation")).status_code == 303, "a second press asks for nothing more"
    for address in (place, f"{place}/report"):
        shown = await ada.get(address)
        assert "Compared with the server since" in shown.text and "every 2s" in shown.text
        assert "Long before us" not in shown.text
    assert await _jobs(db, desk) == ["todo"]
    await _work(house)
    for address in (place, f"{place}/report"):
        shown = await ada.get(address)
        assert "Long before us" in shown.text and "Last compared just now." in shown.text
        assert "before this mailbox was connected" in shown.text
        assert "since" not in shown.text and "every 2s" not in shown.text
    assert (await ada.post(f"{place}/reconciliation")).status_code == 303, "and later once more"


async def test_a_server_that_says_nothing_holds_no_request(house: Browsers, db: Db, desk: Desk) -> None:
    silent = await asyncio.start_server(lambda reader, writer: asyncio.sleep(60), "127.0.0.1", 0)
    async with db.transaction(desk.id) as tx:
        await tx.run(
            "update mailbox set incoming = %(incoming)s where desk_id = %(desk)s",
            incoming=Jsonb({"host": "127.0.0.1", "port": silent.sockets[0].getsockname()[1], "security": "plain"}),
        )
    ada = await _as(house, db, desk.ada)
    async with asyncio.timeout(5):
        assert (await ada.post(f"{PAGE}/{desk.mailbox_id}/reconciliation")).status_code == 303
        assert "Compared with the server since" in (await ada.get(f"{PAGE}/{desk.mailbox_id}")).text
    silent.close()


async def test_a_mailbox_without_a_server_cannot_be_compared(house: Browsers, db: Db, desk: Desk) -> None:
    ada = await _as(house, db, desk.ada)
    refused = await ada.post(f"{PAGE}/{desk.mailbox_id}/reconciliation")
    assert refused.status_code == 422
    assert "nothing to compare it with" in refused.text


async def test_the_job_of_a_worker_that_is_gone_is_begun_anew(
    house: Browsers, db: Db, desk: Desk, imap: ImapServer, smtp: SmtpServer
) -> None:
    ada = await _as(house, db, desk.ada)
    place = (await ada.post(PAGE, data=_form(imap, smtp))).headers["location"]
    await ada.post(f"{place}/reconciliation")
    async with db.transaction(desk.id) as tx:
        await tx.run(
            """with gone as (insert into procrastinate_workers (last_heartbeat) values (now() - interval '1 hour')
                             returning id)
               update procrastinate_jobs set status = 'doing', worker_id = (select id from gone)
                where args->>'desk_id' = %(desk)s::text"""
        )
    async with tasks.app(house.app.state.installation).open_async() as queue:
        assert await tasks.revived(queue) == 1
    assert await _jobs(db, desk) == ["todo"]
    await _work(house)
    assert await _jobs(db, desk) == ["succeeded"]


async def _jobs(db: Db, desk: Desk) -> list[str]:
    """What became of the jobs of this desk."""
    async with db.reading(desk.id) as tx:
        return await tx.values("select status from procrastinate_jobs where args->>'desk_id' = %(desk)s::text")


async def _work(house: Browsers) -> None:
    """Do what waits, as a worker would."""
    async with tasks.app(house.app.state.installation).open_async() as queue:
        await queue.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)


async def test_sign_in_at_a_provider(
    house: Browsers, db: Db, desk: Desk, imap: ImapServer, smtp: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with oauth_server() as provider:
        google = replace(
            oauth.PRESETS["google"], authorize_url=f"{provider.base}/authorize", token_url=f"{provider.base}/token"
        )
        monkeypatch.setitem(oauth.PRESETS, "google", google)
        ada = await _as(house, db, desk.ada)
        form = _form(imap, smtp, sign_in="google", client_id=CLIENT, client_secret=SECRET, secret="")
        leaving = await ada.post(PAGE, data=form)
        assert leaving.status_code == 200
        onward = leaving.headers["refresh"].partition("url=")[2]
        box = (await _boxes(db, desk))["trade@lumen.example"]
        assert (box.incoming.host, box.incoming.sign_in, box.outgoing.plus) == ("imap.gmail.com", "oauth", False)
        back = provider.consent(onward)
        forged = await ada.get(f"{PAGE}/consent", params={"code": back["code"], "state": "another"})
        assert forged.status_code == 303
        assert provider.asked == 0, "a state that is not ours trades nothing"
        done = await ada.get(f"{PAGE}/consent", params=back)
        assert urlsplit(done.headers["location"]).path == f"{PAGE}/{box.id}"
        assert provider.asked == 1
        assert provider.access_tokens
        again = await ada.get(f"{PAGE}/consent", params=back)
        assert again.status_code == 422, "the way back works once"


async def test_the_first_run_connects_a_mailbox(
    house: Browsers, db: Db, desk: Desk, imap: ImapServer, smtp: SmtpServer
) -> None:
    ada = await _as(house, db, desk.ada)
    assert (await ada.get("/welcome/mailbox")).status_code == 200
    refused = await ada.post("/welcome/mailbox", data=_form(imap, smtp, secret="wrong"))
    assert refused.status_code == 422
    made = await ada.post("/welcome/mailbox", data=_form(imap, smtp, name=""))
    assert made.headers["location"] == "/welcome/philosophy"
    assert (await _boxes(db, desk))["trade@lumen.example"].name == "Trade"


async def test_breakers_are_shown_and_reset(house: Browsers, db: Db, desk: Desk) -> None:
    async with db.transaction(desk.id) as tx:
        await guard.trip(tx, "robot@example.org", "subject")
        (breaker,) = await guard.tripped(tx)
    ada = await _as(house, db, desk.ada)
    assert "robot@example.org" in (await ada.get("/settings/breakers")).text
    assert (await ada.post(f"/settings/breakers/{breaker.id}/reset")).status_code == 303
    assert "robot@example.org" not in (await ada.get("/settings/breakers")).text


async def test_a_mailbox_that_is_handed_its_mail_fetches_nothing(
    house: Browsers, db: Db, desk: Desk, smtp: SmtpServer
) -> None:
    ada = await _as(house, db, desk.ada)
    form = {
        "name": "Returns",
        "address": "returns@lumen.example",
        "sign_in": "password",
        "handed": "1",
        "smtp_host": "127.0.0.1",
        "smtp_port": str(smtp.port),
        "smtp_security": "plain",
    }
    made = await ada.post(PAGE, data=form)
    assert made.status_code == 303, made.text
    page = await ada.get(made.headers["location"])
    assert "Mail is handed over by your own server." in page.text
    assert "Compare with the server" not in page.text
    async with db.reading(desk.id) as tx:
        box = next(one for one in await stored.every(tx) if one.address == form["address"])
    assert (box.incoming.host, box.outgoing.host, box.outgoing.sign_in) == ("", "127.0.0.1", "none")
    assert box.id not in [one.id for one in await stored.fetched(db)]
    assert (await ada.post(f"{PAGE}/{box.id}", data={**form, "signature": "Returns"})).status_code == 303
    async with db.reading(desk.id) as tx:
        again = await stored.load(tx, box.id)
    assert (again.incoming.host, again.outgoing.sign_in, again.signature) == ("", "none", "Returns")
