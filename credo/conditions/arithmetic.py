"""Sums as CEL has them; a result outside of what its type can hold is unknown, where CEL reports an error."""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from credo.conditions.moments import RECKONED
from credo.conditions.tree import LEAST_INT, MOST_INT

SMALLEST, LARGEST = 1e-150, 1e150
"""Numbers with a point are reckoned with when they are 0 or between these in size: there no engine can overflow."""

_SIGNS: dict[str, Callable[[Any, Any], Any]] = {"+": operator.add, "-": operator.sub, "*": operator.mul}


def reckoned(sign: str, type: str) -> Callable[[Any, Any], Any]:
    """The function for `left sign right` with a result of `type`; None of it when that does not fit."""
    reckon = _SIGNS[sign]
    if type == "int":
        return lambda left, right: _whole(reckon(left, right))
    if type == "double":
        return lambda left, right: reckon(left, right) if _ordinary(left) and _ordinary(right) else None
    if type in ("timestamp", "duration"):
        return lambda left, right: _moment(reckon, left, right)
    return reckon


def negated(value: float) -> float | None:
    """The number with its sign turned; CEL has no whole number for the opposite of the lowest one."""
    return _whole(-value) if isinstance(value, int) else -value


def _whole(value: int) -> int | None:
    return value if LEAST_INT <= value <= MOST_INT else None


def _ordinary(value: float) -> bool:
    return value == 0 or SMALLEST <= abs(value) <= LARGEST


def _moment(reckon: Callable[[Any, Any], Any], left: Any, right: Any) -> datetime | timedelta | None:
    try:
        found = reckon(left, right)
    except OverflowError:
        return None
    if isinstance(found, timedelta):
        return found if abs(found) <= RECKONED else None
    assert isinstance(found, datetime)
    return found
