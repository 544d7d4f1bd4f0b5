"""Which encoding undeclared bytes are most likely in."""

from __future__ import annotations

import re
from itertools import pairwise

SAMPLE = 8_000  # bytes that are enough to guess an encoding
_FREQUENT = {letter: 33 - place for place, letter in enumerate("оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё")}
_CYRILLIC = ("cp1251", "koi8_r", "iso8859-5")
_KANA = re.compile(r"[\u3041-\u30fc]")
_HALF_KANA = re.compile(r"[\uff61-\uff9f]")


def is_cyrillic(name: str) -> bool:
    """Whether `name` is one of the Cyrillic encodings that are guessed."""
    return name in _CYRILLIC


def guessed(data: bytes) -> str:
    """The most likely encoding: dense high bytes are Cyrillic or East Asian, sparse ones Western."""
    sample = data[:SAMPLE]
    letters = sum(1 for byte in sample if 0x41 <= byte <= 0x7A)
    high = sum(1 for byte in sample if byte > 0x7F)
    if high <= letters // 2 or high < 8:
        return "cp1252"
    best, best_score = "cp1252", 0.0
    for name in _CYRILLIC:
        text = sample.decode(name, "replace")
        score = sum(_FREQUENT.get(char, -20 if "\x7f" < char < "\u0400" else 0) for char in text)
        score -= sum(12 for a, b in pairwise(text) if a.islower() and b.isupper())
        if score / high > best_score:
            best, best_score = name, score / high
    if best_score >= 10:
        return best
    return _east_asian(data, high) or best


def _east_asian(data: bytes, high: int) -> str | None:
    """The double-byte encoding that reads all of `data`; kana tell Japanese, the range of first bytes Korean."""
    readable = {name: text for name in ("cp932", "euc_jp", "cp949", "gb18030", "cp950") if (text := _read(data, name))}
    for name in ("euc_jp", "cp932"):
        text = readable.get(name, "")
        if len(_KANA.findall(text)) * 8 > high and len(_HALF_KANA.findall(text)) * 8 < len(text):
            return name
    if "cp949" in readable and _hangul(readable["cp949"]) * 10 > high * 4:
        leads = re.findall(rb"([\x81-\xfe])[\x41-\xfe]", data[:SAMPLE])
        if sum(1 for lead in leads if b"\xb0" <= lead <= b"\xc8") * 20 > len(leads) * 19:
            return "cp949"
    if "cp950" in readable and ("gb18030" not in readable or _low_seconds(data) * 6 > high):
        return "cp950"
    return next((name for name in ("gb18030", "cp932", "cp949", "cp950") if name in readable), None)


def _read(data: bytes, name: str) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError:
        return ""


def _hangul(text: str) -> int:
    return sum(1 for char in text if "\uac00" <= char <= "\ud7a3")


def _low_seconds(data: bytes) -> int:
    """How many characters have a second byte below 0x80, as half of Big5 has and next to none of GB 2312."""
    return len(re.findall(rb"[\xa1-\xf9][\x40-\x7e]", data[:SAMPLE]))
