"""Text to a tree in which every word knows its place. Bounded, and without YAML's surprises.

YAML 1.2: `yes` and dates are text. No anchors, aliases, tags or duplicate keys, so a document says just what it shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml import events as yaml_events
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from credo.philosophy.problems import BadPhilosophy, Place, Problem, Problems, _

MOST_BYTES = 128_000
MOST_LEVELS = 20
MOST_VALUES = 20_000

_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?")
_CONSTANTS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value. `raw` is how it is spelled where it stands in quotes; `spans` when it takes several lines."""

    place: Place
    value: str | int | float | bool | None
    raw: str = ""
    spans: bool = False

    @property
    def quoted(self) -> bool:
        """Whether it stands in quotes."""
        return bool(self.raw)


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    place: Place
    nodes: list[Node] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Block:
    """Keys and what stands under them; `keys` holds where each key stands."""

    place: Place
    entries: dict[str, Node] = field(default_factory=dict)
    keys: dict[str, Place] = field(default_factory=dict)


Node = Scalar | Items | Block


def read(text: str, problems: Problems) -> Block:
    """The tree of a document; raises BadPhilosophy at once when it cannot be read at all."""
    if len(text.encode(errors="replace")) > MOST_BYTES:
        raise _unreadable(Place(1, 1), _("This document is larger than 128 kB."))
    try:
        root = _Tree(problems, text).build(_events(text))
    except MarkedYAMLError as failure:
        mark = failure.problem_mark or failure.context_mark
        place = Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
        raise _unreadable(
            place, _("This is not YAML: %(problem)s"), _hint(failure), problem=failure.problem
        ) from failure
    except YAMLError as failure:
        line = text.count("\n", 0, getattr(failure, "position", 0) or 0) + 1
        cause = _("There is a character in it that text must not contain.")
        raise _unreadable(Place(line, 1), cause) from failure
    if not isinstance(root, Block):
        raise _unreadable(Place(1, 1), _("This is no philosophy document."), _("start with “format: philosophy/1”"))
    return root


def spot(scalar: Scalar, column: int) -> Place:
    """Where the letter at `column` (from 1) of a text stands; of one that spans lines, where it begins."""
    if scalar.spans:
        return scalar.place
    at = 0
    if scalar.raw:
        escape, at = "\\" if scalar.raw[0] == '"' else "'", 1
        for _letter in range(column - 1):  # a quote that is doubled or escaped is one letter of the text
            at += 2 if scalar.raw.startswith(escape, at) else 1
    else:
        at = column - 1
    return Place(scalar.place.line, scalar.place.column + at)


def places(root: Block) -> dict[str, Place]:
    """Where everything stands, by path: entries of lists by their id, else by their number."""
    found: dict[str, Place] = {}
    ahead: list[tuple[str, Node]] = [("", root)]
    while ahead:
        path, node = ahead.pop()
        if path:
            found.setdefault(path, node.place)
        inner = node.entries.items() if isinstance(node, Block) else _numbered(node)
        ahead += [(f"{path}/{name}" if path else name, one) for name, one in inner]
    return found


def named(node: Node, number: int) -> str:
    """How an entry of a list is called in paths: by its id, else by its number."""
    name = node.entries.get("id") if isinstance(node, Block) else None
    return str(name.value) if isinstance(name, Scalar) and name.value else str(number)


def _numbered(node: Node) -> Iterator[tuple[str, Node]]:
    for number, item in enumerate(node.nodes if isinstance(node, Items) else (), 1):
        yield named(item, number), item


def plain(node: Node) -> Any:
    """The node as ordinary Python data, without places."""
    if isinstance(node, Block):
        return {key: plain(value) for key, value in node.entries.items()}
    return [plain(item) for item in node.nodes] if isinstance(node, Items) else node.value


