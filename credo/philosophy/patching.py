"""From one meaning to another with the fewest letters changed: what stays the same keeps its lines and comments."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from credo.philosophy.spans import Entry, Span, line_end, line_start, spans
from credo.philosophy.spelling import MOST_COLUMNS, block, fits, folded, in_line, literal, scalar


class Splice(NamedTuple):
    """The letters from `start` to `end` become `text`."""

    start: int
    end: int
    text: str


class Change(NamedTuple):
    """What becomes of the entries of a map or list: which go, and what comes behind which (-1: before all)."""

    gone: set[int]
    new: dict[int, list[Any]]


def patched(text: str, old: Any, new: Any) -> str:
    """`text`, which means `old`, with as little changed as it takes to mean `new`."""
    patch = _Patch(text)
    patch.change(Entry(None, 0, 0, spans(text)), old, new, -2, flow=False)
    parts, at = [], 0
    for splice in sorted(patch.splices):
        parts += [text[at : splice.start], splice.text]
        at = max(at, splice.end)
    return "".join([*parts, text[at:]])


def same(one: Any, other: Any) -> bool:
    """Whether two values mean the same; 1, 1.0 and true do not."""
    return _canonical(one) == _canonical(other)


def whole_lines(text: str, entry: Entry) -> tuple[int, int]:
    """The lines of an entry in a block, with the comments behind it that are indented deeper than it."""
    column = entry.start - line_start(text, entry.start)
    end = _next_line(text, line_end(text, entry.end))
    while end < len(text) and text[end : line_end(text, end)].lstrip(" ").startswith("#"):
        line = text[end : line_end(text, end)]
        if len(line) - len(line.lstrip(" ")) <= column:
            break
        end = _next_line(text, line_end(text, end))
    return line_start(text, entry.start), end


class _Patch:
    def __init__(self, text: str) -> None:
        self.text = text
        self.newline = "\r\n" if "\r\n" in text else "\n"
        self.splices: list[Splice] = []

    def change(self, entry: Entry, old: Any, new: Any, column: int, *, flow: bool) -> None:
        """Make the value of `entry` mean `new`; `column` is the one of the key or hyphen before it."""
        if same(old, new):
            return
        span = entry.node
        kept = _kept(old, new) if old and new and span.kind != "scalar" else []
        if not kept:
            self._overwrite(entry, new, column, flow=flow)
            return
        for at, before, after in kept:
            inner = span.entries[at]
            self.change(inner, before, after, self._column(inner.start), flow=span.flow)
        change = _changes(old, new)
        if change.gone or change.new:
            (self._reshape_flow if span.flow else self._reshape_block)(span, change)

    def _reshape_flow(self, span: Span, change: Change) -> None:
        entries = span.entries
        kept = [at for at in range(len(entries)) if at not in change.gone]
        for at in sorted(change.gone):
            after = next((one for one in kept if one > at), None)
            if after is None:
                self._splice(entries[kept[-1]].end, entries[-1].end, "")
                break
            if at == 0 or at - 1 not in change.gone:
                self._splice(entries[at].start, entries[after].start, "")
        for at, values in change.new.items():
            before = [one for one in kept if one <= at]
            for value in values:
                written = in_line(value) if span.kind == "list" else in_line(value)[1:-1]
                if before:
                    self._splice(entries[before[-1]].end, None, self._joined(span, entries[before[-1]].end, written))
                else:
                    self._splice(entries[kept[0]].start, None, f"{written}, ")

    def _joined(self, span: Span, at: int, written: str) -> str:
        """The entry with its comma, on a line of its own where the present one would get too long."""
        length = line_end(self.text, at) - line_start(self.text, at) + len(written) + 2
        return (
            f",{self._line(self._column(span.entries[0].start))}{written}" if length > MOST_COLUMNS else f", {written}"
        )

    def _reshape_block(self, span: Span, change: Change) -> None:
        entries = span.entries
        column = self._column(entries[0].start)
        leading = self._behind_hyphen(span, change.gone)
        for at in change.gone - leading:
            self._splice(*whole_lines(self.text, entries[at]), "")
        for at, values in change.new.items():
            for value in values:
                written = self._new_entry(span, value, column)
                if at < 0:
                    self._splice(entries[0].start, None, written + self._line(column))
                else:
                    self._append(whole_lines(self.text, entries[at])[1], column, written)

    def _behind_hyphen(self, span: Span, gone: set[int]) -> set[int]:
        """Takes away the first keys of an item, which stand behind its hyphen: the next one moves up."""
        first = span.entries[0]
        if 0 not in gone or not self.text[line_start(self.text, first.start) : first.start].strip():
            return set()
        kept = next(at for at in range(len(span.entries)) if at not in gone)
        end, following = whole_lines(self.text, span.entries[kept - 1])[1], span.entries[kept].start
        if self.text[end:following].strip():  # a comment in between stays where it is
            self._splice(first.start, end, self.newline)
        else:
            self._splice(first.start, following, "")
        return set(range(kept))

    def _append(self, at: int, column: int, written: str) -> None:
        """A new entry on lines of its own at `at`: where a line begins, or where the text ends."""
        if at and self.text[at - 1] != "\n":
            self._splice(at, None, self._line(column) + written)
        else:
            self._splice(at, None, " " * column + written + self.newline)

    def _new_entry(self, span: Span, value: Any, column: int) -> str:
        if span.kind == "map":
            return block(value, column, self.newline)
        brackets = any(entry.node.flow for entry in span.entries) or not isinstance(value, Mapping)
        return "- " + (in_line(value) if brackets or not value else block(value, column + 2, self.newline))

    def _overwrite(self, entry: Entry, new: Any, column: int, *, flow: bool) -> None:
        span = entry.node
        gap = " " if span.start == entry.opened and not (flow and entry.name is None) else ""
        own_line = span.style == "block" and "\n" in self.text[entry.opened : span.start]
        if flow or not isinstance(new, Mapping | list) or fits(new, column):
            written = self._inline(span, new, column, flow=flow)
            if own_line:
                self._splice(entry.opened, None, f" {written}")
                self._splice(line_end(self.text, entry.opened), span.end, "")
            else:
                self._splice(span.start, span.end, gap + written)
        elif span.style == "block" or entry.name is None:
            indent = self._column(span.start) + len(gap)
            self._splice(span.start, span.end, gap + block(new, indent, self.newline))
        else:
            self._below(entry, new, column)

    def _below(self, entry: Entry, new: Any, column: int) -> None:
        """A block under the key where a single value stood; a comment behind that one stays behind the key."""
        written = self._line(column + 2) + block(new, column + 2, self.newline)
        end = entry.end
        if self.text[end : line_end(self.text, end)].strip():
            self._splice(entry.opened, end, "")
            end = line_end(self.text, end)
            self._splice(end, None, written)
        else:
            self._splice(entry.opened, end, written)

    def _inline(self, span: Span, new: Any, column: int, *, flow: bool) -> str:
        if isinstance(new, str) and not flow:
            ways: Sequence[Callable[[str, int, str], str | None]] = (
                (folded, literal) if span.style == ">" else (literal,) if span.style == "|" or "\n" in new else ()
            )
            for way in ways:
                if written := way(new, column + 2, self.newline):
                    return written
        if isinstance(new, Mapping | list):
            return in_line(new)
        return scalar(new, span.style if span.style in "'\"" else "", flow=flow)

    def _splice(self, start: int, end: int | None, text: str) -> None:
        self.splices.append(Splice(start, start if end is None else end, text))

    def _line(self, column: int) -> str:
        return self.newline + " " * column

    def _column(self, at: int) -> int:
        return at - line_start(self.text, at)


def _kept(old: Any, new: Any) -> list[tuple[int, Any, Any]]:
    """Which entries stay, each with what it means now and then."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return [(at, old[key], new[key]) for at, key in enumerate(old) if key in new]
    if not isinstance(old, list) or not isinstance(new, list):
        return []
    return [(at, old[at], new[then]) for at, then in _matched(old, new)]


