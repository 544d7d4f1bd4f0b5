"""Print the table of settings for docs/settings.md."""

from __future__ import annotations

from credo.base.settings import described


def table() -> str:
    """The table in Markdown, one row a setting."""
    rows = ["| Variable | Default | Meaning |", "|---|---|---|"]
    rows += [
        f"| `{row.variable}` | {f'`{row.default}`' if row.default else ''} | {row.meaning} |" for row in described()
    ]
    return "\n".join(rows)


if __name__ == "__main__":
    print(table())
