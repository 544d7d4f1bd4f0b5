from __future__ import annotations

import asyncio
import stat
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from credo.access import NotAllowed
from credo.base.db import Db
from credo.base.errors import CredoError
from credo.calendars.opening import HoursUnclear, NeverOpen, Opening, UnknownRegion
from credo.people import actors, desks, first_run, invitations, passwords
from credo.people.first_run import You
from credo.people.sessions import Place
from credo.philosophy import versions
from credo.philosophy.beginning import Answers, begin
from credo.philosophy.composing import Ground
from credo.philosophy.starters import starter
from support.empty import empty_database

HOME = Place("192.0.2.7", "Firefox on Linux")
OPENING = Opening((0, 1, 2, 3, 4), "09:00", "18:00", "Europe/Berlin", "DE-BE")
MAYA = You("Maya Okafor", "Maya@lumen.example", "seven grey herons at noon", "Lumen Lamps", "de", OPENING)


@pytest.fixture
async def empty(server_url: str) -> Db:  # type: ignore[misc]
    async with empty_database(server_url) as db:
        yield db


def test_the_code_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    code = first_run.code(tmp_path)
    assert first_run.code(tmp_path) == code
    assert len(code) == 14
    assert stat.S_IMODE((tmp_path / first_run.CODE_FILE).stat().st_mode) == 0o600


async def test_three_steps_from_nothing_to_a_promise(empty: Db, tmp_path: Path) -> None:
    assert await first_run.is_needed(empty)
    assert await desks.for_host(empty, "care.example.com") is None
    code = first_run.code(tmp_path)
    with pytest.raises(first_run.WrongSetupCode):
        await first_run.begin(empty, tmp_path, "aaaa-bbbb-cccc", MAYA, HOME)
    opened = await first_run.begin(empty, tmp_path, code.upper().replace("-", " "), MAYA, HOME)
    assert not (tmp_path / first_run.CODE_FILE).exists()
    assert not await first_run.is_needed(empty)
    with pytest.raises(first_run.AlreadySetUp):
        await first_run.begin(empty, tmp_path, code, MAYA, HOME)

    signed = await actors.signed_in(empty, opened.token)
    assert signed
    assert (signed.actor.role, signed.email, signed.desk_name) == ("admin", "maya@lumen.example", "Lumen Lamps")
    assert (signed.zone, signed.language, signed.setup_step) == ("Europe/Berlin", "de", first_run.MAILBOX)
    async with empty.transaction(signed.actor.desk_id) as tx:
        await first_run.mailbox_done(tx, signed.actor)
        ground = Ground("Lumen Lamps", await first_run.opening(tx), (signed.email,), date(2026, 11, 27))
        text = begin(starter("shop", "de"), ground, Answers(), hours=4, published=True)
        with pytest.raises(NotAllowed):
            await first_run.publish(tx, replace(signed.actor, role="lead"), text)
        await first_run.publish(tx, signed.actor, text)
        version = await versions.current(tx)
        assert version
        assert list(version.running) == ["first-answer", "next-answer"]
        assert (await desks.of(tx)).setup_step == first_run.DONE
        kinds = await tx.values("select kind from event where desk_id = %(desk)s order by id")
    assert kinds == ["desk.opened", "session.opened", "philosophy.published", "philosophy.in_force"]


async def test_two_who_press_together_open_one_desk(empty: Db, tmp_path: Path) -> None:
    code = first_run.code(tmp_path)
    tries = [first_run.begin(empty, tmp_path, code, MAYA, HOME) for _ in range(3)]
    found = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(one, CredoError) for one in found) == 2
    async with empty.reading(0) as tx:
        assert await tx.value("select count(*) from desk") == 1


@pytest.mark.parametrize(
    ("you", "error"),
    [
        (replace(MAYA, password="lumenlamps2026"), passwords.PasswordGuessable),
        (replace(MAYA, email="maya"), invitations.AddressUnclear),
        (replace(MAYA, name=" "), desks.NameMissing),
        (replace(MAYA, language="xx"), desks.UnknownLanguage),
        (replace(MAYA, opening=replace(OPENING, zone="Mars/Olympus")), desks.UnknownZone),
        (replace(MAYA, opening=replace(OPENING, days=())), NeverOpen),
        (replace(MAYA, opening=replace(OPENING, opens="9", closes="")), HoursUnclear),
        (replace(MAYA, opening=replace(OPENING, region="XX-YY")), UnknownRegion),
    ],
)
async def test_answers_that_do_not_fit_open_nothing(
    empty: Db, tmp_path: Path, you: You, error: type[Exception]
) -> None:
    with pytest.raises(error):
        await first_run.begin(empty, tmp_path, first_run.code(tmp_path), you, HOME)
    assert await first_run.is_needed(empty)


async def test_a_host_name_chooses_its_desk(empty: Db) -> None:
    async with empty.transaction(0) as tx:
        for name, host in (("First", None), ("Second", "second.example")):
            await tx.run(
                "insert into desk (name, host, signing_key) values (%(name)s, %(host)s, 'k')", name=name, host=host
            )
    for host, name in (("SECOND.example", "Second"), ("other.example", "First"), ("", "First")):
        found = await desks.for_host(empty, host)
        assert found
        assert found.name == name
