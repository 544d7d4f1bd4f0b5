"""A thread as its templates read it: letters in parts, notes, event lines, the people around it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup

from credo.conversations.thread import File, Item, Receipt, Stretch
from credo.web import telling

# Markup of these alone reads well in our own type; anything else has a look of its own and stands in a frame.
_PLAIN = re.compile(
    r"(?:[^<]|</?(?:p|div|span|br|b|strong|i|em|u|s|a|ul|ol|li|blockquote|code|pre|hr)>"
    r"|<a(?: (?:href|rel|target)=\"[^\"<>]*\")*>"
    r"|<details class=\"(?:quote|signature)\">|</details>|<summary>…</summary>)*"
)
_OWN_LOOK = ("style=", "<table", "<img", "<font", "bgcolor=")
_FOLD = re.compile(r'<details class="(quote|signature)"><summary>…</summary>')


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a plain letter: text, quote or signature; the latter two are folded."""

    kind: str
    text: str
    lines: int


@dataclass(frozen=True, slots=True)
class Shown:
    """An item as conversation/item_*.html reads it."""

    id: int
    seq: int
    kind: str
    at: datetime
    direction: str | None
    nature: str
    author: str
    address: str
    verdict: str | None
    guest: bool
    parts: Sequence[Part]
    html: Markup | None
    framed: bool
    remote: bool
    attachments: Sequence[File]
    recipients: Sequence[Receipt]
    outbox_id: int | None
    outbox_state: str
    release_at: datetime | None
    problems: Sequence[str]
    sentence: str = ""
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """An item with its files and receipts: the whole of what is drawn of it."""

    item: Item
    files: Sequence[File]
    receipts: Sequence[Receipt]


def written(thread: Stretch, item: Item) -> Written:
    """One item of a stretch with what belongs to it."""
    return Written(item, thread.files.get(item.id, ()), thread.receipts.get(item.id, ()))


def shown(thread: Stretch, me: int) -> list[Shown]:
    """Every item of the page of a thread, ready for the templates."""
    return [shown_item(written(thread, item), me) for item in thread.items]


def parts(text: str, zones: Sequence[Sequence[Any]]) -> list[Part]:
    """`text` cut at its hidden zones, in order; blank stretches are left out."""
    found, at = [], 0
    for kind, start, end in zones:
        found += [_part("text", text[at:start]), _part("quote" if kind == "quote" else "signature", text[start:end])]
        at = end
    found.append(_part("text", text[at:]))
    return [part for part in found if part.text.strip()]


def is_plain(html: str) -> bool:
    """Whether markup holds nothing but words, lists and links."""
    if any(sign in html for sign in _OWN_LOOK):
        return False
    return _PLAIN.fullmatch(html) is not None


def shown_item(written: Written, me: int) -> Shown:
    """One item, ready for the templates, as the colleague `me` reads it."""
    item, receipts = written.item, written.receipts
    html = item.html or ""
    framed = bool(html) and not is_plain(html)
    first = receipts[0] if receipts else None
    return Shown(
        id=item.id,
        seq=item.seq,
        kind=item.kind,
        at=item.at,
        direction=item.direction,
        nature=item.nature,
        author=item.author or "",
        address=_sender(item),
        verdict=item.verdict,
        guest=item.guest,
        parts=[] if html else parts(item.text or "", item.zones or []),
        html=_folded(html) if html and not framed else None,
        framed=framed,
        remote=framed and 'data-src="' in html,
        attachments=[file for file in written.files if not file.inline],
        recipients=receipts,
        outbox_id=first.outbox_id if first else None,
        outbox_state=first.outbox_state if first else "",
        release_at=first.release_at if first else None,
        problems=item.meta.get("problems", []),
        sentence=telling.sentence(item, me) if item.kind == "event" else "",
        why=telling.why(item) if item.kind == "event" else None,
    )


def _part(kind: str, text: str) -> Part:
    return Part(kind, text, text.strip("\n").count("\n") + 1)


def _folded(html: str) -> Markup:
    """Cleaned markup with our own folds; it passed `is_plain`, so nothing in it acts."""
    fold = '<details class="quote"><summary class="chip quote-btn">⋯</summary>'
    return Markup(_FOLD.sub(fold, html))  # noqa: S704


def _sender(item: Item) -> str:
    senders = (item.addresses or {}).get("from") or []
    return senders[0][1] if senders else ""
