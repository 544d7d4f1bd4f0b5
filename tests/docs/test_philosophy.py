"""Every example of docs/philosophy.md is executed, and its reference is the one that the code declares."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from credo.cli import main
from credo.philosophy import examine, load
from credo.philosophy.problems import Problems
from credo.philosophy.source import plain, read
from tools.philosophy_tables import tables

PAGE = (Path(__file__).parents[2] / "docs/philosophy.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(yaml|console)([^\n]*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
SAYING = [text for kind, name, text in BLOCKS if kind == "yaml" and not name]
FILES = {name.strip(): text for kind, name, text in BLOCKS if kind == "yaml" and name}
COMMANDS = [text for kind, _name, text in BLOCKS if kind == "console"]


def _joined(whole: Any, part: Any) -> Any:
    """The document grown by an example: blocks are joined, lists follow each other."""
    if isinstance(whole, dict) and isinstance(part, dict):
        return whole | {key: _joined(whole[key], value) if key in whole else value for key, value in part.items()}
    return [*whole, *part] if isinstance(whole, list) and isinstance(part, list) else part


def test_the_document_grows_from_section_to_section_without_a_mistake() -> None:
    whole: Any = {}
    grown = 0
    for text in SAYING:
        if not re.search(r"^\w", text, re.MULTILINE):  # a remark for editors
            continue
        example = plain(read(text, Problems()))
        if "overlay" in example:
            assert load(text).overlay is not None
            continue
        whole, grown = _joined(whole, example), grown + 1
        found = examine(json.dumps(whole, ensure_ascii=False))
        assert [str(one) for one in found.problems if one.grade == "error"] == []
    assert grown == 8
    found = load(json.dumps(whole, ensure_ascii=False))
    assert [promise.id for promise in found.promises if promise.runs] == ["same-day"]
    assert [str(note) for note in found.notes if "do not work yet" not in note.cause] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_print_what_the_page_says(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in {**FILES, "workshop.yaml": SAYING[0]}.items():
        Path(name).write_text(text, "utf-8")
    asked, _, told = command.partition("\n")
    arguments, _, rest = asked.removeprefix("$ credo ").partition(" | head -n ")
    code = main(arguments.split())
    lines = capsys.readouterr().out.splitlines()
    assert lines[: int(rest) if rest else len(lines)] == told.splitlines()
    assert code == ("error" in told)


def test_the_reference_is_what_the_code_declares() -> None:
    _, _, reference = PAGE.partition("<!-- the reference begins -->")
    assert reference.strip() == tables(), "run python -m tools.philosophy_tables"
