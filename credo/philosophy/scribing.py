"""Spelling what people typed, so that YAML reads back what they meant, whatever they typed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_%./-]*|P[0-9A-Z]+|\d{4}-\d\d-\d\d|\d{1,2}%|\d+ [A-Za-z]+")
_WORDS_OF_YAML = {"true", "false", "null", "yes", "no", "on", "off"}
_INVISIBLE = "\ufeff\ufffe\uffff"


def lines(text: str) -> list[str]:
    """The lines of what somebody typed, without what no text can hold; empty ones are left out."""
    kept = "".join(letter for letter in text if letter.isspace() or _is_text(letter))
    return [tidy for line in kept.splitlines() if (tidy := " ".join(line.split()))]


def quoted(text: str) -> str:
    """A line as a YAML scalar in double quotes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def flow(value: Any) -> str:
    """Plain data on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value if _PLAIN.fullmatch(value) and value.lower() not in _WORDS_OF_YAML else quoted(value)
    if isinstance(value, Sequence):
        return "[" + ", ".join(flow(one) for one in value) + "]"
    return str(value)


def entry(data: Mapping[str, Any]) -> list[str]:
    """An entry of a list, one key a line."""
    return [f"{'  ' if at else '- '}{key}: {flow(value)}" for at, (key, value) in enumerate(data.items())]


def comment(text: str) -> list[str]:
    """Lines of comment that say `text`."""
    return [f"# {line}" for line in lines(text)]


def _is_text(letter: str) -> bool:
    return unicodedata.category(letter) not in ("Cc", "Cs") and letter not in _INVISIBLE
