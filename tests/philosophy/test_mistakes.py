"""Every class of mistake, with its place and its sentence word for word.

`mistakes.txt` holds one change of the whole document after the other: lines taken out, lines put in, and what is said.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from credo.commands import philosophy as command
from credo.philosophy import examine, load
from philosophy.whole import WHOLE, changed

ALWAYS_NOTED = "do not work yet"


class Case(NamedTuple):
    """A change of the document and what is said of it."""

    old: str
    new: str
    told: list[str]


def _cases() -> list[Case]:
    blocks = (Path(__file__).parent / "mistakes.txt").read_text("utf-8").strip("\n").split("\n\n")
    return [_case(block.splitlines()) for block in blocks]


def _case(lines: list[str]) -> Case:
    old, new = (
        "\n".join(line[2:] for line in lines if line[:1] == sign)  # an empty last line ends what stands before it
        for sign in "-+"
    )
    return Case(old, new, [line[2:] for line in lines if line.startswith("  ")])


CASES = _cases()


def _told(text: str) -> list[str]:
    return [
        f"{one.place.line}:{one.place.column} {one.grade} {one.path}: {one.said()}"
        for one in examine(text).problems
        if ALWAYS_NOTED not in one.cause
    ]


@pytest.mark.parametrize("case", CASES, ids=[f"{case.new[:40]!r}" for case in CASES])
def test_what_is_said_of_a_mistake(case: Case) -> None:
    assert _told(changed(case.old, case.new)) == case.told


def test_there_are_many_of_them() -> None:
    assert len(CASES) > 100
    assert {line.split()[1] for case in CASES for line in case.told} == {"error", "note"}


def test_the_whole_document_is_without_one() -> None:
    assert _told(WHOLE) == []
    assert {note.path for note in load(WHOLE).notes} == {"practice", "strategy", "policy", "measurement"}


def test_every_error_says_what_to_write_or_what_is_possible() -> None:
    """A suggestion of its own, or a cause that names the way."""
    problems = [one for case in CASES for one in examine(changed(case.old, case.new)).problems if one.grade == "error"]
    without = {one.message() for one in problems if not one.hint()}
    assert without <= {
        "Something is missing at the end.",
        "A condition has one key here: a fact, all, any, not or cel.",
        "A list of conditions is expected here.",
    }


def test_all_are_told_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = WHOLE
    for old, new in (
        ("P30D, page", "soon, page"),
        ("kind: csat", "kind: smiles"),
        ("serves: calm, statement: W", "statement: W"),
    ):
        assert text.count(old) == 1
        text = text.replace(old, new)
    file = tmp_path / "three.yaml"
    file.write_text(text, "utf-8")
    assert command.check([str(file)], as_json=False) == 1
    lines = [line for line in capsys.readouterr().out.splitlines() if ": error: " in line]
    assert [line.split(":")[1] for line in lines] == ["15", "91", "95"]
