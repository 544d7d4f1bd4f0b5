"""The small marks a page draws by the hundred: icons, faces, times, clocks. Written in Python because of that."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache

from markupsafe import Markup, escape

from credo.web import wording
from credo.web.bundle import asset
from credo.web.clocks import ClockShown
from credo.web.wording import gettext as _


@lru_cache(1024)
def icon(name: str, class_: str = "") -> Markup:
    """A picture from the sprite; it says nothing by itself, so a label stands beside it."""
    found = f'<svg class="icon {class_}" aria-hidden="true"><use href="{asset("icons.svg")}#{name}"/></svg>'
    return Markup(found)  # noqa: S704 - names are ours


@lru_cache(4096)
def face(name: str, class_: str = "", says: str = "") -> Markup:
    """Two letters on one of four quiet colours; `says` is read aloud."""
    spoken = Markup('<span class="only-sr">{}</span>').format(says) if says else ""
    return Markup('<span class="initials {} {}" title="{}"><span aria-hidden="true">{}</span>{}</span>').format(
        hue(name), class_, name, initials(name), spoken
    )


def moment(at: datetime, class_: str = "") -> Markup:
    """A time as short as can be, in full when pointed at."""
    return _moment(at, class_, wording.language.get(), wording.zone.get(), wording.today())


@lru_cache(4096)
def _moment(at: datetime, class_: str, *_reader: object) -> Markup:
    """Drawn once a day for each language and zone: a list says the same times again and again."""
    named = f' class="{class_}"' if class_ else ""
    words = f'datetime="{wording.iso(at)}" title="{wording.when(at)}">{wording.short(at)}'
    return Markup(f"<time{named} {words}</time>")  # noqa: S704 - dates


def clock(shown: ClockShown) -> Markup:
    """A promise's clock: the ring is the share spent, the text what is left; the browser keeps both right.

    It gets the next stretches of opening for that, and lets the clock stand while the desk is closed.
    """
    day = f' data-day="{shown.day}"' if shown.day else ""
    known = f'data-left="{shown.left}" data-whole="{shown.whole}" data-hours="{shown.hours}"{day}'
    named = f'class="clock {shown.mark}" data-clock data-due="{wording.iso(shown.due_at)}" {known}'
    drawn = f"{ring(round(shown.spent))}<span data-clock-text>{escape(shown.text)}</span>"
    return Markup(f"<span {named}>{drawn}</span>")  # noqa: S704 - dates, numbers, and words escaped above


def paused(text: str) -> Markup:
    """A clock that rests, and why."""
    return Markup('<span class="clock is-paused">{}{}</span>').format(ring(100), text)


@lru_cache(128)
def ring(spent: int) -> Markup:
    """The clock's ring: the share spent as an arc, drawn by attributes alone."""
    arc = max(0, min(100, spent))
    circle = '<circle cx="8" cy="8" r="6" pathLength="100"{}/>'
    rest, used = circle.format(' class="ring-rest"'), circle.format(f' stroke-dasharray="{arc} {100 - arc}"')
    return Markup(f'<svg class="ring" viewBox="0 0 16 16" aria-hidden="true">{rest}{used}</svg>')  # noqa: S704 - numbers


def initials(name: str) -> str:
    """Two letters for a face: Ines Duarte is ID."""
    words = [word for word in re.split(r"[\s.@_-]+", name) if word]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def hue(name: str) -> str:
    """One of four quiet colours, the same for the same name."""
    return "who-" + "abcd"[sum(name.encode()) % 4]


_ADDRESS = re.compile(r"\bhttps?://[^\s<>\"]+?(?=[.,;:!?)\]]*(?:&(?:gt|lt|quot|#3[49]);|[\s<]|$))")
_GAP = re.compile(r"\n[^\S\n]*\n\s*")


@lru_cache(2048)
def letter(text: str) -> Markup:
    """Plain text as paragraphs: blank lines part them, single breaks stay, web addresses become links."""
    safe = str(escape(text.strip("\n")))
    if "http" in safe:
        safe = _ADDRESS.sub(_link, safe)
    parts = [part.replace("\n", "<br>") for part in _GAP.split(safe) if part.strip()]
    return Markup("".join(f"<p>{part}</p>" for part in parts))  # noqa: S704 - escaped above


def _link(found: re.Match[str]) -> str:
    address = found.group()
    return f'<a href="{address}" target="_blank" rel="noopener noreferrer nofollow">{address}</a>'


def unassigned() -> Markup:
    """The empty circle of what nobody has yet."""
    hollow = Markup('<span class="initials who-none" title="{}"><span class="only-sr">{}</span></span>')
    return hollow.format(_("Nobody has it yet"), _("nobody has it yet"))
