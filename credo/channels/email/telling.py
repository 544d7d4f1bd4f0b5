"""HTML told as plain text, with a note of which token wrote which stretch."""

from __future__ import annotations

import html as entities
import re
from dataclasses import dataclass, field

from credo.channels.email.markup import Tag, Token, keeps_lines

_SPACES = re.compile(r"[ \t\r\n\f]+")
# fmt: off
_BLOCKS = {
    "address", "article", "aside", "blockquote", "caption", "center", "dd", "div", "dl", "dt", "figcaption",
    "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "li", "main", "ol", "p", "pre", "section",
    "table", "tr", "ul",
}
# fmt: on
_PARAGRAPHS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote", "ul", "ol", "dl", "table"}
_HIDDEN_STYLE = re.compile(
    r"display:\s*none|visibility:\s*hidden|opacity:\s*0(?:\.0*)?(?![\d.])"
    r"|max-height:\s*0(?![\d.]).*overflow:\s*hidden|overflow:\s*hidden.*max-height:\s*0(?![\d.])",
    re.IGNORECASE,
)
_NO_SIZE = re.compile(r"font-size:\s*0(?:px|pt|em|%)?\s*(?:;|$)", re.IGNORECASE)
_PADDING = re.compile(r"(?:[\u200b\u200c\u200d\u034f\u2007\ufeff][ \t]*){3,}")  # fills the preview of an inbox


@dataclass(slots=True)
class Flow:
    """Plain text in the making: lines, their quote marks, and which token wrote which stretch."""

    out: list[str] = field(default_factory=list)
    length: int = 0
    depth: int = 0
    marked: int = 0
    breaks: int = 2
    space: bool = False
    bullet: bool = False
    spans: list[tuple[int, int, int]] = field(default_factory=list)

    def newline(self, count: int = 1) -> None:
        """At least `count` line breaks before the next words; none between a bullet and its words."""
        if self.bullet:
            return
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
                between = "> " * min(self.depth, self.marked)
                self._put("\n" + (between.rstrip() + "\n") * (self.breaks - 1))
            self._put(mark)
            self.marked = self.depth
            self.breaks = 0
        elif self.space:
            self._put(" ")
        self.space = self.bullet = False
        start = self.length
        self._put(words)
        self.spans.append((start, self.length, token))

    def _put(self, words: str) -> None:
        if words:
            self.out.append(words)
            self.length += len(words)


def tell(tokens: list[Token]) -> Flow:
    """The plain text of the tokens; what is hidden counts only where nothing else is said."""
    flow = _tell(tokens, hiding=True)
    return flow if flow.out else _tell(tokens, hiding=False)


def _tell(tokens: list[Token], *, hiding: bool) -> Flow:
    flow = Flow()
    keep_to = skip_to = -1
    lists: list[int | None] = []
    for at, token in enumerate(tokens):
        if at <= skip_to:
            continue
        if isinstance(token, str):
            _tell_words(flow, token, at, at < keep_to)
            continue
        if hiding and token.match > at and _is_hidden(tokens, at, token):
            skip_to = token.match
            continue
        if keeps_lines(token):
            keep_to = max(keep_to, token.match)
        _tell_tag(flow, token, at, lists)
    return flow


def _is_hidden(tokens: list[Token], at: int, tag: Tag) -> bool:
    """Whether an element is not meant to be seen: the words that a newsletter shows only in the list of an inbox."""
    if "hidden" in tag.attributes:
        return True
    style = tag.attributes.get("style")
    if not style:
        return False
    if _HIDDEN_STYLE.search(style):
        return True
    # Without a size of letters, unless an element inside gives them one: a common way to close gaps between columns.
    return bool(_NO_SIZE.search(style)) and not any(
        isinstance(one, Tag) and "font" in one.attributes.get("style", "") for one in tokens[at + 1 : tag.match]
    )


def _tell_words(flow: Flow, token: str, at: int, preformatted: bool) -> None:
    words = entities.unescape(token).replace("\xa0", " ").replace("\xad", "")
    if preformatted:
        line = words.rstrip("\r\n")
        if line:
            flow.write(line, at)
        if len(words) > len(line):
            flow.hard_break()
        return
    words = _SPACES.sub(" ", _PADDING.sub(" ", words))
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
        flow.write("-" * 32, at)  # underscores would be taken for the mark of a signature
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
            flow.newline(1 if lists else 2)
        else:
            flow.newline(1 if lists else 2)
            lists.append(_first_number(tag) if name == "ol" else None)
    elif name == "li" and not tag.close:
        flow.bullet = False
        flow.newline()
        number = lists[-1] if lists else None
        flow.write("  " * (len(lists) - 1) + ("-" if number is None else f"{number}."), at)
        flow.space = flow.bullet = True
        if lists and number is not None:
            lists[-1] = number + 1
    elif name == "li":
        flow.bullet = False
    elif name == "a" and tag.close:
        _tell_link(flow, tag, at)
    elif name in _BLOCKS:
        flow.newline(2 if name in _PARAGRAPHS else 1)
        if name == "blockquote":
            flow.depth = max(0, flow.depth + (-1 if tag.close else 1))


def _first_number(tag: Tag) -> int:
    start = tag.attributes.get("start", "")
    return int(start) if start.isdecimal() and len(start) < 6 else 1


def _tell_link(flow: Flow, tag: Tag, at: int) -> None:
    """A link's address behind its words, where it says more than they do."""
    target = entities.unescape(tag.attributes.get("href", ""))
    said = "".join(flow.out[-4:])
    if not target.startswith("http") or len(target) > 200 or target.rstrip("/").split("://")[-1] in said:
        return
    flow.space = not flow.breaks
    flow.write(f"<{target}>", at)
