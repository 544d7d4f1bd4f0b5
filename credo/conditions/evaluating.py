"""`compiled`: a checked tree as one function from facts to an answer.

An answer is None when it is unknown. Kleene's tables hold: unknown joined with something that decides the outcome is
decided, and otherwise unknown.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from credo.conditions.arithmetic import negated, reckoned
from credo.conditions.facts import PLAIN, READERS, Facts
from credo.conditions.tree import (
    Both,
    Compare,
    Either,
    Has,
    Item,
    Listing,
    Literal,
    Match,
    Negative,
    Not,
    Path,
    Quantified,
    Size,
    Sum,
    Tree,
)
from credo.conditions.types import EMPTY, entries, list_of, sums
from credo.conditions.vocabulary import Field

Answer = Callable[[Facts, tuple[Any, ...]], Any]
"""From facts, and the entries that exists and all look at, to a value or None."""

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_MATCH: dict[str, Callable[[str, str], bool]] = {
    "contains": operator.contains,
    "startsWith": str.startswith,
    "endsWith": str.endswith,
}
_Items = Mapping[str, tuple[int, str]]


class Typed(NamedTuple):
    """A function and the type of what it answers."""

    type: str
    answer: Answer


def compiled(tree: Tree, fields: Mapping[str, Field]) -> Answer:
    """The function for a tree in which `check` found nothing; it never raises, whatever the facts are."""
    return _Compiler(fields).value(tree, {}).answer


class _Compiler:
    def __init__(self, fields: Mapping[str, Field]) -> None:
        self.fields = fields

    def value(self, tree: Tree, items: _Items) -> Typed:
        """`items` says of each entry at hand its place among all of them and its type."""
        match tree:
            case Literal():
                return Typed(tree.type, _always(tree.value))
            case Path():
                asked = self.fields[tree.name]
                return Typed(asked.type, _fact(tree.name, READERS[asked.type]))
            case Item():
                place, type = items[tree.name]
                return Typed(type, lambda facts, at: at[place])
            case Listing():
                found = self.entries(tree, items)
                return Typed(found.type, _whole_list(found.answer))
            case Negative():
                part = self.value(tree.part, items)
                return Typed(part.type, _each(negated, part.answer))
            case Sum():
                left, right = self.value(tree.left, items), self.value(tree.right, items)
                type = sums(tree.sign, left.type, right.type) or left.type
                return Typed(type, _two(reckoned(tree.sign, type), left.answer, right.answer))
            case Size():
                return Typed("int", _each(len, self.value(tree.part, items).answer))
            case _:
                return Typed("bool", self.truth(tree, items))

    def truth(self, tree: Tree, items: _Items) -> Answer:
        """Of a tree that is a condition by itself."""
        match tree:
            case Both():
                return _all_of(tuple(self.value(part, items).answer for part in tree.parts))
            case Either():
                return _any_of(tuple(self.value(part, items).answer for part in tree.parts))
            case Not():
                return _each(operator.not_, self.value(tree.part, items).answer)
            case Compare():
                return self.among(tree, items) if tree.sign == "in" else self.compare(tree, items)
            case Has():
                return _known(tree.path.name, READERS[self.fields[tree.path.name].type])
            case Match():
                text, piece = self.value(tree.text, items), self.value(tree.piece, items)
                return _two(_MATCH[tree.how], text.answer, piece.answer)
            case Quantified():
                return self.quantified(tree, items)
            case _:
                raise TypeError(tree)

    def compare(self, tree: Compare, items: _Items) -> Answer:
        if isinstance(tree.left, Path) and isinstance(tree.right, Literal):
            return self.against(tree.left.name, _COMPARE[tree.sign], tree.right.value)
        left, right = self.value(tree.left, items), self.value(tree.right, items)
        return _two(_COMPARE[tree.sign], left.answer, right.answer)

    def among(self, tree: Compare, items: _Items) -> Answer:
        if isinstance(tree.left, Path) and isinstance(tree.right, Listing):
            values = [item.value for item in tree.right.items if isinstance(item, Literal)]
            if len(values) == len(tree.right.items) > 0:
                return self.against(tree.left.name, _is_among, frozenset(values))
        return _among(self.value(tree.left, items).answer, self.entries(tree.right, items).answer)

    def against(self, name: str, test: Callable[[Any, Any], bool], value: object) -> Answer:
        type = self.fields[name].type
        return _against(name, PLAIN.get(type), READERS[type], test, value)

    def quantified(self, tree: Quantified, items: _Items) -> Answer:
        found = self.entries(tree.list, items)
        inner = {**items, tree.item: (len(items), entries(found.type))}
        condition = self.value(tree.condition, inner).answer
        return (_exists if tree.how == "exists" else _every)(found.answer, condition)

    def entries(self, tree: Tree, items: _Items) -> Typed:
        """A list of which single entries may be unknown."""
        if not isinstance(tree, Listing):
            return self.value(tree, items)
        found = [self.value(item, items) for item in tree.items]
        answers = tuple(one.answer for one in found)
        type = list_of(found[0].type) if found else EMPTY
        return Typed(type, lambda facts, at: tuple(answer(facts, at) for answer in answers))


def _always(value: object) -> Answer:
    return lambda facts, items: value


def _fact(name: str, read: Callable[[object], Any]) -> Answer:
    return lambda facts, items: read(facts.get(name))


def _known(name: str, read: Callable[[object], Any]) -> Answer:
    return lambda facts, items: read(facts.get(name)) is not None


def _against(
    name: str,
    plain: type | None,
    read: Callable[[object], Any],
    test: Callable[[Any, Any], bool],
    value: object,
) -> Answer:
    def answer(facts: Facts, items: tuple[Any, ...]) -> bool | None:
        found = facts.get(name)
        if found.__class__ is not plain:
            found = read(found)
            if found is None:
                return None
        return test(found, value)

    return answer


def _is_among(value: object, among: frozenset[object]) -> bool:
    return value in among


def _each(turn: Callable[[Any], Any], part: Answer) -> Answer:
    def answer(facts: Facts, items: tuple[Any, ...]) -> Any:
        value = part(facts, items)
        return None if value is None else turn(value)

    return answer


def _two(join: Callable[[Any, Any], Any], one: Answer, other: Answer) -> Answer:
    def answer(facts: Facts, items: tuple[Any, ...]) -> Any:
        left = one(facts, items)
        if left is None:
            return None
        right = other(facts, items)
        return None if right is None else join(left, right)

    return answer


def _all_of(parts: tuple[Answer, ...]) -> Answer:
    def answer(facts: Facts, items: tuple[Any, ...]) -> bool | None:
        found: bool | None = True
        for part in parts:
            value = part(facts, items)
            if value is False:
                return False
            if value is None:
                found = None
        return found

    return answer


def _any_of(parts: tuple[Answer, ...]) -> Answer:
    def answer(facts: Facts, items: tuple[Any, ...]) -> bool | None:
        found: bool | None = False
        for part in parts:
            value = part(facts, items)
            if value is True:
                return True
            if value is None:
                found = None
        return found

    return answer


def _among(value: Answer, list: Answer) -> Answer:
    """As if each entry were compared: nothing is in an empty list, not even what is unknown."""

    def answer(facts: Facts, items: tuple[Any, ...]) -> bool | None:
        among = list(facts, items)
        if among is None:
            return None
        one = value(facts, items)
        if one is None:
            return None if among else False
        return True if one in among else None if None in among else False

    return answer


def _exists(list: Answer, condition: Answer) -> Answer:
    def answer(facts: Facts, items: tuple[Any, ...]) -> bool | None:
        entries = list(facts, items)
        if entries is None:
            return None
        found: bool | None = False
        for entry in entries:
            value = condition(facts, (*items, entry))
            if value is True:
                return True
            if value is None:
                found = None
        return found

    return answer


def _every(list: Answer, condition: Answer) -> Answer:
    def answer(facts: Facts, items: tuple[Any, ...]) -> bool | None:
        entries = list(facts, items)
        if entries is None:
            return None
        found: bool | None = True
        for entry in entries:
            value = condition(facts, (*items, entry))
            if value is False:
                return False
            if value is None:
                found = None
        return found

    return answer


def _whole_list(entries: Answer) -> Answer:
    def answer(facts: Facts, items: tuple[Any, ...]) -> tuple[Any, ...] | None:
        found: tuple[Any, ...] = entries(facts, items)
        return None if None in found else found

    return answer
