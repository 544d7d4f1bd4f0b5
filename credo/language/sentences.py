"""Sentences of a plain text."""

from __future__ import annotations

import re

_END = re.compile(r"(?<=[.!?…])[\"”“»)\]]*\s+(?=[\"“„«(¿¡]*[^\W\d_a-zà-öø-ÿ])")
_SHORT = re.compile(
    r"(?:(?<![0-9]\s)\b(?:[^\W\d_]|z\.\s?B|d\.\s?h|e\.g|i\.e|p\.\s?ej|Dr|Nr|No|Tel|bzw|ca|inkl|Sr|Sra|Mr|Mrs|Ms|St|Str"
    r"|Mo|Di|Mi|Do|Fr|Sa|So|Mon|Tue|Wed|Thu|Fri|Sat|Sun|lun|mar|mié|jue|vie|sáb|dom)|(?<![0-9–:.-])[0-9]{1,2})\.$",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^[\s•·*◦‣▪–—-]+")


def sentences(text: str) -> list[str]:
    """The sentences of `text`, each on one line; a line break ends one, and so does a full stop before a capital."""
    found: list[str] = []
    for line in text.splitlines():
        tidy = " ".join(_BULLET.sub("", line).split())
        start = 0
        for match in _END.finditer(tidy):
            if not _SHORT.search(tidy[start : match.start()]):
                found.append(tidy[start : match.end()].strip())
                start = match.end()
        found.append(tidy[start:].strip())
    return [one for one in found if any(letter.isalnum() for letter in one)]
