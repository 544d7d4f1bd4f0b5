"""Philosophies to start from: six whole documents, each in the languages of the interface, in files beside this one.

A file begins with four lines of comment: its name, who it is for, for how many, and how long it takes to make it one's
own. People edit copies of them, so they are written line by line: an entry begins with its id, and comments stand above
what they explain.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from credo.base.errors import Invalid
from credo.philosophy.document import Philosophy
from credo.philosophy.loading import load

KEYS = ("two", "shop", "software", "office", "clinic", "hotel")
LANGUAGES = ("en", "de", "es")
_FILES = Path(__file__).parent


class UnknownStarter(Invalid):
    """Choose one of the philosophies to start from."""


@dataclass(frozen=True, slots=True)
class Starter:
    """A whole document to start from, in one language; `minutes` is how long it takes to make it one's own."""

    key: str
    language: str
    name: str
    whom: str
    size: str
    effort: str
    text: str

    @property
    def minutes(self) -> int:
        """The time it takes to make it one's own, by a careful guess."""
        found = re.search(r"\d+", self.effort)
        return int(found[0]) if found else 0

    def read(self) -> Philosophy:
        """What it says, as records."""
        return _read(self.key, self.language)


def starters(language: str) -> tuple[Starter, ...]:
    """All of them in `language`, the smallest first; in English where a language has none."""
    return tuple(starter(key, language) for key in KEYS)


@cache
def starter(key: str, language: str) -> Starter:
    """The starter called `key` in `language`, else in English; raises UnknownStarter."""
    if key not in KEYS:
        raise UnknownStarter
    spoken = language if language in LANGUAGES else "en"
    text = (_FILES / spoken / f"{key}.yaml").read_text(encoding="utf-8")
    name, whom, size, effort = (line.removeprefix("# ") for line in text.splitlines()[:4])
    return Starter(key, spoken, name, whom, size, effort, text)


@cache
def _read(key: str, language: str) -> Philosophy:
    return load(starter(key, language).text)
