"""What a condition means, whichever way it was spelled. Trees are equal when they mean the same, wherever written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

Value = bool | int | float | str | datetime | timedelta

LEAST_INT, MOST_INT = -(2**63), 2**63 - 1


def _column() -> int:
    return field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written in the condition. `type` keeps 1, 1.0 and true apart, which Python holds for equal."""

    value: Value
    type: str
    column: int = _column()


@dataclass(frozen=True, slots=True)
class Path:
    """A field asked for by name."""

    name: str
    column: int = _column()


@dataclass(frozen=True, slots=True)
class Item:
    """The entry of a list that `exists` or `all` looks at."""

    name: str
    column: int = _column()


@dataclass(frozen=True, slots=True)
class Listing:
    """A list written in square brackets."""

    items: tuple[Tree, ...]
    column: int = _column()


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    part: Tree
    column: int = _column()


@dataclass(frozen=True, slots=True)
class Negative:
    """A number with its sign turned."""

    part: Tree
    column: int = _column()


@dataclass(frozen=True, slots=True)
class Both:
    """True when every part is; never directly inside another Both."""

    parts: tuple[Tree, ...]
    column: int = _column()


@dataclass(frozen=True, slots=True)
class Either:
    """True when one part is; never directly inside another Either."""

    parts: tuple[Tree, ...]
    column: int = _column()


@dataclass(frozen=True, slots=True)
class Compare:
    """Two sides and one of `== != < <= > >= in` between them."""

    sign: str
    left: Tree
    right: Tree
    column: int = _column()


@dataclass(frozen=True, slots=True)
class Sum:
    """Two sides and one of `+ - *` between them."""

    sign: str
    left: Tree
    right: Tree
    column: int = _column()


@dataclass(frozen=True, slots=True)
class Size:
    """How many characters a text or entries a list has."""

    part: Tree
    column: int = _column()


@dataclass(frozen=True, slots=True)
class Has:
    """Whether a field is known."""

    path: Path
    column: int = _column()


@dataclass(frozen=True, slots=True)
class Match:
    """A text against a piece of text; `how` is contains, startsWith or endsWith."""

    how: str
    text: Tree
    piece: Tree
    column: int = _column()


@dataclass(frozen=True, slots=True)
class Quantified:
    """What holds of one entry of a list or of all; `how` is exists or all."""

    how: str
    list: Tree
    item: str
    condition: Tree
    column: int = _column()


Tree = (
    Literal | Path | Item | Listing | Not | Negative | Both | Either | Compare | Sum | Size | Has | Match | Quantified
)


def both(parts: Iterable[Tree], column: int = 1) -> Tree:
    """All of `parts` together, flat."""
    flat = tuple(inner for part in parts for inner in (part.parts if isinstance(part, Both) else (part,)))
    return Both(flat, column) if len(flat) > 1 else flat[0]


def either(parts: Iterable[Tree], column: int = 1) -> Tree:
    """Any of `parts`, flat."""
    flat = tuple(inner for part in parts for inner in (part.parts if isinstance(part, Either) else (part,)))
    return Either(flat, column) if len(flat) > 1 else flat[0]


def negative(part: Tree, column: int = 1) -> Tree:
    """`part` with its sign turned; a written number takes the sign into itself."""
    if isinstance(part, Literal) and part.type in ("int", "double") and part.value != LEAST_INT:
        return Literal(-part.value, part.type, column)  # type: ignore[operator]  # the type says it is a number
    return Negative(part, column)


def parts(tree: Tree) -> tuple[Tree, ...]:
    """What stands directly below, in the order written."""
    match tree:
        case Both() | Either():
            return tree.parts
        case Compare() | Sum():
            return tree.left, tree.right
        case Not() | Negative() | Size():
            return (tree.part,)
        case Match():
            return tree.text, tree.piece
        case Quantified():
            return tree.list, tree.condition
        case Listing():
            return tree.items
        case Has():
            return (tree.path,)
        case Literal() | Path() | Item():
            return ()


def walk(tree: Tree) -> Iterator[Tree]:
    """The tree and everything below, in the order written."""
    yield tree
    for part in parts(tree):
        yield from walk(part)


def depth(tree: Tree) -> int:
    """How many levels there are; a fact alone is one."""
    return 1 + max((depth(part) for part in parts(tree)), default=0)


def paths(tree: Tree) -> tuple[Path, ...]:
    """Every mention of a field, in the order written."""
    return tuple(one for one in walk(tree) if isinstance(one, Path))
