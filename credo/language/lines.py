"""The lines of a mail's text, and which of them carry quote marks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

ZoneKind = Literal["body", "quote", "signature", "disclaimer"]

MAX_LINES = 5_000
MAX_LINE = 1_000  # what is longer is nobody's announcement or signature
_QUOTED = re.compile(r" {0,3}(?:>|[A-Z]{1,3}> |[A-Z]{1,3}>$)")
_BLANK = re.compile(r"[\s\u200b\u200c\u200d\u2060\ufeff\u00ad]*$")
_WRAPPED_WROTE = re.compile(r">\s*[^\W\d]{3,12}\s*:\s*$")
_FENCE = re.compile(r"\s*(?:```|~~~)")


@dataclass(slots=True)
class Line:
    """One line, `text[start:end]` with its break; its kind and whether it is hidden are found later."""

    start: int
    end: int
    text: str
    blank: bool
    quoted: bool
    kind: ZoneKind = "body"
    hidden: bool = False
    announces: bool = False


def split(text: str) -> list[Line]:
    """The lines of `text`; what exceeds the limit hangs on the last one."""
    lines: list[Line] = []
    fenced = False
    at = 0
    while at < len(text) and len(lines) < MAX_LINES:
        end = text.find("\n", at) + 1 or len(text)
        bare = text[at : min(end, at + MAX_LINE)].rstrip("\r\n")
        fenced ^= bool(_FENCE.match(bare))
        lines.append(Line(at, end, bare, bool(_BLANK.match(bare)), not fenced and bool(_QUOTED.match(bare))))
        at = end
    if lines:
        lines[-1].end = len(text)
    _join_wraps(lines)
    return lines


def _join_wraps(lines: list[Line]) -> None:
    """Undo what wrapping did: a lone bare line continues a long quoted one; a `> wrote:` closes an address."""
    for before, line in pairwise(lines):
        if line.quoted and not before.quoted and "<" in before.text and _WRAPPED_WROTE.match(line.text):
            line.quoted = False
    for before, line, after in zip(lines, lines[1:], lines[2:], strict=False):
        wraps = before.quoted and after.quoted and not line.quoted and not line.blank
        if wraps and len(before.text) >= 60 and line.text[:1].islower():
            line.quoted = True
