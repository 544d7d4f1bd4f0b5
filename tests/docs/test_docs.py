"""What can be set and what can happen is documented, and so is every command."""

from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import credo
from credo.base.settings import described
from credo.history import Event

DOCS = Path(__file__).parents[2] / "docs"


def _kinds() -> list[str]:
    for module in pkgutil.walk_packages(credo.__path__, "credo."):
        if module.name.endswith(".events"):
            importlib.import_module(module.name)
    return sorted(kind for kind, event in Event.kinds.items() if kind and event.__module__.startswith("credo."))


@pytest.mark.parametrize("kind", _kinds())
def test_every_event_kind_is_documented(kind: str) -> None:
    line = next((x for x in (DOCS / "events.md").read_text().splitlines() if x.startswith(f"| `{kind}` |")), None)
    assert line is not None, f"docs/events.md does not name {kind}"
    missing = [name for name in Event.kinds[kind].__dataclass_fields__ if name not in Event.__dataclass_fields__]
    assert [name for name in missing if f"`{name}`" not in line] == []


def test_no_event_is_documented_that_cannot_happen() -> None:
    written = [x.split("`")[1] for x in (DOCS / "events.md").read_text().splitlines() if x.startswith("| `")]
    assert sorted(written) == _kinds()


@pytest.mark.parametrize("variable", [each.variable for each in described()])
def test_every_setting_is_documented(variable: str) -> None:
    assert f"`{variable}`" in (DOCS / "settings.md").read_text()


def test_every_key_is_documented() -> None:
    """The list of the screens and the page name the same keys."""
    from credo.web.rendering import TEMPLATES

    listed = re.findall(r"\(\[('[^\]]+')\], _", (TEMPLATES / "parts/keys.html").read_text())
    keys = {key.strip(" '") for one in listed for key in one.split(",")} - {"↵", "⌘↵"}
    page = (DOCS / "keys.md").read_text()
    assert [key for key in sorted(keys) if f"`{key}`" not in page] == []
    assert "`Enter`" in page and "`⌘↵`" in page


def test_every_command_is_documented() -> None:
    from credo.cli import parser

    acts = next(one for one in parser()._actions if isinstance(one.choices, dict))
    page = (DOCS / "commands.md").read_text()
    assert [name for name in acts.choices or () if f"`credo {name}" not in page] == []
