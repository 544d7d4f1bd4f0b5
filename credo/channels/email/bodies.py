"""Which parts of a mail are its words, which are files, and which are notes of machines."""

from __future__ import annotations

import hashlib
import html as entities
import mimetypes
import re
from dataclasses import dataclass, field

from credo.channels import Attachment, Invite
from credo.channels.email import charsets, headers, invites, tnef
from credo.channels.email.mime import Part, split_head, without_lines

MAX_TEXT = 1_500_000
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_HTML_PAGE = re.compile(r"\s*(?:<!doctype html\b[^>]*>\s*)?<html\b[^>]*>(?=.*</\w)", re.IGNORECASE | re.DOTALL)
_NAME_JUNK = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]+")
_RICH_TAG = re.compile(r"<(?P<tag>/?[a-zA-Z-]+)>")
_REPORTS = {
    "message/delivery-status",
    "message/global-delivery-status",
    "message/feedback-report",
    "message/disposition-notification",
}
_SPOKEN = {
    "text/plain",
    "text/html",
    "text/enriched",
    "text/richtext",
    "text/watch-html",
    "text/markdown",
    "text/x-markdown",
}
_RICH = {"text/enriched", "text/richtext", "text/watch-html"}
_REPEATED = {*_RICH, "text/x-amp-html"}
_ENVELOPES = {"message/rfc822", "message/global", "message/news", "message/rfc2822"}


@dataclass(slots=True)
class Segment:
    """One stretch of the message; both forms say the same where both are there."""

    plain: str | None = None
    html: str | None = None


@dataclass(slots=True)
class Contents:
    """Everything found in the tree of parts."""

    segments: list[Segment] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    reports: list[tuple[str, bytes]] = field(default_factory=list)
    originals: list[bytes] = field(default_factory=list)
    invite: Invite | None = None
    problems: list[str] = field(default_factory=list)
    parts: int = 0
    boundaries: list[bytes] = field(default_factory=list)
    hint: str | None = None  # the charset the mail uses elsewhere, for words that declare none


def gather(part: Part, contents: Contents) -> list[Segment]:
    """The words below `part`, in order; files, reports and invitations go into `contents`."""
    kind = part.type
    if kind == "multipart/alternative":
        return _alternatives(part, contents)
    if kind.startswith("multipart/"):
        return [segment for child in part.children for segment in gather(child, contents)]
    return _leaf(part, contents)


def _alternatives(part: Part, contents: Contents) -> list[Segment]:
    """One segment out of several forms of the same words; forms that differ in a kind are both kept."""
    both = Segment()
    for child in part.children:
        if child.type in _REPEATED and (both.plain or child.type not in _RICH):
            continue  # the same words once more
        for segment in gather(child, contents):
            both.plain = _with(both.plain, segment.plain)
            both.html = _with(both.html, segment.html)
    return [both] if both.plain is not None or both.html is not None else []


def _with(kept: str | None, more: str | None) -> str | None:
    if kept is None or more is None:
        return more if kept is None else kept
    return kept if not more.strip() or more.strip() == kept.strip() else f"{kept}\n{more}".lstrip("\n")


def _leaf(part: Part, contents: Contents) -> list[Segment]:
    disposition, extra = headers.parameters(headers.unfold(headers.raw_text(part.first("content-disposition") or b"")))
    name = extra.get("filename") or part.parameters.get("name") or ""
    kind = part.type
    if kind in _REPORTS or (kind == "text/rfc822-headers" or kind in _ENVELOPES):
        return _machine_part(part, contents, name)
    if kind == "application/ms-tnef" or name.lower() in ("winmail.dat", "win.dat"):
        return _winmail(part, contents, name)
    if kind in ("text/calendar", "application/ics"):
        contents.invite = contents.invite or invites.parse(part.content(), part.parameters.get("charset"))
        _attach(part, contents, name or "invite.ics", inline=False)
        return []
    if kind == "application/pgp-encrypted":
        return []
    # A mail of one part that calls its only words a file, and gives the file no name, still says them.
    filed = disposition == "attachment" and (name or contents.parts > 1)
    if kind not in _SPOKEN or filed or (name and (contents.segments or disposition)):
        _attach(part, contents, name, inline=disposition == "inline")
        return []
    segment = _words(part, contents)
    contents.segments.append(segment)
    return [segment]


