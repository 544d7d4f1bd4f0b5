"""A whole document that says everything once, without a mistake; the company is invented."""

from __future__ import annotations

from pathlib import Path

WHOLE = (Path(__file__).parent / "whole.yaml").read_text("utf-8")


def changed(old: str, new: str) -> str:
    """The document with one place changed."""
    assert WHOLE.count(old) == 1, (old, WHOLE.count(old))
    return WHOLE.replace(old, new)
