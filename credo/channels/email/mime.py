"""The tree of a mail's parts, cut from the bytes without copying more than is shown.

Written for what really arrives: any line ending, missing or clashing boundaries, headers that break off,
parts that never end. Nothing here decodes text; `headers` and `charsets` do.
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

MAX_DEPTH = 24
MAX_PARTS = 2000
MAX_HEADERS = 4000
MAX_HEADER_BYTES = 1_000_000

_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:")
_LINE = re.compile(rb"[^\n]*(?:\n|\Z)")
_BLANK = (b"\n", b"\r\n", b"")
_GUESSED = re.compile(rb"(?m)^--(?P<b>[^\s-][^\r\n]{2,200}?)[ \t]*\r?\n(?:Content-|\r?\n)", re.IGNORECASE)
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_NOT_BASE64_PADDED = re.compile(rb"[^A-Za-z0-9+/=]+")
_PADDED_RUN = re.compile(rb"[^=]+=*")
_GOES_ON = re.compile(rb"[A-Za-z][A-Za-z0-9-]{1,60}:[ \t]*\S")
_BARE_RETURNS = re.compile(rb"[!-9;-~]{1,80}:[^\r\n]{0,998}\r[!-9;-~]{1,80}:")
_WORDS = re.compile(rb"(?:[^\s:;=<>@]{1,40}[ ]){3,40}[^\s:;=<>@]{1,40}\s*$")
_FOREIGN = re.compile(rb"[^A-Za-z0-9+/=]")
_DATED = re.compile(rb"\d{4}\s*$")


@dataclass(slots=True)
class Part:
    """One part: its header fields in order (name as written, value with its folding) and its undecoded body."""

    fields: list[tuple[str, bytes]]
    body: bytes
    type: str = "text/plain"
    parameters: dict[str, str] = field(default_factory=dict)
    children: list[Part] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def first(self, name: str) -> bytes | None:
        """The first field called `name` (lower case), or None."""
        return next((value for key, value in self.fields if key.lower() == name), None)

    def every(self, name: str) -> list[bytes]:
        """All fields called `name` (lower case), in order."""
        return [value for key, value in self.fields if key.lower() == name]

    def content(self) -> bytes:
        """The body with its transfer encoding undone."""
        raw = (self.first("content-transfer-encoding") or b"").split(b";")[0].strip(b" \t\r\n\"'").lower()
        encoding = re.sub(rb"\(.*?\)", b"", raw).strip()
        if encoding == b"base64":
            return self.body if self.type.startswith("text/") and _is_prose(self.body) else from_base64(self.body)
        if encoding in (b"quoted-printable", b"quoted/printable", b"q", b"quotedprintable"):
            return quopri.decodestring(self.body)
        if encoding in (b"x-uuencode", b"uuencode", b"x-uue", b"uue"):
            return from_uu(self.body)
        return self.body


def unify_newlines(raw: bytes) -> bytes:
    """`raw` with line feeds where a file, or at least its head, knows only carriage returns."""
    if (b"\n" not in raw and b"\r" in raw) or _BARE_RETURNS.match(raw):
        return raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return raw


def split_head(raw: bytes) -> tuple[list[tuple[str, bytes]], bytes, list[str]]:
    """Header fields, the rest, and what was odd.

    A line that is no field is skipped as long as fields follow it; otherwise the body begins with it.
    """
    spans: list[tuple[str, int, int]] = []
    problems: list[str] = []
    at, body = _skip_prologue(raw), len(raw)
    while at < len(raw):
        end = raw.find(b"\n", at) + 1 or len(raw)
        line = raw[at:end]
        if line in _BLANK or (not line.strip() and not _goes_on(raw, end)):
            body = end
            break
        named = _FIELD.match(line)
        if named and len(spans) < MAX_HEADERS:
            spans.append((named.group(1).decode("ascii"), at + named.end(), end))
        elif line[:1] in b" \t" and spans and spans[-1][2] == at:
            spans[-1] = (spans[-1][0], spans[-1][1], end)
        elif _goes_on(raw, end):
            problems.append("header-line")
        else:
            problems.append("header-end")
            body = at
            break
        at = end
    return [(name, raw[start : min(end, start + MAX_HEADER_BYTES)]) for name, start, end in spans], raw[body:], problems


def unclaimed(head: bytes) -> bytes:
    """Lines of words that stand among the fields of `head` and that no field claims; without them, empty."""
    lines = head[_skip_prologue(head) :].splitlines()
    return b"\n".join(
        line for line in lines if line[:1] not in b" \t" and _WORDS.match(line) and not _FIELD.match(line)
    )


def _skip_prologue(raw: bytes) -> int:
    """Where the headers begin: after blank lines, byte order marks and mbox envelope lines."""
    at = 3 if raw.startswith(b"\xef\xbb\xbf") else 0
    while at < len(raw):
        match = _LINE.match(raw, at)
        line = match.group() if match else b""
        if not line or (line.strip() and not line.startswith((b"From ", b">From "))):
            return at
        if line.startswith((b"From ", b">From ")) and _FIELD.match(line) and not _DATED.search(line):
            return at
        at += len(line)
    return at


def _goes_on(raw: bytes, at: int) -> bool:
    """Whether the line at `at` still looks like a header field."""
    return _GOES_ON.match(raw, at) is not None


def pieces(body: bytes, boundary: bytes) -> tuple[list[bytes], bool]:
    """The parts of a multipart body and whether its closing boundary was there."""
    found: list[bytes] = []
    start: int | None = None
    for at, end, closes in _marks(body, b"--" + boundary):
        if start is not None:
            found.append(_trim_last_newline(body[start:at]))
        start = None if closes else _after_line(body, end)
        if len(found) >= MAX_PARTS:
            return found, True
    if start is not None:
        # The last mark may stand glued to the words before it.
        found.append(body[start:].rstrip().removesuffix(b"--" + boundary + b"--") or body[start:])
        return found, False
    return found, True


_REST_OF_MARK = re.compile(rb"(--)?[ \t]*\r?(?=\n|\Z)")


def _marks(body: bytes, mark: bytes) -> Iterator[tuple[int, int, bool]]:
    """Where a line is `mark`, where its words end, and whether it closes; no pattern is made for each mail anew."""
    at = body.find(mark)
    while at >= 0:
        if at == 0 or body[at - 1 : at] == b"\n":
            rest = _REST_OF_MARK.match(body, at + len(mark))
            if rest:
                yield at, rest.end(), rest.group(1) is not None
        at = body.find(mark, at + len(mark))


def guessed_boundary(body: bytes) -> bytes | None:
    """A boundary seen in a body whose header names none that occurs."""
    match = _GUESSED.search(body, 0, 200_000)
    return match.group("b") if match else None


_REST_OF_HEAD = rb"(?:--)?[ \t]*\r?(?:\n(?:[Cc]ontent-[^\n]*\n(?:[ \t]+[^\n]*\n)*)*|\Z)"


def without_lines(body: bytes, boundaries: list[bytes]) -> bytes:
    """`body` without lines that only begin or end a part elsewhere in the mail, and without the head below them."""
    for boundary in boundaries:
        if b"--" + boundary in body:
            body = re.sub(rb"(?m)^--" + re.escape(boundary) + _REST_OF_HEAD, b"", body)
    return body


def _after_line(body: bytes, at: int) -> int:
    end = body.find(b"\n", at)
    return len(body) if end < 0 else end + 1


def _trim_last_newline(piece: bytes) -> bytes:
    if piece.endswith(b"\r\n"):
        return piece[:-2]
    return piece.removesuffix(b"\n")


def _is_prose(data: bytes) -> bool:
    """Whether a body that claims to be base64 is plainly words that nobody encoded."""
    start = data[:600].lstrip()[:240]
    first = start.partition(b"\n")[0].rstrip()
    if len(first) % 4 == 0 and not _FOREIGN.search(first):
        return False
    start = start.replace(b"\r", b"").replace(b"\n", b"")
    return len(_FOREIGN.findall(start)) * 10 > len(start)


def from_base64(data: bytes) -> bytes:
    """Base64 as mails carry it: any line length, foreign characters and missing padding forgiven."""
    kept = data.rstrip(b"= \t\r\n-")
    if b"=" not in kept:
        return _base64_run(kept)
    # Several padded runs may follow each other (a list footer appended to an encoded body); other text is noise.
    out = bytearray()
    for place, run in enumerate(_PADDED_RUN.findall(data)):
        if not place or len(_NOT_BASE64_PADDED.sub(b"", run)) % 4 == 0:
            out += _base64_run(run)
    return bytes(out)


def _base64_run(run: bytes) -> bytes:
    try:
        return base64.b64decode(run + b"==", validate=False)
    except (binascii.Error, ValueError):
        kept = _NOT_BASE64.sub(b"", run)
        kept = kept[: len(kept) - 1] if len(kept) % 4 == 1 else kept
        return base64.b64decode(kept + b"=" * (-len(kept) % 4))


def from_uu(data: bytes) -> bytes:
    """The content of one uuencoded block, with or without its frame."""
    out = bytearray()
    for line in data.splitlines():
        if line.startswith(b"begin ") or line.rstrip() in (b"", b"`"):
            continue
        if line.rstrip() == b"end":
            break
        try:
            out += binascii.a2b_uu(line)
        except binascii.Error:
            # Broken encoders pad wrongly; the length byte tells how much of the line counts.
            count = (((line[0] - 32) & 63) * 4 + 5) // 3
            try:
                out += binascii.a2b_uu(line[:count])
            except binascii.Error:
                continue
    return bytes(out)
