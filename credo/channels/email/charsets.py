"""Bytes to text, whatever the mail claims about them; never raises, and says when it had to guess."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

from credo.channels.email import guessing

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
    "latin-9": "iso8859-15",
    "ansi": "cp1252",
    "cp-1252": "cp1252",
    "windows1252": "cp1252",
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
# Senders on Windows name the standard and write its Windows cousin: only there do these bytes mean letters.
_COUSINS = {
    "iso8859-2": "cp1250",
    "iso8859-5": "cp1251",
    "iso8859-6": "cp1256",
    "iso8859-7": "cp1253",
    "iso8859-8": "cp1255",
    "iso8859-13": "cp1257",
    "iso8859-15": "cp1252",
}
_WINDOWS_ONLY = re.compile(rb"[\x80-\x84\x86-\x9f]")
_SEVEN_BITS = {"iso2022_jp_ext", "iso2022_kr", "hz", "utf-7"}
_HIGH = bytes(range(0x80, 0x100))
_DOUBLE = re.compile(rb"\x1b\$(?:[@B]|\([DO])")
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
    if name == "utf-16":
        name = _wide(data)
    if name.startswith(("cp125", "iso8859")) and len(data) - len(data.translate(None, _HIGH)) >= 4:
        try:
            return clean(data.decode("utf-8")), False  # whole UTF-8 is no accident
        except UnicodeDecodeError:
            pass
    if name in _COUSINS and _WINDOWS_ONLY.search(data):
        name = _COUSINS[name]
    try:
        return clean(data.decode(name)), True
    except (UnicodeError, ValueError):
        return _repair(data, name)


def _wide(data: bytes) -> str:
    """UTF-16 in the order that its mark or its zeros tell."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    return "utf-16-be" if data[:400:2].count(0) > data[1:400:2].count(0) else "utf-16-le"


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
        return _declared_western(data)
    try:
        return clean(data.decode("utf-8")), name is not None
    except UnicodeDecodeError:
        return clean(_single_bytes(data)), False


def _declared_western(data: bytes) -> tuple[str, bool]:
    """Bytes declared as Latin, which whole UTF-8 or dense Cyrillic belies: programs fill in Latin without looking."""
    try:
        return clean(data.decode("utf-8")), False
    except UnicodeDecodeError:
        pass
    if guessing.is_cyrillic(name := guessing.guessed(data)):
        return clean(data.decode(name, "replace")), False
    return clean(_western(data)), True


def _single_bytes(data: bytes) -> str:
    """Undeclared bytes that are not UTF-8, in the encoding that makes most sense of them."""
    name = guessing.guessed(data)
    return _western(data) if name == "cp1252" else data.decode(name, "replace")


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
    if name not in _SEVEN_BITS or not data.isascii():
        try:
            return clean(data.decode("utf-8")), False
        except UnicodeDecodeError:
            pass
    if name == "iso2022_jp_ext":
        return clean(_japanese(data)), False
    if name == "utf-7":  # plain words with a plus sign
        return clean(data.decode("ascii", "replace")), False
    if name == "cp950":
        told = data.decode("big5hkscs", "replace")
    return clean(told), False


def _japanese(data: bytes) -> str:
    """ISO-2022-JP with the characters of Windows and NEC, which its standard lacks: read by way of Shift JIS."""
    out: list[str] = []
    for run in re.split(rb"(?=\x1b)", data):
        mode = _DOUBLE.match(run)
        if mode is None:
            out.append(run.decode("iso2022_jp_ext", "replace"))
            continue
        pairs = run[mode.end() :]
        twos = zip(pairs[::2], pairs[1::2], strict=False)
        out.append(b"".join(_shifted(row, cell) for row, cell in twos).decode("cp932", "replace"))
    return "".join(out)


def _shifted(row: int, cell: int) -> bytes:
    """One character of JIS X 0208 in Shift JIS."""
    if row < 0x21 or cell < 0x21:
        return bytes((row, cell))  # a line break inside the run
    first = (row + 1) // 2 + (0x70 if row < 0x5F else 0xB0)
    second = cell + (0x1F if cell < 0x60 else 0x20) if row % 2 else cell + 0x7E
    return bytes((first, second))
