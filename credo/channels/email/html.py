"""HTML mail: cleaned for the screen, told as plain text, its quotes folded away; one pass over safe markup."""

from __future__ import annotations

import html as entities
import re
from dataclasses import dataclass, field

import nh3

from credo.channels.email import charsets
from credo.language import zones as language

MAX_LENGTH = 2_000_000
MAX_NESTING = 400

_TAGS = {
    "a",
    "abbr",
    "acronym",
    "address",
    "article",
    "aside",
    "b",
    "bdi",
    "bdo",
    "big",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "font",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "main",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
    "wbr",
}
_DROPPED = {
    "script",
    "style",
    "title",
    "template",
    "iframe",
    "object",
    "embed",
    "noscript",
    "textarea",
    "select",
    "svg",
    "math",
}
_ATTRIBUTES = {
    "*": {"style", "class", "id", "title", "dir", "lang", "align", "valign"},
    "a": {"href", "name"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan", "width", "height", "bgcolor"},
    "th": {"colspan", "rowspan", "width", "height", "bgcolor"},
    "table": {"border", "cellpadding", "cellspacing", "width", "bgcolor"},
    "font": {"color", "face", "size"},
    "ol": {"start", "type"},
    "blockquote": {"type"},
    "div": {"data-marker"},
}
_STYLES = {
    "color",
    "background-color",
    "font-weight",
    "font-style",
    "font-family",
    "font-size",
    "text-decoration",
    "text-align",
    "white-space",
    "display",
    "vertical-align",
    "border",
    "border-top",
    "border-left",
    "border-bottom",
    "border-right",
    "border-collapse",
    "list-style-type",
    "direction",
}
_SCHEMES = {"http", "https", "mailto", "tel", "cid", "data"}
_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    clean_content_tags=_DROPPED,
    attributes=_ATTRIBUTES,
    filter_style_properties=_STYLES,
    url_schemes=_SCHEMES,
    link_rel="noopener noreferrer nofollow",
    url_relative="deny",
)

_TOKEN = re.compile(
    r"<(?P<close>/)?(?P<tag>[a-z][a-z0-9]*)(?P<attributes>(?:\s+[\w:-]+(?:=\"[^\"]*\")?)*)\s*/?>|(?P<text>[^<]+)"
    r"|(?P<stray><)"
)
_ATTRIBUTE = re.compile(r'\s([\w:-]+)(?:="([^"]*)")?')
_SPACES = re.compile(r"[ \t\r\n\f]+")
_VOID = {"br", "hr", "img", "col", "wbr"}
_ANY_TAG = re.compile(r"<(/?)([a-zA-Z][\w:-]{0,30})[^<>]{0,20000}>")
_UNCOUNTED = _VOID | {"meta", "link", "input", "p", "li", "tr", "tbody", "option"}
_BLOCKS = {
    "address",
    "article",
    "aside",
    "blockquote",
    "caption",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "li",
    "main",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "tr",
    "ul",
}
_PARAGRAPHS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote", "ul", "ol", "dl", "table"}
_IMAGE_DATA = re.compile(r"data:image/(?:png|jpe?g|gif|webp|bmp);base64,[A-Za-z0-9+/=\s]+$", re.IGNORECASE)
_HIDDEN_STYLE = re.compile(r"display:\s*none", re.IGNORECASE)
_QUOTE_NAMES = re.compile(
    r"\b(?:gmail_quote|gmail_extra_quote|yahoo_quoted|moz-cite-prefix|moz-forward-container|protonmail_quote"
    r"|zmail_extra|OutlookMessageHeader"
    r"|divRplyFwdMsg|appendonsend|OLK_SRC_BODY_SECTION|isReplyContent|isForwardContent|__QUOTED_TEXT__"
    r"|mail_android_quote|WM_RT|reply-intro)\b"
)
_SIGNATURE_NAMES = re.compile(
    r"\b(?:gmail_signature|moz-signature|ms-outlook-mobile-signature|AppleMailSignature"
    r"|protonmail_signature_block|Signature|signature)\b"
)


