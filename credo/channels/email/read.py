"""The bytes of a mail become an `Inbound`. Pure: no database, no socket, no clock; never raises on bad bytes."""

from __future__ import annotations

import re
from datetime import datetime

from credo.base.errors import CredoError
from credo.channels import Address, Attachment, Inbound
from credo.channels.email import addresses, bodies, charsets, guessing, headers, html, kinds, tree
from credo.channels.email.bodies import Contents, Segment
from credo.channels.email.mime import Part, split_head, unclaimed, unify_newlines
from credo.language import zones

MAX_TRACE = 400

# A mark we leave in every mail we send; it survives providers that rewrite Message-IDs.
MARKER = re.compile(r"credo-ref-([A-Za-z0-9_=.~-]{8,160})")

_DELIVERED = ("delivered-to", "x-original-to", "x-envelope-to", "envelope-to", "x-delivered-to", "x-rcpt-to")
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_ENCODED = re.compile(rb"=\?([\w.:-]{2,40})\*?[\w-]*\?[bBqQ]\?")
_NO_HTML = re.compile(r"html", re.IGNORECASE)


class Unreadable(CredoError):
    """This is not a mail: it is empty, or holds no words at all."""


def read(raw: bytes) -> Inbound:
    """One mail, read as kindly as possible; what was odd stands in `problems`. Raises Unreadable for no mail at all."""
    contents = Contents()
    unified = unify_newlines(raw)
    fields, body, odd = split_head(unified)
    contents.problems.extend(odd)
    if not raw.strip(b" \t\r\n\0"):
        raise Unreadable("This mail is empty.")
    if not fields:
        if len(_BINARY.findall(raw[:4000])) > 8:
            raise Unreadable("These bytes are not a mail.")
        contents.problems.append("no-headers")
    root = tree.grow(fields, body, contents)
    contents.hint = _spoken_charset(root)
    segments = bodies.gather(root, contents)
    if fields and "header-line" in odd and (lost := unclaimed(unified[: len(unified) - len(body)])):
        segments.insert(0, Segment(plain=charsets.decode(lost, contents.hint)[0] + "\n"))
    text, found, raw_html, told = _words(segments, contents)
    hint = _hint(root)
    senders = _senders(root, hint, contents)
    subject = headers.text(root.first("subject"), hint)
    verdict = kinds.judge(root, contents, senders[0] if senders else None, subject, text)
    return Inbound(
        kind=verdict.kind,
        automatic=verdict.automatic,
        message_id=next(iter(headers.ids(root.first("message-id"))), None),
        in_reply_to=headers.ids(_joined(root, "in-reply-to")),
        references=headers.ids(_joined(root, "references")),
        from_=senders[0] if senders else None,
        senders=senders,
        reply_to=_people(root, "reply-to", hint),
        to=_people(root, "to", hint),
        cc=_people(root, "cc", hint),
        bcc=_people(root, "bcc", hint),
        delivered_to=_delivered(root),
        date=_date(root),
        subject=subject,
        text=text,
        visible_text=zones.visible_of(text, found),
        folded=_folded(found),
        html=raw_html,
        html_clean=told.clean if told else None,
        attachments=_attachments(contents, told),
        invite=contents.invite,
        original_message_id=verdict.original_message_id,
        bounce=verdict.bounce,
        list_id=_list_id(root),
        markers=tuple(dict.fromkeys(MARKER.findall(raw_html or "") + MARKER.findall(text))),
        headers=tuple((name, headers.text(value, hint)) for name, value in root.fields[:MAX_TRACE]),
        authentication_results=tuple(headers.text(value) for value in root.every("authentication-results")),
        problems=tuple(dict.fromkeys(contents.problems)),
    )


def read_text(text: str) -> Inbound:
    """A plain-text body without any header, read by the same code."""
    text = charsets.clean(text.replace("\r\n", "\n").replace("\r", "\n")).removeprefix("\ufeff")
    found = zones.zones(text)
    return Inbound(kind="message", text=text, visible_text=zones.visible_of(text, found), folded=_folded(found))


