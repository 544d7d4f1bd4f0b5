"""How much a condition may hold, so that reading and judging it always ends soon."""

from __future__ import annotations

MOST_CHARACTERS = 2_000
MOST_LEVELS = 20
MOST_ITEMS = 100
"""Entries of a list, written or known; a longer known list counts as unknown."""
