"""Lists of addresses as people and programs really write them."""

from __future__ import annotations

import re

from credo.channels import Address
from credo.channels.email import headers

_QUOTED_PAIR = re.compile(r"\\(.)")
_SPACES = re.compile(r"[ \t\r\n]+")
_BARE = re.compile(r"[^\s<>()\[\],;:\"@]{1,200}@[^\s<>(),;:\"]{1,255}")
_BARE_LIST = re.compile(rf"(?:{_BARE.pattern}\s+)+{_BARE.pattern}\s*$")
_NEXT_ONE = re.compile(r"\s*(?:\"[^\"]{0,200}\"\s*|[^<>\",;:()@]{0,200})<[^<>\s]{1,200}@")
_MAILTO = re.compile(r"[\[<(]?\s*mailto:\s*$", re.IGNORECASE)
_LITERAL = re.compile(r"@\[[^\[\]]*\]$")
MAX_ADDRESSES = 2000
MAX_LENGTH = 100_000


def parse(value: bytes | None, hint: str | None = None) -> tuple[Address, ...]:
    """The addresses of one header value, groups opened, in order; what holds no address is left out."""
    told = headers.unfold(headers.raw_text((value or b"")[:MAX_LENGTH], hint)).strip()
    if "&lt;" in told and "&gt;" in told:
        told = told.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
    found = _parse(told)
    if not any("@" in one.address for one in found) and "=?" in told:
        # Some programs put the whole "Name <address>" into one encoded word.
        opened = headers.decode_words(told)
        if "@" in opened:
            found = _parse(opened)
    return tuple(found[:MAX_ADDRESSES])


def _parse(told: str) -> list[Address]:
    found: list[Address] = []
    waiting: list[str] = []
    for piece in _pieces(told):
        if _BARE_LIST.match(piece.strip()):
            found += [Address(name="", address=_tidy_address(bare)) for bare in _BARE.findall(piece)]
            continue
        one = _one(piece)
        if one is None:
            continue
        if "@" not in one.address and "<" not in piece:
            # A name with an unquoted comma: "Müller, Bernd <b@example.com>".
            waiting.append(piece.strip())
            continue
        if waiting and "<" in piece and one.name:
            one = _one(", ".join([*waiting, piece.strip()])) or one
        waiting = []
        if one.address:
            found.append(one)
    if not found and waiting:
        found = [Address(name=one.name, address=one.address) for word in waiting if (one := _one(word)) and one.address]
    return found


def _pieces(told: str) -> list[str]:
    """The list cut at commas and semicolons that stand outside quotes, comments and angle brackets."""
    pieces: list[str] = []
    start = at = 0
    depth = 0
    angle = False
    last_quote, last_comment, last_angle = told.rfind('"'), told.rfind(")"), told.rfind(">")
    while at < len(told):
        char = told[at]
        if char == "\\":
            at += 1
        elif char == '"' and not depth:
            end = _closing_quote(told, at) if at < last_quote else -1
            at = end if end > 0 else at
        elif char == "(" and at < last_comment:
            depth += 1
        elif char == ")" and depth:
            depth -= 1
        elif not depth:
            if char == "<":
                angle = at < last_angle
            elif char == ">":
                if angle and _NEXT_ONE.match(told, at + 1):  # the comma between two is missing
                    pieces.append(told[start : at + 1])
                    start = at + 1
                angle = False
            elif char == ":" and not angle and "@" not in told[start:at] and _is_group(told, at):
                start = at + 1
            elif char in ",;" and not angle:
                pieces.append(told[start:at])
                start = at + 1
        at += 1
    pieces.append(told[start:])
    return [piece for piece in pieces if piece.strip()]


def _closing_quote(told: str, at: int) -> int:
    end = at + 1
    while end < len(told):
        if told[end] == "\\":
            end += 1
        elif told[end] == '"':
            return end
        end += 1
    return -1


