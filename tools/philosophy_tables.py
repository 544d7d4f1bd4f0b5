"""Print the reference of docs/philosophy.md: every key, every field and every metric."""

from __future__ import annotations

from collections.abc import Iterator

from credo.philosophy.metrics import CARE, SPEED
from credo.philosophy.reference import Part, parts
from credo.philosophy.shapes import Key
from credo.philosophy.vocabulary import VOCABULARY, waits_for


def tables() -> str:
    """The reference in Markdown."""
    return "\n\n".join([*map(_table, parts()), *_fields(), *_metrics()])


def _table(part: Part) -> str:
    title = f"### `{part.name}`{', each' * part.several}" if part.name else "### The document"
    rows = ["| Key | What it is | Meaning |", "|---|---|---|", *map(_row, part.keys)]
    return "\n".join([title, "", *rows])


def _row(key: Key) -> str:
    needed = ", required" * key.required
    return f"| `{key.name}` | {key.kind.words().replace('|', chr(92) + '|')}{needed} | {key.meaning} |"


def _fields() -> Iterator[str]:
    rows = []
    for one in VOCABULARY.fields.values():
        values = f": {', '.join(f'`{value}`' for value in one.values)}" if one.values else ""
        unit = f", {one.unit}" if one.unit else ""
        known = f"waits for {waits_for(one.name)}" if waits_for(one.name) else "known"
        rows.append(f"| `{one.name}` | {one.type}{unit}{values} | {one.grade} | {one.said('en')} | {known} |")
    yield "### Fields"
    yield "\n".join(["| Field | Type | Grade | In words | Today |", "|---|---|---|---|---|", *rows])


def _metrics() -> Iterator[str]:
    yield "### Metrics"
    yield f"Of speed: {', '.join(f'`{one}`' for one in SPEED)}."
    yield f"Of care: {', '.join(f'`{one}`' for one in CARE)}."


if __name__ == "__main__":
    print(tables())
