"""A condition as alternatives, each a set of simple demands that must all be true."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from credo.conditions.speaker import OPPOSITE
from credo.conditions.tree import Both, Compare, Either, Has, Listing, Literal, Match, Not, Path, Quantified, Tree

MOST_ALTERNATIVES = 500
Way = frozenset[Tree]
Ways = tuple[Way, ...] | None
"""None when there are more than 500."""


class _Split(NamedTuple):
    """The ways in which something is true, and those in which it is false."""

    true: Ways
    false: Ways

    def turned(self) -> _Split:
        return _Split(self.false, self.true)


def alternatives(tree: Tree) -> Ways:
    """The ways in which `tree` can be true; empty when it never can."""
    return _split(tree).true


def contradicts_itself(way: Way) -> bool:
    """Whether something and its opposite are demanded at once."""
    return any(not way.isdisjoint((Not(demand), _opposite(demand))) for demand in way)


def is_simple(demand: Tree) -> bool:
    """Whether it holds one field against written values, so that only the order of values matters."""
    inner = demand.part if isinstance(demand, Not) else demand
    if not isinstance(inner, Compare):
        return isinstance(inner, Path | Has)
    return all(isinstance(side, Path) or _is_written(side) for side in (inner.left, inner.right))


def _split(tree: Tree) -> _Split:
    match tree:
        case Literal():
            return _Split((frozenset(),), ()) if tree.value is True else _Split((), (frozenset(),))
        case Not():
            return _split(tree.part).turned()
        case Both():
            parts = [_split(part) for part in tree.parts]
            return _Split(_together([one.true for one in parts]), _either([one.false for one in parts]))
        case Either():
            parts = [_split(part) for part in tree.parts]
            return _Split(_either([one.true for one in parts]), _together([one.false for one in parts]))
        case Compare(sign="==" | "!=") if _joins_conditions(tree):
            same = _same(_split(tree.left), _split(tree.right))
            return same if tree.sign == "==" else same.turned()
        case _:
            return _Split((frozenset([tree]),), (frozenset([_opposite(tree)]),))


def _same(one: _Split, other: _Split) -> _Split:
    """Both true or both false, against one true and one false."""
    agree = [_together([one.true, other.true]), _together([one.false, other.false])]
    differ = [_together([one.true, other.false]), _together([one.false, other.true])]
    return _Split(_either(agree), _either(differ))


def _joins_conditions(tree: Compare) -> bool:
    conditions = (Both, Either, Not, Compare, Has, Match, Quantified)
    sides = (tree.left, tree.right)
    return any(isinstance(one, conditions) or (isinstance(one, Literal) and one.type == "bool") for one in sides)


def _opposite(tree: Tree) -> Tree:
    if isinstance(tree, Not):
        return tree.part
    if isinstance(tree, Compare) and tree.sign in OPPOSITE:
        return Compare(OPPOSITE[tree.sign], tree.left, tree.right)
    return Not(tree)


def _together(factors: Sequence[Ways]) -> Ways:
    if () in factors:
        return ()
    found: Ways = (frozenset(),)
    for ways in factors:
        if ways is None or found is None:
            return None
        found = _bounded([one | other for one in found for other in ways])
    return found


def _either(several: Sequence[Ways]) -> Ways:
    if None in several:
        return None
    return _bounded([way for ways in several for way in ways or ()])


def _bounded(ways: list[Way]) -> Ways:
    return tuple(dict.fromkeys(ways)) if len(ways) <= MOST_ALTERNATIVES else None


def _is_written(tree: Tree) -> bool:
    if isinstance(tree, Listing):
        return all(isinstance(item, Literal) for item in tree.items)
    return isinstance(tree, Literal)
