"""winmail.dat opened: the files and the text that Outlook hid in it."""

from __future__ import annotations

import logging
import mimetypes
import zlib
from dataclasses import dataclass

from credo.channels.email import charsets, rtf

MAX_OPENED = 60_000_000


@dataclass(frozen=True, slots=True)
class Opened:
    """What a TNEF part holds; `files` are name, type and content."""

    text: str
    html: str
    files: tuple[tuple[str, str, bytes], ...]


def open_winmail(data: bytes) -> Opened | None:
    """The contents of a TNEF part, or None when it cannot be opened (then it stays an attachment)."""
    from tnefparse import TNEF  # few mails need it

    logging.getLogger("tnef-decode").setLevel(logging.CRITICAL)
    try:
        tnef = TNEF(data, do_checksum=False)
        files = tuple(_file(one) for one in tnef.attachments if one.data)
        text, html = _text(tnef.body), _text(tnef.htmlbody)
        if not text.strip() and not html.strip() and tnef.rtfbody:
            words = rtf.read(bytes(tnef.rtfbody))
            text, html = words.text, words.html
    except (
        ValueError,
        KeyError,
        IndexError,
        TypeError,
        AttributeError,
        LookupError,
        OverflowError,
        MemoryError,
        zlib.error,
    ):
        return None
    if sum(len(content) for _name, _type, content in files) > MAX_OPENED:
        return None
    return Opened(text, html, files) if (files or text or html) else None


def _file(one: object) -> tuple[str, str, bytes]:
    long_name = getattr(one, "long_filename", None)
    name = _text(long_name() if callable(long_name) else getattr(one, "name", ""))
    content = bytes(getattr(one, "data", b""))
    return name, mimetypes.guess_type(name)[0] or "application/octet-stream", content


def _text(value: object) -> str:
    if isinstance(value, (list, tuple)):
        value = value[0] if value else ""
    if isinstance(value, bytes):
        return charsets.decode(value.rstrip(b"\0"), None)[0]
    return charsets.clean(str(value)).rstrip("\0") if value else ""
