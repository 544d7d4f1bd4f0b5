"""The parts of a mail as a tree, whatever its boundaries and its heads say."""

from __future__ import annotations

import re

from credo.channels.email import headers
from credo.channels.email.bodies import Contents
from credo.channels.email.mime import MAX_DEPTH, MAX_PARTS, Part, guessed_boundary, pieces, split_head

_TYPE = re.compile(r"[\w!#$&^+.-]+/[\w!#$&^+.-]+")
_LOOSE_TYPES = {"text": "text/plain", "html": "text/html", "multipart": "multipart/mixed"}
_HEAD = re.compile(rb"[!-9;-~]+[ \t]*:")
_BLANK_LINE = re.compile(rb"[ \t]*\r?\n")
# A head after blank lines, or after up to three lines that belong nowhere.
_LATE_HEAD = re.compile(rb"(?:[ \t]*\r?\n)*(?:[^\r\n]+\r?\n){0,3}content-[a-z-]+[ \t]*:", re.IGNORECASE)
_UNANNOUNCED = re.compile(
    rb"\s*(?:This is a multi-?part message in MIME format\.?\s*)?--(?P<b>[^\s-][^\r\n]{2,200}?|-{2,}[^\r\n]{3,200}?)"
    rb"[ \t]*\r?\nContent-",
    re.IGNORECASE,
)


def grow(
    raw_fields: list[tuple[str, bytes]], body: bytes, contents: Contents, depth: int = 0, default: str = "text/plain"
) -> Part:
    """The part and its children; limits on depth and number turn the rest into one opaque attachment."""
    contents.parts += 1
    part = Part(raw_fields, body)
    declared = part.first("content-type")
    if declared is None:
        part.type = default
    else:
        part.type, part.parameters = headers.parameters(headers.unfold(headers.raw_text(declared)).strip())
        part.type = _known_type(part.type)
    if depth == 0 and part.type == "text/plain":
        _announce(part, contents)
    if not part.type.startswith("multipart/"):
        return part
    if depth >= MAX_DEPTH or contents.parts >= MAX_PARTS:
        contents.problems.append("too-deep" if depth >= MAX_DEPTH else "too-many-parts")
        part.type = "application/octet-stream"
        return part
    _grow_children(part, contents, depth)
    return part


def _known_type(told: str) -> str:
    if match := _TYPE.match(told):
        return match.group()
    return _LOOSE_TYPES.get(told.strip("/"), "text/plain")


def _announce(part: Part, contents: Contents) -> None:
    """Make a multipart of a mail whose body is one although its head does not say so."""
    match = _UNANNOUNCED.match(part.body, 0, 2_000)
    if match is None or b"--" + match["b"] + b"--" not in part.body:
        return
    contents.problems.append("boundary")
    both = b"text/plain" in part.body and b"text/html" in part.body
    part.type = "multipart/alternative" if both else "multipart/mixed"
    part.parameters = {"boundary": match["b"].decode("latin-1")}


def _grow_children(part: Part, contents: Contents, depth: int) -> None:
    boundary = part.parameters.get("boundary", "").rstrip().encode("utf-8", "replace")
    found, closed = _found_pieces(part, boundary, contents)
    if not closed:
        contents.problems.append("unclosed")
    if not found:
        contents.problems.append("no-parts")
        part.type = "text/plain"
        part.body = (
            re.sub(rb"(?m)^--" + re.escape(boundary) + rb"(?:--)?[ \t]*\r?$", b"", part.body) if boundary else part.body
        )
        return
    default = "message/rfc822" if part.type == "multipart/digest" else "text/plain"
    for piece in found:
        if contents.parts >= MAX_PARTS:
            contents.problems.append("too-many-parts")
            return
        fields, body, odd = _head_and_body(piece)
        contents.problems.extend(odd)
        part.children.append(grow(fields, body, contents, depth + 1, default))


def _found_pieces(part: Part, boundary: bytes, contents: Contents) -> tuple[list[bytes], bool]:
    """The pieces between the boundary that is declared, or between one that is seen."""
    found, closed = pieces(part.body, boundary) if boundary else ([], True)
    if not found and part.first("content-transfer-encoding") and boundary in (told := part.content()):
        found, closed = pieces(told, boundary)  # against the rules, the whole body is encoded
    if not found and (guess := guessed_boundary(part.body)):
        contents.problems.append("boundary")
        boundary = guess
        found, closed = pieces(part.body, guess)
    if boundary:
        contents.boundaries.append(boundary)
    return found, closed


def _head_and_body(piece: bytes) -> tuple[list[tuple[str, bytes]], bytes, list[str]]:
    """A piece taken apart; one that has no head is words from its first line on."""
    if _HEAD.match(piece):
        fields, body, odd = split_head(piece)
        if any(name.lower().startswith(("content-", "mime-", "x-")) for name, _value in fields) or not (
            odd or not body.strip()
        ):
            return fields, body, odd
    elif _LATE_HEAD.match(piece):
        return split_head(piece)
    blank = _BLANK_LINE.match(piece)
    return [], piece[blank.end() :] if blank else piece, []
