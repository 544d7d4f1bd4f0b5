"""Reading a condition: comparisons, `in`, `!`, `&&`, `||` and brackets, in CEL's spelling.

This is the beginning of the condition language. What it meets and cannot judge yet is `Later`, which the checker turns
into a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from credo.base.errors import Invalid
from credo.philosophy.conditions import COMPARE, Both, Compare, Condition, Either, Field, Literal, Not, Tree, Value
from credo.philosophy.problems import _

MOST_CHARACTERS = 2000
MOST_BRACKETS = 20

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"[^"\\]*"|'[^'\\]*')|(?P<number>\d+(?:\.\d+)?)|(?P<name>[a-zA-Z_][\w]*(?:\.[a-zA-Z_]\w*)*)
    |(?P<sign>&&|\|\||==|!=|<=|>=|[!<>()\[\],]))""",
    re.VERBOSE,
)


class BadCondition(Invalid):
    """This condition cannot be read."""

    def __init__(self, column: int, cause: str, **details: object) -> None:
        self.column, self.cause = column, cause
        super().__init__(cause % details, **details)


class Later(BadCondition):
    """This condition uses a part of the language that is still to come."""


class Token(NamedTuple):
    """A word of a condition; `column` counts from 1."""

    kind: str
    text: str
    column: int


def parse(text: str) -> Condition:
    """Read a condition; raises BadCondition with the column, or Later for what the language cannot do yet."""
    if len(text) > MOST_CHARACTERS:
        raise BadCondition(MOST_CHARACTERS, _("This condition is longer than 2,000 characters."))
    return Condition(text, _Reader(list(_tokens(text)), len(text)).whole())


class _Reader:
    def __init__(self, tokens: list[Token], length: int) -> None:
        self._tokens = tokens
        self._end = Token("end", "", length + 1)
        self._at = 0
        self._depth = 0

    def whole(self) -> Tree:
        tree = self._either()
        if (token := self._peek()).kind != "end":
            if token.text in COMPARE:
                raise Later(token.column, _("Comparing the outcome of a comparison cannot be judged yet."))
            cause = _("“%(found)s” does not fit here; join conditions with && or ||.")
            raise BadCondition(token.column, cause, found=token.text)
        return tree

    def _either(self) -> Tree:
        parts = [self._both()]
        while self._take("||"):
            parts.append(self._both())
        return Either(tuple(parts)) if len(parts) > 1 else parts[0]

    def _both(self) -> Tree:
        parts = [self._not()]
        while self._take("&&"):
            parts.append(self._not())
        return Both(tuple(parts)) if len(parts) > 1 else parts[0]

    def _not(self) -> Tree:
        if not self._take("!"):
            return self._brackets() if self._peek().text == "(" else self._comparison()
        # In CEL "!" binds closer than "==", so what follows it is a fact or a bracket, never a comparison.
        self._deeper()
        part = (
            self._not() if self._peek().text == "!" else self._brackets() if self._peek().text == "(" else self._side()
        )
        self._depth -= 1
        return Not(part)

    def _brackets(self) -> Tree:
        self._expect("(")
        self._deeper()
        tree = self._either()
        self._expect(")")
        self._depth -= 1
        return tree

    def _comparison(self) -> Tree:
        left, sign = self._side(), self._peek()
        if sign.text not in COMPARE:
            return left
        self._at += 1
        right = self._side()
        if sign.text == "in" and not (isinstance(right, Literal) and isinstance(right.value, tuple)):
            raise Later(right.column, _("After “in” only a list in square brackets can be judged yet."))
        return Compare(sign.text, left, right)

    def _side(self) -> Field | Literal:
        token = self._peek()
        self._at += 1
        if token.kind == "name" and self._peek().text == "(":
            raise Later(token.column, _("“%(found)s(…)” cannot be judged yet."), found=token.text)
        if token.kind == "name" and token.text not in ("true", "false", "in"):
            return Field(token.text, token.column)
        if token.text == "[":
            return Literal(tuple(self._list()), token.column)
        return Literal(_value(token), token.column)

    def _list(self) -> Iterator[Value]:
        while not self._take("]"):
            yield _value(self._peek())
            self._at += 1
            if self._peek().text != "]":
                self._expect(",")

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > MOST_BRACKETS:
            raise BadCondition(self._peek().column, _("This condition is nested deeper than 20 brackets."))

    def _peek(self) -> Token:
        return self._tokens[self._at] if self._at < len(self._tokens) else self._end

    def _take(self, sign: str) -> bool:
        token = self._peek()
        taken = token.kind == "sign" and token.text == sign
        self._at += taken
        return taken

    def _expect(self, sign: str) -> None:
        if not self._take(sign):
            raise BadCondition(self._peek().column, _("“%(sign)s” is missing here."), sign=sign)


def _tokens(text: str) -> Iterator[Token]:
    at, end = 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            column = at + len(text[at:]) - len(text[at:].lstrip()) + 1
            found = text[column - 1]
            # Arithmetic, ternaries and escapes belong to the full language; a lone = or & is a slip.
            later = found in "+-*/%?:\\.{}\"'"
            raise (Later if later else BadCondition)(column, _("“%(found)s” cannot be read here."), found=found)
        yield Token(match.lastgroup, match[match.lastgroup], match.start(match.lastgroup) + 1)
        at = match.end()


def _value(token: Token) -> Value:
    if token.kind == "text":
        return token.text[1:-1]
    if token.kind == "number":
        return float(token.text) if "." in token.text else int(token.text)
    if token.text in ("true", "false"):
        return token.text == "true"
    if token.kind == "end":
        raise BadCondition(token.column, _("Something is missing at the end."))
    cause = _("“%(found)s” does not fit here; a fact or a value is expected.")
    raise BadCondition(token.column, cause, found=token.text)
