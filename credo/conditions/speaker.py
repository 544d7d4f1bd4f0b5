"""Conditions and values as people say them.

A "not" goes into what it turns round, because "is not less than" and "is at least" are the same also of the unknown.
Where "and" and "or" meet, there are brackets.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from credo.conditions.checking import type_of
from credo.conditions.speech import speech
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
    either,
    walk,
)
from credo.conditions.types import entries, is_list
from credo.conditions.vocabulary import Field, Vocabulary

OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


class Speaker:
    """Says trees in one language.

    `items` are the types of the entries that exists and all look at; with `named` their names are said, because there
    are several to tell apart.
    """

    def __init__(
        self, vocabulary: Vocabulary, language: str, items: Mapping[str, str] | None = None, *, named: bool = False
    ) -> None:
        self.vocabulary = vocabulary
        self.words = speech(language)
        self.language = self.words.language
        self.items = items or {}
        self.named = named

    def says(self, tree: Tree, *, so: bool = True) -> str:
        """The condition as a statement; with `so` False, its opposite."""
        match tree:
            case Not():
                return self.says(tree.part, so=not so)
            case Both() | Either():
                joined = self._joined(tree)
                return joined if so else self.words.say("not", joined)
            case Literal():
                return self.words.say("always" if (tree.value is True) is so else "never")
            case Path():
                return self._fact(self.field(tree.name), so=so)
            case Has():
                return self._has(tree, so=so)
            case Match():
                return self._match(tree, so=so)
            case Quantified():
                return self._quantified(tree, so=so)
            case Compare():
                return self._among(tree, so=so) if tree.sign == "in" else self._compare(tree, so=so)
            case _:
                return self.words.say("holds" if so else "fails", a=self.thing(tree))

    def thing(self, tree: Tree, unit: str = "") -> str:
        """A value as a noun; `unit` follows a number."""
        match tree:
            case Literal():
                return self.value(tree.value, unit)
            case Path():
                return self.field(tree.name).said(self.language)
            case Item():
                return self.words.say("entry", self._name(tree.name))
            case Listing():
                return self._listing(tree)
            case Negative():
                return self.words.say("negative", self._operand(tree.part))
            case Size():
                return self.words.say("length", a=self.thing(tree.part))
            case Sum():
                return self._sum(tree)
            case _:
                return f"({self.says(tree)})"

    def value(self, value: object, unit: str = "", asked: Field | None = None) -> str:
        """A known value; of an enum the name that people know."""
        match value:
            case bool():
                return self.words.say("true" if value else "false")
            case int() | float():
                return f"{self.words.number(value)} {unit}".rstrip()
            case timedelta():
                return self.words.span(value)
            case datetime():
                return self.words.moment(value)
            case tuple() | list():
                if not value:
                    return self.words.say("empty list")
                return self.words.say("list", ", ".join(self.value(one, unit, asked) for one in value))
            case _:
                return self.words.quoted(asked.value_said(str(value), self.language) if asked else str(value))

    def field(self, name: str) -> Field:
        """The field, or one without any words when the vocabulary has none."""
        return self.vocabulary.get(name) or Field(name, "string", "fact", "")

    def type(self, tree: Tree) -> str:
        """The type of a part."""
        return type_of(tree, self.vocabulary, self.items)

    def _joined(self, tree: Both | Either) -> str:
        return self.words.join("and" if isinstance(tree, Both) else "or", [self._part(part) for part in tree.parts])

    def _part(self, tree: Tree) -> str:
        """One of several conditions, in brackets when it is made of several itself."""
        inner, so = tree, True
        while isinstance(inner, Not):
            inner, so = inner.part, not so
        return f"({self.says(inner)})" if so and isinstance(inner, Both | Either) else self.says(tree)

    def _fact(self, asked: Field, *, so: bool) -> str:
        """A yes-or-no field, whose name is a statement where the vocabulary has one in the language."""
        statement = asked.names.get(self.language) or asked.names.get("en")
        if statement is None:
            return self.words.say("holds" if so else "fails", a=asked.said(self.language))
        if so:
            return statement
        denial = asked.denials.get(self.language if self.language in asked.names else "en")
        return denial or self.words.say("not", statement)

    def _has(self, tree: Has, *, so: bool) -> str:
        asked, key = self.field(tree.path.name), "known" if so else "unknown"
        if asked.type == "bool":
            return self.words.say(f"{key} whether", self._fact(asked, so=True))
        return self.words.say(key, a=asked.said(self.language))

    def _match(self, tree: Match, *, so: bool) -> str:
        piece = self._case(tree.piece, "object" if tree.how == "contains" else "companion")
        return self.words.say(tree.how if so else f"not {tree.how}", a=self.thing(tree.text), b=piece)

    def _case(self, tree: Tree, key: str) -> str:
        """A value where some languages need another case, which only quoted texts do not show."""
        return self.thing(tree) if isinstance(tree, Literal) else self.words.say(key, self.thing(tree))

    def _quantified(self, tree: Quantified, *, so: bool) -> str:
        several = bool(self.items) or any(isinstance(one, Quantified) for one in walk(tree.condition))
        items = {**self.items, tree.item: entries(self.type(tree.list))}
        inner = Speaker(self.vocabulary, self.language, items, named=several)
        key = tree.how if so else f"not {tree.how}"
        said = inner.says(tree.condition)
        return self.words.say(key, a=self.thing(tree.list), b=said, name=inner._name(tree.item))

    def _name(self, item: str) -> str:
        return f" {item}" if self.named else ""

    def _compare(self, tree: Compare, *, so: bool) -> str:
        sign, left, right = tree.sign if so else OPPOSITE[tree.sign], tree.left, tree.right
        if self.type(left) == "bool":
            return self._agreement(sign, left, right)
        if isinstance(left, Literal | Listing) and not isinstance(right, Literal | Listing):
            sign, left, right = MIRRORED.get(sign, sign), right, left
        if isinstance(left, Size) and isinstance(right, Literal) and isinstance(right.value, int):
            unit = "entry" if is_list(self.type(left.part)) else "character"
            return self.words.say(f"size {sign}", a=self.thing(left.part), b=self.words.count(right.value, unit))
        key = f"{self.type(left)} {sign}"
        if sign in ("==", "!=") and not isinstance(right, Literal):
            key = "same" if sign == "==" else "different"
        return self.words.say(key if key in self.words.says else sign, a=self.thing(left), b=self._against(left, right))

    def _agreement(self, sign: str, left: Tree, right: Tree) -> str:
        for one, other in ((left, right), (right, left)):
            if isinstance(one, Literal):
                return self.says(other, so=(sign == "==") is (one.value is True))
        return self.words.say("both or neither" if sign == "==" else "exactly one", self.says(left), self.says(right))

    def _against(self, left: Tree, right: Tree) -> str:
        """What a field is held against, with its unit or the name of an enum's value."""
        asked = self.field(left.name) if isinstance(left, Path) else None
        if asked is None or not isinstance(right, Literal):
            return self.thing(right)
        return self.value(right.value, asked.unit, asked)

    def _among(self, tree: Compare, *, so: bool) -> str:
        if not isinstance(tree.right, Listing):
            contained = self._case(tree.left, "object")
            return self.words.say("contains" if so else "not contains", a=self.thing(tree.right), b=contained)
        if not tree.right.items:
            return self.words.say("never" if so else "always")
        alternatives = [Compare("==", tree.left, item) for item in tree.right.items]
        if len(alternatives) == 1 or self.type(tree.left) == "bool":
            said = self.says(either(alternatives), so=so)
            return f"({said})" if so and len(alternatives) > 1 else said
        among = ", ".join(self._against(tree.left, item) for item in tree.right.items)
        return self.words.say("in" if so else "not in", a=self.thing(tree.left), b=among)

    def _listing(self, tree: Listing) -> str:
        if not tree.items:
            return self.words.say("empty list")
        return self.words.say("list", ", ".join(self.thing(item) for item in tree.items))

    def _sum(self, tree: Sum) -> str:
        if self.type(tree) == "string" or is_list(self.type(tree)):
            return self.words.say("followed", a=self.thing(tree.left), b=self.thing(tree.right))
        left = self.thing(tree.left) if isinstance(tree.left, Path | Literal) else self._operand(tree.left)
        return self.words.say(tree.sign, a=left, b=self._operand(tree.right))

    def _operand(self, tree: Tree) -> str:
        said = self.thing(tree)
        return f"({said})" if isinstance(tree, Sum | Negative) else said
