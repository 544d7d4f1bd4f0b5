"""Every operation stands in docs/api.md, under its own words, and none that is not there."""

from __future__ import annotations

from pathlib import Path

from credo.api.describing import document
from credo.api.v1 import PATH, router

PAGE = Path(__file__).parents[2] / "docs" / "api.md"


def test_every_operation_is_documented_and_no_other() -> None:
    paths = document(router)["paths"]
    there = {
        f"| `{method.upper()} {path.removeprefix(PATH)}` | {operation['summary']} |"
        for path, methods in paths.items()
        for method, operation in methods.items()
    }
    documented = {line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| `") and "/" in line}
    assert there - documented == set(), "docs/api.md lacks these"
    assert documented - there == set(), "docs/api.md names what is not there"