@dataclass(slots=True)
class _Tag:
    name: str
    attributes: dict[str, str]
    close: bool
    match: int = -1


@dataclass(slots=True)
class _Flow:
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


@dataclass(frozen=True, slots=True)
class Told:
    """What HTML comes to: safe markup, the same as plain text, the visible part of that, whether it was cut."""

    clean: str
    text: str
    visible: str
    zones: tuple[language.Zone, ...]
    cut: bool


def read(raw: str) -> Told:
    """Clean, tell and fold one HTML body. Nothing is loaded; remote images wait in `data-src`."""
    cut = len(raw) > MAX_LENGTH
    safe = _CLEANER.clean(_flatten(raw[:MAX_LENGTH]))
    tokens = _tokens(safe)
    _pair(tokens)
    flow = _tell(tokens)
    text = charsets.clean("".join(flow.out)).rstrip()
    found = language.zones(text)
    folds = _folds(tokens, flow, found)
    return Told(_render(tokens, folds), text, language.visible_of(text, found), found, cut)


def _flatten(raw: str) -> str:
    """`raw` with absurd nesting removed, which no screen shows and which would exhaust the parser's stack."""
    opening = raw.count("<")
    if opening < MAX_NESTING or (opening < 4000 and opening - 2 * raw.count("</") < MAX_NESTING):
        return raw
    out: list[str] = []
    opened: dict[str, int] = {}
    depth = at = 0
    for match in _ANY_TAG.finditer(raw):
        name = match[2].lower()
        if name in _UNCOUNTED:
            continue
        if not match[1]:
            opened[name] = opened.get(name, 0) + 1
            depth += 1
        elif opened.get(name):
            opened[name] -= 1
            depth -= 1
        if depth > MAX_NESTING or (match[1] and depth == MAX_NESTING):
            out.append(raw[at : match.start()])
            at = match.end()
    out.append(raw[at:])
    return "".join(out)


def _tokens(safe: str) -> list[str | _Tag]:
    tokens: list[str | _Tag] = []
    preformatted = 0
    for match in _TOKEN.finditer(safe):
        name = match["tag"]
        if name is None:
            words = match["text"] or "&lt;"
            # Preformatted lines become tokens of their own, so that a quote may begin at any of them.
            tokens.extend(words.splitlines(keepends=True) if preformatted else [words])
            continue
        close = bool(match["close"])
        attributes = dict(_ATTRIBUTE.findall(match["attributes"])) if match["attributes"] else {}
        if name == "pre":
            preformatted = max(0, preformatted + (-1 if close else 1))
        tokens.append(_Tag(name, attributes, close))
    return tokens


def _pair(tokens: list[str | _Tag]) -> None:
    """Tell every opening tag where it closes, and the other way round."""
    opened: list[int] = []
    for at, token in enumerate(tokens):
        if isinstance(token, str) or token.name in _VOID:
            continue
        if not token.close:
            opened.append(at)
            continue
        while opened:
            start = opened.pop()
            other = tokens[start]
            if isinstance(other, _Tag) and other.name == token.name:
                other.match, token.match = at, start
                if token.name == "a":
                    token.attributes["href"] = other.attributes.get("href", "")
                break


def _tell(tokens: list[str | _Tag]) -> _Flow:
    """The plain text of the tokens."""
    flow = _Flow()
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


def _tell_words(flow: _Flow, token: str, at: int, preformatted: bool) -> None:
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


def _tell_tag(flow: _Flow, tag: _Tag, at: int, lists: list[int | None]) -> None:
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


def _tell_link(flow: _Flow, tag: _Tag, at: int) -> None:
    """A link's address behind its words, where it says more than they do."""
    target = entities.unescape(tag.attributes.get("href", ""))
    said = "".join(flow.out[-4:])
    if not target.startswith("http") or len(target) > 200 or target.rstrip("/").split("://")[-1] in said:
        return
    flow.space = not flow.breaks
    flow.write(f"<{target}>", at)


