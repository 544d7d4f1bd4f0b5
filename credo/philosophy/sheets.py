"""A starter's text as lines that can be written on: everything else, comments too, stays as it is.

It understands the way starters are written and no other: one key a line, entries that begin with their id.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_DATES = re.compile(r"(?<=[ {])(by|due|next): (\d{4})-(\d\d)-(\d\d)")


@dataclass(frozen=True, slots=True)
class _Node:
    """Lines from `start` up to `end`; it begins in `column`, and `entry` says that it begins with a hyphen."""

    start: int
    end: int
    column: int
    entry: bool = False


class Sheet:
    """The lines of a document. Paths are those that problems use: `policy/calendars/desk/hours`."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()

    def __str__(self) -> str:
        return "\n".join(self._lines) + "\n"

    def has(self, path: str) -> bool:
        """Whether something stands under `path`."""
        return self._find(path) is not None

    def put(self, path: str, value: str | Iterable[str]) -> None:
        """Write a value, or the lines of a block, under a key; one that is missing comes last in its block."""
        around, _, key = path.rpartition("/")
        written = [f"{key}: {value}"] if isinstance(value, str) else [f"{key}:", *(f"  {line}" for line in value)]
        node = self._find(path)
        if node is None:
            self.add(around, written)
            return
        lead = self._lines[node.start][: node.column]
        pad = " " * node.column
        self._lines[node.start : node.end] = [(pad if at else lead) + line for at, line in enumerate(written)]

    def add(self, path: str, written: Iterable[str]) -> None:
        """Write lines at the end of the block under `path`."""
        node = self._at(path)
        first = next(self._inside(node), None)
        pad = " " * (first[0].column if first else node.column + 2)
        self._lines[node.end : node.end] = [pad + line for line in written]

    def above(self, path: str, written: Iterable[str]) -> None:
        """Write lines above what stands under `path`."""
        node = self._at(path)
        pad = " " * _indent(self._lines[node.start])
        self._lines[node.start : node.start] = [pad + line for line in written]

    def change(self, path: str, pattern: str, value: str) -> None:
        """Write `value` for the first group of `pattern` in the line of `path`."""
        at = self._at(path).start
        if found := re.search(pattern, line := self._lines[at]):
            self._lines[at] = line[: found.start(1)] + value + line[found.end(1) :]

    def remove(self, path: str) -> None:
        """Take out what stands under `path`, if anything does."""
        if node := self._find(path):
            del self._lines[node.start : node.end]

    def swap(self, pattern: str, value: str) -> None:
        """Write `value` wherever `pattern` stands outside of comments."""
        for at, line in enumerate(self._lines):
            if not _silent(line):
                self._lines[at] = re.sub(pattern, lambda _found: value, line)

    def top(self, written: Iterable[str]) -> None:
        """Write lines above the first one that is no comment."""
        at = next((at for at, line in enumerate(self._lines) if not line.startswith("#")), 0)
        self._lines[at:at] = list(written)

    def move_dates(self, months: int) -> None:
        """Let the days of plans and goals be so many months later."""
        self._lines = [_DATES.sub(lambda found: _later(found, months), line) for line in self._lines]

    def _at(self, path: str) -> _Node:
        node = self._find(path)
        if node is None:
            raise LookupError(path)
        return node

    def _find(self, path: str) -> _Node | None:
        node: _Node | None = _Node(-1, len(self._lines), -1)
        for name in path.split("/"):
            if node is None:
                return None
            node = next((one for one, names in self._inside(node) if name in names), None)
        return node

    def _inside(self, node: _Node) -> Iterator[tuple[_Node, tuple[str, ...]]]:
        """What stands in a node, with its names: a key, or an id and the number of the entry."""
        first = node.start if node.entry else node.start + 1
        column = node.column + 2 if node.entry else None
        number = 0
        for at in range(first, node.end):
            line = self._lines[at]
            if _silent(line):
                continue
            indent = node.column + 2 if node.entry and at == first else _indent(line)
            column = indent if column is None else column
            if indent != column:
                continue
            entry = line.startswith("- ", indent)
            number += entry
            name = re.match(r"- \{?id: ([\w-]+)" if entry else r"([\w-]+):", line[indent:])
            names = (name[1] if name else "", str(number)) if entry else (name[1] if name else "",)
            yield _Node(at, self._end(at, indent, node.end), indent, entry), names

    def _end(self, start: int, column: int, limit: int) -> int:
        end = start + 1
        for at in range(start + 1, limit):
            if _silent(line := self._lines[at]):
                continue
            if _indent(line) <= column:
                break
            end = at + 1
        return end


def _silent(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _later(found: re.Match[str], months: int) -> str:
    year, month, day = int(found[2]), int(found[3]), int(found[4])
    years, later = divmod(year * 12 + month - 1 + months, 12)
    last = monthrange(years, later + 1)[1]
    return f"{found[1]}: {years:04}-{later + 1:02}-{last if day > 27 else day:02}"
