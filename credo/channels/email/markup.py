"""HTML made safe and cut into tokens; everything after works on these and never on the raw markup."""

from __future__ import annotations

import re
from dataclasses import dataclass

import nh3

MAX_NESTING = 400

# fmt: off
_TAGS = {
    "a", "abbr", "acronym", "address", "article", "aside", "b", "bdi", "bdo", "big", "blockquote", "br", "caption",
    "center", "cite", "code", "col", "colgroup", "dd", "del", "dfn", "div", "dl", "dt", "em", "figcaption",
    "figure", "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "img", "ins", "kbd", "li",
    "main", "mark", "ol", "p", "pre", "q", "s", "samp", "section", "small", "span", "strike", "strong", "sub",
    "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "tt", "u", "ul", "var", "wbr",
}
_DROPPED = {
    "script", "style", "title", "template", "iframe", "object", "embed", "noscript", "textarea", "select", "svg",
    "math", "xml",
}
# fmt: on
_ATTRIBUTES = {
    "*": {"style", "class", "id", "title", "dir", "lang", "align", "valign", "hidden"},
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
# fmt: off
_STYLES = {
    "color", "background-color", "font-weight", "font-style", "font-family", "font-size", "text-decoration",
    "text-align", "white-space", "display", "vertical-align", "border", "border-top", "border-left",
    "border-bottom", "border-right", "border-collapse", "list-style-type", "direction", "visibility", "opacity",
    "max-height", "overflow",
}
# fmt: on
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
VOID = {"br", "hr", "img", "col", "wbr"}
_ANY_TAG = re.compile(r"<(/?)([a-zA-Z][\w:-]{0,30})[^<>]{0,20000}>")
_MARKUP = re.compile(r"<[a-zA-Z!/]")
_NO_TAG = re.compile(
    r"<(?=(?:https?://|mailto:|[\w.+-]{1,64}@)[^\s<>]{1,300}>)", re.IGNORECASE
)  # an address, not markup
_PREFORMATTED = re.compile(r"white-space:\s*(?:pre|break-spaces)", re.IGNORECASE)
_UNCOUNTED = VOID | {"meta", "link", "input", "p", "li", "tr", "tbody", "option"}


@dataclass(slots=True)
class Tag:
    """One tag of safe markup; `match` is the index of its other half, or -1."""

    name: str
    attributes: dict[str, str]
    close: bool
    match: int = -1


Token = str | Tag


def tokens(raw: str) -> list[Token]:
    """The safe tokens of `raw`, tags paired with each other."""
    if not _MARKUP.search(raw):
        raw = raw.replace("\n", "<br>")  # plain words under the name of HTML keep their lines
    found = _tokens(_CLEANER.clean(_flatten(_NO_TAG.sub("&lt;", raw))))
    _pair(found)
    return found


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


def _tokens(safe: str) -> list[Token]:
    tokens: list[Token] = []
    preformatted: list[str] = []
    for match in _TOKEN.finditer(safe):
        name = match["tag"]
        if name is None:
            words = match["text"] or "&lt;"
            # Preformatted lines become tokens of their own, so that a quote may begin at any of them.
            tokens.extend(words.splitlines(keepends=True) if preformatted else [words])
            continue
        close = bool(match["close"])
        attributes = dict(_ATTRIBUTE.findall(match["attributes"])) if match["attributes"] else {}
        tag = Tag(name, attributes, close)
        if keeps_lines(tag):
            preformatted.append(name)
        elif preformatted and name == preformatted[-1] and name not in VOID:
            # The same element inside is counted too, so that the right end of it ends this.
            preformatted[:] = preformatted[:-1] if close else [*preformatted, name]
        tokens.append(tag)
    return tokens


def keeps_lines(tag: Tag) -> bool:
    """Whether the line breaks inside an element count as such."""
    return not tag.close and (tag.name == "pre" or bool(_PREFORMATTED.search(tag.attributes.get("style", ""))))


def _pair(tokens: list[Token]) -> None:
    """Tell every opening tag where it closes, and the other way round."""
    opened: list[int] = []
    for at, token in enumerate(tokens):
        if isinstance(token, str) or token.name in VOID:
            continue
        if not token.close:
            opened.append(at)
            continue
        while opened:
            start = opened.pop()
            other = tokens[start]
            if isinstance(other, Tag) and other.name == token.name:
                other.match, token.match = at, start
                if token.name == "a":
                    token.attributes["href"] = other.attributes.get("href", "")
                break
