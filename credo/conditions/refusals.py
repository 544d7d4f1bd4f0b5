"""What is no condition, and what to write instead."""

from __future__ import annotations

from credo.base.nearest import nearest
from credo.conditions.problems import DID_YOU_MEAN, BadCondition, _, bad
from credo.conditions.tokens import Token

FUNCTIONS = ("size", "has", "duration", "timestamp")
METHODS = ("contains", "startsWith", "endsWith", "exists", "all", "size")
RESERVED = frozenset(
    (
        *("as", "break", "const", "continue", "else", "false", "for", "function", "if", "import", "in", "let", "loop"),
        *("namespace", "null", "package", "return", "true", "var", "void", "while"),
    )
)
_WORDS = {"and": _("write && for “and”"), "or": _("write || for “or”"), "not": _("write ! for “not”")}
ABSENT = {
    "?": _("There is no “? :” in conditions."),
    "/": _("Conditions do not divide."),
    "%": _("Conditions do not divide."),
    "[": _("Single entries of a list cannot be asked for."),
}
_INSTEAD = {
    "?": _("join two conditions with && and ||"),
    "/": _("multiply the other side instead"),
    "%": _("multiply the other side instead"),
    "[": _("use in, exists or all"),
}


def too_deep(column: int) -> BadCondition:
    """More brackets inside each other than anybody can read."""
    return bad(column, _("This condition is nested deeper than 20 levels."))


def absent(token: Token) -> BadCondition:
    """A sign that CEL has and conditions leave out."""
    return bad(token.column, ABSENT[token.text], _INSTEAD[token.text])


def does_not_fit(token: Token, *, starts: bool = False) -> BadCondition:
    """A word where another was expected: the next sign, or with `starts` a fact or a value."""
    if token.kind == "end":
        return bad(token.column, _("Something is missing at the end."))
    cause = _("“%(found)s” does not fit here; join conditions with && or ||.")
    if starts:
        cause = _("“%(found)s” does not fit here; a fact or a value is expected.")
    return bad(token.column, cause, _WORDS.get(token.text.lower(), ""), found=token.text)


def unknown_function(token: Token) -> BadCondition:
    """A function that does not exist."""
    if token.text in METHODS:
        cause = _("“%(name)s” stands behind what it asks.")
        return bad(token.column, cause, _("write name.%(name)s(…)"), name=token.text)
    return _unknown(token, FUNCTIONS)


def unknown_method(token: Token) -> BadCondition:
    """A question to a value that does not exist."""
    if token.text == "matches":
        cause = _("Conditions know no patterns, because each engine reads them differently.")
        return bad(token.column, cause, _("use contains, startsWith or endsWith"))
    return _unknown(token, METHODS)


def _unknown(token: Token, known: tuple[str, ...]) -> BadCondition:
    near = nearest(token.text, known)
    suggestion = DID_YOU_MEAN if near else _("possible here: %(options)s")
    details = {"name": token.text, "near": near, "options": ", ".join(known)}
    return bad(token.column, _("There is no “%(name)s(…)”."), suggestion, **details)
