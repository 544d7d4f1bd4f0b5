"""The documents of the plan, where they are at hand."""

from __future__ import annotations

import os
from pathlib import Path

PLAN = (
    Path(os.environ.get("CREDO_CORPORA") or Path(__file__).parents[3] / "shared" / "data").parent
    / "design"
    / "sketches"
)


def plan(name: str) -> str:
    return (PLAN / name).read_text("utf-8")
