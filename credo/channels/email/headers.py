"""Header values: folding, encoded words, parameters, dates and message ids, read as kindly as possible."""

from __future__ import annotations

import binascii
import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz
from urllib.parse import unquote_to_bytes

from credo.channels.email import charsets
from credo.channels.email.mime import from_base64

# The text of a word ends where another one begins, and with the value; else many beginnings without an end would each
# search to the end.
_WORD = re.compile(
    r"=\?(?P<charset>[^?\s*]{1,60})(?:\*[A-Za-z0-9-]{0,60})?\?(?P<how>[bBqQ])\?"
    r"(?P<text>(?:(?!=\?[^?\s]{1,121}\?[bBqQ]\?).)*?)(?:\?=|\??$)",
    re.DOTALL,
)
_BETWEEN = re.compile(r"(\?=)[ \t\r\n]+(?==\?[^?\s]+\?[bBqQ]\?)")
_PARAMETER = re.compile(r'; ?(?P<name>[^\s=;"]{1,80}) ?= ?(?P<value>"(?:[^"\\]|\\.)*"|"[^"]*$|[^;]*)', re.DOTALL)
_UNSPLIT_TYPE = re.compile(r"^( ?[\w.+-]+/[\w.+-]+)(?:[ ,]+)(?=[\w-]+ ?=)")  # a comma or a space for the semicolon
_UNMARKED = re.compile(r"[\w-]{1,40}'[\w-]{0,20}'(?=[^']*%[0-9A-Fa-f]{2})")
_SEGMENT = re.compile(r"(?P<base>[^*]+)(?:\*(?P<number>\d+))?(?P<encoded>\*)?$")
_ID = re.compile(r"<([^<>]*)>")
_SPACES = re.compile(r"\s+")
MAX_LENGTH = 30_000
MAX_DATE = 400
_COMMENT = re.compile(r"\s*\([^()]*\)\s*")


def text(value: bytes | None, hint: str | None = None) -> str:
    """The readable text of a header value; `hint` is the charset of the body, for raw eight-bit headers."""
    return decode_words(unfold(raw_text(value or b"", hint)).strip())


def raw_text(value: bytes, hint: str | None = None) -> str:
    """The value as characters, its encoded words still encoded."""
    if value.isascii():
        told = value.decode("ascii")
        return told if "\x1b" not in told else charsets.decode(value, hint)[0]
    try:
        return charsets.clean(value.decode("utf-8"))
    except UnicodeDecodeError:
        return charsets.decode(value, hint)[0]


def unfold(value: str) -> str:
    """One line out of a folded value; a fold is one space."""
    return " ".join(line.strip(" \t\r") for line in value.split("\n")) if "\n" in value else value


def decode_words(value: str) -> str:
    """`value` with its encoded words (RFC 2047) read, also those that break the rules."""
    if "=?" not in value:
        return charsets.clean(value)
    joined = _BETWEEN.sub(r"\1", value)
    out: list[str] = []
    at = 0
    pending: tuple[str, bytes] | None = None
    for word in _WORD.finditer(joined):
        name, data = word["charset"].lower(), _word_bytes(word["how"], word["text"])
        if pending and word.start() == at and pending[0] == name:
            pending = (name, pending[1] + data)  # a character may be cut between two words
        else:
            out.append(_read(pending))
            out.append(joined[at : word.start()])
            pending = (name, data)
        at = word.end()
    out.append(_read(pending))
    out.append(joined[at:])
    return charsets.clean(re.sub(r"[\r\n]+", " ", "".join(out)))


def _read(pending: tuple[str, bytes] | None) -> str:
    return charsets.decode(pending[1], pending[0])[0] if pending else ""


def _word_bytes(how: str, value: str) -> bytes:
    raw = value.encode("utf-8", "replace")
    if how in "bB":
        return from_base64(raw)
    return binascii.a2b_qp(raw.replace(b"\n", b""), header=True)


def parameters(value: str) -> tuple[str, dict[str, str]]:
    """`type/subtype; name=value` taken apart, lower-cased names, RFC 2231 and encoded words read."""
    told = _UNSPLIT_TYPE.sub(r"\1;", _SPACES.sub(" ", value[:MAX_LENGTH]))
    head, _, rest = told.partition(";")
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for match in _PARAMETER.finditer(";" + rest):
        name, content = match["name"].lower(), _unquote(match["value"])
        segment = _SEGMENT.match(name)
        if segment and (segment["number"] is not None or segment["encoded"]):
            number = int(segment["number"] or 0) if len(segment["number"] or "") < 5 else 0
            pieces.setdefault(segment["base"], {})[number] = (content, bool(segment["encoded"]))
        else:
            plain.setdefault(name, _read_plain(content))
    for name, parts in pieces.items():
        plain[name] = _join_segments(parts)
    return re.sub(r"\s+", "", _COMMENT.sub("", head)).lower(), plain


def _read_plain(content: str) -> str:
    """A value without the star of RFC 2231, which some write in its form all the same."""
    if _UNMARKED.match(content):
        return _join_segments({0: (content, True)})
    return decode_words(content)


def _unquote(value: str) -> str:
    value = value.strip()
    if value.startswith('"'):
        inner = value[1:-1] if value.endswith('"') and len(value) > 1 else value[1:]
        return re.sub(r'\\(["\\])', r"\1", inner)
    return _COMMENT.sub("", value).strip()


def _join_segments(parts: dict[int, tuple[str, bool]]) -> str:
    """The continued value of RFC 2231; its first piece names the charset."""
    charset, data = "", b""
    for place, (_number, (content, encoded)) in enumerate(sorted(parts.items())):
        if encoded and place == 0 and content.count("'") >= 2:
            charset, _, content = content.split("'", 2)
        data += unquote_to_bytes(content) if encoded else content.encode("utf-8", "replace")
    return decode_words(charsets.decode(data, charset or "utf-8")[0])


def ids(value: bytes | None) -> tuple[str, ...]:
    """Message ids without their angle brackets, in order, each once."""
    told = unfold(raw_text(value or b"")).strip()
    found = [match.strip() for match in _ID.findall(told)] or [
        word.strip("<>") for word in told.split() if "@" in word or len(told.split()) == 1
    ]
    return tuple(dict.fromkeys(re.sub(r"\s+", "", one)[:990] for one in found if one.strip()))


def date(value: bytes | None) -> datetime | None:
    """The moment a Date field names, aware, or None; a zone that says nothing counts as UTC."""
    told = unfold(raw_text((value or b"")[:MAX_DATE])).strip()
    if not told:
        return None
    return _rfc_date(told) or _other_date(told)


_ZONES = {"BST": 60, "CET": 60, "MET": 60, "CEST": 120, "MEST": 120, "EET": 120, "EEST": 180, "MSK": 180, "IST": 330}
_ZONES |= {"JST": 540, "KST": 540, "AEST": 600, "AEDT": 660, "NZST": 720, "WET": 0, "WEST": 60}


def _rfc_date(told: str) -> datetime | None:
    try:
        parsed = parsedate_tz(re.sub(r"\s*\((?!.*\d{2}:)[^)]*\)\s*$", "", told))
    except (ValueError, IndexError, TypeError, AttributeError):
        return None
    if parsed is None:
        return None
    year, month, day, hour, minute, second = parsed[:6]
    offset = parsed[9]
    if offset is None or offset == 0:
        zone = re.search(r"\b([A-Z]{3,4})\s*$", told)
        offset = _ZONES.get(zone.group(1), 0) * 60 if zone else 0
    try:
        moment = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=timezone(timedelta(seconds=offset)))
        moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment


def _other_date(told: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(told)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment
