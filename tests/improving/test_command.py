"""`credo philosophy try`, as somebody calls it."""

from __future__ import annotations

import json
from pathlib import Path

import anyio
import pytest

from credo import cli
from credo.base import clock
from credo.base.db import Db
from support.desks import Desk
from support.telling import DEMO, Story, at, believe

pytestmark = pytest.mark.anyio


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """A document that promises an answer an hour sooner."""
    file = tmp_path / "philosophy.yaml"
    file.write_text(DEMO.replace("target: PT4H", "target: PT1H"))
    return file


@pytest.fixture
def here(database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Settings that lead to the database of this test."""
    monkeypatch.setenv("CREDO_DATABASE_URL", database_url)
    monkeypatch.setenv("CREDO_DATA_DIR", str(tmp_path))


async def call(*arguments: str) -> int:
    def run() -> int:
        with clock.frozen(at(60)):
            return cli.main(["philosophy", "try", *arguments])

    return await anyio.to_thread.run_sync(run)


async def test_it_prints_what_would_have_been(
    db: Db, desk: Desk, document: Path, here: None, capsys: pytest.CaptureFixture[str]
) -> None:
    await believe(db, desk)
    story = Story(db, desk)
    await story.begins(0)
    await story.reply(2)
    assert await call(str(document), "--desk", str(desk.id), "--days", "30") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "1 conversations of the last 30 days, since 2026-10-26"
    assert "promises/first-answer: late 1; as it was: kept 1; another outcome than it had: 1" in lines
    assert "promises/no-silence: waits for clock periodic_update" in lines
    same = "would have fired in 0 of 1 conversations in which a customer wrote"
    assert f"policy/routing/same-person/when: {same}" in lines
    assert any(line.endswith("waits for listening") for line in lines)


async def test_a_program_reads_json(
    db: Db, desk: Desk, document: Path, here: None, capsys: pytest.CaptureFixture[str]
) -> None:
    await believe(db, desk)
    await Story(db, desk).begins(0)
    assert await call(str(document), "--desk", str(desk.id), "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["days"], found["conversations"]) == (90, 1)
    by_path = {one["path"]: one for one in found["elements"]}
    assert by_path["promises/first-answer"]["counts"] == {"broken": 1, "was_open": 1, "changed": 1}


async def test_what_does_not_fit_is_one_sentence(
    db: Db, desk: Desk, document: Path, here: None, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("format: philosophy/1\n")
    assert await call(str(bad), "--desk", str(desk.id)) == 1
    assert "The document has errors" in capsys.readouterr().out
    assert await call(str(document), "--desk", str(2**40)) == 1
    assert "There is no such desk here" in capsys.readouterr().err
    assert await call(str(document), "--desk", str(desk.id), "--days", "0") == 1
    assert "1 to 800 days" in capsys.readouterr().err
    assert await call(str(tmp_path / "none.yaml")) == 1
    assert "There is no such file" in capsys.readouterr().err
