"""The types of values: `bool int double string timestamp duration` and lists of them."""

from __future__ import annotations

ANY = "any"
"""The type of what could not be found out; it fits everywhere."""

EMPTY = "list()"
"""The type of `[]`."""


def list_of(type: str) -> str:
    """The type of a list of `type`."""
    return f"list({type})"


def is_list(type: str) -> bool:
    """Whether it is a list of anything."""
    return type.startswith("list(")


def entries(type: str) -> str:
    """What a list holds; `ANY` of an empty list and of what is none."""
    return type[5:-1] or ANY if is_list(type) else ANY


def fits(one: str, other: str) -> bool:
    """Whether values of both types can be held against each other."""
    if is_list(one) and is_list(other):
        return fits(entries(one), entries(other))
    return one == other or ANY in (one, other)


def sums(sign: str, left: str, right: str) -> str | None:
    """The type of `left sign right`, or None when the sign does not join them."""
    if ANY in (left, right):
        return ANY
    if left == right and (left in ("int", "double") or (sign == "+" and left == "string")):
        return left
    if sign == "+" and is_list(left) and is_list(right) and fits(left, right):
        return right if left == EMPTY else left
    return _times(sign, left, right) if sign in ("+", "-") else None


def _times(sign: str, left: str, right: str) -> str | None:
    pair = {left, right}
    if pair == {"duration"}:
        return "duration"
    if pair == {"timestamp"}:
        return "duration" if sign == "-" else None
    if pair == {"timestamp", "duration"}:
        return "timestamp" if sign == "+" or left == "timestamp" else None
    return None
