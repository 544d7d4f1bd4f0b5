"""Where built assets live, and under which name: the build writes a manifest of plain to hashed names."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from credo.base.errors import CredoError

STATIC = Path(__file__).parent / "static"


class AssetsMissing(CredoError):
    """The front-end bundle has not been built; run `make setup` once."""


@lru_cache
def manifest() -> dict[str, str]:
    """Plain asset names to the hashed ones the build made."""
    try:
        return dict(json.loads((STATIC / "manifest.json").read_text("utf-8")))
    except FileNotFoundError as error:
        raise AssetsMissing from error


@lru_cache
def asset(name: str) -> str:
    """The address of a built file."""
    return f"/static/{manifest()[name]}"
