"""`credo mail read` prints one JSON line a file, in the order given, and opens no database and no socket."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from credo.commands.mail import mail_read

SAMPLES = Path(__file__).parents[3] / "credo/channels/email/samples"


def test_one_line_a_file_in_order(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    empty = tmp_path / "empty.eml"
    empty.write_bytes(b"")
    files = [
        str(SAMPLES / "plain-reply.eml"),
        str(empty),
        str(tmp_path / "absent.eml"),
        str(SAMPLES / "bounce-report.eml"),
    ]
    assert mail_read(files, text=False) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["file"] for line in lines] == files
    assert [line["kind"] for line in lines] == ["message", "unreadable", "unreadable", "bounce"]
    assert set(lines[1]) == {"file", "kind", "error"}
    assert lines[0]["from"] == {"name": "Ana Pérez", "address": "ana@garden.example"}
    assert lines[3]["original_message_id"] == "credo.18.2@lumen.example"
    assert set(lines[3]["attachments"][0]) == {"name", "type", "size", "sha256"}


def test_a_text_body(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "body.txt"
    path.write_bytes(b"Hello\xe2\x80\xa8there\n\n-- \nAna\n")
    assert mail_read([str(path)], text=True) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)["visible_text"] == "Hello\u2028there"


WATCHED = """
import sys
sys.addaudithook(lambda event, _arguments: event.startswith("socket.") and sys.exit(f"opened {event}"))
from credo.commands.mail import mail_read
mail_read(sys.argv[1:], text=False)
assert not {"psycopg", "asyncio", "litestar", "credo.base.db"} & set(sys.modules)
"""


def test_it_opens_no_socket_and_loads_no_database() -> None:
    files = [str(path) for path in sorted(SAMPLES.glob("*.eml"))]
    ran = subprocess.run([sys.executable, "-c", WATCHED, *files], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert len(ran.stdout.splitlines()) == len(files)
