"""Bytes to text, whatever the mail claims about them; never raises, and says when it had to guess."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache
from itertools import pairwise

# What senders write, and the wider encoding that really reads it (a superset costs nothing and saves characters).
_WIDER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "cp950",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "iso2022_jp": "iso2022_jp_ext",
}
_ALIASES = {
    "unicode-1-1-utf-7": "utf-7",
    "x-unicode-2-0-utf-7": "utf-7",
    "unicode": "utf-16",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "ksc_5601": "cp949",
    "ansi_x3.110-1983": "cp1252",
    "x-sjis": "cp932",
    "x-ms-cp932": "cp932",
    "windows-31j": "cp932",
    "cp-850": "cp850",
    "x-gbk": "gb18030",
    "x-euc-jp": "euc_jp",
    "x-euc-tw": "big5hkscs",
    "cn-gb": "gb18030",
    "cn-big5": "cp950",
    "x-x-big5": "cp950",
    "macintosh": "mac_roman",
    "x-mac-roman": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-8-e": "iso8859-8",
    "iso-8859-6-i": "iso8859-6",
    "windows-874": "cp874",
    "x-windows-874": "cp874",
    "x-cp1250": "cp1250",
    "x-cp1251": "cp1251",
    "x-cp1252": "cp1252",
    "utf8mb4": "utf-8",
    "utf-8n": "utf-8",
    "utf-8-mac": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "x-utf-8": "utf-8",
}
_NO_NAME = {
    "",
    "unknown",
    "x-unknown",
    "unknown-8bit",
    "default",
    "default_charset",
    "default-charset",
    "binary",
    "8bit",
}
_TEXTLESS = {"base64", "bz2", "hex", "quopri", "rot13", "uu", "zlib", "idna", "punycode", "undefined", "mbcs", "oem"}
_HIGH = bytes(range(0x80, 0x100))
SAMPLE = 8_000  # bytes that are enough to guess an encoding
_ESCAPES_2022 = re.compile(rb"\x1b(?:\$[@B]|\(J|\$\([DO])")


@lru_cache(maxsize=256)
def codec(name: str) -> str | None:
    """The codec that reads `name`, or None when no such text encoding is known."""
    plain = name.strip().strip("\"'").lower()
    if plain in _NO_NAME or "\0" in plain or len(plain) > 40:
        return None
    plain = _ALIASES.get(plain, plain)
    for candidate in (plain, plain.removeprefix("x-"), plain.replace("_", "-"), plain.replace(" ", "")):
        try:
            found = codecs.lookup(candidate).name
        except (LookupError, UnicodeError):
            continue
        if found.replace("_codec", "") in _TEXTLESS:
            return None
        return _WIDER.get(found, found)
    return None


def decode(data: bytes, charset: str | None) -> tuple[str, bool]:
    """The text of `data`, and whether the named charset was good enough.

    The named charset comes first, then UTF-8, then a guess from the bytes; nothing is ever dropped: what no
    encoding explains becomes the replacement character.
    """
    name = codec(charset) if charset else None
    plain_ascii = data.isascii()
    if name is None or name == "cp1252":
        if plain_ascii and b"\x1b" not in data:
            return clean(data.decode("ascii")), charset is None or name is not None
        return _guess(data, name, charset)
    try:
        return clean(data.decode(name)), True
    except (UnicodeError, ValueError):
        return _repair(data, name)


def clean(text: str) -> str:
    """`text` without what no database keeps: NUL and lone surrogates."""
    if "\0" in text:
        text = text.replace("\0", "")
    if not text.isascii():
        try:
            text.encode("utf-8")
        except UnicodeEncodeError:
            text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _guess(data: bytes, name: str | None, charset: str | None) -> tuple[str, bool]:
    """Text of undeclared bytes, or of bytes declared as Latin or ASCII, which is often not true."""
    if _ESCAPES_2022.search(data):
        return clean(data.decode("iso2022_jp_ext", "replace")), False
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return clean(data.decode("utf-16", "replace")), False
    told = (charset or "").lower().strip()
    if name == "cp1252" and not told.endswith("ascii"):
        return clean(_western(data)), True
    try:
        return clean(data.decode("utf-8")), name is not None
    except UnicodeDecodeError:
        return clean(_single_bytes(data)), False


def _western(data: bytes) -> str:
    """Latin-1 as the web reads it; five bytes that Windows left undefined stay control characters."""
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _repair(data: bytes, name: str) -> tuple[str, bool]:
    """The best reading of bytes that break the rules of their own charset."""
    told = data.decode(name, "replace")
    broken = told.count("\ufffd")
    if name == "utf-8":
        # A few broken sequences are a cut or a slip; many mean that it never was UTF-8.
        high = len(data) - len(data.translate(None, _HIGH))
        return (clean(told), False) if broken * 3 <= high else (clean(_single_bytes(data)), False)
    try:
        return clean(data.decode("utf-8")), False
    except UnicodeDecodeError:
        return clean(told), False


_CYRILLIC = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё"
_FREQUENT = {letter: 33 - place for place, letter in enumerate(_CYRILLIC)}


def _single_bytes(data: bytes) -> str:
    """Undeclared bytes that are not UTF-8, in the encoding that makes most sense of them."""
    name = guessed(data)
    return _western(data) if name == "cp1252" else data.decode(name, "replace")


def guessed(data: bytes) -> str:
    """The most likely encoding of undeclared bytes: dense high bytes are Cyrillic or Chinese, sparse ones Western."""
    sample = data[:SAMPLE]
    letters = sum(1 for byte in sample if 0x41 <= byte <= 0x7A)
    high = sum(1 for byte in sample if byte > 0x7F)
    if high <= letters // 2 or high < 8:
        return "cp1252"
    best, best_score = "cp1252", 0.0
    for name in ("cp1251", "koi8_r", "iso8859-5"):
        text = sample.decode(name, "replace")
        score = sum(_FREQUENT.get(char, -20 if "\x7f" < char < "\u0400" else 0) for char in text)
        score -= sum(12 for a, b in pairwise(text) if a.islower() and b.isupper())
        if score / high > best_score:
            best, best_score = name, score / high
    if best_score >= 10:
        return best
    for name in ("gb18030", "cp932", "euc_kr", "cp950"):
        try:
            data.decode(name)
        except UnicodeDecodeError:
            continue
        return name
    return best
