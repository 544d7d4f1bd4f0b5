"""Files that customers attach: photographs, documents, an invitation and a winmail.dat, all drawn here."""

from __future__ import annotations

import random
import struct
import zlib
from datetime import datetime
from functools import lru_cache

_WIDE, _HIGH = 640, 480
_Colour = tuple[int, int, int]


@lru_cache
def photo(number: int) -> bytes:
    """A PNG of a lamp with a crack in its shade, in one of many lights."""
    pick = random.Random(number)
    wall, table = _mixed(pick, 120, 210), _mixed(pick, 60, 120)
    rows = [_row(wall if y < 380 else table, y, pick) for y in range(_HIGH)]
    middle, top = pick.randrange(230, 410), pick.randrange(90, 170)
    for y in range(top):
        _span(rows[y], middle - 1, middle + 2, (40, 38, 36))
    glass = _mixed(pick, 170, 245)
    for y in range(120):
        half = int(30 + 95 * (1 - (1 - y / 120) ** 2) ** 0.5)
        shade = 0.72 + 0.28 * y / 120
        _span(rows[top + y], middle - half, middle + half, _times(glass, shade))
    x, drift = middle + pick.randrange(-60, 60), pick.choice((-1, 1))
    for y in range(118, pick.randrange(20, 60), -1):
        x += pick.choice((0, 0, drift, drift, -drift, 2 * drift))
        _span(rows[top + y], x, x + 2, (52, 48, 44))
    return png(_WIDE, _HIGH, rows)


@lru_cache
def mark(number: int) -> bytes:
    """A small PNG, as companies put it under their mails."""
    pick = random.Random(number)
    colour = _mixed(pick, 30, 160)
    rows = [bytearray(bytes((255, 255, 255)) * 120) for _ in range(32)]
    for y in range(4, 28):
        _span(rows[y], 4, 28, colour)
        if 12 <= y < 20:
            _span(rows[y], 36, 36 + pick.randrange(60, 80), _times(colour, 0.8))
    return png(120, 32, rows)


def png(wide: int, high: int, rows: list[bytearray]) -> bytes:
    """Rows of red, green and blue as a PNG file."""
    head = struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows), 6)
    parts = ((b"IHDR", head), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )


def pdf(title: str, lines: list[str]) -> bytes:
    """A page with a title and lines of text."""
    words = [f"BT /F1 18 Tf 72 770 Td ({_escaped(title)}) Tj ET"]
    words += [f"BT /F1 11 Tf 72 {730 - 18 * row} Td ({_escaped(line)}) Tj ET" for row, line in enumerate(lines)]
    stream = "\n".join(words).encode("cp1252", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R"
        b" /Resources << /Font << /F1 4 0 R >> >> >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
    ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\n" % (count, table, count)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % out.rindex(b"xref\n0"))


def invitation(uid: str, summary: str, place: str, start: datetime, end: datetime, organiser: str, guest: str) -> str:
    """A calendar invitation as other programs send it."""
    stamp = "%Y%m%dT%H%M%SZ"
    return "\r\n".join(
        (
            *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Lumen demo//EN", "METHOD:REQUEST", "BEGIN:VEVENT"),
            *(f"UID:{uid}", f"DTSTAMP:{start:{stamp}}", f"DTSTART:{start:{stamp}}", f"DTEND:{end:{stamp}}"),
            *(f"SUMMARY:{summary}", f"LOCATION:{place}", f"ORGANIZER:mailto:{organiser}"),
            *(f"ATTENDEE;RSVP=TRUE:mailto:{guest}", "STATUS:CONFIRMED", "END:VEVENT", "END:VCALENDAR", ""),
        )
    )


def winmail(name: str, content: bytes) -> bytes:
    """A winmail.dat with one file in it."""
    parts = (
        (0x00089006, struct.pack("<I", 0x00010000)),
        (0x00069002, struct.pack("<HIHHI", 1, 0xFFFFFFFF, 0, 0, 0)),
        (0x00018010, name.encode("cp1252") + b"\0"),
        (0x0006800F, content),
    )
    out = struct.pack("<IH", 0x223E9F78, 1)
    for place, (attribute, data) in enumerate(parts):
        level = 1 if place == 0 else 2
        out += struct.pack("<BII", level, attribute, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)
    return out


def _row(colour: _Colour, y: int, pick: random.Random) -> bytearray:
    light = 0.8 + 0.25 * (1 - abs(y - 200) / 300) + pick.uniform(-0.01, 0.01)
    return bytearray(bytes(_times(colour, light)) * _WIDE)


def _span(row: bytearray, start: int, end: int, colour: _Colour) -> None:
    row[start * 3 : end * 3] = bytes(colour) * (end - start)


def _mixed(pick: random.Random, low: int, high: int) -> _Colour:
    return pick.randint(low, high), pick.randint(low, high), pick.randint(low, high)


def _times(colour: _Colour, light: float) -> _Colour:
    red, green, blue = (max(0, min(255, int(part * light))) for part in colour)
    return red, green, blue


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
