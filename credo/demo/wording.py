"""Texts with choices: `{a|b}` takes one of two, `{lamp}` a word of the story; what was taken often is taken less."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Mapping

_INNERMOST = re.compile(r"\{([^{}]*)\}")
_BLANKS = re.compile(r"[ \t]+(?=[ \t\n]|$)")


class Writer:
    """Writes each template differently for as long as it can."""

    def __init__(self, pick: random.Random) -> None:
        self.pick = pick
        self._taken: Counter[tuple[str, str]] = Counter()
        self._written: set[str] = set()

    def fresh(self, template: str, words: Mapping[str, str]) -> str:
        """As `write`, and a text that was not written before, where the choices allow that."""
        for _ in range(8):
            text = self.write(template, words)
            if text not in self._written:
                break
        self._written.add(text)
        return text

    def write(self, template: str, words: Mapping[str, str]) -> str:
        """`template` with all choices made, one blank between words and no blank line doubled."""
        text = template
        while found := _INNERMOST.search(text):
            inside = found.group(1)
            chosen = words[inside] if inside in words else self.choose(inside.split("|"))
            text = text[: found.start()] + chosen + text[found.end() :]
        text = re.sub(r"  +", " ", _BLANKS.sub("", text))
        return re.sub(r"\n{3,}", "\n\n", text).strip()

    def choose(self, options: list[str]) -> str:
        """One of `options`, among those taken least so far."""
        where = "|".join(options)
        least = min(self._taken[where, option] for option in options)
        chosen = self.pick.choice([option for option in options if self._taken[where, option] == least])
        self._taken[where, chosen] += 1
        return chosen
