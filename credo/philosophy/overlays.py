"""Overlays: a partial document for a team or a brand, laid over the whole one. It may add and tighten, nothing else.

That something tightens is seen by its form alone, so nobody has to argue about what it means.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from credo.conditions import BadCondition, is_narrowed, is_widened
from credo.philosophy.asking import condition
from credo.philosophy.document import Philosophy
from credo.philosophy.loading import examine
from credo.philosophy.problems import BadPhilosophy, Place, Problem, Problems, _
from credo.philosophy.source import Block, Items, Node, named, places, plain, read
from credo.philosophy.spelling import block
from credo.philosophy.telling import length

_HEAD = ("format", "id", "title", "version", "status", "effective", "overlay")
_LEVELS = ("may", "should", "must")
_RULES: Mapping[str, str] = {
    "level": _("An overlay may only tighten: a level may only rise, from may to should to must."),
    "target": _("An overlay may only tighten: a target may only get shorter."),
    "objective": _("An overlay may only tighten: an objective may only rise."),
    "when": _("An overlay may only tighten: “when” may only be widened with “||”."),
    "observe": _("An overlay may only tighten: “observe” may only be narrowed with “&&”."),
}
_ELSE = _("An overlay may only tighten or add elements: “%(key)s” cannot be changed.")


def overlaid(base: str, overlay: str) -> Philosophy:
    """The document `base` with `overlay` laid over it; raises BadPhilosophy with places in the overlay.

    The result has the overlay's id, title and version where it names them.
    """
    problems = Problems()
    whole, part = read(base, problems), read(overlay, problems)
    if problems.found or (unreadable := examine(overlay)).philosophy is None:
        raise BadPhilosophy(problems.found or unreadable.problems)
    over = part.entries.get("overlay")
    of = plain(over).get("of") if isinstance(over, Block) else None
    if of != plain(whole).get("id"):
        cause = _("This is no overlay of “%(name)s”.")
        problems.error(over.place if over else part.place, "overlay/of", cause, name=plain(whole).get("id"))
    merged = _laid(whole, part, "", problems)
    if problems.found:
        raise BadPhilosophy(problems.found)
    return _whole(merged, part)


def _laid(base: Node, over: Node, path: str, problems: Problems) -> Any:
    """What both say together; every loosening is among the problems."""
    if isinstance(base, Block) and isinstance(over, Block):
        return _blocks(base, over, path, problems)
    if isinstance(base, Items) and isinstance(over, Items) and _has_elements(base, over):
        return list(_lists(base, over, path, problems))
    old, new = plain(base), plain(over)
    if old != new and not _tightens(path, old, new):
        key = path.rpartition("/")[2]
        problems.error(over.place, path, _RULES.get(key, _ELSE), key=key)
    return new


def _blocks(base: Block, over: Block, path: str, problems: Problems) -> dict[str, Any]:
    merged = {key: plain(node) for key, node in base.entries.items()}
    for key, node in over.entries.items():
        under = f"{path}/{key}" if path else key
        if not path and key in _HEAD:
            merged[key] = plain(node)
        elif key in base.entries:
            merged[key] = _laid(base.entries[key], node, under, problems)
        else:
            merged[key] = plain(node)
            if not _adds(under):
                problems.error(node.place, under, _ELSE, key=key)
    return merged


def _adds(path: str) -> bool:
    """Whether something new at this path is an element of its own: a section, a part of one, or a calendar."""
    parts = path.split("/")
    return len(parts) <= 2 or parts[:2] == ["policy", "calendars"]


def _has_elements(base: Items, over: Items) -> bool:
    return all(isinstance(one, Block) for one in (*base.nodes, *over.nodes))


def _lists(base: Items, over: Items, path: str, problems: Problems) -> Iterator[Any]:
    """The elements of the base, tightened where the overlay names their id, and what the overlay adds."""
    by_id = {_id(node): node for node in over.nodes if _id(node)}
    for number, node in enumerate(base.nodes, 1):
        mine = by_id.get(_id(node))
        yield _laid(node, mine, f"{path}/{named(node, number)}", problems) if mine else plain(node)
    present = {_id(node) for node in base.nodes}
    yield from (plain(node) for node in over.nodes if not _id(node) or _id(node) not in present)


def _id(node: Node) -> str:
    return str(plain(node).get("id") or "") if isinstance(node, Block) else ""


def _tightens(path: str, old: Any, new: Any) -> bool:
    match path.rpartition("/")[2]:
        case "level":
            return old in _LEVELS and new in _LEVELS and _LEVELS.index(new) > _LEVELS.index(old)
        case "target" if path.startswith("promises/"):
            return _shorter(str(old), str(new))
        case "objective" if path.startswith("promises/"):
            return isinstance(old, int | float) and isinstance(new, int | float) and new > old
        case "when":
            return _form(is_widened, old, new)
        case "observe":
            return _form(is_narrowed, old, new)
        case _:
            return False


def _shorter(old: str, new: str) -> bool:
    """Opening hours and working days cannot be held against each other."""
    before, after = length(old), length(new)
    return ("T" in old) == ("T" in new) and before is not None and after is not None and after < before


def _form(test: Any, old: Any, new: Any) -> bool:
    if not isinstance(old, str) or not isinstance(new, str):
        return False
    try:
        return bool(test(condition(old), condition(new)))
    except BadCondition:
        return False


def _whole(merged: dict[str, Any], part: Block) -> Philosophy:
    """The merged document, checked; what is wrong with it is told at the overlay's lines."""
    written = {key: value for key, value in merged.items() if key != "overlay"}
    examined = examine(block(written, 0, "\n") + "\n")
    if examined.philosophy is not None:
        return examined.philosophy
    mine = places(part)
    raise BadPhilosophy(_moved(problem, mine) for problem in examined.problems if problem.grade == "error")


def _moved(problem: Problem, mine: Mapping[str, Place]) -> Problem:
    path = problem.path
    while path and path not in mine:
        path = path.rpartition("/")[0]
    place = mine.get(path, Place(1, 1))
    return Problem(problem.grade, place, problem.path, problem.cause, problem.suggestion, problem.details)
