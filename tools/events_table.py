"""Print the table of event kinds for docs/events.md."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import fields

import credo
from credo.history import Event


def kinds() -> dict[str, type[Event]]:
    """Every kind of event, from every room that declares some."""
    for module in pkgutil.walk_packages(credo.__path__, "credo."):
        if module.name.endswith(".events"):
            importlib.import_module(module.name)
    return dict(sorted((kind, event) for kind, event in Event.kinds.items() if kind))


def table() -> str:
    """The table in Markdown: kind, what it says, and what its payload holds."""
    common = {field.name for field in fields(Event)}
    rows = ["| Kind | What happened | Payload |", "|---|---|---|"]
    for kind, event in kinds().items():
        payload = ", ".join(f"`{field.name}`" for field in fields(event) if field.name not in common)
        rows.append(f"| `{kind}` | {' '.join((event.__doc__ or '').split())} | {payload} |")
    return "\n".join(rows)


if __name__ == "__main__":
    print(table())
