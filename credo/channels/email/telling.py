"""HTML told as plain text, with a note of which token wrote which stretch."""

from __future__ import annotations

import html as entities
import re
from dataclasses import dataclass, field

from credo.channels.email.markup import Tag, Token

_SPACES = re.compile(r"[ \t\r\n\f]+")
# fmt: off
_BLOCKS = {
    "address", "article", "aside", "blockquote", "caption", "center", "dd", "div", "dl", "dt", "figcaption",
    "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "li", "main", "ol", "p", "pre", "section",
    "table", "tr", "ul",
}
# fmt: on
_PARAGRAPHS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote", "ul", "ol", "dl", "table"}
_HIDDEN_STYLE = re.compile(r"display:\s*none", re.IGNORECASE)


@dataclass(slots=True)
class Flow:
    """Plain text in the making: lines, their quote marks, and which token wrote which stretch."""

    out: list[str] = field(default_factory=list)
    length: int = 0
    depth: int = 0
    breaks: int = 2
    space: bool = False
    spans: list[tuple[int, int, int]] = field(default_factory=list)

    def newline(self, count: int = 1) -> None:
        """At least `count` line breaks before the next words."""
        self.breaks = max(self.breaks, count)
        self.space = False

    def hard_break(self) -> None:
        """One more line break, as `<br>` asks."""
        self.breaks = min(self.breaks + 1, 4)
        self.space = False

    def write(self, words: str, token: int) -> None:
        """Words of `token`, after the breaks that are due and behind the marks of its quote."""
        mark = "> " * self.depth
        if self.breaks:
            if self.out:
                self._put("\n" + (mark.rstrip() + "\n") * (self.breaks - 1))
            self._put(mark)
            self.breaks = 0
        elif self.space:
            self._put(" ")
        self.space = False
        start = self.length
        self._put(words)
        self.spans.append((start, self.length, token))

    def _put(self, words: str) -> None:
        if words:
            self.out.append(words)
            self.length += len(words)


def tell(tokens: list[Token]) -> Flow:
    """The plain text of the tokens."""
    flow = Flow()
    preformatted = 0
    lists: list[int | None] = []
    skip_to = -1
    for at, token in enumerate(tokens):
        if at <= skip_to:
            continue
        if isinstance(token, str):
            _tell_words(flow, token, at, preformatted > 0)
            continue
        if _HIDDEN_STYLE.search(token.attributes.get("style", "")) and token.match > at:
            skip_to = token.match
            continue
        if token.name == "pre":
            preformatted = max(0, preformatted + (-1 if token.close else 1))
        _tell_tag(flow, token, at, lists)
    return flow


def _tell_words(flow: Flow, token: str, at: int, preformatted: bool) -> None:
    words = entities.unescape(token).replace("\xa0", " ").replace("\xad", "")
    if preformatted:
        line = words.rstrip("\r\n")
        if line:
            flow.write(line, at)
        if len(words) > len(line):
            flow.hard_break()
        return
    words = _SPACES.sub(" ", words)
    plain = words.strip(" ")
    if not plain:
        flow.space = flow.space or bool(words and not flow.breaks)
        return
    if words[0] == " " and not flow.breaks:
        flow.space = True
    flow.write(plain, at)
    flow.space = words[-1] == " "


def _tell_tag(flow: Flow, tag: Tag, at: int, lists: list[int | None]) -> None:
    name = tag.name
    if name == "br":
        flow.hard_break()
    elif name == "hr":
        flow.newline()
        flow.write("_" * 32, at)
        flow.newline()
    elif name == "img" and tag.attributes.get("alt"):
        alt = entities.unescape(tag.attributes["alt"]).strip()
        if alt:
            flow.write(alt if len(alt) <= 3 else f"[{_SPACES.sub(' ', alt)[:200]}]", at)
    elif name in ("td", "th") and tag.close:
        flow.space = flow.space or not flow.breaks
    elif name in ("ul", "ol"):
        if tag.close:
            del lists[-1:]
        else:
            lists.append(1 if name == "ol" else None)
        flow.newline(1 if lists[:-1] else 2)
    elif name == "li" and not tag.close:
        flow.newline()
        number = lists[-1] if lists else None
        flow.write(f"{number}." if number else "-", at)
        flow.space = True
        if lists and number:
            lists[-1] = number + 1
    elif name == "a" and tag.close:
        _tell_link(flow, tag, at)
    elif name in _BLOCKS:
        flow.newline(2 if name in _PARAGRAPHS else 1)
        if name == "blockquote":
            flow.depth = max(0, flow.depth + (-1 if tag.close else 1))


def _tell_link(flow: Flow, tag: Tag, at: int) -> None:
    """A link's address behind its words, where it says more than they do."""
    target = entities.unescape(tag.attributes.get("href", ""))
    said = "".join(flow.out[-4:])
    if not target.startswith("http") or len(target) > 200 or target.rstrip("/").split("://")[-1] in said:
        return
    flow.space = not flow.breaks
    flow.write(f"<{target}>", at)
