"""A condition as alternatives, each a list of simple demands that must all be true."""

from __future__ import annotations

from credo.conditions.speaker import OPPOSITE
from credo.conditions.tree import Both, Compare, Either, Has, Listing, Literal, Not, Path, Tree

MOST_ALTERNATIVES = 500


def alternatives(tree: Tree) -> list[frozenset[Tree]] | None:
    """The ways in which `tree` can be true; none when it never can. None when there are more than 500."""
    match tree:
        case Literal():
            return [frozenset()] if tree.value is True else []
        case Either():
            found = [alternatives(part) for part in tree.parts]
            return _bounded([way for one in found if one is not None for way in one]) if None not in found else None
        case Both():
            return _product([alternatives(part) for part in tree.parts])
        case Not():
            return _opposite(tree.part)
        case Compare() if (meant := _agreement(tree)) is not None:
            return alternatives(meant)
        case _:
            return [frozenset([tree])]


def _opposite(tree: Tree) -> list[frozenset[Tree]] | None:
    match tree:
        case Literal():
            return alternatives(Literal(tree.value is not True, "bool"))
        case Not():
            return alternatives(tree.part)
        case Both():
            return alternatives(Either(tuple(Not(part) for part in tree.parts)))
        case Either():
            return alternatives(Both(tuple(Not(part) for part in tree.parts)))
        case Compare() if (meant := _agreement(tree)) is not None:
            return _opposite(meant)
        case Compare() if tree.sign != "in":
            return [frozenset([Compare(OPPOSITE[tree.sign], tree.left, tree.right)])]
        case _:
            return [frozenset([Not(tree)])]


def _agreement(tree: Compare) -> Tree | None:
    """`a == true` is `a`, and of two conditions `==` says that both hold or neither; None for other comparisons."""
    if tree.sign not in ("==", "!="):
        return None
    for one, other in ((tree.left, tree.right), (tree.right, tree.left)):
        if isinstance(one, Literal) and one.type == "bool":
            return other if (one.value is True) is (tree.sign == "==") else Not(other)
    if not any(isinstance(side, Both | Either | Not | Compare) for side in (tree.left, tree.right)):
        return None
    right = tree.right if tree.sign == "==" else Not(tree.right)
    return Either((Both((tree.left, right)), Both((Not(tree.left), Not(right)))))


def _product(factors: list[list[frozenset[Tree]] | None]) -> list[frozenset[Tree]] | None:
    if [] in factors:
        return []
    found: list[frozenset[Tree]] = [frozenset()]
    for ways in factors:
        joined = None if ways is None else _bounded([one | other for one in found for other in ways])
        if joined is None:
            return None
        found = joined
    return found


def _bounded(ways: list[frozenset[Tree]]) -> list[frozenset[Tree]] | None:
    return list(dict.fromkeys(ways)) if len(ways) <= MOST_ALTERNATIVES else None


def contradicts_itself(way: frozenset[Tree]) -> bool:
    """Whether something and its opposite are demanded at once."""
    return any(Not(demand) in way or _turned(demand) in way for demand in way)


def _turned(demand: Tree) -> Tree | None:
    if isinstance(demand, Compare) and demand.sign in OPPOSITE:
        return Compare(OPPOSITE[demand.sign], demand.left, demand.right)
    return None


def is_simple(demand: Tree) -> bool:
    """Whether it holds one field against written values, so that only the order of values matters."""
    inner = demand.part if isinstance(demand, Not) else demand
    if isinstance(inner, Compare):
        sides = (inner.left, inner.right)
        return any(isinstance(side, Path) for side in sides) and all(_written(s) or isinstance(s, Path) for s in sides)
    return isinstance(inner, Path | Has)


def _written(tree: Tree) -> bool:
    return isinstance(tree, Literal) or (isinstance(tree, Listing) and all(isinstance(i, Literal) for i in tree.items))
