"""`credo intake`: every mail of a file is kept, one sentence when it cannot be."""

from __future__ import annotations

import io
import mailbox
import os
import subprocess
import sys
from email import message_from_bytes
from pathlib import Path

import pytest

from credo.base.db import Db
from credo.commands.intake import mails
from support.desks import Desk
from support.mails import mail

pytestmark = pytest.mark.anyio


def test_one_mail_is_one_mail() -> None:
    content = mail(text="Line\n\nFrom here on it flickers.\n")
    assert list(mails(io.BytesIO(content))) == [content]


def test_every_mail_of_an_mbox(tmp_path: Path) -> None:
    box = mailbox.mbox(tmp_path / "box")
    texts = [f"Mail {number}\n\nFrom here on it flickers.\n" for number in range(5)]
    for number, text in enumerate(texts):
        box.add(message_from_bytes(mail(text=text, message_id=f"<{number}@example.com>")))
    box.close()
    with (tmp_path / "box").open("rb") as file:
        found = [message_from_bytes(content) for content in mails(file)]
    assert [one["Message-ID"] for one in found] == [f"<{number}@example.com>" for number in range(5)]
    assert [one.get_payload() for one in found] == texts


def _credo(db: Db, tmp_path: Path, *arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "CREDO_DATABASE_URL": db.url, "CREDO_DATA_DIR": str(tmp_path / "data")}
    return subprocess.run(
        [sys.executable, "-m", "credo.cli", "intake", *arguments], input=stdin, capture_output=True, env=environment
    )


@pytest.fixture
async def address(db: Db, desk: Desk) -> str:
    """An address only this desk has."""
    async with db.transaction(desk.id) as tx:
        await tx.run("update mailbox set address = %(a)s where desk_id = %(desk)s", a=f"care{desk.id}@lumen.example")
    return f"care{desk.id}@lumen.example"


async def test_files_and_standard_input_are_kept(db: Db, desk: Desk, address: str, tmp_path: Path) -> None:
    first, second = tmp_path / "a.eml", tmp_path / "b.eml"
    first.write_bytes(mail())
    second.write_bytes(mail(message_id="<two@example.com>"))
    done = _credo(db, tmp_path, "--mailbox", address, str(first), str(second), "-", stdin=mail(message_id="<3@x>"))
    assert (done.returncode, done.stdout) == (0, b"3 kept\n"), done.stderr
    async with db.reading(desk.id) as tx:
        assert await tx.values("select envelope->>'file' from raw where desk_id = %(desk)s order by id") == [
            "a.eml",
            "b.eml",
            "-",
        ]


async def test_troubles_are_one_sentence(db: Db, address: str, tmp_path: Path) -> None:
    for arguments, words in (
        (["--mailbox", address, "nowhere.eml"], b"cannot be read"),
        (["--mailbox", "nobody@nowhere.example", "-"], b"no such mailbox"),
        ([], b"name a file"),
    ):
        done = _credo(db, tmp_path, *arguments)
        assert done.returncode == 1
        assert words in done.stderr
        assert done.stderr.count(b"\n") == 1
