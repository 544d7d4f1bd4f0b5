"""What somebody probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(name: str, known: Iterable[str], likeness: float = 0.6) -> str | None:
    """The one of `known` that looks most like `name`, or None when none does."""
    by_folded = {one.lower(): one for one in known}
    matches = get_close_matches(name.lower(), list(by_folded), n=1, cutoff=likeness)
    return by_folded[matches[0]] if matches else None
