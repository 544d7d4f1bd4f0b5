"""The pages: nothing undocumented, no link into nowhere."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tools.events_table import kinds, table

ROOT = Path(__file__).parents[2]
PAGES = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md"]
REGENERATE = "replace the table by the output of: python -m tools.events_table"


def test_every_kind_of_event_is_documented() -> None:
    page = (ROOT / "docs" / "events.md").read_text()
    assert len(kinds()) > 20
    for row in table().splitlines():
        assert row in page, f"{row.split('|')[1].strip()} is missing or described differently; {REGENERATE}"


def test_no_event_is_documented_that_does_not_exist() -> None:
    written = re.findall(r"^\| `([a-z_.]+)` \|", (ROOT / "docs" / "events.md").read_text(), re.MULTILINE)
    assert set(written) == set(kinds())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text())
    missing = [target for target in targets if not (page.parent / target).exists()]
    assert missing == []


def test_every_page_is_in_the_navigation() -> None:
    entries = tomllib.loads((ROOT / "zensical.toml").read_text())["project"]["nav"]
    named = {next(iter(entry.values())) for entry in entries}
    assert named == {page.name for page in (ROOT / "docs").glob("*.md")}


def test_the_readme_names_both_commands() -> None:
    readme = (ROOT / "README.md").read_text()
    assert "make run" in readme
    assert "make test" in readme
