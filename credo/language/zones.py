"""Zones of a mail's text: what the writer said now, what is quoted, signed or legal; found, never deleted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from credo.language import attributions, closings, seals
from credo.language.lines import Line, ZoneKind, split

_RULE = re.compile(r"\s*(?:[-_=*—–]\s?){3,}\s*$")
_BLANK_LINES_ABOVE = re.compile(r"\A(?:[\s\u200b\ufeff]*\n)+")


@dataclass(frozen=True, slots=True)
class Zone:
    """A stretch of the text, `text[start:end]`; `hidden` ones are collapsed on screen and left out when judged."""

    kind: ZoneKind
    start: int
    end: int
    hidden: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """What the source of a text tells: `text[start:end]` is a signature, announces a quote (`attribution`), or
    everything from `start` is quoted."""

    kind: ZoneKind | Literal["attribution"]
    start: int
    end: int


def zones(text: str, marks: tuple[Mark, ...] = ()) -> tuple[Zone, ...]:
    """The zones of `text`, in order and without gaps; at least one stays visible unless the text is blank.

    A quote between two answers stays visible, because the answers need it; only the line that announces it is hidden.
    """
    lines = split(text)
    if not lines:
        return ()
    seals.hide(lines)
    head = _hide_marked(lines, marks, _hide_rest(lines))
    head = _hide_closing(lines, head)
    _hide_quotes(lines, head)
    _hide_legal(lines, head)
    if not any(not line.hidden and not line.blank for line in lines):
        for line in lines:
            line.hidden = False
    return _merge(lines, len(text))


def visible(text: str) -> str:
    """`text` without its hidden zones and without blank lines around."""
    return visible_of(text, zones(text))


def visible_of(text: str, found: tuple[Zone, ...]) -> str:
    """The visible part of `text`, given its zones."""
    kept = "".join(text[zone.start : zone.end] for zone in found if not zone.hidden)
    return _BLANK_LINES_ABOVE.sub("", kept).rstrip("\n\r\t \u200b\ufeff")


def _mark(lines: list[Line], start: int, end: int, kind: ZoneKind) -> None:
    for line in lines[start:end]:
        line.kind, line.hidden = kind, True


def _said(lines: list[Line], start: int, end: int) -> bool:
    """Whether the writer said anything visible of their own in the range."""
    return any(not line.blank and not line.hidden and not line.quoted for line in lines[start:end])


def _hide_marked(lines: list[Line], marks: tuple[Mark, ...], head: int) -> int:
    """Hide what the source marks, where the writer said something before it; returns where their part ends."""
    for mark in marks:
        first = next((at for at, line in enumerate(lines) if line.end > mark.start), len(lines))
        last = next((at for at, line in enumerate(lines) if line.start >= mark.end), len(lines))
        if first >= head or (not _said(lines, 0, first) and mark.kind != "attribution"):
            continue
        if mark.kind == "attribution":
            for line in lines[first:last]:
                line.announces = not line.quoted
        elif mark.kind == "quote":
            head = _with_rule(lines, first)
            _mark(lines, head, len(lines), "quote")
        elif not any(line.quoted for line in lines[first:last]):
            _mark(lines, first, min(last, head), "signature")
    return head


# --- everything from here on is somebody else's ---------------------------------------------------------------


def _hide_rest(lines: list[Line]) -> int:
    """Hide what follows an announced, unmarked quote; returns the index where the writer's part ends."""
    texts = [line.text for line in lines]
    for at, line in enumerate(lines):
        if line.blank or line.quoted:
            continue
        start = _announces_rest(lines, texts, at)
        if start is None:
            continue
        start = _with_rule(lines, start)
        if _said(lines, 0, start) or any(one.quoted for one in lines[:start]):
            _mark(lines, start, len(lines), "quote")
            return start
        if not _is_attribution(lines, texts, at):
            return len(lines)  # a message that begins with a forwarded one is all there is to read
        _mark(lines, start, at + 1, "quote")
    return len(lines)


def _announces_rest(lines: list[Line], texts: list[str], at: int) -> int | None:
    if attributions.is_separator(texts[at]):
        return at
    if attributions.header_block(texts, at) is not None:
        return at
    alone = at + 1 < len(lines) and lines[at + 1].blank
    start = attributions.attribution_before(texts, at, sure=alone)
    if start is None or lines[start].quoted:
        return None
    following = _next_said(lines, at + 1)
    return None if following is not None and lines[following].quoted else start


def _is_attribution(lines: list[Line], texts: list[str], at: int) -> bool:
    return not attributions.is_separator(texts[at]) and attributions.header_block(texts, at) is None


def _next_said(lines: list[Line], at: int) -> int | None:
    return next((place for place in range(at, len(lines)) if not lines[place].blank), None)


def _with_rule(lines: list[Line], start: int) -> int:
    """`start`, moved up over a rule that only separates the quote."""
    above = start - 1
    while above >= 0 and lines[above].blank:
        above -= 1
    return above if above >= 0 and not lines[above].quoted and _RULE.match(lines[above].text) else start


# --- signatures ------------------------------------------------------------------------------------------------

_LONGEST_SIGNATURE = {"strict": 60, "dashes": 16, "underscores": 9}


