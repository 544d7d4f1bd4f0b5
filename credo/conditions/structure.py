"""The spelling of forms: `{customer.emotion: {in: [angry, worried]}}`, joined by `all`, `any` and `not`.

It means the same trees as the written spelling; what it has no words for stands in it as `{cel: "…"}`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from credo.conditions.limits import MOST_ITEMS, MOST_LEVELS
from credo.conditions.moments import read_duration, read_moment, write_duration, write_moment
from credo.conditions.parsing import parse
from credo.conditions.problems import BadCondition, Finding, _
from credo.conditions.refusals import RESERVED
from credo.conditions.tree import (
    LEAST_INT,
    MOST_INT,
    Both,
    Compare,
    Either,
    Has,
    Listing,
    Literal,
    Match,
    Not,
    Path,
    Tree,
    both,
    either,
)
from credo.conditions.vocabulary import Vocabulary
from credo.conditions.writing import written

_COMPARE = ("==", "!=", "<", "<=", ">", ">=")
_MATCH = ("contains", "startsWith", "endsWith")
_SIGNS = (*_COMPARE, "in", "includes", *_MATCH, "known")
_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*(\.[a-zA-Z_][a-zA-Z0-9_]*)*")
_OWN = ("all", "any", "not", "cel")


def to_structure(tree: Tree) -> dict[str, Any]:
    """The tree as plain dicts, lists, texts, numbers and booleans, ready for JSON or YAML."""
    match tree:
        case Both():
            return {"all": [to_structure(part) for part in tree.parts]}
        case Either():
            return {"any": [to_structure(part) for part in tree.parts]}
        case Not(part=Path() as path) if path.name not in _OWN:
            return {path.name: False}
        case Not(part=Has() as has) if has.path.name not in _OWN:
            return {has.path.name: {"known": False}}
        case Not():
            return {"not": to_structure(tree.part)}
        case _:
            return _asked(tree) or {"cel": written(tree)}


def _asked(tree: Tree) -> dict[str, Any] | None:
    """One field with what is asked of it; None when that is more than a form can show."""
    match tree:
        case Path():
            return _of(tree, True)
        case Has():
            return _of(tree.path, {"known": True})
        case Match(text=Path() as path, piece=Literal() as piece):
            return _of(path, {tree.how: piece.value})
        case Compare(sign="in", left=Literal() as literal, right=Path() as path):
            return _of(path, {"includes": _plain(literal)})
        case Compare(sign="in", left=Path() as path, right=Listing() as among):
            literals = [item for item in among.items if isinstance(item, Literal)]
            return _of(path, {"in": [_plain(one) for one in literals]}) if len(literals) == len(among.items) else None
        case Compare(left=Path() as path, right=Literal() as literal) if tree.sign != "in":
            return _of(path, {tree.sign: _plain(literal)})
        case _:
            return None


def _of(path: Path, asked: object) -> dict[str, Any] | None:
    return {path.name: asked} if path.name not in _OWN else None


def _plain(literal: Literal) -> object:
    match literal.value:
        case timedelta():
            return {"duration": write_duration(literal.value)}
        case datetime():
            return {"timestamp": write_moment(literal.value)}
        case value:
            return value


def from_structure(data: object, vocabulary: Vocabulary | None = None) -> Tree:
    """The tree that `data` spells; raises BadCondition, which names the place in its details as `inside`.

    With a vocabulary, a whole number at a field with a decimal point is taken as one, because forms write 4.0 as 4.
    """
    return _Builder(vocabulary).tree(data, ())


class _Builder:
    def __init__(self, vocabulary: Vocabulary | None) -> None:
        self.vocabulary = vocabulary

    def tree(self, data: object, path: tuple[str, ...]) -> Tree:
        if len(path) > 2 * MOST_LEVELS:
            raise _wrong(path, _("This condition is nested deeper than 20 levels."))
        if not isinstance(data, Mapping) or len(data) != 1:
            raise _wrong(path, _("A condition has one key here: a fact, all, any, not or cel."))
        key, value = next(iter(data.items()))
        inside = (*path, str(key))
        match key:
            case "all":
                return both(self._several(value, inside))
            case "any":
                return either(self._several(value, inside))
            case "not":
                return Not(self.tree(value, inside))
            case "cel":
                return _parsed(value, inside)
            case str() if _NAME.fullmatch(key) and key not in RESERVED:
                return self._field(Path(key), value, inside)
            case _:
                raise _wrong(inside, _("“%(name)s” is no name of a fact."), name=key)

    def _several(self, data: object, path: tuple[str, ...]) -> list[Tree]:
        if not isinstance(data, list | tuple) or not data:
            raise _wrong(path, _("A list of conditions is expected here."))
        return [self.tree(one, (*path, str(at))) for at, one in enumerate(data)]

    def _field(self, field: Path, asked: object, path: tuple[str, ...]) -> Tree:
        if isinstance(asked, bool):
            return field if asked else Not(field)
        if not isinstance(asked, Mapping) or "duration" in asked or "timestamp" in asked:
            return Compare("==", field, self._literal(field, asked, path))  # {customer.emotion: angry}
        if len(asked) != 1:
            raise _wrong(path, _("One sign with its value is expected here, like {%(sign)s: …}."), sign='">"')
        sign, value = next(iter(asked.items()))
        return self._comparison(field, sign, value, (*path, str(sign)))

    def _comparison(self, field: Path, sign: object, value: object, path: tuple[str, ...]) -> Tree:
        if sign == "in":
            return Compare("in", field, self._among(field, value, path))
        if sign == "known":
            if not isinstance(value, bool):
                raise _wrong(path, _("true or false is expected here."))
            return Has(field) if value else Not(Has(field))
        if sign == "includes":
            return Compare("in", self._literal(field, value, path), field)
        if sign in _MATCH:
            return Match(str(sign), field, self._literal(field, value, path))
        if sign in _COMPARE:
            return Compare(str(sign), field, self._literal(field, value, path))
        raise _wrong(path, _("“%(sign)s” is no sign; possible here: %(options)s"), sign=sign, options=", ".join(_SIGNS))

    def _among(self, field: Path, value: object, path: tuple[str, ...]) -> Listing:
        if not isinstance(value, list | tuple):
            raise _wrong(path, _("A list of values is expected here."))
        if len(value) > MOST_ITEMS:
            raise _wrong(path, _("A list has at most 100 entries."))
        return Listing(tuple(self._literal(field, one, (*path, str(at))) for at, one in enumerate(value)))

    def _literal(self, field: Path, value: object, path: tuple[str, ...]) -> Literal:
        match value:
            case bool():
                return Literal(value, "bool")
            case int() if LEAST_INT <= value <= MOST_INT:
                asked = self.vocabulary.get(field.name) if self.vocabulary else None
                return Literal(float(value), "double") if asked and asked.type == "double" else Literal(value, "int")
            case float() if abs(value) != float("inf") and value == value:
                return Literal(value, "double")
            case str() if "\0" not in value and not any("\ud800" <= sign <= "\udfff" for sign in value):
                return Literal(value, "string")
            case Mapping() if len(value) == 1:
                return _moment(*next(iter(value.items())), path)
            case _:
                raise _wrong(path, _("A text, a number, true or false is expected here."))


def _moment(kind: object, text: object, path: tuple[str, ...]) -> Literal:
    inside = (*path, str(kind))
    if kind == "duration":
        if isinstance(text, str) and (span := read_duration(text)) is not None:
            return Literal(span, "duration")
        raise _wrong(inside, _("“%(text)s” is no duration."), _("write it like 2h, 1h30m or 48h"), text=text)
    if kind == "timestamp":
        if isinstance(text, str) and (moment := read_moment(text)) is not None:
            return Literal(moment, "timestamp")
        raise _wrong(inside, _("“%(text)s” is no moment."), _("write it like 2026-12-01T09:00:00Z"), text=text)
    raise _wrong(path, _("A text, a number, true or false is expected here."))


def _parsed(text: object, path: tuple[str, ...]) -> Tree:
    if not isinstance(text, str):
        raise _wrong(path, _("A written condition is expected here."))
    try:
        return parse(text)
    except BadCondition as bad:
        first = bad.findings[0]
        details = {**first.details, "inside": "/".join(path)}
        raise BadCondition([Finding(first.column, first.kind, first.cause, first.suggestion, details)]) from bad


def _wrong(path: tuple[str, ...], cause: str, suggestion: str = "", **details: object) -> BadCondition:
    return BadCondition([Finding(1, "spelling", cause, suggestion, {**details, "inside": "/".join(path)})])
