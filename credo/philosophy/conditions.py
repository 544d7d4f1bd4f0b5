"""Conditions over what is known of a conversation: `ticket.channel in ["email", "form"] && ticket.status != "solved"`.

Unknown values follow Kleene: they make an answer unknown unless the rest decides it.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

Value = str | int | float | bool

COMPARE: dict[str, Callable[[object, object], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,  # type: ignore[dict-item]
    "<=": operator.le,  # type: ignore[dict-item]
    ">": operator.gt,  # type: ignore[dict-item]
    ">=": operator.ge,  # type: ignore[dict-item]
    "in": lambda value, among: value in among,  # type: ignore[operator]
}


@dataclass(frozen=True, slots=True)
class Field:
    """A fact asked for by name."""

    name: str
    column: int


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written in the condition; a list is a tuple."""

    value: Value | tuple[Value, ...]
    column: int


@dataclass(frozen=True, slots=True)
class Compare:
    """Two sides and what is between them."""

    sign: str
    left: Field | Literal
    right: Field | Literal


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    part: Tree


@dataclass(frozen=True, slots=True)
class Both:
    """True when every part is."""

    parts: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """True when one part is."""

    parts: tuple[Tree, ...]


Tree = Field | Literal | Compare | Not | Both | Either


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that was read."""

    text: str
    tree: Tree

    def holds(self, facts: Mapping[str, Value]) -> bool | None:
        """Whether it is true of `facts`; None when what they lack would decide it."""
        return _truth(self.tree, facts)

    def fields(self) -> list[Field]:
        """The facts it asks for, in the order written."""
        return list(_fields(self.tree))

    def comparisons(self) -> list[tuple[str, Field, Literal]]:
        """Every fact that is held against a written value, with the sign between them."""
        return list(_comparisons(self.tree))


ALWAYS = Condition("true", Literal(True, 1))


def _truth(tree: Tree, facts: Mapping[str, Value]) -> bool | None:
    if isinstance(tree, Both):
        return _all(_truth(part, facts) for part in tree.parts)
    if isinstance(tree, Either):
        found = _all(_opposite(_truth(part, facts)) for part in tree.parts)
        return _opposite(found)
    if isinstance(tree, Not):
        return _opposite(_truth(tree.part, facts))
    if isinstance(tree, Compare):
        return _compared(tree.sign, _known(tree.left, facts), _known(tree.right, facts))
    value = _known(tree, facts)
    return None if value is None else value is True


def _compared(sign: str, left: object, right: object) -> bool | None:
    if left is None or right is None:
        return None
    try:
        return COMPARE[sign](left, right)
    except TypeError:  # words against a number: nobody can say which is more
        return None


def _all(answers: Iterator[bool | None]) -> bool | None:
    unknown = False
    for answer in answers:
        if answer is False:
            return False
        unknown = unknown or answer is None
    return None if unknown else True


def _opposite(answer: bool | None) -> bool | None:
    return None if answer is None else not answer


def _known(side: Field | Literal, facts: Mapping[str, Value]) -> object:
    return facts.get(side.name) if isinstance(side, Field) else side.value


def _fields(tree: Tree) -> Iterator[Field]:
    if isinstance(tree, Field):
        yield tree
    for part in _parts(tree):
        yield from _fields(part)


def _comparisons(tree: Tree) -> Iterator[tuple[str, Field, Literal]]:
    if isinstance(tree, Compare):
        for one, other in ((tree.left, tree.right), (tree.right, tree.left)):
            if isinstance(one, Field) and isinstance(other, Literal):
                yield tree.sign, one, other
    for part in _parts(tree):
        yield from _comparisons(part)


def _parts(tree: Tree) -> tuple[Tree, ...]:
    if isinstance(tree, Compare):
        return tree.left, tree.right
    if isinstance(tree, Not):
        return (tree.part,)
    return tree.parts if isinstance(tree, Both | Either) else ()
