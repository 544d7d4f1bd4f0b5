"""`written`: a tree in CEL's spelling, always the same way, with no bracket too many."""

from __future__ import annotations

from datetime import datetime, timedelta

from credo.conditions.moments import write_duration, write_moment
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

_ESCAPES = {"\\": r"\\", '"': r"\"", "\n": r"\n", "\r": r"\r", "\t": r"\t"}
_EITHER, _BOTH, _RELATION, _SUM, _PRODUCT, _UNARY, _MEMBER = range(7)


def written(tree: Tree) -> str:
    """The canonical text of `tree`, which `parse` reads back to the same tree."""
    return _as(tree, _EITHER)


def _as(tree: Tree, least: int) -> str:
    """`tree` where only bonds from `least` on may stand without brackets."""
    bond, text = _with_bond(tree)
    return text if bond >= least else f"({text})"


def _with_bond(tree: Tree) -> tuple[int, str]:
    match tree:
        case Either():
            return _EITHER, " || ".join(_as(part, _BOTH) for part in tree.parts)
        case Both():
            return _BOTH, " && ".join(_as(part, _RELATION) for part in tree.parts)
        case Compare():
            return _RELATION, f"{_as(tree.left, _SUM)} {tree.sign} {_as(tree.right, _SUM)}"
        case Sum():
            bond = _PRODUCT if tree.sign == "*" else _SUM
            return bond, f"{_as(tree.left, bond)} {tree.sign} {_as(tree.right, bond + 1)}"
        case Not():
            return _UNARY, "!" + _as(tree.part, _MEMBER if _signed(tree.part) else _UNARY)
        case Negative():
            return _UNARY, "-" + _as(tree.part, _MEMBER if isinstance(tree.part, Not) else _UNARY)
        case _:
            return (_UNARY if _signed(tree) else _MEMBER), _closed(tree)


def _signed(tree: Tree) -> bool:
    """Whether its text begins with a minus."""
    if isinstance(tree, Literal) and tree.type in ("int", "double"):
        return str(tree.value).startswith("-")
    return isinstance(tree, Negative)


def _closed(tree: Tree) -> str:
    match tree:
        case Literal():
            return _literal(tree)
        case Path() | Item():
            return tree.name
        case Listing():
            return "[" + ", ".join(_as(item, _EITHER) for item in tree.items) + "]"
        case Size():
            return f"size({_as(tree.part, _EITHER)})"
        case Has():
            return f"has({tree.path.name})"
        case Match():
            return f"{_as(tree.text, _MEMBER)}.{tree.how}({_as(tree.piece, _EITHER)})"
        case Quantified():
            return f"{_as(tree.list, _MEMBER)}.{tree.how}({tree.item}, {_as(tree.condition, _EITHER)})"
        case _:
            raise TypeError(tree)


def _literal(tree: Literal) -> str:
    match tree.value:
        case bool():
            return "true" if tree.value else "false"
        case str():
            return (
                '"'
                + "".join(
                    _ESCAPES.get(sign, sign) if sign >= " " or sign in _ESCAPES else _coded(sign) for sign in tree.value
                )
                + '"'
            )
        case timedelta():
            return f'duration("{write_duration(tree.value)}")'
        case datetime():
            return f'timestamp("{write_moment(tree.value)}")'
        case number:
            return repr(number)


def _coded(sign: str) -> str:
    return f"\\u{ord(sign):04x}"
