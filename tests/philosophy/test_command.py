"""`credo philosophy`: lines for people and editors, objects for programs, one sentence for what is no document."""

from __future__ import annotations

import io
import json
from pathlib import Path

import jsonschema_rs
import pytest

from credo.cli import main
from credo.philosophy import examine, schema
from credo.philosophy.problems import Problems
from credo.philosophy.source import plain, read
from philosophy.test_documents import DEMO
from philosophy.test_mistakes import CASES
from philosophy.whole import WHOLE, changed


def test_a_good_document_says_its_notes_and_is_well(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "whole.yaml"
    file.write_text(WHOLE, "utf-8")
    assert main(["philosophy", "check", str(file)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4 and all(": note: These parts are read" in line for line in lines)
    assert lines[0].startswith(f"{file}:28:1: note: ")


def test_every_finding_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text(changed("name: Calm,", 'name: Calm, "two\\nlines": 1,'), "utf-8")
    assert main(["philosophy", "check", str(file), str(file)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 10 and lines[:5] == lines[5:]
    assert lines[0] == (
        f"{file}:12:30: error: “two lines” is not known here. — possible here: id, name, statement, from"
    )


def test_objects_for_programs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text(changed("kind: csat", "kind: csta"), "utf-8")
    assert main(["philosophy", "check", "--json", str(file)]) == 1
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["level"] for one in found] == ["note", "note", "note", "note", "error"]
    assert found[-1] == {
        "file": str(file),
        "line": 91,
        "column": 31,
        "level": "error",
        "path": "measurement/surveys/after/kind",
        "message": "“csta” is not possible here.",
        "suggestion": "did you mean “csat”?",
    }


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("missing.yaml", None, "There is no such file."),
        (".", None, "This is a folder and not a file."),
        ("bell.yaml", b"\x89PNG\r\n\x1a\n\x00", "This file is not text in UTF-8."),
        ("latin.yaml", "title: Grüße".encode("latin-1"), "This file is not text in UTF-8."),
        ("zero.yaml", b"a: \x00", "This file is not text."),
        ("large.yaml", b"a" * 1_000_001, "This document is larger than 128 kB."),
        ("large-too.yaml", b"a" * 128_001, "This document is larger than 128 kB."),
        ("empty.yaml", b"", "This is no philosophy document. — start with “format: philosophy/1”"),
        ("no\x00name", None, "No file can have this name."),
    ],
)
@pytest.mark.parametrize("as_json", [False, True])
def test_what_is_no_document(
    name: str,
    content: bytes | None,
    sentence: str,
    as_json: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    if content is not None:
        Path(name).write_bytes(content)
    assert main(["philosophy", "check", *["--json"] * as_json, name]) == 1
    out, err = capsys.readouterr()
    assert err == ""
    if as_json:
        found = json.loads(out)
        assert (found["file"], found["line"], found["column"], found["level"]) == (name, 1, 1, "error")
        assert " — ".join(filter(None, (found["message"], found["suggestion"]))) == sentence
    else:
        assert out == f"{name}:1:1: error: {sentence}\n"


def test_standard_input_and_a_mark_of_byte_order(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Stdin:
        buffer = io.BytesIO(b"\xef\xbb\xbf" + WHOLE.replace("\n", "\r\n").encode())

    monkeypatch.setattr("sys.stdin", Stdin)
    assert main(["philosophy", "check", "-"]) == 0
    assert capsys.readouterr().out.startswith("-:28:1: note: ")


def test_the_schema_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["philosophy", "schema"]) == 0
    assert json.loads(capsys.readouterr().out) == schema()


@pytest.fixture(scope="module")
def validator() -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(schema())


@pytest.mark.parametrize("text", [WHOLE, DEMO], ids=["whole", "demo"])
def test_editors_accept_good_documents(text: str, validator: jsonschema_rs.Draft202012Validator) -> None:
    assert [error.message for error in validator.iter_errors(plain(read(text, Problems())))] == []


def test_editors_accept_an_overlay_and_no_half_document(validator: jsonschema_rs.Draft202012Validator) -> None:
    overlay = {"format": "philosophy/1", "id": "night", "overlay": {"of": "x", "team": "night"}}
    partial = {**overlay, "practice": {"behaviours": [{"id": "name-it", "level": "must"}]}}
    assert validator.is_valid(partial)
    assert not validator.is_valid({**partial, "practice": {"behaviours": [{"level": "must"}]}})
    assert not validator.is_valid({key: value for key, value in partial.items() if key != "overlay"})


def test_editors_and_the_reader_agree_on_keys_and_kinds(validator: jsonschema_rs.Draft202012Validator) -> None:
    """What a single key shows to be wrong, the schema shows too."""
    local = ("is not known here", "is missing here", "is expected here", "is no duration", "is no amount", "no target;")
    for case in CASES:
        text = changed(case.old, case.new)
        told = [one.cause for one in examine(text).problems if one.grade == "error"]
        across = any(words in case.told[0] for words in ("/text/", "/measure:", "condition"))
        if told and all(any(words in one for words in local) for one in told) and not across:
            assert not validator.is_valid(plain(read(text, Problems()))), case


def test_a_document_to_begin_with_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "about.html"
    page.write_text("<p>Wir antworten innerhalb von zwei Werktagen.</p>", "utf-8")
    assert main(["philosophy", "begin", "shop", "--language", "de", "--name", "Lumen", "--page", str(page)]) == 0
    printed = capsys.readouterr().out
    assert 'title: "Wie wir bei Lumen für Menschen da sind"' in printed
    assert "# Von Ihrer Seite: „Wir antworten innerhalb von zwei Werktagen.“" in printed
    assert not [one for one in examine(printed).problems if one.grade == "error"]


def test_an_unknown_starter_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["philosophy", "begin", "bakery"]) != 0
    assert "Choose one of the philosophies to start from." in "".join(capsys.readouterr())
