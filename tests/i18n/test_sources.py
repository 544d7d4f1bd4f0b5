"""No words of the interface stand outside the catalogues, and the layout runs in both directions."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import nodes

from credo.web import wording
from credo.web.names import browser_words
from credo.web.rendering import TEMPLATES, environment, render

ASSETS = TEMPLATES.parent / "assets"
NAMES = {"Credo", "Google", "Microsoft", "Esc", "TLS", "STARTTLS", "IMAP", "SMTP"}
SAID = {"title", "aria-label", "placeholder", "alt", "data-confirm", "label"}
CODE = "format: philosophy/1"  # what one types into a document, in any language
PHYSICAL = re.compile(
    r"""(?:^|[\s;{])(?:
        (?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right)\b[\w-]*
        | border-(?:top|bottom)-(?:left|right)-radius
        | left | right
        | (?:float|clear|text-align|caption-side):\s*(?:left|right)\b
    )\s*[:;]""",
    re.VERBOSE,
)
PHYSICAL_ALLOWED: set[str] = set()  # empty, and worth keeping so
NOT_READ = re.compile(r"{% block (?:body_class|action|width) %}[^{]*{% endblock %}")


class Words(HTMLParser):
    """Collects what a person would read in a template, with every expression taken out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in ("script", "style", "kbd", "code")
        self.found += [value for name, value in attrs if name in SAID and value]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("script", "style", "kbd", "code")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.found.append(data)


@pytest.mark.parametrize("template", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.stem)
def test_every_word_of_a_template_can_be_translated(template: Path) -> None:
    tokens = environment().lex(NOT_READ.sub("", template.read_text("utf-8")))
    markup, inside = [], False
    for _, kind, value in tokens:
        if kind in ("variable_begin", "block_begin"):
            inside = True
        elif kind in ("variable_end", "block_end"):
            inside = False
            markup.append("\N{OBJECT REPLACEMENT CHARACTER}" if kind == "variable_end" else "")
        elif kind == "data" and not inside:
            markup.append(value)
    words = Words()
    words.feed("".join(markup))
    bare = [word for text in words.found if text != CODE for word in re.findall(r"[^\W\d_]{2,}", text)]
    assert [word for word in bare if word not in NAMES] == []


def test_texts_given_to_macros_can_be_translated() -> None:
    """`m.field('x', "Name")` would show an English word: what looks like a sentence belongs into `_()`."""
    wrong = []
    for template in TEMPLATES.rglob("*.html"):
        tree = environment().parse(template.read_text("utf-8"))
        kept = {id(text) for call in tree.find_all(nodes.Call) for text in call.args if _translates(call)}
        for text in tree.find_all(nodes.Const):
            if id(text) not in kept and isinstance(text.value, str) and re.match(r"[A-Z][a-z]+( |$)", text.value):
                wrong.append(f"{template.name}: {text.value}")
    assert [one for one in wrong if one.rpartition(" ")[2] not in NAMES] == []


def _translates(call: nodes.Call) -> bool:
    return isinstance(call.node, nodes.Name) and call.node.name in ("_", "ngettext")


def test_the_browser_says_only_words_of_the_page() -> None:
    known, asked = set(json.loads(browser_words())), set()
    for island in (ASSETS / "islands").glob("*.ts"):
        code = re.sub(r"^\s*//.*$", "", island.read_text("utf-8"), flags=re.MULTILINE)
        asked |= set(re.findall(r"""\bsay\(\s*"(\w+)""", code))
        asked |= {word for two in re.findall(r'\bsay\([^()]*\? "(\w+)" : "(\w+)"', code) for word in two}
        assert re.findall(r"""["'`][A-Z][a-z]+ [a-z]+[^"'`]*["'`]""", code) == [], island.name
        assert re.findall(r"""textContent = ["'`][A-Za-z]""", code) == [], island.name
    assert {"left", "late", "failed", "offline", "sure", "keep"} <= asked
    assert asked <= known


@pytest.mark.parametrize("sheet", sorted(ASSETS.rglob("*.css")), ids=lambda path: path.stem)
def test_the_layout_runs_in_both_directions(sheet: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text("utf-8"), flags=re.DOTALL)
    found = {match.group().strip(" ;{\n:") for match in PHYSICAL.finditer(text)}
    assert found - PHYSICAL_ALLOWED == set()


def test_the_check_for_physical_directions_sees_them() -> None:
    for rule in ("margin-left: 1px", "left:0", " right: 2px", "text-align: right;", "float:left;", "padding-right:0"):
        assert PHYSICAL.search(f"a {{ {rule}; }}"), rule
    for rule in ("margin-inline-start: 1px", "inset-inline-end: 0", "text-align: end", "background: x left 2px center"):
        assert not PHYSICAL.search(f"a {{ {rule}; }}"), rule


def test_what_is_drawn_from_one_side_is_turned_round() -> None:
    """Backgrounds know no logical sides: whatever stands left or right has a rule for the other direction."""
    for sheet in ASSETS.rglob("*.css"):
        sides = re.findall(r"\b(left|right) \d+px", sheet.read_text("utf-8"))
        assert sides.count("left") == sides.count("right"), sheet.name


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("he", "rtl"), ("de", "ltr")])
def test_a_page_says_which_way_it_runs(language: str, direction: str) -> None:
    before = wording.language.set(language)
    try:
        page = render("error.html", reader=_reader(language), sentence="x", next="", toasts=[])
    finally:
        wording.language.reset(before)
    assert f'<html lang="{language}" dir="{direction}"' in page


@lru_cache
def _reader(language: str) -> object:
    return type("Reader", (), {"language": language, "theme": "auto", "keys_on": False})()