def _folded(found: tuple[zones.Zone, ...]) -> tuple[tuple[str, int, int], ...]:
    return tuple((zone.kind, zone.start, zone.end) for zone in found if zone.hidden)


def _words(
    segments: list[Segment], contents: Contents
) -> tuple[str, tuple[zones.Zone, ...], str | None, html.Told | None]:
    """Text with its zones, raw HTML and what the HTML comes to."""
    raw_html: str | None = None
    if any(segment.html and segment.html.strip() for segment in segments):
        raw_html = "\n".join(
            segment.html if segment.html is not None else bodies.as_html(segment.plain or "") for segment in segments
        )
    told = html.read(raw_html) if raw_html else None
    if told and told.cut:
        contents.problems.append("html-cut")
    plain = [segment.plain for segment in segments]
    if told and (
        any(one is None for one in plain) or not "".join(one or "" for one in plain).strip() or _is_excuse(plain, told)
    ):
        return told.text, told.zones, raw_html, told
    said = [one for one in plain if one and one.strip()]
    text = "\n".join(said) if said else "".join(one or "" for one in plain)
    return text, zones.zones(text), raw_html, told


def _is_excuse(plain: list[str | None], told: html.Told) -> bool:
    """Whether the plain form only says that a better program is needed."""
    words = "".join(one or "" for one in plain).strip()
    return (
        len(words) < 250
        and len(told.text) > 2 * len(words)
        and bool(_NO_HTML.search(words))
        and "html" not in told.text.lower()
    )


def _hint(root: Part) -> str | None:
    """The charset a mail uses for its words, for headers written in raw eight-bit characters."""
    return root.parameters.get("charset") or next((hint for child in root.children if (hint := _hint(child))), None)


def _spoken_charset(root: Part) -> str | None:
    """The charset of the mail's headers; a body that declares none was most likely typed in it."""
    for name in ("subject", "from"):
        value = root.first(name) or b""
        if match := _ENCODED.search(value):
            return match.group(1).decode("ascii", "replace")
        if not value.isascii() and (guess := guessing.guessed(value)) != "cp1252":
            return guess
    return None


def _joined(root: Part, name: str) -> bytes:
    return b" ".join(root.every(name))


def _people(root: Part, name: str, hint: str | None) -> tuple[Address, ...]:
    return tuple(one for value in root.every(name) for one in addresses.parse(value, hint))


def _senders(root: Part, hint: str | None, contents: Contents) -> tuple[Address, ...]:
    """Who wrote: every From, or who sent it where there is none."""
    found = _people(root, "from", hint)
    if found:
        found = tuple(one for one in found if "@" in one.address) or found
        if len(found) > 1:
            contents.problems.append("several-from")
        return found
    contents.problems.append("no-from")
    for name in ("sender", "reply-to", "x-sender", "return-path", "x-original-from"):
        if found := tuple(one for one in _people(root, name, hint) if "@" in one.address):
            return found[:1]
    return ()


def _delivered(root: Part) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.address for name in _DELIVERED for one in _people(root, name, None) if one.address))


def _date(root: Part) -> datetime | None:
    """The Date field, or when the last server took the mail."""
    for value in root.every("date"):
        if moment := headers.date(value):
            return moment
    for value in root.every("received"):
        if b";" in value and (moment := headers.date(value.rsplit(b";", 1)[1])):
            return moment
    return None


def _list_id(root: Part) -> str | None:
    value = headers.text(root.first("list-id"))
    inner = re.search(r"<([^<>]+)>", value)
    return (inner.group(1) if inner else value).strip() or None


def _attachments(contents: Contents, told: html.Told | None) -> tuple[Attachment, ...]:
    """Every file; those the HTML shows in place are marked inline."""
    shown = set(re.findall(r'data-cid="([^"]+)"', told.clean)) if told else set()
    return tuple(
        Attachment(
            name=one.name,
            type=one.type,
            content=one.content,
            size=one.size,
            sha256=one.sha256,
            content_id=one.content_id,
            inline=one.content_id is not None and one.content_id in shown,
        )
        for one in contents.attachments
    )
