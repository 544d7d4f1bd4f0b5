"""Changing one thing in a document's text: only its own lines, or letters inside brackets, become others.

Paths are as in problems: `promises/first-answer`, `practice/behaviours/dated/when`, `policy/decision_rights/2`.
Entries of lists go by their id, else by their number from 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from credo.base.errors import Invalid, NotFound
from credo.philosophy.patching import patched, same, whole_lines
from credo.philosophy.problems import BadPhilosophy, Problems
from credo.philosophy.source import plain, read
from credo.philosophy.spans import Entry, Span, line_start, spans


class NothingHere(NotFound):
    """There is no “%(path)s” in this document."""


class CannotEdit(Invalid):
    """“%(path)s” cannot be changed without touching what stands around it; please change it in the text."""


Step = str | int


def put(text: str, path: str, value: Any) -> str:
    """`text` with `value` under `path`; keys of `path` that are missing are added, keys of `value` keep their lines.

    `value` is what JSON can hold. Raises BadPhilosophy where the text cannot be read, NothingHere, CannotEdit.
    """
    data = _meaning(text)
    steps, missing = _found(data, path)
    if missing and isinstance(_at(data, steps), list):
        raise NothingHere(path=path)
    for name in reversed(missing[1:]):
        value = {name: value}
    if missing:
        value = {**(_at(data, steps) or {}), missing[0]: value}
    return _rewritten(text, data, _with(data, steps, value), path)


def insert(text: str, path: str, value: Any, before: str = "") -> str:
    """`text` with `value` in the list at `path`: at its end, or before the entry named `before`."""
    data = _meaning(text)
    steps, missing = _found(data, path)
    items = [] if missing else _at(data, steps) or []
    if not isinstance(items, list):
        raise NothingHere(path=path)
    at = _index(items, before, path) if before else len(items)
    return put(text, path, [*items[:at], value, *items[at:]])


def remove(text: str, path: str) -> str:
    """`text` without what stands at `path`; comments above it stay."""
    data = _meaning(text)
    steps, missing = _found(data, path)
    if missing or not steps:
        raise NothingHere(path=path)
    around, last = _at(data, steps[:-1]), steps[-1]
    if isinstance(around, list):
        rest: Any = [item for at, item in enumerate(around) if at != last]
    else:
        rest = {key: value for key, value in around.items() if key != last}
    return _rewritten(text, data, _with(data, steps[:-1], rest), path)


def move(text: str, path: str, before: str = "") -> str:
    """`text` with the entry at `path` before the entry `before` of the same list, or at its end."""
    data = _meaning(text)
    steps, missing = _found(data, path)
    if missing or not steps or not isinstance(steps[-1], int):
        raise NothingHere(path=path)
    items, source = _at(data, steps[:-1]), steps[-1]
    target = _index(items, before, path) if before else len(items)
    if target in (source, source + 1):
        return text
    order = [at for at in range(len(items)) if at != source]
    order.insert(target - (target > source), source)
    span = _span(text, data, steps[:-1])
    moved = (_moved_in_brackets if span.flow else _moved_lines)(text, span.entries, order, source, target)
    return _proved(moved, _with(data, steps[:-1], [items[at] for at in order]), path)


def _moved_in_brackets(text: str, entries: list[Entry], order: list[int], source: int, target: int) -> str:
    """The entries change places; what stands between the places stays."""
    parts, at = [], 0
    for place, moved in zip(entries, order, strict=True):
        parts += [text[at : place.start], text[entries[moved].start : entries[moved].end]]
        at = place.end
    return "".join([*parts, text[at:]])


def _moved_lines(text: str, entries: list[Entry], order: list[int], source: int, target: int) -> str:
    start, end = whole_lines(text, entries[source])
    last = target == len(entries)
    to = whole_lines(text, entries[-1])[1] if last else line_start(text, entries[target].start)
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text[start:end] if text[start:end].endswith("\n") else text[start:end] + newline
    if to < start:
        return text[:to] + lines + text[to:start] + text[end:]
    between = text[end:to] if text[end:to].endswith("\n") else text[end:to] + newline
    return text[:start] + between + lines + text[to:]


def _rewritten(text: str, old: Any, new: Any, path: str) -> str:
    return text if same(old, new) else _proved(patched(text, old, new), new, path)


def _proved(text: str, meant: Any, path: str) -> str:
    """The text, once reading it gives what was meant: no edit may change more than it says."""
    problems = Problems()
    if not same(plain(read(text, problems)), meant) or problems.found:
        raise CannotEdit(path=path)
    return text


def _meaning(text: str) -> Any:
    problems = Problems()
    found = plain(read(text, problems))
    if problems.found:
        raise BadPhilosophy(problems.found)
    return found


def _found(data: Any, path: str) -> tuple[list[Step], list[str]]:
    """The keys and positions that lead along `path` as far as it exists, and the names that do not."""
    steps: list[Step] = []
    names = path.split("/")
    for at, name in enumerate(names):
        if isinstance(data, Mapping) and name in data:
            steps.append(name)
        elif isinstance(data, list) and (index := _position(data, name)) is not None:
            steps.append(index)
        elif data is None or isinstance(data, Mapping | list):
            return steps, names[at:]
        else:
            raise NothingHere(path=path)
        data = data[steps[-1]]
    return steps, []


def _position(items: list[Any], name: str) -> int | None:
    named = [
        str(item["id"]) if isinstance(item, Mapping) and item.get("id") else str(at) for at, item in enumerate(items, 1)
    ]
    return named.index(name) if name in named else None


def _index(items: list[Any], name: str, path: str) -> int:
    index = _position(items, name)
    if index is None:
        raise NothingHere(path=f"{path}/{name}")
    return index


def _at(data: Any, steps: list[Step]) -> Any:
    for step in steps:
        data = data[step]
    return data


def _with(data: Any, steps: list[Step], value: Any) -> Any:
    """A copy of `data` with `value` at the end of `steps`."""
    if not steps:
        return value
    step, rest = steps[0], steps[1:]
    if isinstance(data, list):
        return [_with(item, rest, value) if at == step else item for at, item in enumerate(data)]
    return {key: _with(item, rest, value) if key == step else item for key, item in data.items()}


def _span(text: str, data: Any, steps: list[Step]) -> Span:
    span = spans(text)
    for step in steps:
        span = span.entries[step if isinstance(step, int) else list(data).index(step)].node
        data = data[step]
    return span