def _matched(old: list[Any], new: list[Any]) -> list[tuple[int, int]]:
    """Entries of two lists that are the same one: by id, by meaning, or because one stands where the other stood."""
    found = []
    for kind, start, end, then, ended in SequenceMatcher(None, _ids(old), _ids(new), autojunk=False).get_opcodes():
        if kind == "equal" or (kind == "replace" and end - start == ended - then):
            found += list(zip(range(start, end), range(then, ended), strict=True))
    return found


def _changes(old: Any, new: Any) -> Change:
    if isinstance(old, Mapping):
        gone = {at for at, key in enumerate(old) if key not in new}
        keys = list(old)
        return Change(
            gone, _behind([(keys.index(key) if key in old else None, {key: new[key]}) for key in new], len(old))
        )
    matched = {then: at for at, then in _matched(old, new)}
    gone = set(range(len(old))) - set(matched.values())
    return Change(gone, _behind([(matched.get(then), value) for then, value in enumerate(new)], None))


def _behind(entries: Sequence[tuple[int | None, Any]], last: int | None) -> dict[int, list[Any]]:
    """New entries by the present one they follow; those before all follow -1, or `last` where it is given."""
    found: dict[int, list[Any]] = {}
    before = -1 if last is None else last - 1
    for at, value in entries:
        if at is None:
            found.setdefault(before, []).append(value)
        else:
            before = at
    return found


def _ids(items: list[Any]) -> list[str]:
    return [f"id {item['id']}" if isinstance(item, Mapping) and item.get("id") else _canonical(item) for item in items]


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def _next_line(text: str, end: int) -> int:
    """The beginning of the line behind the one that ends at `end`."""
    found = text.find("\n", end)
    return len(text) if found < 0 else found + 1
