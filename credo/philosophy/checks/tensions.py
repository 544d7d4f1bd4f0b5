"""Tensions settle conflicts, so they must not go in circles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from credo.philosophy.problems import _
from credo.philosophy.reading import Reading


def check_tensions(reading: Reading) -> None:
    """Complain about every tension that contradicts those before it."""
    over: dict[str, set[str]] = {}
    for section, tension in reading.each("philosophy/tensions"):
        if not (tension.prefer and tension.over):
            continue
        if _reaches(over, tension.over, tension.prefer):
            cause = _("Tensions contradict each other around “%(name)s”.")
            section.error("prefer", cause, _("take one of them out"), name=tension.prefer)
        over.setdefault(tension.prefer, set()).add(tension.over)


def _reaches(over: Mapping[str, Iterable[str]], start: str, goal: str) -> bool:
    seen, ahead = set(), [start]
    while ahead:
        here = ahead.pop()
        if here == goal:
            return True
        if here not in seen:
            seen.add(here)
            ahead += over.get(here, ())
    return False
