"""Times in prose: "within two working days", „innerhalb von 24 Stunden“, «en un plazo de tres días laborables».

Nothing is guessed: a sentence with no time in it, with two, or with a vague one ("soon") names none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


def _counted(first: int, words: str) -> dict[str, int]:
    return {word: number for number, word in enumerate(words.split(), first)}


_ARTICLES = ("a", "an", "ein", "eine", "einem", "einen", "einer", "eines", "un", "una")
_NUMBERS: dict[str, int] = {
    **dict.fromkeys(_ARTICLES, 1),
    **_counted(1, "one two three four five six seven eight nine ten eleven twelve"),
    **_counted(2, "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf"),
    **_counted(2, "dos tres cuatro cinco seis siete ocho nueve diez once doce"),
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "fourteen": 14,
    "fünfzehn": 15,
    "zwanzig": 20,
    "dreißig": 30,
    "vierzehn": 14,
    "quince": 15,
    "veinte": 20,
    "treinta": 30,
    "catorce": 14,
    "vierundzwanzig": 24,
}
_NUMBER = rf"[0-9]{{1,4}}(?:[.,]5)?|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))}"
_TO = r"\s*(?:-|–|to|or|bis|oder|a|o)\s*"
_OURS = r"(?:opening|business|working|work|office|banking|bank|week)"
_OURS_DE = r"(?:öffnungs|geschäfts|arbeits|büro|werk|bankarbeits|banks?|wochen)"
_OURS_ES = r"(?:laborables?|laborales?|hábil(?:es)?|de\s+apertura|de\s+oficina|bancarios?)"
_EACH = (
    r"\s*(?:/|\b(?:an?|per|each|am|pro|al|por)\s+(?:day|week|tag|woche|d[ií]a|semana))"  # "24 hours a day" is no limit
)
_UNITS = rf"""
    (?P<ours>{_OURS}[\s-]*)?(?P<hour>hours?|hrs?) | (?P<hora>horas?)(?P<suyas>\s+{_OURS_ES})?
    | (?P<ihre>{_OURS_DE})?(?P<stunde>stunden?|std\b)
    | (?P<minute>minutes?|mins?|minuten?|minutos?)
    | (?P<our>{_OURS}[\s-]*)?(?P<day>days?) | (?P<dia>d[ií]as?)(?P<suyos>(?:\s+{_OURS_ES})+)?
    | (?P<ihr>{_OURS_DE})?(?P<tag>tag(?:e[ns]?|s)?)
    | (?P<week>weeks?|wochen?|semanas?)
"""
_TIME = re.compile(
    rf"(?<![\w.,/])(?P<least>{_NUMBER})(?:{_TO}(?P<most>{_NUMBER}))?[\s-]*(?:{_UNITS})(?!\w|{_EACH})",
    re.IGNORECASE | re.VERBOSE,
)
_LEADS = re.compile(
    r"\b(?:within|in|under|innerhalb|binnen|nach|spätestens|en|plazo\s+de)\s+(?:(?:of|von|menos\s+de|less\s+than)\s+)?$",
    re.IGNORECASE,
)
_NEXT = re.compile(
    r"\bnext\s+(?:working|business)\s+day\b|\bnächste[nrs]?\s+(?:werk|arbeits|geschäfts)tage?s?\b"
    r"|\b(?:siguiente|próximo)\s+día\s+(?:laborable|hábil)\b|\bdía\s+(?:laborable|hábil)\s+siguiente\b",
    re.IGNORECASE,
)
_HALF = re.compile(r"\bhalf\s+an\s+hour\b|\b(?:einer\s+)?halben?\s+stunde\b|\bmedia\s+hora\b", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Deadline:
    """A time that a text names, as `target` (PT4H, P2D) and in its own `words`.

    `open` is true where only opening hours or working days count. `assumed` is true where the text did not say so: a
    few hours are taken for opening hours, while a day and more is taken by the clock on the wall.
    """

    target: str
    words: str
    open: bool
    assumed: bool = False


def deadline(text: str) -> Deadline | None:
    """The one time that `text` names, or None."""
    found: list[Deadline | None] = [_next(match) for match in _NEXT.finditer(text)]
    found += [_half(match) for match in _HALF.finditer(text)]
    taken = [*_NEXT.finditer(text), *_HALF.finditer(text)]
    for match in _TIME.finditer(text):
        free = not any(match.start() < other.end() and other.start() < match.end() for other in taken)
        counted = match["least"].lower() not in _ARTICLES or _LEADS.search(text, 0, match.start())
        if free and counted:
            found.append(_read(match))
    return found[0] if len(found) == 1 else None


def _next(match: re.Match[str]) -> Deadline:
    return Deadline("P1D", match[0], open=True)


def _half(match: re.Match[str]) -> Deadline:
    return Deadline("PT30M", match[0], open=True, assumed=True)


def _read(match: re.Match[str]) -> Deadline | None:
    """Of "2 to 3 days" the longer time, because that is what holds."""
    amount = _amount(match["most"] or match["least"])
    words = _SPACE.sub(" ", match[0]).strip()
    ours = any(match[name] for name in ("ours", "suyas", "ihre", "our", "suyos", "ihr"))
    if match["day"] or match["dia"] or match["tag"] or match["week"]:
        days = amount * (7 if match["week"] else 1)
        return Deadline(f"P{days:.0f}D", words, open=ours) if days and days == int(days) and days < 10_000 else None
    minutes = round(amount if match["minute"] else amount * 60)
    if not 0 < minutes < 100_000:
        return None
    target = f"PT{minutes // 60}H" if minutes % 60 == 0 else f"PT{minutes}M"
    short = minutes < _DAY
    return Deadline(target, words, open=ours or short, assumed=short and not ours)


def _amount(text: str) -> float:
    return float(_NUMBERS.get(text.lower()) or text.replace(",", "."))
