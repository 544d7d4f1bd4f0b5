"""Where everything in a document begins and ends, as positions in its text, for edits that touch nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml import events as yaml_events


@dataclass(slots=True)
class Entry:
    """One key with its value, or one item of a list, whose `name` is None.

    `start` is where the key, the hyphen or, in brackets, the item begins; `opened` is behind its colon or hyphen.
    """

    name: str | None
    start: int
    opened: int
    node: Span

    @property
    def end(self) -> int:
        """Behind its last letter."""
        return max(self.node.end, self.opened)


@dataclass(slots=True)
class Span:
    """A value: `kind` is scalar, map or list; `style` how it is written: flow, block, plain or the sign before it."""

    kind: str
    style: str
    start: int
    end: int = -1
    entries: list[Entry] = field(default_factory=list)

    @property
    def flow(self) -> bool:
        """Whether it stands in brackets."""
        return self.style == "flow"

    def named(self, name: str) -> Entry | None:
        """The entry under this key."""
        return next((entry for entry in self.entries if entry.name == name), None)


def spans(text: str) -> Span:
    """The spans of a text that was read before without complaint."""
    parser = YAML(typ="safe", pure=True)
    parser.version = "1.2"
    return _Builder(text).build(parser.parse(text))


class _Builder:
    def __init__(self, text: str) -> None:
        self._text = text
        self._open: list[Span] = []
        self._key: list[tuple[str, int, int] | None] = []
        self._root = Span("scalar", "plain", 0, 0)

    def build(self, events: Iterator[Any]) -> Span:
        for event in events:
            if isinstance(event, yaml_events.CollectionEndEvent):
                self._close(event)
            elif isinstance(event, yaml_events.CollectionStartEvent):
                kind = "map" if isinstance(event, yaml_events.MappingStartEvent) else "list"
                span = Span(kind, "flow" if event.flow_style else "block", event.start_mark.index)
                self._put(span)
                self._open.append(span)
                self._key.append(None)
            elif isinstance(event, yaml_events.ScalarEvent):
                self._scalar(event)
        return self._root

    def _scalar(self, event: Any) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        if event.style in ("|", ">"):
            end = self._block_end(start, end)
        if self._open and self._open[-1].kind == "map" and self._key[-1] is None:
            self._key[-1] = (str(event.value), start, end)
            return
        self._put(Span("scalar", event.style or "plain", start, end))

    def _block_end(self, start: int, end: int) -> int:
        """Without the empty lines after it, unless they belong to it ("|+"), and without the last line's end."""
        kept = "+" in self._text[start : self._text.index("\n", start)] if "\n" in self._text[start:end] else False
        text = self._text[start:end]
        return start + len(text.removesuffix("\n").removesuffix("\r") if kept else text.rstrip())

    def _put(self, span: Span) -> None:
        if not self._open:
            self._root = span
            return
        parent, key = self._open[-1], self._key[-1]
        if parent.kind == "list":
            start = span.start if parent.flow else self._hyphen(parent)
            self._enter(parent, Entry(None, start, start if parent.flow else start + 1, span))
        elif key is not None:
            name, start, end = key
            self._enter(parent, Entry(name, start, self._colon(end), span))
            self._key[-1] = None

    def _enter(self, parent: Span, entry: Entry) -> None:
        if entry.node.start == entry.node.end:  # nothing is written there, and the parser looked further on for it
            entry.node.start = entry.node.end = entry.opened
        parent.entries.append(entry)

    def _colon(self, end: int) -> int:
        """Behind the colon of a key that ends at `end`; in brackets a key may have none."""
        at = end + len(self._text[end : end + 200]) - len(self._text[end : end + 200].lstrip())
        return at + 1 if self._text.startswith(":", at) else end

    def _hyphen(self, parent: Span) -> int:
        """The hyphen of the next item: in the column of the first one, and first in its line."""
        if not parent.entries:
            return parent.start
        column = parent.start - line_start(self._text, parent.start)
        end = parent.entries[-1].end
        while (end := self._text.find("\n", end) + 1) and self._text[end : end + column + 1] != " " * column + "-":
            pass
        return end + column

    def _close(self, event: Any) -> None:
        span = self._open.pop()
        self._key.pop()
        if span.flow or not span.entries:
            span.end = event.end_mark.index
            return
        span.end = span.entries[-1].end


def line_start(text: str, at: int) -> int:
    """Where the line begins in which `at` is."""
    return text.rfind("\n", 0, max(at, 0)) + 1


def line_end(text: str, at: int) -> int:
    """Where the line ends in which `at` is, before its newline."""
    found = text.find("\n", at)
    end = len(text) if found < 0 else found
    return end - 1 if end > at and text[end - 1] == "\r" else end
