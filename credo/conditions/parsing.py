"""`parse`: CEL's spelling to a tree. What CEL has beyond conditions is refused with a sentence of its own."""

from __future__ import annotations

from collections.abc import Callable

from credo.conditions.limits import MOST_CHARACTERS, MOST_ITEMS, MOST_LEVELS
from credo.conditions.moments import read_duration, read_moment
from credo.conditions.problems import _, bad
from credo.conditions.refusals import (
    ABSENT,
    FUNCTIONS,
    METHODS,
    RESERVED,
    absent,
    does_not_fit,
    too_deep,
    unknown_function,
    unknown_method,
)
from credo.conditions.tokens import Token, tokens, unquoted
from credo.conditions.tree import (
    LEAST_INT,
    MOST_INT,
    Compare,
    Has,
    Item,
    Listing,
    Literal,
    Match,
    Not,
    Path,
    Quantified,
    Size,
    Sum,
    Tree,
    both,
    depth,
    either,
    negative,
)

RELATIONS = ("==", "!=", "<", "<=", ">", ">=", "in")


def parse(text: str) -> Tree:
    """Read a condition; raises BadCondition with the column of the first thing that cannot be read."""
    if len(text) > MOST_CHARACTERS:
        raise bad(MOST_CHARACTERS, _("This condition is longer than 2,000 characters."))
    tree = _Reader(list(tokens(text)), len(text.rstrip())).whole()
    if depth(tree) > MOST_LEVELS:
        raise too_deep(tree.column)
    return tree


