"""A document in its parts: which elements it has, by path, and which of them two texts say differently."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from credo.philosophy.problems import BadPhilosophy, Problems
from credo.philosophy.source import Block, Items, Node, Scalar, plain, read

_HEAD = ("version", "status", "effective")  # what publishing says anew, so that no change of the document is one of it
_DEPTH = 3  # policy / calendars / shop

Elements = Mapping[str, Any]


def elements(text: str) -> dict[str, Any]:
    """Every element by its path (promises/first-answer, policy/calendars/shop, title) as plain data.

    Raises BadPhilosophy when the text cannot be read at all.
    """
    problems = Problems()
    top = read(text, problems)
    if problems.found:
        raise BadPhilosophy(problems.found)
    return dict(_elements(top, "", 1))


def changed(before: Elements, after: Elements) -> list[str]:
    """The paths of what was added, changed or taken out, in the order of the document."""
    paths = [*after, *(path for path in before if path not in after)]
    return [path for path in paths if path not in _HEAD and before.get(path, _NONE) != after.get(path, _NONE)]


def differences(before: str, after: str) -> list[str]:
    """`changed` of two texts; everything in `after` is new when `before` is empty or cannot be read."""
    return changed(_readable(before), elements(after))


def section(path: str) -> str:
    """The section an element belongs to: philosophy, promises, policy …; "head" for title, zone and languages."""
    return path.partition("/")[0] if "/" in path else "head"


def meet(one: str, other: str) -> bool:
    """Whether two paths are the same element, or one lies within the other."""
    return one == other or one.startswith(f"{other}/") or other.startswith(f"{one}/")


_NONE = object()


def _readable(text: str) -> Elements:
    try:
        return elements(text) if text else {}
    except BadPhilosophy:
        return {}


def _elements(node: Node, path: str, depth: int) -> Iterator[tuple[str, Any]]:
    if isinstance(node, Block) and depth <= _DEPTH and not (path and "id" in node.entries):
        for key, value in node.entries.items():
            yield from _elements(value, f"{path}/{key}" if path else key, depth + 1)
    elif isinstance(node, Items) and any(isinstance(item, Block) for item in node.nodes):
        for number, item in enumerate(node.nodes, 1):
            yield f"{path}/{_name(item, number)}", plain(item)
    else:
        yield path, plain(node)


def _name(node: Node, number: int) -> str:
    name = node.entries.get("id") if isinstance(node, Block) else None
    return str(name.value) if isinstance(name, Scalar) and name.value else str(number)
