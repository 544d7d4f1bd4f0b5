"""Two people wrote on the same text: what touches different elements is put together, nothing else is guessed."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from credo.philosophy.elements import changed, elements, meet
from credo.philosophy.problems import BadPhilosophy


def merge(base: str, theirs: str, mine: str) -> str | None:
    """`mine` and `theirs`, both made from `base`, as one text; None when they say different things about one element.

    Comments and order are kept line by line. What comes out is read again and must say exactly what both wanted.
    """
    if mine in (base, theirs):
        return theirs
    if theirs == base:
        return mine
    try:
        before, other, own = elements(base), elements(theirs), elements(mine)
    except BadPhilosophy:
        return None
    told, wished = changed(before, other), changed(before, own)
    if any(meet(one, two) and own.get(one) != other.get(two) for one in wished for two in told):
        return None
    text = _lines(base, theirs, mine)
    if text is None:
        return None
    wanted = dict(other)
    for path in wished:
        if path in own:
            wanted[path] = own[path]
        else:
            wanted.pop(path, None)
    try:
        return text if not changed(wanted, elements(text)) else None
    except BadPhilosophy:
        return None


class _Hunk(NamedTuple):
    """Lines `start` to `end` of the base, said anew."""

    start: int
    end: int
    lines: tuple[str, ...]


def _lines(base: str, theirs: str, mine: str) -> str | None:
    """The three-way merge of lines; None where both changed the same ones differently."""
    old = _split(base)
    hunks = sorted([*_hunks(old, _split(theirs)), *_hunks(old, _split(mine))], key=lambda hunk: (hunk.start, hunk.end))
    out: list[str] = []
    place = 0
    last: _Hunk | None = None
    for hunk in hunks:
        if hunk == last:
            continue
        if hunk.start < place:
            return None
        out += [*old[place : hunk.start], *hunk.lines]
        place, last = hunk.end, hunk
    return "".join([*out, *old[place:]])


def _hunks(old: Sequence[str], new: Sequence[str]) -> list[_Hunk]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return [
        _Hunk(start, end, tuple(new[low:high]))
        for tag, start, end, low, high in matcher.get_opcodes()
        if tag != "equal"
    ]


def _split(text: str) -> list[str]:
    lines = text.splitlines(keepends=True)
    return [*lines[:-1], f"{lines[-1].rstrip()}\n"] if lines else []
