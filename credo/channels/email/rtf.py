"""The words of Outlook's rich text: unpacked (MS-OXRTFCP), and taken out of the form that carries HTML or plain text in
it (MS-OXRTFEX)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from credo.channels.email import charsets

MAX_UNPACKED = 3_000_000
_WINDOW = 4096
# What every packer and reader begins with, so that short messages refer to it.
_START = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans Serif"
    rb"SymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    + b"\r\n"
    + rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})?[ ]?|\\'(?P<byte>[0-9a-fA-F]{2})|\\(?P<sign>[^a-zA-Z])"
    rb"|(?P<brace>[{}])|[\r\n]+|(?P<plain>[^\\{}\r\n]+)",
    re.DOTALL,
)
_SAID = {
    "par": "\n", "line": "\n", "row": "\n", "sect": "\n", "page": "\n", "tab": "\t", "cell": "\t", "emdash": "—",
    "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•", "emspace": " ",
    "enspace": " ",
}  # fmt: skip
_SIGNS = {b"~": "\xa0", b"_": "-", b"{": "{", b"}": "}", b"\\": "\\", b"\n": "\n", b"\r": "\n"}
_UNSAID = {
    "fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "header", "footer", "headerl", "headerr", "headerf",
    "footerl", "footerr", "footerf", "footnote", "listtable", "listoverridetable", "rsidtbl", "generator", "themedata",
    "fldinst", "bkmkstart", "bkmkend", "xmlnstbl", "nonshppict", "listtext", "pntext",
}  # fmt: skip
_FONT_PAGES = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "cp950", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Words:
    """What a rich text says, as plain text or as the HTML it was made of; one of them is empty."""

    text: str = ""
    html: str = ""


def read(data: bytes) -> Words:
    """The words of rich text, packed or not; raises ValueError for bytes that are none."""
    if data[8:12] in (b"LZFu", b"MELA"):
        data = unpack(data)
    if not data.lstrip().startswith(b"{\\rtf"):
        raise ValueError("This is no rich text.")
    reader = _Reader()
    reader.read(data)
    said = charsets.clean("".join(reader.out))
    return Words(html=said) if reader.carries_html else Words(text=said.replace("\xa0", " ").strip("\n"))


def unpack(data: bytes) -> bytes:
    """The rich text in its packed form; what is cut off is left out. Raises ValueError for another form."""
    size, form = int.from_bytes(data[4:8], "little"), data[8:12]
    if form == b"MELA":
        return data[16 : 16 + size]
    if form != b"LZFu" or size > MAX_UNPACKED:
        raise ValueError("This rich text cannot be unpacked.")
    window = bytearray(_START.ljust(_WINDOW, b"\0"))
    put, at, out = len(_START), 16, bytearray()
    while at < len(data) and len(out) <= size:
        flags = data[at]
        at += 1
        for bit in range(8):
            if at + (flags >> bit & 1) >= len(data):
                return bytes(out[:size])
            if not flags >> bit & 1:
                piece = data[at : at + 1]
                at += 1
            else:
                place, length = data[at] << 4 | data[at + 1] >> 4, (data[at + 1] & 15) + 2
                at += 2
                if place == put:
                    return bytes(out[:size])
                piece = _repeated(window, place, put, length)
            for step, one in enumerate(piece):
                window[(put + step) % _WINDOW] = one
            put = (put + len(piece)) % _WINDOW
            out += piece
    return bytes(out[:size])


def _repeated(window: bytearray, place: int, put: int, length: int) -> bytes:
    """What stands at `place`; it may run into what it is just writing at `put`."""
    before = (put - place) % _WINDOW
    return bytes(window[(place + step % before) % _WINDOW] for step in range(length))


@dataclass(frozen=True, slots=True)
class _Group:
    """What holds between two braces: whether it is said, whether it is a tag of the carried HTML, how it is encoded."""

    said: bool = True
    tag: bool = False
    shadow: bool = False  # a rendering for readers of rich text, of what the carried HTML says itself
    fonts: bool = False
    page: str = ""
    skips: int = 1


@dataclass(slots=True)
class _Reader:
    """Walks through the tokens; `out` is what is said."""

    out: list[str] = field(default_factory=list)
    carries_html: bool = False
    page: str = "cp1252"
    group: _Group = field(default_factory=_Group)
    groups: list[_Group] = field(default_factory=list)
    pages: dict[int, str] = field(default_factory=dict)
    font: int = 0
    optional: bool = False
    skip: int = 0
    waiting: bytearray = field(default_factory=bytearray)

    def read(self, data: bytes) -> None:
        """Every token of `data`, in order."""
        at = 0
        while match := _TOKEN.search(data, at):
            at = match.end()
            if match["word"]:
                number = int(match["number"]) if match["number"] else None
                if match["word"] == b"bin":
                    at += max(0, number or 0)
                else:
                    self._word(match["word"].decode("ascii"), number)
            elif match["byte"]:
                self._bytes(bytes((int(match["byte"], 16),)))
            elif match["plain"]:
                self._bytes(match["plain"])
            elif match["brace"]:
                self._brace(match["brace"])
            elif match["sign"] == b"*":
                self.optional = True
            elif match["sign"] and (said := _SIGNS.get(match["sign"])):
                self._say(said)
        self._flush()

    def _brace(self, brace: bytes) -> None:
        self._flush()
        self.skip, self.optional = 0, False
        if brace == b"{":
            self.groups.append(self.group)
        elif self.groups:
            self.group = self.groups.pop()

    def _bytes(self, data: bytes) -> None:
        """Characters of the code page that holds here; the first ones may only stand in for a Unicode character."""
        skipped = min(self.skip, len(data))
        self.skip -= skipped
        self.waiting += data[skipped:]

    def _flush(self) -> None:
        if self.waiting:
            data = bytes(self.waiting)
            self.waiting.clear()
            self._say(data.decode(self.group.page or self.page, "replace"))

    def _say(self, words: str) -> None:
        self._flush()
        if self.group.said and (self.group.tag or not self.group.shadow):
            self.out.append(words)

    def _word(self, word: str, number: int | None) -> None:
        self._flush()
        optional, self.optional = self.optional, False
        if word == "u" and number is not None:
            self._say(chr(number % 65536))
            self.skip = self.group.skips
        elif word in _SAID:
            self._say(_SAID[word])
        elif word == "htmltag":
            self.group = replace(self.group, said=self.carries_html, tag=True)
        elif word in _UNSAID:
            self.group = replace(self.group, said=False, fonts=word == "fonttbl")
        elif action := _ACTIONS.get(word):
            action(self, number)
        elif optional:
            self.group = replace(self.group, said=False)


def _set_page(reader: _Reader, number: int | None) -> None:
    if number and (name := charsets.codec(f"cp{number}")):
        reader.page = name


def _set_font(reader: _Reader, number: int | None) -> None:
    if reader.group.fonts:
        reader.font = number or 0
    else:
        reader.group = replace(reader.group, page=reader.pages.get(number or 0, ""))


def _set_font_page(reader: _Reader, number: int | None) -> None:
    if reader.group.fonts and (name := _FONT_PAGES.get(number or 0)):
        reader.pages[reader.font] = name


def _set_skips(reader: _Reader, number: int | None) -> None:
    reader.group = replace(reader.group, skips=min(number if number is not None else 1, 10))


def _set_shadow(reader: _Reader, number: int | None) -> None:
    reader.group = replace(reader.group, shadow=reader.carries_html and number != 0)


def _carry_html(reader: _Reader, _number: int | None) -> None:
    reader.carries_html = True


def _forget_style(reader: _Reader, _number: int | None) -> None:
    reader.group = replace(reader.group, page="")


_ACTIONS: dict[str, Callable[[_Reader, int | None], None]] = {
    "ansicpg": _set_page,
    "f": _set_font,
    "fcharset": _set_font_page,
    "uc": _set_skips,
    "htmlrtf": _set_shadow,
    "fromhtml": _carry_html,
    "plain": _forget_style,
}
