"""A condition's text as words, with CEL's numbers and texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from credo.conditions.problems import BadCondition, _, bad

_SPACE = " \t\n\r\f"
_TOKEN = re.compile(
    r"""(?P<double>[0-9]+\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+|\.[0-9]+(?:[eE][+-]?[0-9]+)?)
    |(?P<int>0x[0-9a-fA-F]+|[0-9]+)
    |(?P<text>"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')
    |(?P<name>[a-zA-Z_][a-zA-Z0-9_]*)
    |(?P<sign>&&|\|\||==|!=|<=|>=|[-+*/%?:!<>()\[\]{}.,])""",
    re.VERBOSE,
)
_ESCAPE = re.compile(
    r"\\(?:([abfnrtv\\?\"'`])|[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2}))"
)
_SHORT = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_SLIPS = {
    "=": _("write == to compare"),
    "&": _("write && for “and”"),
    "|": _("write || for “or”"),
    "“": _('write texts in straight quotes, like "this"'),
    "”": _('write texts in straight quotes, like "this"'),
    "„": _('write texts in straight quotes, like "this"'),
}


class Token(NamedTuple):
    """A word of a condition; `column` counts from 1."""

    kind: str
    text: str
    column: int


def tokens(text: str) -> Iterator[Token]:
    """Every word of `text` in order; raises BadCondition at what is none."""
    at, end = 0, len(text)
    while True:
        while at < end and text[at] in _SPACE:
            at += 1
        if at == end:
            return
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise _unreadable(text, at)
        _refuse_other_spellings(text, at, match[0])
        yield Token(match.lastgroup, match[0], at + 1)
        at = match.end()


def unquoted(token: Token) -> str:
    """What a text in quotes says."""
    pieces, at, inner = [], 0, token.text[1:-1]
    while (start := inner.find("\\", at)) >= 0:
        match = _ESCAPE.match(inner, start)
        if match is None:
            cause = _("“%(found)s” stands for nothing in a text.")
            raise bad(token.column + 1 + start, cause, _(r"write \\ for a backslash"), found=inner[start : start + 2])
        pieces += [inner[at:start], _unescaped(match, token.column + 1 + start)]
        at = match.end()
    pieces.append(inner[at:])
    said = "".join(pieces)
    if "\0" in said or any("\ud800" <= sign <= "\udfff" for sign in said):
        raise bad(token.column, _("There is a character in this text that no text can hold."))
    return said


def _unescaped(match: re.Match[str], column: int) -> str:
    short, *codes = match.groups()
    if short is not None:
        return _SHORT.get(short, short)
    code = int(match[5], 8) if match[5] else int(next(one for one in codes if one), 16)
    if code > 0x10FFFF:
        raise bad(column, _("There is a character in this text that no text can hold."))
    return chr(code)


def _unreadable(text: str, at: int) -> BadCondition:
    found = text[at]
    if found in "\"'":
        return bad(at + 1, _("The closing quote of this text is missing."))
    return bad(at + 1, _("“%(found)s” cannot be read here."), _SLIPS.get(found, ""), found=found)


def _refuse_other_spellings(text: str, at: int, found: str) -> None:
    """CEL has raw texts, bytes, texts in three quotes, unsigned numbers and comments; conditions need none of them."""
    following = text[at + len(found) : at + len(found) + 1]
    quoted = found in ('""', "''") and following == found[0]
    if quoted or (found.lower() in ("r", "b", "br", "rb") and following in ('"', "'") and following):
        raise bad(at + 1, _("A text is written in one pair of quotes, with nothing before them."))
    if found == "/" and following == "/":
        raise bad(at + 1, _("A condition has no room for remarks."))
    if found[0].isdigit() and following in ("u", "U") and following:
        raise bad(at + 1, _("Whole numbers are written without letters."))