class _Tree:
    """Builds the tree from a parser's events, with a stack of its own instead of Python's."""

    def __init__(self, problems: Problems, text: str) -> None:
        self._problems = problems
        self._text = text
        self._open: list[Items | Block] = []
        self._key: list[tuple[str, Place] | None] = []
        self._names: list[str | int] = []  # of what is open: its key, or its number in a list
        self._root: Node | None = None
        self._documents = 0
        self._values = 0

    def build(self, events: Iterator[Any]) -> Node | None:
        for event in events:
            place = Place(event.start_mark.line + 1, event.start_mark.column + 1)
            if isinstance(event, yaml_events.DocumentStartEvent):
                self._documents += 1
                if self._documents > 1:
                    raise _unreadable(place, _("There is more than one document in this file."))
            elif isinstance(event, yaml_events.CollectionEndEvent):
                self._open.pop()
                self._key.pop()
                self._names.pop()
            elif isinstance(event, yaml_events.NodeEvent):
                _refuse_surprises(event, place)
                self._count(place)
                self._take(event, place)
        return self._root

    def _count(self, place: Place) -> None:
        """Bounds the time it takes: what 128 kB of ordinary text hold is far less."""
        self._values += 1
        if self._values > MOST_VALUES:
            raise _unreadable(place, _("This document holds more than 20,000 keys and values."))

    def _take(self, event: Any, place: Place) -> None:
        if isinstance(event, yaml_events.ScalarEvent):
            self._put(_scalar(event, place, self._text), place)
            return
        if len(self._open) >= MOST_LEVELS:
            raise _unreadable(place, _("This is nested deeper than 20 levels."))
        node: Items | Block = Block(place) if isinstance(event, yaml_events.MappingStartEvent) else Items(place)
        name = self._next()
        self._put(node, place)
        self._open.append(node)
        self._key.append(None)
        self._names.append(name)

    def _put(self, node: Node, place: Place) -> None:
        if not self._open:
            self._root = node
            return
        parent = self._open[-1]
        if isinstance(parent, Items):
            parent.nodes.append(node)
        elif (key := self._key[-1]) is None:
            self._key[-1] = self._as_key(node, place)
        else:
            self._enter(parent, key, node)
            self._key[-1] = None

    def _next(self) -> str | int:
        """What the next thing is called in what is open."""
        if self._open and isinstance(self._open[-1], Items):
            return len(self._open[-1].nodes) + 1
        return self._key[-1][0] if self._key and self._key[-1] else ""

    def _as_key(self, node: Node, place: Place) -> tuple[str, Place]:
        if not isinstance(node, Scalar) or node.value is None:
            raise _unreadable(place, _("A key must be a word."))
        return str(node.value), place

    def _enter(self, parent: Block, key: tuple[str, Place], node: Node) -> None:
        name, place = key
        if name in parent.entries:
            cause = _("“%(name)s” stands here twice; it already stands in line %(line)s.")
            hint = _("take one of them out")
            self._problems.error(place, self._path(name), cause, hint, name=name, line=parent.keys[name].line)
            return
        parent.entries[name], parent.keys[name] = node, place

    def _path(self, name: str) -> str:
        """Where a key of the innermost open block stands."""
        opened = zip(self._open[1:], self._names[1:], strict=True)
        outer = [named(node, under) if isinstance(under, int) else under for node, under in opened]
        return "/".join([*outer, name])


def _events(text: str) -> Iterator[Any]:
    parser = YAML(typ="safe", pure=True)
    parser.version = "1.2"
    events: Iterator[Any] = parser.parse(text)
    return events


def _refuse_surprises(event: Any, place: Place) -> None:
    if isinstance(event, yaml_events.AliasEvent) or event.anchor is not None:
        raise _unreadable(
            place, _("Anchors and aliases (& and *) are not allowed."), _("write it out, or put it in quotes")
        )
    if event.tag is not None:
        raise _unreadable(place, _("YAML tags (!) are not allowed."), _("put the text in quotes"))


def _scalar(event: Any, place: Place, source: str) -> Scalar:
    text = str(event.value)
    spans = event.end_mark.line != event.start_mark.line
    if not event.implicit[0]:
        raw = source[event.start_mark.index : event.end_mark.index] if event.style in ("'", '"') else ""
        return Scalar(place, text, raw, spans)
    if text in _CONSTANTS:
        return Scalar(place, _CONSTANTS[text])
    if _INTEGER.fullmatch(text):
        return Scalar(place, int(text))
    return Scalar(place, float(text) if _DECIMAL.fullmatch(text) else text, spans=spans)


def _unreadable(place: Place, cause: str, suggestion: str = "", **details: object) -> BadPhilosophy:
    return BadPhilosophy([Problem("error", place, "", cause, suggestion, details)])


def _hint(failure: MarkedYAMLError) -> str:
    problem = failure.problem or ""
    if "\\t" in problem:
        return _("indent with spaces, not with tabs")
    if "mapping values" in problem:
        return _("put text that contains a colon in quotes")
    return _("look at the brackets, quotes and indents just before")
