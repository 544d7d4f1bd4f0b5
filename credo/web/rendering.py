"""Jinja for the screens: one environment, its filters, and the macros a page draws many times."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from credo.web import marks, names, wording
from credo.web.bundle import asset

TEMPLATES = Path(__file__).parent / "templates"
MACROS = {"m": "parts/macros.html", "lists": "inbox/row.html", "letters": "conversation/letters.html"}


def render(template: str, **context: object) -> str:
    """The page or fragment as text; every name the template reads must be in the context."""
    return environment().get_template(template).render(context)


def draw(macros: str, name: str, *values: object) -> str:
    """One macro alone, such as a row of a list: `draw("lists", "row", row, view, me)`."""
    return str(getattr(environment().globals[macros], name)(*values))


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
    said = (wording.hour, wording.short, wording.when, wording.ago, wording.day, wording.span)
    jinja.filters.update({one.__name__: one for one in said})
    jinja.filters.update(size=wording.size, iso=wording.iso, path=path, first_name=first_name, letter=marks.letter)
    jinja.filters.update(retold=wording.retold)
    words = [*(getattr(names, name) for name in names.__all__), asset, reading_direction]
    drawn = (marks.icon, marks.face, marks.moment, marks.clock, marks.paused, marks.unassigned)
    jinja.globals.update({one.__name__: one for one in (*words, *drawn)})
    jinja.globals.update(_=wording.say, ngettext=wording.say_many)
    # What a page draws many times is a macro and a global: found once, drawn without a context of its own.
    for name, template in MACROS.items():
        jinja.globals[name] = jinja.get_template(template).module
    return jinja


def first_name(name: str) -> str:
    """As colleagues call each other: the first word of a name."""
    return name.split(" ")[0]


def path(text: object) -> str:
    """Safe as one segment of an address."""
    return quote(str(text), safe="")


def reading_direction() -> str:
    """The way the interface language runs."""
    return "rtl" if wording.language.get() in {"ar", "he", "fa", "ur"} else "ltr"
