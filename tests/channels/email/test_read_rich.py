"""Rich text of Outlook, packed into winmail.dat: its words are the mail's words where it has no others."""

from __future__ import annotations

import base64
import struct
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credo.channels.email import rtf
from credo.channels.email.read import read

HEAD = rb"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fswiss Arial;}{\f1\fcharset204 Arial Cyr;}}{\colortbl;\red0;}"


def packed(words: bytes) -> bytes:
    """`words` as Outlook packs them: runs that stood before are references into a window of 4,096 bytes."""
    window, out, at = bytearray(rtf._START), bytearray(), 0
    while at <= len(words):
        flags, group = 0, bytearray()
        for bit in range(8):
            longest = min(17, len(words) - at)
            length = next((n for n in range(longest, 1, -1) if words[at : at + n] in window[-4000:]), 0)
            if at >= len(words) or length:
                near = max(0, len(window) - 4000)
                place = window.index(words[at : at + length], near) if length else len(window)
                group += struct.pack(">H", (place % 4096) << 4 | max(0, length - 2))
                flags |= 1 << bit
                if not length:
                    at += 1
                    break
            else:
                length = 1
                group += words[at : at + 1]
            window += words[at : at + length]
            at += length
        out += bytes((flags,)) + group
    return struct.pack("<II4sI", len(out) + 12, len(words), b"LZFu", 0) + bytes(out)


def winmail(rich: bytes) -> bytes:
    """A winmail.dat that holds nothing but packed rich text."""
    props = struct.pack("<IHHII", 1, 0x0102, 0x1009, 1, len(rich)) + rich + b"\0" * (-len(rich) % 4)
    listed = ((0x9007, struct.pack("<I", 1252)), (0x9003, props))
    parts = b"".join(b"\1" + struct.pack("<HHI", name, 6, len(data)) + data + b"\0\0" for name, data in listed)
    return struct.pack("<IH", 0x223E9F78, 1) + parts


def mail(rich: bytes) -> bytes:
    return (
        b"From: ana@garden.example\nContent-Type: application/ms-tnef; name=winmail.dat\n"
        b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(winmail(rich))
    )


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (rb"\pard The lamp hums.\par\par Bye\tab Ana\par", "The lamp hums.\n\nBye\tAna"),
        (rb"Gr\'fc\'dfe {\f1\'cb\'e0\'ec\'ef\'e0} caf\'e9", "Grüße Лампа café"),
        (rb"\uc1 5 \u8364? and \uc2\u28450\'8a\'bf! {\uc0\u-10179\u-8704}", "5 € and 漢! 😀"),
        (rb"\{braces\} and \\ and \~", "{braces} and \\ and  "),
        (rb"see {\field{\*\fldinst HYPERLINK https://x.example}{\fldrslt our page}}.", "see our page."),
        (rb"a{\pict\bin4 }{{\}b", "ab"),
        (rb"{\*\unheard secret}{\info{\title secret}}it hums", "it hums"),
        (b"broken\r\nline and }}} more", "brokenline and  more"),
    ],
)  # fmt: skip
def test_rich_text_is_told_as_text(body: bytes, text: str) -> None:
    assert rtf.read(packed(HEAD + body + b"}")).text.strip(" ") == text.strip(" ")


def test_carried_html_is_taken_out() -> None:
    rich = (
        rb"{\rtf1\ansi\ansicpg1252\fromhtml1 \deff0{\fonttbl{\f0 Arial;}}"
        rb"{\*\htmltag19 <html>}{\*\htmltag50 <body>}\htmlrtf \par\pard\b \htmlrtf0 {\*\htmltag64 <p>}"
        rb"It {\*\htmltag84 <b>}\htmlrtf {\b\htmlrtf0 hums\htmlrtf }\htmlrtf0{\*\htmltag92 </b>}"
        rb" f\'fcr 5 {\*\htmltag84 &amp;} 6."
        rb"{\*\mhtmltag64 <p class=x>}{\*\htmltag72 </p>}\htmlrtf \par \htmlrtf0"
        rb"{\*\htmltag58 </body>}{\*\htmltag27 </html>}}"
    )
    assert rtf.read(packed(rich)).html == "<html><body><p>It <b>hums</b> für 5 &amp; 6.</p></body></html>"
    message = read(mail(packed(rich)))
    assert (message.text, message.attachments, message.problems) == ("It hums für 5 & 6.", (), ())


def test_words_of_a_mail_that_is_nothing_but_rich_text() -> None:
    message = read(mail(packed(HEAD + rb"\pard The lamp hums, and hums, and hums.\par}")))
    assert (message.text, message.attachments) == ("The lamp hums, and hums, and hums.", ())


def test_rich_text_that_is_none_stays_a_file() -> None:
    message = read(mail(b"\0" * 40))
    assert [one.name for one in message.attachments] == ["winmail.dat"]
    assert "winmail" in message.problems


@given(st.binary(max_size=400), st.booleans())
def test_any_bytes_are_survived(noise: bytes, begins: bool) -> None:
    words = HEAD + noise if begins else noise
    assert rtf.unpack(packed(words)) == words
    try:
        rtf.read(words)
        rtf.read(struct.pack("<II4sI", 400, 400, b"LZFu", 0) + noise)
    except ValueError:
        return


def test_hostile_rich_text_costs_little() -> None:
    started = time.process_time()
    rtf.read(HEAD + b"{" * 300_000 + b"\\b" * 300_000)
    rtf.unpack(struct.pack("<II4sI", 0, 3_000_000, b"LZFu", 0) + b"\xff" + b"\0\x0f" * 8 + b"\xff\0\x0f" * 200_000)
    assert time.process_time() - started < 6
