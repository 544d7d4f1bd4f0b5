"""A first draft from a page about one's own service, in plain text or HTML: offline, by cues, sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape

import nh3

from credo.language.sentences import sentences
from credo.language.weeks import opening_hours
from credo.philosophy.composing import Composition, Ground, Say
from credo.philosophy.gleaning import familiar
from credo.philosophy.hearing import kind_of, promised
from credo.philosophy.problems import _
from credo.philosophy.scribing import comment, lines, quoted
from credo.philosophy.starters import Starter

_MARKUP = re.compile(r"<(?:!doctype|/?[a-z][a-z0-9]*)\b[^<>]*>", re.IGNORECASE)
_KEPT = {"p", "br", "li", "div", "h1", "h2", "h3", "h4", "h5", "h6", "td", "tr", "dt", "dd", "section", "blockquote"}
_SILENT = {"script", "style", "title", "nav", "noscript", "template", "select", "button"}
_LONGEST = 300  # letters; what is longer is no sentence that anybody keeps in mind


def begin_from_page(starter: Starter, ground: Ground, page: str, say: Say = str) -> str:
    """A draft in the language of `starter` with what `page` says, each with its sentence; the rest stands on top.

    It loads whatever the page is. `say` translates into the language of the starter. Raises TooLong.
    """
    draft = Composition(starter, ground, say)
    found: dict[str, list[str]] = {}
    opened = False
    for sentence in dict.fromkeys(sentences("\n".join(lines(plain(page))))):
        week = {} if opened else opening_hours(sentence)
        if week:
            draft.open(week, _quote(draft, sentence))
            opened = True
        else:
            kind = kind_of(sentence) if len(sentence) <= _LONGEST else "other"
            found.setdefault(kind, []).append(sentence)
    _write(draft, found)
    return draft.text()


def plain(page: str) -> str:
    """The text of a page, a line for each block, without what browsers do not show."""
    if not _MARKUP.search(page):
        return page
    cleaned = nh3.clean(page, tags=_KEPT, attributes={}, clean_content_tags=_SILENT)
    return unescape(re.sub(r"<[^>]*>", "\n", " ".join(cleaned.split())))


def _write(draft: Composition, found: dict[str, list[str]]) -> None:
    unread = draft.say(_("Sentences of your page that nothing was made of:"))
    beliefs = draft.few(unread, found.get("belief", []))
    if beliefs:
        value = draft.value("page", draft.say(_("What our page says")), beliefs[0], "service-page")
        for number, sentence in enumerate(beliefs, 1):
            id = draft.principle(f"page-{number}", value, sentence)
            draft.sheet.above(f"philosophy/principles/{id}", comment(_quote(draft, sentence)))
    nevers = draft.few(unread, found.get("never", []))
    draft.nevers("page", nevers)
    for number, sentence in enumerate(nevers, 1):
        draft.sheet.above(f"policy/rules/page-never-{number}", comment(_quote(draft, sentence)))
    for sentence in draft.few(unread, found.get("promise", [])):
        if said := promised(sentence):
            draft.promise(said, _quote(draft, sentence))
    _talk(draft, draft.few(unread, found.get("talk", [])))
    draft.leave(
        draft.say(_("Promises without a time. By when? Write it with hours or working days:")), found.get("untimed", [])
    )
    draft.leave(unread, found.get("other", []))


def _talk(draft: Composition, said: Sequence[str]) -> None:
    if not said:
        return
    draft.sheet.put("practice/voice/character", quoted(" ".join(said)))
    draft.sheet.above("practice/voice/character", [line for one in said for line in comment(_quote(draft, one))])
    if form := next((form for one in said if (form := familiar(one, draft.language))), ""):
        draft.sheet.change("practice/voice/address_form", rf"\b{draft.language}: (\w+)", form)


def _quote(draft: Composition, sentence: str) -> str:
    return draft.say(_("From your page: “%(sentence)s”")) % {"sentence": sentence}
