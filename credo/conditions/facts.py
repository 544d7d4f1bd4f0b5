"""What is known, in the shape its field promises. What has another shape counts as unknown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from credo.conditions.limits import MOST_ITEMS

Facts = Mapping[str, object]

_ONLY_TEXTS = {str}


def _bool(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _int(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _double(value: object) -> float | None:
    if value.__class__ is float:
        return value if value == value else None  # a sum that failed is no number
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if number == number else None


def _string(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _timestamp(value: object) -> datetime | None:
    """In UTC, because Python reckons with the wall clock inside any other zone."""
    if not isinstance(value, datetime):
        return None
    if value.tzinfo is UTC:
        return value
    if value.utcoffset() is None:
        return None
    try:
        return value.astimezone(UTC)
    except OverflowError:
        return None


def _duration(value: object) -> timedelta | None:
    return value if isinstance(value, timedelta) else None


def _strings(value: object) -> tuple[str, ...] | None:
    if not isinstance(value, list | tuple) or len(value) > MOST_ITEMS:
        return None
    plain = set(map(type, value)) <= _ONLY_TEXTS or all(isinstance(one, str) for one in value)
    return tuple(value) if plain else None


READERS: Mapping[str, Callable[[object], Any]] = {
    "bool": _bool,
    "int": _int,
    "double": _double,
    "string": _string,
    "timestamp": _timestamp,
    "duration": _duration,
    "list(string)": _strings,
}
"""By type: from what somebody knows to the value, or None when it is unknown."""

PLAIN: Mapping[str, type] = {"bool": bool, "int": int, "string": str, "duration": timedelta}
"""Where a value of exactly this class needs no reading."""
