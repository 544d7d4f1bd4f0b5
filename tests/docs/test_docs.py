"""What can be set and what can happen is documented, and so is every command."""

from __future__ import annotations

import importlib
import pkgutil
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
