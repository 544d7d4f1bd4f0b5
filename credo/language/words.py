"""Words as search knows them: the same cutting for what is indexed and for what is asked."""

from __future__ import annotations

import re

from credo.base.ids import fold

_WORD = re.compile(r"[^\W_]+")
# Scripts written without spaces: a run of them is cut into overlapping pairs, so that any part of it is found.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]+")
_LONGEST = 200


def words(text: str) -> list[str]:
    """The folded words of `text` in order; a run of an unspaced script gives its overlapping pairs."""
    found: list[str] = []
    for word in _WORD.findall(fold(text)):
        found += _cut(word) if _UNSPACED.search(word) else [word[:_LONGEST]]
    return found


def _cut(word: str) -> list[str]:
    pieces: list[str] = []
    place = 0
    for run in _UNSPACED.finditer(word):
        pieces += [word[place : run.start()]] if run.start() > place else []
        pairs = run.group()
        pieces += [pairs[i : i + 2] for i in range(max(1, len(pairs) - 1))]
        place = run.end()
    return pieces + ([word[place:]] if place < len(word) else [])