def _is_group(told: str, at: int) -> bool:
    """Whether the colon at `at` opens a group (`Team: a@x, b@x;`) and is no part of a name or a route."""
    return not told.startswith("//", at + 1) and (told.find(";", at) > 0 or not told[at + 1 : at + 50].strip())


def _one(piece: str) -> Address | None:
    piece = piece.strip().strip(",;").strip()
    if not piece:
        return None
    bare, comments = _take_comments(piece)
    opened = bare.rfind("<")
    if opened >= 0:
        closed = bare.find(">", opened)
        address = bare[opened + 1 : closed if closed > 0 else len(bare)]
        name = bare[:opened] + " " + (bare[closed + 1 :] if closed > 0 else "")
        address, name = _tidy_address(address), _name(re.sub(r"<[^<>]*>", " ", name))
        if "@" not in address and (lost := _BARE.search(bare[:opened])):
            address = address or lost.group()
        return Address(name=name or _name(" ".join(comments)), address=address)
    inside = _BARE.search(bare)
    quoted_local = re.match(r'\s*("(?:[^"\\]|\\.)+"@[^\s,;]+)\s*$', bare)
    if quoted_local:
        return Address(name=_name(" ".join(comments)), address=quoted_local.group(1))
    if inside:
        rest = _MAILTO.sub("", bare[: inside.start()]) + " " + bare[inside.end() :]
        rest = re.sub(r"^@\S+:$", "", rest.strip()).strip("\"'[]<> ")  # a source route names nobody
        return Address(name=_name(rest) or _name(" ".join(comments)), address=_tidy_address(inside.group()))
    compact = re.sub(r"\s*([@.])\s*", r"\1", bare)
    if "@" in compact and " " not in compact.strip():
        return Address(name=_name(" ".join(comments)), address=_tidy_address(compact))
    word = bare.strip()
    if " " in word or word.startswith(('"', "=?")):
        return Address(name=_name(word), address="")
    return Address(name=_name(" ".join(comments)), address=word)


def _take_comments(piece: str) -> tuple[str, list[str]]:
    """`piece` without its comments, and what they say; comments may nest, quotes hide them."""
    if "(" not in piece:
        return piece, []
    kept: list[str] = []
    comments: list[str] = []
    depth = at = start = 0
    while at < len(piece):
        char = piece[at]
        if char == "\\":
            kept.append(piece[at : at + 2] if not depth else "")
            at += 2
            continue
        if char == '"' and not depth and (end := _closing_quote(piece, at)) > 0:
            kept.append(piece[at : end + 1])
            at = end + 1
            continue
        if char == "(":
            start = at + 1 if not depth else start
            depth += 1
        elif char == ")" and depth:
            depth -= 1
            if not depth:
                comments.append(piece[start:at])
        elif not depth:
            kept.append(char)
        at += 1
    if depth:
        return piece, []
    return "".join(kept), comments


def _name(told: str) -> str:
    """A display name without quotes, its encoded words read."""
    told = told.strip()
    pieces = re.split(r'("(?:[^"\\]|\\.)*")', told)
    plain = "".join(
        _QUOTED_PAIR.sub(r"\1", one[1:-1]) if len(one) > 1 and one[0] == one[-1] == '"' else one for one in pieces
    )
    read = headers.decode_words(_SPACES.sub(" ", plain))
    return _SPACES.sub(" ", read).strip().strip('"').strip("<> ")


def _tidy_address(told: str) -> str:
    """An address without the decorations that mailers add by mistake."""
    told = headers.decode_words(told.strip())
    told = re.sub(r"^mailto:", "", told, flags=re.IGNORECASE).strip()
    told = told if _LITERAL.search(told) else told.strip("'<>[]").strip()
    if told.startswith("@") and ":" in told:
        told = told.split(":", 1)[1]  # a source route
    if not told.startswith('"'):
        told = re.sub(r"\s+", "", told)
    return told.rstrip(".,;")
