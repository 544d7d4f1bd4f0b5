"""Letters to colleagues: by the installation's own server or a mailbox, and forgotten once they are settled."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from pytest import MonkeyPatch

from credo.base import clock
from credo.base import settings as reading
from credo.base.blobs import Blobs
from credo.base.db import Db
from credo.base.errors import Conflict
from credo.base.secrets import Keyring
from credo.base.settings import Settings
from credo.channels.email.send import Postman
from credo.channels.email.system import system
from credo.delivery.outbox import try_again
from credo.delivery.sending import send_due
from credo.people import desks, invitations, links, resets
from credo.people.links import Link
from credo.web import letters
from support.desks import Desk
from support.smtp_server import SmtpServer, Taken, smtp_server

pytestmark = pytest.mark.anyio


def _settings(tmp_path: Path, port: int | None = None) -> Settings:
    own = {
        "CREDO_SYSTEM_SMTP_URL": f"smtp+plain://desk:p%40ss@127.0.0.1:{port}",
        "CREDO_SYSTEM_FROM": "Help desk <desk@lumen.example>",
    }
    given = {"CREDO_PUBLIC_URL": "https://desk.lumen.example", **(own if port else {})}
    return reading.read(given, data_dir=tmp_path)


async def _invite(db: Db, desk: Desk, settings: Settings, email: str = "yara@example.com") -> tuple[Link, bool]:
    """An invitation, and whether it is on its way."""
    async with db.transaction(desk.id) as tx:
        link = await invitations.invite(tx, desk.ada, email, "Yara", "agent")
        handed = await letters.send_invitation(tx, settings, await desks.of(tx), link, "Ada")
    return link, handed is None


def _text(taken: Taken) -> str:
    body = taken.message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


async def _kept(db: Db, desk: Desk, blobs: Blobs) -> tuple[str, str]:
    """The state of the newest mail, and everything of it that somebody with the database or the disk could read."""
    async with db.reading(desk.id) as tx:
        row = await tx.value(
            "select row_to_json(o)::text from outbox o where desk_id = %(desk)s order by id desc limit 1"
        )
        state = await tx.value("select state from outbox where desk_id = %(desk)s order by id desc limit 1")
        tries = await tx.values("select row_to_json(a)::text from attempt a where desk_id = %(desk)s")
    files = [await blobs.get(one.desk_id, one.sha256) async for one in blobs.each()]
    return state, row + "".join(tries) + b"".join(files).decode("utf-8", "replace")


async def test_invitations_leave_by_the_own_server_where_there_is_one(
    db: Db, blobs: Blobs, desk: Desk, server: SmtpServer, keys: Keyring, tmp_path: Path
) -> None:
    async with smtp_server(auth=True) as own:
        own.passwords["desk"] = "p@ss"
        settings = _settings(tmp_path, own.port)
        link, on_its_way = await _invite(db, desk, settings)
        assert on_its_way
        assert link.token in (await _kept(db, desk, blobs))[1]  # it can only be sent because it is still known
        postman = Postman(db, keys, system=system(settings))
        await send_due(db, blobs, postman)
        await send_due(db, blobs, postman)
        (taken,) = own.taken
    assert server.taken == []
    assert (taken.sender, taken.recipients) == ("desk@lumen.example", ("yara@example.com",))
    assert taken.message["From"] == "Help desk <desk@lumen.example>"
    assert re.search(r"https://desk\.lumen\.example/invite/(\S+)", _text(taken))[1] == link.token  # type: ignore[index]
    state, kept = await _kept(db, desk, blobs)
    assert state == "sent"
    assert link.token not in kept
    assert (await links.holder(db, link.token, "invite")).email == "yara@example.com"


async def test_else_they_leave_by_the_first_mailbox_that_can_send(
    db: Db, blobs: Blobs, desk: Desk, server: SmtpServer, postman: Postman, tmp_path: Path
) -> None:
    async with db.transaction(desk.id) as tx:
        link = await resets.issue(tx, desk.ada.as_author(), desk.ines.agent_id)
        assert await letters.send_reset(tx, _settings(tmp_path), await desks.of(tx), link) is None
    await send_due(db, blobs, postman)
    (taken,) = server.taken
    assert taken.sender == desk.address
    assert link.token in _text(taken)
    assert link.token not in (await _kept(db, desk, blobs))[1]


async def test_without_any_way_the_link_is_handed_over(db: Db, desk: Desk, tmp_path: Path) -> None:
    _, on_its_way = await _invite(db, desk, _settings(tmp_path))
    assert not on_its_way


async def test_what_was_put_off_is_sent_later_and_what_is_refused_is_forgotten(
    db: Db, blobs: Blobs, desk: Desk, server: SmtpServer, postman: Postman, tmp_path: Path, monkeypatch: MonkeyPatch
) -> None:
    link, _ = await _invite(db, desk, _settings(tmp_path))
    server.data = "451 later"
    await send_due(db, blobs, postman)
    state, kept = await _kept(db, desk, blobs)
    assert (state, link.token in kept) == ("ready", True)
    server.data = "550 not here"
    later = clock.now() + timedelta(minutes=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    monkeypatch.setattr("credo.delivery.outbox.now", lambda: later)
    await send_due(db, blobs, postman)
    state, kept = await _kept(db, desk, blobs)
    assert (state, link.token in kept) == ("failed", False)
    async with db.transaction(desk.id) as tx:
        id = await tx.value("select max(id) from outbox where desk_id = %(desk)s")
        with pytest.raises(Conflict):  # there is nothing left to send; a new invitation is needed
            await try_again(tx, id, desk.ada.as_author())


async def test_letters_wait_when_the_own_server_was_taken_away(
    db: Db, blobs: Blobs, desk: Desk, server: SmtpServer, keys: Keyring, postman: Postman, tmp_path: Path
) -> None:
    link, _ = await _invite(db, desk, _settings(tmp_path, 1))
    await send_due(db, blobs, postman)
    state, kept = await _kept(db, desk, blobs)
    assert (state, link.token in kept) == ("ready", True)
    assert "CREDO_SYSTEM_SMTP_URL" in kept