class _Reader:
    """Goes through the words once; each method reads what its name says, from the weakest bond to the strongest."""

    def __init__(self, words: list[Token], length: int) -> None:
        self._words = words
        self._end = Token("end", "", length + 1)
        self._at = 0
        self._open = 0
        self._items: list[str] = []

    def whole(self) -> Tree:
        tree = self._either()
        if self._peek().kind != "end":
            raise does_not_fit(self._peek())
        return tree

    def _either(self) -> Tree:
        found, column = [self._both()], self._peek().column
        while self._take("||"):
            found.append(self._both())
        return either(found, column)

    def _both(self) -> Tree:
        found, column = [self._relation()], self._peek().column
        while self._take("&&"):
            found.append(self._relation())
        return both(found, column)

    def _relation(self) -> Tree:
        left, sign = self._sum(), self._peek()
        if sign.text not in RELATIONS or sign.kind == "text":
            return left
        self._at += 1
        right = self._sum()
        if (following := self._peek()).text in RELATIONS and following.kind != "text":
            cause, hint = (
                _("Two comparisons in a row cannot be read."),
                _("join two comparisons with &&, or use brackets"),
            )
            raise bad(following.column, cause, hint)
        return Compare(sign.text, left, right, sign.column)

    def _sum(self) -> Tree:
        left, levels = self._product(), 0
        while (sign := self._peek()).kind == "sign" and sign.text in ("+", "-"):
            left, levels = self._more(left, sign, levels, self._product), levels + 1
        return left

    def _product(self) -> Tree:
        left, levels = self._unary(), 0
        while (sign := self._peek()).kind == "sign" and sign.text == "*":
            left, levels = self._more(left, sign, levels, self._unary), levels + 1
        return left

    def _more(self, left: Tree, sign: Token, levels: int, right: Callable[[], Tree]) -> Tree:
        if levels >= MOST_LEVELS:
            raise too_deep(sign.column)
        self._at += 1
        return Sum(sign.text, left, right(), sign.column)

    def _unary(self) -> Tree:
        """In CEL `!` binds closer than any comparison, and `!` and `-` do not mix without brackets."""
        sign, signs = self._peek().text, []
        while self._peek().kind == "sign" and sign in ("!", "-") and self._peek().text == sign:
            signs.append(self._peek())
            self._at += 1
        if len(signs) > MOST_LEVELS:
            raise too_deep(signs[MOST_LEVELS].column)
        part = self._member(least=sign == "-" and bool(signs))
        for token in reversed(signs):
            part = Not(part, token.column) if sign == "!" else negative(part, token.column)
        return part

    def _member(self, *, least: bool) -> Tree:
        part = self._primary(least=least)
        while True:
            token = self._peek()
            if self._take("."):
                part = self._method(part, self._peek())
            elif token.kind == "sign" and token.text in ABSENT:
                raise absent(token)
            else:
                return part

    def _primary(self, *, least: bool) -> Tree:
        token = self._peek()
        self._at += 1
        if token.kind == "name":
            return self._named(token)
        if token.kind in ("int", "double"):
            return _number(token, least=least)
        if token.kind == "text":
            return Literal(unquoted(token), "string", token.column)
        if token.text == "(":
            tree = self._deeper(self._either)
            self._expect(")")
            return tree
        if token.text == "[":
            return Listing(tuple(self._list(token.column)), token.column)
        self._at -= 1
        raise does_not_fit(token, starts=True)

    def _named(self, token: Token) -> Tree:
        if token.text in ("true", "false"):
            return Literal(token.text == "true", "bool", token.column)
        if token.text == "null":
            raise bad(token.column, _("There is no null in conditions."), _("write has(…) to ask whether it is known"))
        if token.text in RESERVED:
            raise does_not_fit(token, starts=True)
        if self._take("("):
            return self._function(token)
        if token.text in self._items:
            return Item(token.text, token.column)
        return self._path(token)

    def _path(self, first: Token) -> Path:
        name = first.text
        while self._peek(0).text == "." and self._peek(1).kind == "name" and self._peek(2).text != "(":
            name += "." + self._peek(1).text
            self._at += 2
        return Path(name, first.column)

    def _function(self, token: Token) -> Tree:
        if token.text not in FUNCTIONS:
            raise unknown_function(token)
        if token.text in ("duration", "timestamp"):
            return self._moment(token)
        part = self._deeper(self._either)
        self._expect(")")
        if token.text == "size":
            return Size(part, token.column)
        if not isinstance(part, Path):
            raise bad(token.column, _("has(…) asks for a fact by its name."))
        return Has(part, token.column)

    def _moment(self, function: Token) -> Literal:
        token = self._peek()
        if token.kind != "text":
            cause = _("%(name)s(…) needs a text in quotes.")
            raise bad(token.column, cause, name=function.text)
        self._at += 1
        self._expect(")")
        text = unquoted(token)
        found = read_duration(text) if function.text == "duration" else read_moment(text)
        if found is not None:
            return Literal(found, function.text, function.column)
        if function.text == "duration":
            raise bad(token.column, _("“%(text)s” is no duration."), _("write it like 2h, 1h30m or 48h"), text=text)
        raise bad(token.column, _("“%(text)s” is no moment."), _("write it like 2026-12-01T09:00:00Z"), text=text)

    def _method(self, part: Tree, token: Token) -> Tree:
        if token.kind != "name":
            raise does_not_fit(token, starts=True)
        self._at += 1
        if not self._take("("):
            raise bad(token.column, _("“%(name)s” cannot be asked of a value."), name=token.text)
        if token.text not in METHODS:
            raise unknown_method(token)
        if token.text in ("exists", "all"):
            return self._quantified(part, token)
        if token.text == "size":
            self._expect(")")
            return Size(part, token.column)
        piece = self._deeper(self._either)
        self._expect(")")
        return Match(token.text, part, piece, token.column)

    def _quantified(self, part: Tree, token: Token) -> Tree:
        item = self._item(token)
        self._items.append(item)
        if len(self._items) > 2:
            raise bad(token.column, _("exists and all stand inside each other once at most."))
        condition = self._deeper(self._either)
        self._items.pop()
        self._expect(")")
        return Quantified(token.text, part, item, condition, token.column)

    def _item(self, method: Token) -> str:
        token = self._peek()
        if token.kind != "name" or token.text in RESERVED or self._peek(1).text != ",":
            cause = _("%(name)s(…) first names an entry of the list and then says what holds of it.")
            raise bad(token.column, cause, _('write it like exists(tag, tag == "vip")'), name=method.text)
        if token.text in self._items:
            cause = _("“%(name)s” already names an entry of another list here.")
            raise bad(token.column, cause, name=token.text)
        self._at += 2
        return token.text

    def _list(self, column: int) -> list[Tree]:
        found: list[Tree] = []
        while not self._take("]"):
            found.append(self._deeper(self._either))
            if len(found) > MOST_ITEMS:
                raise bad(column, _("A list has at most 100 entries."))
            if self._peek().text != "]" or self._peek().kind != "sign":
                self._expect(",")
        return found

    def _deeper(self, read: Callable[[], Tree]) -> Tree:
        self._open += 1
        if self._open > MOST_LEVELS:
            raise too_deep(self._peek().column - 1)
        tree = read()
        self._open -= 1
        return tree

    def _peek(self, ahead: int = 0) -> Token:
        at = self._at + ahead
        return self._words[at] if at < len(self._words) else self._end

    def _take(self, sign: str) -> bool:
        token = self._peek()
        taken = token.kind == "sign" and token.text == sign
        self._at += taken
        return taken

    def _expect(self, sign: str) -> None:
        if not self._take(sign):
            raise bad(self._peek().column, _("“%(sign)s” is missing here."), sign=sign)


def _number(token: Token, *, least: bool) -> Literal:
    """`least`: a minus stands before it, so the lowest whole number may be written."""
    if token.kind == "double":
        value = float(token.text)
        if value in (float("inf"), float("-inf")):
            raise bad(token.column, _("This number is too large."))
        return Literal(value, "double", token.column)
    whole = int(token.text, 16 if token.text.startswith("0x") else 10)
    if whole > (-LEAST_INT if least else MOST_INT):
        raise bad(token.column, _("This number is too large."))
    return Literal(whole, "int", token.column)
