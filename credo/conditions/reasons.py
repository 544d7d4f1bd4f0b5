"""`because`: the fewest comparisons that decided an outcome, for the why-line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from credo.conditions.evaluating import compiled
from credo.conditions.facts import Facts
from credo.conditions.speaker import MIRRORED, Speaker
from credo.conditions.speech import speech
from credo.conditions.tree import (
    Both,
    Compare,
    Either,
    Has,
    Listing,
    Literal,
    Match,
    Not,
    Path,
    Quantified,
    Size,
    Tree,
    paths,
)
from credo.conditions.vocabulary import Field, Vocabulary

_LONGEST_VALUE = 60


@dataclass(frozen=True, slots=True)
class Reason:
    """A comparison that counted: `value` of `field` against `operand`, with `sign` between them.

    `holds` is how it came out, None for unknown. `sign` is also `contains startsWith endsWith exists all has`. Where a
    sum stands on the left, `field` is the first in it and `value` its outcome. `operands` are what each side with a
    field came to, and `missing` the fields that nobody knows.
    """

    field: str
    value: object
    sign: str
    operand: object
    holds: bool | None
    tree: Tree
    operands: tuple[tuple[Tree, object], ...] = ()
    missing: tuple[str, ...] = ()


def because(tree: Tree, fields: Mapping[str, Field], facts: Facts) -> tuple[Reason, ...]:
    """The fewest comparisons that together decide what `tree` comes to, in the order written; none for a constant."""
    return tuple(dict.fromkeys(_Deciding(fields, facts).reasons(tree)))


def said(reasons: Reason | Sequence[Reason], language: str, vocabulary: Vocabulary) -> str:
    """Reasons as people say them: "because waiting is 5.5 h"."""
    teller = _Teller(vocabulary, language)
    several = [reasons] if isinstance(reasons, Reason) else reasons
    statements = list(dict.fromkeys(statement for one in several for statement in teller.statements(one)))
    return speech(language).say("because", speech(language).join("and", statements)) if statements else ""


class _Deciding:
    def __init__(self, fields: Mapping[str, Field], facts: Facts) -> None:
        self.fields = fields
        self.facts = facts

    def value(self, tree: Tree) -> Any:
        return compiled(tree, self.fields)(self.facts, ())

    def reasons(self, tree: Tree) -> list[Reason]:
        match tree:
            case Not():
                return self.reasons(tree.part)
            case Both() | Either():
                return self._joined(tree)
            case Literal() | Compare(sign="in", right=Listing(items=())):
                return []  # whatever is known, it comes out like this
            case Compare() if _joins_conditions(tree):
                return self._agreeing(tree)
            case _:
                return [self._leaf(tree)]

    def _joined(self, tree: Both | Either) -> list[Reason]:
        """One part is enough where it decides alone; where all had to agree, all are told."""
        outcome, alone = self.value(tree), isinstance(tree, Either)
        same = [self.reasons(part) for part in tree.parts if self.value(part) is outcome]
        if outcome is alone:
            return min(same, key=len)
        return [reason for part in same for reason in part]

    def _agreeing(self, tree: Compare) -> list[Reason]:
        sides = (tree.left, tree.right)
        unknown = [side for side in sides if self.value(side) is None]
        return [reason for side in unknown or sides for reason in self.reasons(side)]

    def _leaf(self, tree: Tree) -> Reason:
        sign, left, right = _sides(tree)
        named = paths(tree)
        operands = tuple((side, self.value(side)) for side in (left, right) if side is not None and paths(side))
        missing = [path.name for path in named if self.value(path) is None]
        return Reason(
            field=named[0].name if named else "",
            value=_plain(self.value(left)),
            sign=sign,
            operand=True
            if right is None and isinstance(tree, Path)
            else None
            if right is None
            else self._operand(right),
            holds=self.value(tree),
            tree=tree,
            operands=tuple((side, _plain(value)) for side, value in operands),
            missing=tuple(dict.fromkeys(missing)),
        )

    def _operand(self, tree: Tree) -> object:
        if isinstance(tree, Listing):
            return tuple(_plain(self.value(item)) for item in tree.items)
        return _plain(self.value(tree))


def _joins_conditions(tree: Compare) -> bool:
    conditions = (Both, Either, Not, Compare, Match, Quantified, Has)
    return tree.sign != "in" and any(isinstance(side, conditions) for side in (tree.left, tree.right))


def _sides(tree: Tree) -> tuple[str, Tree, Tree | None]:
    """The sign, what is asked and what it is held against; a field stands left even where it was written right."""
    match tree:
        case Compare(sign="in", right=Path() as list) if isinstance(tree.left, Literal):
            return "contains", list, tree.left
        case Compare():
            turned = not paths(tree.left) and bool(paths(tree.right)) and tree.sign != "in"
            left, right = (tree.right, tree.left) if turned else (tree.left, tree.right)
            return (MIRRORED.get(tree.sign, tree.sign) if turned else tree.sign), left, right
        case Match():
            return tree.how, tree.text, tree.piece
        case Quantified():
            return tree.how, tree.list, None
        case Has():
            return "has", tree.path, None
        case _:
            return "==", tree, None


def _plain(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


class _Teller:
    def __init__(self, vocabulary: Vocabulary, language: str) -> None:
        self.speaker = Speaker(vocabulary, language)

    def statements(self, reason: Reason) -> list[str]:
        if reason.holds is None:
            return self._unknown(reason)
        if isinstance(reason.tree, Compare) and reason.sign != "contains" and (told := self._values(reason)):
            return told
        return [self.speaker.says(reason.tree, so=reason.holds)]

    def _unknown(self, reason: Reason) -> list[str]:
        if reason.missing:
            return [self.speaker.says(Has(Path(name)), so=False) for name in reason.missing]
        return [self.speaker.words.say("no result", self.speaker.says(reason.tree))]

    def _values(self, reason: Reason) -> list[str]:
        """What each side came to; nothing where that is unknown, a long text or a list."""
        told = []
        for side, value in reason.operands:
            if value is None or isinstance(value, tuple) or (isinstance(value, str) and len(value) > _LONGEST_VALUE):
                return []
            told.append(self._value(side, value))
        return told

    def _value(self, side: Tree, value: object) -> str:
        speaker, words = self.speaker, self.speaker.words
        if isinstance(value, bool):
            return speaker.says(side, so=value)
        if isinstance(side, Size) and isinstance(value, int):
            unit = "character" if speaker.type(side.part) == "string" else "entry"
            return words.say("size", a=speaker.thing(side.part), b=words.count(value, unit))
        asked = speaker.field(side.name) if isinstance(side, Path) else None
        said = speaker.value(value, asked.unit if asked else "", asked)
        return words.say("==", a=speaker.thing(side), b=said)
