"""`check`: whether a tree makes sense for a vocabulary, with all mistakes at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from credo.base.nearest import nearest
from credo.conditions.limits import MOST_CHARACTERS, MOST_LEVELS
from credo.conditions.problems import DID_YOU_MEAN, Finding, Kind, Word, _
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
    depth,
    parts,
)
from credo.conditions.types import ANY, EMPTY, entries, fits, is_list, list_of, sums
from credo.conditions.vocabulary import Field, Vocabulary
from credo.conditions.writing import written

_ORDERED = ("int", "double", "string", "timestamp", "duration", ANY)
WORDS = {
    "bool": "yes or no",
    "int": "a whole number",
    "double": "a number with a decimal point",
    "string": "a text",
    "timestamp": "a moment",
    "duration": "a duration",
    "list": "a list",
}


def check(tree: Tree, vocabulary: Vocabulary) -> list[Finding]:
    """Every mistake in `tree`, from the left; none when it is a condition over the fields of `vocabulary`."""
    if depth(tree) > MOST_LEVELS:
        return [Finding(tree.column, "spelling", _("This condition is nested deeper than 20 levels."))]
    if len(written(tree)) > 2 * MOST_CHARACTERS:  # a tree that no text could have made
        return [Finding(tree.column, "spelling", _("This condition is longer than 2,000 characters."))]
    checker = _Checker(vocabulary)
    checker.condition(tree)
    return sorted(checker.findings, key=lambda finding: finding.column)


def type_of(tree: Tree, vocabulary: Vocabulary, items: Mapping[str, str]) -> str:
    """The type of a part of a checked tree; `items` are the types of the entries that exists and all look at."""
    return _Checker(vocabulary).type(tree, items)


class _Checker:
    """Finds the type of every part from below; `ANY` stands for what is already wrong, so nothing is told twice."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.findings: list[Finding] = []

    def condition(self, tree: Tree) -> None:
        found = self.type(tree, {})
        if fits(found, "bool"):
            return
        suggestion = ""
        details: dict[str, object] = {"type": _word(found)}
        if isinstance(tree, Path) and (asked := self.vocabulary.get(tree.name)):
            suggestion = _("Hold %(name)s against a value, like %(name)s == %(value)s.")
            details |= {"name": tree.name, "value": _example(asked)}
        self._say(tree, "type", _("A condition is true or false, and this is %(type)s."), suggestion, **details)

    def type(self, tree: Tree, items: Mapping[str, str]) -> str:
        """The type of `tree`; `items` are the types of the entries that exists and all look at."""
        match tree:
            case Literal():
                return tree.type
            case Path():
                return self._path(tree)
            case Item():
                return items[tree.name]
            case Listing():
                return self._listing(tree, items)
            case Not() | Both() | Either():
                return self._joined(tree, items)
            case Negative():
                return self._negative(tree, items)
            case Compare():
                return self._among(tree, items) if tree.sign == "in" else self._compare(tree, items)
            case Sum():
                return self._sum(tree, items)
            case Size():
                return self._size(tree, items)
            case Has():
                self._path(tree.path)
                return "bool"
            case Match():
                return self._match(tree, items)
            case Quantified():
                return self._quantified(tree, items)

    def _path(self, tree: Path) -> str:
        if asked := self.vocabulary.get(tree.name):
            return asked.type
        near = nearest(tree.name, self.vocabulary)
        suggestion = DID_YOU_MEAN if near else ""
        self._say(tree, "unknown", _("“%(name)s” is not known"), suggestion, name=tree.name, near=near)
        return ANY

    def _listing(self, tree: Listing, items: Mapping[str, str]) -> str:
        found = EMPTY
        for item in tree.items:
            type = self.type(item, items)
            if is_list(type):
                self._say(item, "type", _("A list holds values and no lists."))
            elif found == EMPTY:
                found = list_of(type)
            elif not fits(type, entries(found)):
                cause = _("The entries of a list are of one kind, and these are not: %(left)s, %(right)s.")
                self._mismatch(item, cause, tree.items[0], entries(found), item, type)
        return found

    def _joined(self, tree: Not | Both | Either, items: Mapping[str, str]) -> str:
        sign = "!" if isinstance(tree, Not) else "&&" if isinstance(tree, Both) else "||"
        for part in parts(tree):
            if not fits(type := self.type(part, items), "bool"):
                cause = _("“%(sign)s” goes with conditions, and this is %(type)s.")
                self._say(part, "type", cause, sign=sign, type=_word(type))
        return "bool"

    def _negative(self, tree: Negative, items: Mapping[str, str]) -> str:
        type = self.type(tree.part, items)
        if type in ("int", "double", ANY):
            return type
        self._say(tree, "type", _("“-” goes with numbers, and this is %(type)s."), type=_word(type))
        return ANY

    def _compare(self, tree: Compare, items: Mapping[str, str]) -> str:
        left, right = self.type(tree.left, items), self.type(tree.right, items)
        if not fits(left, right):
            cause = _("These cannot be compared: %(left)s, %(right)s.")
            self._mismatch(tree, cause, tree.left, left, tree.right, right)
        elif tree.sign not in ("==", "!="):
            self._order(tree, left)
        else:
            self._values(tree.left, [tree.right])
            self._values(tree.right, [tree.left])
        return "bool"

    def _order(self, tree: Compare, type: str) -> None:
        if type not in _ORDERED:
            cause = _("There is no more and less here, for this is %(type)s.")
            self._say(tree, "type", cause, type=_word(type))
            return
        for side in (tree.left, tree.right):
            if isinstance(side, Path) and (asked := self.vocabulary.get(side.name)) and asked.values:
                cause = _("The values of %(name)s are words without an order.")
                self._say(tree, "type", cause, _("list those you mean with in"), name=side.name)

    def _among(self, tree: Compare, items: Mapping[str, str]) -> str:
        left, right = self.type(tree.left, items), self.type(tree.right, items)
        if not is_list(right):
            if right != ANY:
                cause = _("Behind “in” stands a list, and this is %(type)s.")
                self._say(tree.right, "type", cause, type=_word(right))
        elif not fits(left, entries(right)):
            cause = _("These cannot be compared: %(left)s, %(right)s.")
            first = tree.right.items[0] if isinstance(tree.right, Listing) else tree.right
            self._mismatch(tree, cause, tree.left, left, first, entries(right))
        elif isinstance(tree.right, Listing):
            self._values(tree.left, tree.right.items)
        else:
            self._values(tree.right, [tree.left])
        return "bool"

    def _sum(self, tree: Sum, items: Mapping[str, str]) -> str:
        left, right = self.type(tree.left, items), self.type(tree.right, items)
        if (found := sums(tree.sign, left, right)) is not None:
            return found
        cause = _("“%(sign)s” does not join these: %(left)s, %(right)s.")
        self._mismatch(tree, cause, tree.left, left, tree.right, right, sign=tree.sign)
        return ANY

    def _size(self, tree: Size, items: Mapping[str, str]) -> str:
        type = self.type(tree.part, items)
        if not (is_list(type) or fits(type, "string")):
            self._say(tree, "type", _("A text or a list has a size, and this is %(type)s."), type=_word(type))
        return "int"

    def _match(self, tree: Match, items: Mapping[str, str]) -> str:
        for side in (tree.text, tree.piece):
            if not fits(type := self.type(side, items), "string"):
                cause = _("%(how)s looks for a text in a text, and this is %(type)s.")
                details = {"how": tree.how, "type": _word(type)}
                hint = _("write value in list") * (is_list(type) and side is tree.text and tree.how == "contains")
                self._say(side, "type", cause, hint, **details)
        return "bool"

    def _quantified(self, tree: Quantified, items: Mapping[str, str]) -> str:
        type = self.type(tree.list, items)
        if type == EMPTY:
            self._say(tree.list, "type", _("This list is empty, so there is nothing to ask of its entries."))
        elif not is_list(type) and type != ANY:
            self._say(
                tree.list, "type", _("%(how)s goes with a list, and this is %(type)s."), how=tree.how, type=_word(type)
            )
        if any(name.partition(".")[0] == tree.item for name in self.vocabulary):
            cause = _("“%(name)s” already means something here.")
            self._say(tree, "type", cause, _("give the entry another name"), name=tree.item)
        inner = self.type(tree.condition, {**items, tree.item: entries(type)})
        if not fits(inner, "bool"):
            cause = _("%(how)s goes with a condition, and this is %(type)s.")
            self._say(tree.condition, "type", cause, how=tree.how, type=_word(inner))
        return "bool"

    def _values(self, side: Tree, values: Iterable[Tree]) -> None:
        """Texts held against an enum must be among its values."""
        asked = self.vocabulary.get(side.name) if isinstance(side, Path) else None
        if asked is None or not asked.values:
            return
        for one in values:
            if isinstance(one, Literal) and one.value not in asked.values:
                near = nearest(str(one.value), asked.values)
                suggestion = DID_YOU_MEAN if near else _("possible here: %(options)s")
                details = {"value": one.value, "name": asked.name, "near": near, "options": ", ".join(asked.values)}
                self._say(one, "value", _("“%(value)s” is not a value of %(name)s"), suggestion, **details)

    def _mismatch(
        self, at: Tree, cause: str, left: Tree, left_type: str, right: Tree, right_type: str, **details: object
    ) -> None:
        details |= {"left": _word(left_type), "right": _word(right_type)}
        suggestion = ""
        for one, other in ((left, right_type), (right, left_type)):
            if isinstance(one, Literal) and one.type == "int" and other == "double":
                suggestion = _("write %(better)s instead of %(value)s")
                details |= {"better": f"{one.value}.0", "value": one.value}
            elif isinstance(one, Literal) and one.type == "string" and other in ("duration", "timestamp"):
                suggestion = _("write %(better)s instead of %(value)s")
                details |= {"better": f"{other}({written(one)})", "value": written(one)}
            elif isinstance(one, Literal) and one.type == "double" and other == "int":
                suggestion = _("write a whole number without a point")
        self._say(at, "type", cause, suggestion, **details)

    def _say(self, at: Tree, kind: Kind, cause: str, suggestion: str = "", **details: object) -> None:
        self.findings.append(Finding(at.column, kind, cause, suggestion, details))


def _word(type: str) -> Word:
    return Word(WORDS["list" if is_list(type) else type])


def _example(asked: Field) -> str:
    """A value to hold the field against, as it is written."""
    if asked.values:
        return f"“{asked.values[0]}”"
    return {"int": "1", "double": "0.5", "string": "“…”", "duration": "duration(“2h”)"}.get(asked.type, "…")