def _words(part: Part, contents: Contents) -> Segment:
    if len(contents.boundaries) > 1:
        part.body = without_lines(part.body, contents.boundaries)
    data = part.content()
    charset = part.parameters.get("charset")
    if part.type == "text/html" and charsets.codec(charset or "") is None:
        meta = _META_CHARSET.search(data, 0, 4000)
        charset = meta.group(1).decode("ascii") if meta else charset
    if len(data) > 4 * MAX_TEXT:
        contents.problems.append("text-cut")
        data = data[: 4 * MAX_TEXT]
    text, fine = charsets.decode(data, charset)
    if not fine and charset is None and contents.hint:
        text, fine = charsets.decode(data, contents.hint)
    if not fine:
        contents.problems.append("charset")
    text = text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    if part.type in ("text/html", "text/watch-html") or (part.type == "text/plain" and _HTML_PAGE.match(text)):
        return Segment(html=text)
    if part.parameters.get("delsp", "").lower() == "yes" and part.parameters.get("format", "").lower() == "flowed":
        text = _joined(text)
    if part.type in ("text/enriched", "text/richtext"):
        return Segment(plain=_from_enriched(text))
    if len(text) > MAX_TEXT:
        contents.problems.append("text-cut")
    return Segment(plain=text[:MAX_TEXT])


def _joined(text: str) -> str:
    """Flowed text that was cut inside its words (RFC 3676, DelSp); other flowed text reads well as it stands."""
    lines: list[str] = []
    for line in text.split("\n"):
        above = lines[-1] if lines else ""
        if above.endswith(" ") and above != "-- " and line and ">" not in (above[0], line[0]) and line != "-- ":
            lines[-1] = above[:-1] + line.removeprefix(" ")
        else:
            lines.append(line)
    return "\n".join(lines)


def _from_enriched(text: str) -> str:
    text = re.sub(r"(?is)<param>.*?</param>", "", text).replace("<<", "\0")
    text = re.sub(r"\n(\n*)", lambda breaks: breaks.group(1) or " ", text)
    return _RICH_TAG.sub(lambda tag: "\n" if tag["tag"].lower() == "nl" else "", text).replace("\0", "<")


def _machine_part(part: Part, contents: Contents, name: str) -> list[Segment]:
    """Reports and enclosed mails: kept as files, and remembered for whoever asks what they are about."""
    data = part.content()
    if part.type in _REPORTS:
        contents.reports.append((part.type, data))
        _attach(part, contents, name or part.type.split("/")[1] + ".txt", inline=False)
        return []
    contents.originals.append(data)
    if not name:
        fields, _body, _odd = split_head(data[:100_000])
        subject = headers.text(next((value for key, value in fields if key.lower() == "subject"), b""))
        name = (subject[:80] or "message") + (".eml" if part.type in _ENVELOPES else ".txt")
    _attach(part, contents, name, inline=False)
    return []


def _winmail(part: Part, contents: Contents, name: str) -> list[Segment]:
    opened = tnef.open_winmail(part.content())
    if opened is None:
        contents.problems.append("winmail")
        _attach(part, contents, name or "winmail.dat", inline=False)
        return []
    for file_name, kind, content in opened.files:
        _keep(contents, file_name, kind, content, None, inline=False)
    if contents.segments or not (opened.text or opened.html):
        return []
    segment = Segment(plain=opened.text or None, html=opened.html or None)
    contents.segments.append(segment)
    return [segment]


def _attach(part: Part, contents: Contents, name: str, *, inline: bool) -> None:
    content_id = headers.ids(part.first("content-id"))
    _keep(contents, name, part.type, part.content(), content_id[0] if content_id else None, inline=inline)


def _keep(contents: Contents, name: str, kind: str, content: bytes, content_id: str | None, *, inline: bool) -> None:
    contents.attachments.append(
        Attachment(
            name=_file_name(name, kind, len(contents.attachments) + 1),
            type=kind,
            content=content,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            content_id=content_id,
            inline=inline,
        )
    )


def _file_name(told: str, kind: str, number: int) -> str:
    """A name that is safe to save: no path, no control characters, never empty."""
    name = _NAME_JUNK.sub(" ", told).replace("\\", "/").rsplit("/", 1)[-1].strip().lstrip(".")
    if name:
        stem, dot, ending = name.rpartition(".")
        return name if len(name) <= 180 else (stem[:150] + dot + ending[:20] if dot else name[:180])
    return f"file-{number}{mimetypes.guess_extension(kind) or ''}"


def as_html(plain: str) -> str:
    """Plain words as HTML, for a message that mixes both forms."""
    return f'<div style="white-space:pre-wrap">{entities.escape(plain)}</div>'
