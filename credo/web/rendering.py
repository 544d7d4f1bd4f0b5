"""Jinja for the screens: the environment, its filters, and where built assets live."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from credo.base.errors import CredoError
from credo.web import names, wording

TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"

_ADDRESS = re.compile(r"\bhttps?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")


class AssetsMissing(CredoError):
    """The front-end bundle has not been built; run `make setup` once."""


def render(template: str, **context: object) -> str:
    """The page or fragment as text; every name the template reads must be in the context."""
    return environment().get_template(template).render(context)


@lru_cache
def environment() -> Environment:
    """One environment a process; templates are compiled once."""
    jinja = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do"],
        auto_reload=False,
    )
    filters = (wording.hour, wording.short, wording.when, wording.ago, wording.day, wording.span, wording.left)
    jinja.filters.update({one.__name__: one for one in filters})
    jinja.filters.update(
        size=wording.size,
        iso=wording.iso,
        letter=letter,
        initials=initials,
        hue=hue,
        path=path,
        first_name=first_name,
        retold=wording.retold,
    )
    words = [*(getattr(names, name) for name in names.__all__), asset, ring, reading_direction]
    jinja.globals.update({one.__name__: one for one in words})
    jinja.globals.update(_=wording.say, ngettext=wording.say_many)
    # Small marks are used some hundred times a page; as a global they are compiled and looked up once.
    jinja.globals["m"] = jinja.get_template("parts/macros.html").module
    return jinja


@lru_cache
def manifest() -> dict[str, str]:
    """Plain asset names to the hashed ones the build made."""
    try:
        return dict(json.loads((STATIC / "manifest.json").read_text("utf-8")))
    except FileNotFoundError as error:
        raise AssetsMissing from error


def asset(name: str) -> str:
    """The address of a built file."""
    return f"/static/{manifest()[name]}"


def letter(text: str) -> Markup:
    """Plain text as paragraphs: blank lines part them, single breaks stay, web addresses become links."""
    parts = [part for part in re.split(r"\n\s*\n", text.strip("\n")) if part.strip()]
    return Markup("").join(Markup("<p>{}</p>").format(_lines(part)) for part in parts)


def initials(name: str) -> str:
    """Two letters for a face: Ines Duarte is ID."""
    words = [word for word in re.split(r"[\s.@_-]+", name) if word]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def first_name(name: str) -> str:
    """As colleagues call each other: the first word of a name."""
    return name.split(" ")[0]


def hue(name: str) -> str:
    """One of four quiet colours, the same for the same name."""
    return "who-" + "abcd"[sum(name.encode()) % 4]


def path(text: object) -> str:
    """Safe as one segment of an address."""
    return quote(str(text), safe="")


def ring(spent: float) -> Markup:
    """The clock's ring: the share spent as an arc, drawn by attributes alone."""
    arc = max(0, min(100, round(spent)))
    circle = '<circle cx="8" cy="8" r="6" pathLength="100"{}/>'
    rest, used = circle.format(' class="ring-rest"'), circle.format(f' stroke-dasharray="{arc} {100 - arc}"')
    return Markup(f'<svg class="ring" viewBox="0 0 16 16" aria-hidden="true">{rest}{used}</svg>')  # noqa: S704 - made of numbers


def reading_direction() -> str:
    """The way the interface language runs."""
    return "rtl" if wording.language.get() in {"ar", "he", "fa", "ur"} else "ltr"


def _lines(part: str) -> Markup:
    return Markup("<br>").join(_linked(line) for line in part.split("\n"))


def _linked(line: str) -> Markup:
    found, at = [], 0
    for match in _ADDRESS.finditer(line):
        found += [escape(line[at : match.start()]), _link(match.group())]
        at = match.end()
    return Markup("").join([*found, escape(line[at:])])


def _link(address: str) -> Markup:
    return Markup('<a href="{0}" target="_blank" rel="noopener noreferrer nofollow">{0}</a>').format(address)