def _hide_closing(lines: list[Line], head: int) -> int:
    """Hide signature and device line at the end of the writer's part; returns where the part before them ends."""
    start = _signature_start(lines, head)
    if start is None:
        return head
    end = next((at for at in range(start, head) if lines[at].quoted), head)
    added = next((at for at in range(start + 1, end) if closings.is_postscript(lines[at].text)), None)
    if added is not None:
        _mark(lines, start, added, "signature")
        return head
    if end < head and _said(lines, end, head):
        # The writer goes on below a quote: the signature ends where the quote is announced.
        _mark(lines, start, _announcement(lines, end), "signature")
        return head
    _mark(lines, start, _announcement(lines, end), "signature")
    return head if end < head else start


def _announcement(lines: list[Line], quoted: int) -> int:
    """Where the announcement of the quote that begins at `quoted` starts, or `quoted` itself."""
    above = quoted - 1
    while above >= 0 and lines[above].blank:
        above -= 1
    if above < 0 or quoted >= len(lines):
        return quoted
    if lines[above].announces:
        while above > 0 and lines[above - 1].announces:
            above -= 1
        return above
    start = attributions.attribution_before([line.text for line in lines[: above + 1]], above)
    return quoted if start is None else start


def _signature_start(lines: list[Line], head: int) -> int | None:
    said = False
    for at in range(head):
        line = lines[at]
        if line.quoted or line.blank or line.hidden:
            continue
        if not said:
            said = True
            continue
        if closings.is_mobile_line(line.text):
            return _up_over_rules(lines, at)
        if closings.is_mark(line.text) and _fits(lines, at, head):
            return at
    return None


def _fits(lines: list[Line], at: int, head: int) -> bool:
    """Whether what follows a mark is short enough to be a signature."""
    if closings.is_strict_mark(lines[at].text):
        longest = _LONGEST_SIGNATURE["strict"]
    else:
        longest = _LONGEST_SIGNATURE["underscores" if "_" in lines[at].text else "dashes"]
    end = next((place for place in range(at, head) if lines[place].quoted), head)
    if end < head and _said(lines, end, head):
        return False
    below = [line for line in lines[at + 1 : end] if not line.blank]
    if not closings.is_strict_mark(lines[at].text) and any(closings.is_addressed(line.text) for line in below):
        return closings.is_legal("\n".join(line.text for line in below))
    return len(below) <= longest


def _up_over_rules(lines: list[Line], at: int) -> int:
    above = at - 1
    while above >= 0 and lines[above].blank:
        above -= 1
    return above if above >= 0 and (closings.is_mark(lines[above].text) or _RULE.match(lines[above].text)) else at


# --- marked quotes ---------------------------------------------------------------------------------------------


def _hide_quotes(lines: list[Line], head: int) -> None:
    """Hide quoted blocks with nothing below them, and announced ones with nothing above; keep those in between."""
    at = 0
    while at < len(lines):
        if not lines[at].quoted or lines[at].hidden:
            at += 1
            continue
        end = at
        while end < head and (lines[end].quoted or (lines[end].blank and _continues(lines, end, head))):
            end += 1
        start = _announcement(lines, at)
        start = start if not lines[start].quoted or start == at else at
        for line in lines[at:end]:
            line.kind = "quote"
        last = not _said(lines, end, len(lines))
        first = start < at and not _said(lines, 0, start) and not any(line.quoted for line in lines[:start])
        if last or (first and not _interleaved(lines, end, head)):
            _mark(lines, start, end, "quote")
        else:
            _mark(lines, start, _said_end(lines, start, at), "quote")
        at = max(end, at + 1)


def _said_end(lines: list[Line], start: int, end: int) -> int:
    """`end` without the blank lines before it."""
    while end > start and lines[end - 1].blank:
        end -= 1
    return end


def _continues(lines: list[Line], at: int, head: int) -> bool:
    following = _next_said(lines[:head], at)
    return following is not None and lines[following].quoted


def _interleaved(lines: list[Line], at: int, head: int) -> bool:
    """Whether more quotes and answers follow, so that the first quote is a question being answered."""
    following = next((place for place in range(at, head) if lines[place].quoted), None)
    return following is not None and _said(lines, at, following) and _said(lines, following, head)


# --- legal notices ---------------------------------------------------------------------------------------------


def _hide_legal(lines: list[Line], head: int) -> None:
    """Hide gateway banners above and legal notices below the message, paragraph by paragraph."""
    start = 0
    while start < head:
        if lines[start].blank or lines[start].hidden or lines[start].quoted:
            start += 1
            continue
        end = start
        while end < head and not lines[end].blank and not lines[end].hidden and not lines[end].quoted:
            end += 1
        paragraph = "\n".join(line.text for line in lines[start:end])
        above = _said(lines, 0, start)
        if (above and closings.is_legal(paragraph)) or (not above and closings.is_banner(paragraph)):
            _mark(lines, start, end, "disclaimer")
        start = end


def _merge(lines: list[Line], length: int) -> tuple[Zone, ...]:
    """Lines joined to zones; blank lines at the seam of a hidden zone go with it."""
    merged: list[Zone] = []
    for line in lines:
        if merged and merged[-1].kind == line.kind and merged[-1].hidden == line.hidden:
            merged[-1] = Zone(line.kind, merged[-1].start, line.end, line.hidden)
        else:
            merged.append(Zone(line.kind, line.start, line.end, line.hidden))
    if merged:
        merged[-1] = Zone(merged[-1].kind, merged[-1].start, max(length, merged[-1].end), merged[-1].hidden)
    return tuple(merged)
