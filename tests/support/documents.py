"""The demo's philosophy with a governance of one's own."""

from __future__ import annotations

import re
from importlib.resources import files

DEMO = files("credo").joinpath("demo/lumen-lamps.yaml").read_text("utf-8")


def governed(written: str) -> str:
    """The demo's document with `written`, indented lines, as its governance."""
    text, number = re.subn(r"(?m)^governance:\n((?:[ #].*|)\n)*", f"governance:\n{written.rstrip()}\n", DEMO)
    assert number == 1
    return text
