"""HTML mail: cleaned for the screen, told as plain text, its quotes folded away."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import Literal

from credo.channels.email import charsets
from credo.channels.email.markup import VOID, Tag, Token, tokens
from credo.channels.email.telling import Flow, tell
from credo.language import zones as language

MAX_LENGTH = 2_000_000
MAX_MARKS = 200  # names of elements that are believed; each is compared with every line

_IMAGE_DATA = re.compile(r"data:image/(?:png|jpe?g|gif|webp|bmp);base64,[A-Za-z0-9+/=\s]+$", re.IGNORECASE)
_BLANKS = re.compile(r"[\x00-\x20\x7f-\xa0]+")  # browsers read an address without them
# Elements after which everything is quoted, and elements that hold a signature, as mail programs name them.
_REST_NAMES = re.compile(
    r"\b(?:divRplyFwdMsg|appendonsend|OLK_SRC_BODY_SECTION|OutlookMessageHeader|mail_android_quote|__QUOTED_TEXT__"
    r"|yahoo_quoted|mail-editor-reference-message-container)\b"
)
_ATTRIBUTION_NAMES = re.compile(r"\b(?:gmail_attr|moz-cite-prefix)\b")
_SIGNATURE_NAMES = re.compile(
    r"\b(?:gmail_signature|moz-signature|ms-outlook-mobile-signature|AppleMailSignature|protonmail_signature_block|Signature)\b"
)


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
    parts = tokens(raw[:MAX_LENGTH])
    flow = tell(parts)
    text = charsets.clean("".join(flow.out)).rstrip()
    found = language.zones(text, _marks(parts, flow, len(text)))
    folds = _folds(parts, flow, found)
    return Told(_render(parts, folds), text, language.visible_of(text, found), found, cut)


def _marks(parts: list[Token], flow: Flow, length: int) -> tuple[language.Mark, ...]:
    """What the names of elements tell about the text: signatures, and where somebody else's words begin."""
    marks: list[language.Mark] = []
    tokens_told = [token for _, _, token in flow.spans]
    for at, part in enumerate(parts):
        if len(marks) == MAX_MARKS:
            break
        if isinstance(part, str) or part.close or part.match < 0:
            continue
        name = " ".join(part.attributes.get(key, "") for key in ("class", "id", "data-marker"))
        rest = bool(_REST_NAMES.search(name))
        kind: Literal["quote", "attribution", "signature"] = "quote" if rest else "signature"
        if not rest and _ATTRIBUTION_NAMES.search(name):
            kind = "attribution"
        elif not rest and not _SIGNATURE_NAMES.search(name):
            continue
        first, after = bisect_right(tokens_told, at), bisect_left(tokens_told, part.match)
        if first < (len(tokens_told) if rest else after):
            marks.append(language.Mark(kind, flow.spans[first][0], length if rest else flow.spans[after - 1][1]))
    return tuple(marks)


def _folds(parts: list[Token], flow: Flow, found: tuple[language.Zone, ...]) -> list[tuple[int, int, str]]:
    """Token ranges to fold: the hidden zones of the text, widened to whole elements where possible."""
    folds: list[tuple[int, int, str]] = []
    starts, ends = [start for start, _, _ in flow.spans], [end for _, end, _ in flow.spans]
    for zone in found:
        # Stretches stand in the order of their tokens, so the first and the last of a zone are enough.
        begin, after = bisect_right(ends, zone.start), bisect_left(starts, zone.end)
        if not zone.hidden or begin >= after:
            continue
        first, last = _widen(parts, flow.spans[begin][2], flow.spans[after - 1][2])
        if folds and first <= folds[-1][1]:
            first = folds[-1][1] + 1
        if first <= last:
            folds.append((first, last, "signature" if zone.kind != "quote" else "quote"))
    return folds


def _widen(parts: list[Token], first: int, last: int) -> tuple[int, int]:
    """The range grown over tags that only wrap it."""
    reach = last
    while reach + 1 < len(parts) and _is_filling(parts[reach + 1], close=True):
        reach += 1
    while first > 0:
        before = parts[first - 1]
        if isinstance(before, str) or before.close or before.name in VOID or not 0 <= before.match <= reach:
            break
        first -= 1
        last = max(last, before.match)
    return first, last


def _is_filling(token: Token, close: bool) -> bool:
    if isinstance(token, str):
        return not token.strip()
    return token.close == close or token.name == "br"


def _render(parts: list[Token], folds: list[tuple[int, int, str]]) -> str:
    """Markup with the folds in place; where a fold cuts through elements they are closed and opened again."""
    out: list[str] = []
    starts = {first: (last, kind) for first, last, kind in folds}
    opened: list[int] = []
    fold_end, fold_base = -1, 0
    for at, token in enumerate(parts):
        if at in starts:
            fold_end, kind = starts[at]
            left = [start for start in opened if 0 <= _match(parts, start) <= fold_end]
            out.extend(f"</{_name(parts, start)}>" for start in reversed(left))
            out.append(f'<details class="{kind}"><summary>…</summary>')
            out.extend(_open_tag(parts[start]) for start in left)
            fold_base = len(opened) - len(left)
        if isinstance(token, str):
            out.append(token)
        elif token.name in VOID:
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
            out.extend(f"</{_name(parts, start)}>" for start in reversed(still))
            out.append("</details>")
            out.extend(_open_tag(parts[start]) for start in still)
    return "".join(out)


def _match(parts: list[Token], at: int) -> int:
    token = parts[at]
    return token.match if isinstance(token, Tag) else -1


def _name(parts: list[Token], at: int) -> str:
    token = parts[at]
    return token.name if isinstance(token, Tag) else ""


def _open_tag(token: Token) -> str:
    """One opening tag as the thread may show it: images wait, names that only served detection are gone."""
    if isinstance(token, str):
        return token
    told: list[str] = []
    for name, value in token.attributes.items():
        if name in ("class", "id", "name", "data-marker"):
            continue
        if token.name == "img" and name == "src":
            told.append(_waiting_image(value))
        elif name != "href" or not _BLANKS.sub("", value).lower().startswith(("data:", "cid:")):
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
