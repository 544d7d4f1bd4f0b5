"""Values that a field may have, chosen so that every comparison with a written value is met on both sides."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import nextafter
from typing import Any

from credo.conditions.tree import LEAST_INT, MOST_INT, Literal, Match, Tree, walk
from credo.conditions.vocabulary import Field

_STEP = timedelta(microseconds=1)
_SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)
_MOST_FILLED = 50


def samples(asked: Field, trees: Iterable[Tree]) -> list[Any]:
    """None for unknown, and for every region between the values written in `trees` one value that lies there.

    Of yes-or-no fields and enums these are all values there are.
    """
    parts = [part for tree in trees for part in walk(tree)]
    written = [part.value for part in parts if isinstance(part, Literal) and part.type == asked.type]
    match asked.type:
        case "bool":
            return [True, False, None]
        case "string":
            return (
                [*asked.values, None] if asked.values else [*_around(written or [""], _next_text), *_texts(parts), None]
            )
        case "list(string)":
            return [*_lists(parts), None]
        case "timestamp":
            return [*_around([*written, *_moments(parts)], _next_moment), None]
        case "duration":
            return [*_around(written or [timedelta(0)], _next_span), None]
        case "int":
            return [*_around(written or [0], _next_whole), 0, None]
        case "double":
            return [*_around(written or [0.0], _next_double), 0.0, None]


def _around(values: list[Any], neighbours: Any) -> list[Any]:
    """Each value, one between each two, one below and one above; whatever there is room for."""
    ordered = sorted(set(values))
    below, above = neighbours(ordered[0], None)[0], neighbours(ordered[-1], None)[1]
    between = [neighbours(one, other)[1] for one, other in pairwise(ordered)]
    return [one for one in (*ordered, *between, below, above) if one is not None]


def _next_whole(value: int, before: int | None) -> tuple[int | None, int | None]:
    above = value + 1 if value < MOST_INT and value + 1 != before else None
    return (value - 1 if value > LEAST_INT else None), above


def _next_double(value: float, before: float | None) -> tuple[float | None, float | None]:
    above = value + 1.0 if before is None else value / 2 + before / 2
    if not value < above or not (before is None or above < before):
        above = nextafter(value, float("inf"))
    return min(value - 1.0, nextafter(value, float("-inf"))), above if above != before else None


def _next_text(value: str, before: str | None) -> tuple[str | None, str | None]:
    """No text stands between one and itself with the lowest character behind, which is U+0001."""
    above = value + "a" if before is None or value + "a" < before else value + "\x01"
    return ("" if value else None), above if before is None or above < before else None


def _next_span(value: timedelta, before: timedelta | None) -> tuple[timedelta | None, timedelta | None]:
    above = value + _STEP
    return value - _STEP, above if above != before else None


def _next_moment(value: datetime, before: datetime | None) -> tuple[datetime | None, datetime | None]:
    last, first = datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)
    above = value + _STEP if value < last else None
    return (value - _STEP if value > first else None), above if above != before else None


def _moments(parts: list[Tree]) -> list[datetime]:
    """Some day, and the days that lie a written duration before and behind it."""
    spans = [part.value for part in parts if isinstance(part, Literal) and isinstance(part.value, timedelta)]
    moments = [_SOME_DAY]
    for span in spans:
        if abs(span) < timedelta(days=500_000):
            moments += [_SOME_DAY + span, _SOME_DAY - span]
    return moments


def _texts(parts: list[Tree]) -> list[str]:
    """Texts that begin, go on and end as somebody asks, and of the lengths somebody asks for."""
    pieces: dict[str, list[str]] = {"startsWith": [], "contains": [], "endsWith": []}
    for part in parts:
        if isinstance(part, Match) and isinstance(part.piece, Literal):
            pieces[part.how].append(str(part.piece.value))
    whole = "".join(piece for group in pieces.values() for piece in group)
    alone = [piece for group in pieces.values() for piece in group]
    return ["", whole, *alone, *("x" * length for length in _lengths(parts))]


def _lists(parts: list[Tree]) -> list[list[str]]:
    """Lists of what is written, alone and together, and of the lengths somebody asks for."""
    words = list(
        dict.fromkeys(str(part.value) for part in parts if isinstance(part, Literal) and part.type == "string")
    )
    filled = [[f"entry {number}" for number in range(length)] for length in _lengths(parts)]
    return [[], words, *([word] for word in words), *filled]


def _lengths(parts: list[Tree]) -> list[int]:
    whole = {part.value for part in parts if isinstance(part, Literal) and part.type == "int"}
    near = {int(number) + step for number in whole if isinstance(number, int) for step in (-1, 0, 1)}
    return sorted(length for length in near if 0 <= length <= _MOST_FILLED)
