from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pyotp
import pytest

from credo.base import clock
from credo.base import settings as reading
from credo.base.secrets import keyring
from credo.commands.password import NobodyOfThisAddress, links
from credo.people import resets, totp
from credo.people.sessions import Place
from support.desks import make_desk
from support.empty import empty_database

NEW = "five loose tiles on the roof"


async def test_the_console_lets_an_administrator_back_in(server_url: str, tmp_path: Path) -> None:
    settings = reading.read({"CREDO_DATA_DIR": str(tmp_path), "CREDO_PUBLIC_URL": "https://care.example.com"})
    keys = keyring(settings)
    async with empty_database(server_url) as db:
        desk = await make_desk(db)
        with clock.frozen(datetime(2026, 11, 21, 9, tzinfo=UTC)):
            async with db.transaction(desk.id) as tx:
                enrolment = await totp.begin(tx, keys, desk.ada)
                await totp.confirm(tx, keys, desk.ada, pyotp.TOTP(enrolment.secret).at(clock.now()))
        with pytest.raises(NobodyOfThisAddress):
            await links(settings, db.url, "nobody@lumen.example", without_code=False)
        (first,) = await links(settings, db.url, "Ada@lumen.example", without_code=False)
        assert first.startswith("https://care.example.com/reset/")
        opened = await resets.use(db, first.rpartition("/")[2], NEW, Place())
        assert opened.half
        (second,) = await links(settings, db.url, "ada@lumen.example", without_code=True)
        assert not (await resets.use(db, second.rpartition("/")[2], NEW, Place())).half