def _folds(tokens: list[str | _Tag], flow: _Flow, found: tuple[language.Zone, ...]) -> list[tuple[int, int, str]]:
    """Token ranges to fold: the hidden zones of the text, widened to whole elements where possible."""
    folds: list[tuple[int, int, str]] = []
    for zone in found:
        if not zone.hidden:
            continue
        inside = [token for start, end, token in flow.spans if end > zone.start and start < zone.end]
        if not inside:
            continue
        first, last = _widen(tokens, min(inside), max(inside))
        if folds and first <= folds[-1][1]:
            first = folds[-1][1] + 1
        if first <= last:
            folds.append((first, last, "signature" if zone.kind != "quote" else "quote"))
    return folds


def _widen(tokens: list[str | _Tag], first: int, last: int) -> tuple[int, int]:
    """The range grown over tags that only wrap it."""
    reach = last
    while reach + 1 < len(tokens) and _is_filling(tokens[reach + 1], close=True):
        reach += 1
    while first > 0:
        before = tokens[first - 1]
        if isinstance(before, str) or before.close or before.name in _VOID or not 0 <= before.match <= reach:
            break
        first -= 1
        last = max(last, before.match)
    return first, last


def _is_filling(token: str | _Tag, close: bool) -> bool:
    if isinstance(token, str):
        return not token.strip()
    return token.close == close or token.name == "br"


def _render(tokens: list[str | _Tag], folds: list[tuple[int, int, str]]) -> str:
    """Markup with the folds in place; where a fold cuts through elements they are closed and opened again."""
    out: list[str] = []
    starts = {first: (last, kind) for first, last, kind in folds}
    opened: list[int] = []
    fold_end, fold_base = -1, 0
    for at, token in enumerate(tokens):
        if at in starts:
            fold_end, kind = starts[at]
            left = [start for start in opened if 0 <= _match(tokens, start) <= fold_end]
            out.extend(f"</{_name(tokens, start)}>" for start in reversed(left))
            out.append(f'<details class="{kind}"><summary>…</summary>')
            out.extend(_open_tag(tokens[start]) for start in left)
            fold_base = len(opened) - len(left)
        if isinstance(token, str):
            out.append(token)
        elif token.name in _VOID:
            out.append(_open_tag(token))
        elif not token.close:
            opened.append(at)
            out.append(_open_tag(token))
        elif token.match >= 0:
            while opened and opened[-1] >= token.match:
                opened.pop()
            out.append(f"</{token.name}>")
        if at == fold_end:
            still = opened[fold_base:]
            out.extend(f"</{_name(tokens, start)}>" for start in reversed(still))
            out.append("</details>")
            out.extend(_open_tag(tokens[start]) for start in still)
    return "".join(out)


def _match(tokens: list[str | _Tag], at: int) -> int:
    token = tokens[at]
    return token.match if isinstance(token, _Tag) else -1


def _name(tokens: list[str | _Tag], at: int) -> str:
    token = tokens[at]
    return token.name if isinstance(token, _Tag) else ""


def _open_tag(token: str | _Tag) -> str:
    """One opening tag as the thread may show it: images wait, names that only served detection are gone."""
    if isinstance(token, str):
        return token
    told: list[str] = []
    for name, value in token.attributes.items():
        if name in ("class", "id", "name", "data-marker"):
            continue
        if token.name == "img" and name == "src":
            told.append(_waiting_image(value))
        elif name != "href" or not value.lower().lstrip().startswith(("data:", "cid:")):
            told.append(f'{name}="{value}"')
    extra = ' target="_blank"' if token.name == "a" and "href" in token.attributes else ""
    return f"<{token.name}{''.join(' ' + one for one in told if one)}{extra}>"


def _waiting_image(value: str) -> str:
    lowered = value.lower().strip()
    if lowered.startswith("cid:"):
        return f'data-cid="{value.strip()[4:]}"'
    if lowered.startswith("data:"):
        return f'src="{value}"' if _IMAGE_DATA.match(value.strip()) else ""
    return f'data-src="{value}"'
