"""Small things in somebody's own words: amounts, phrases in quotes, figures to reach, how often to look again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

_MONEY = r"€|EUR|euros?|\$|USD|dollars?|£|GBP|pounds?|CHF|Franken|francos"
_SUM = re.compile(
    rf"(?P<before>{_MONEY})\s?(?P<amount>[0-9][0-9.,]*)|(?P<sum>[0-9][0-9.,]*)\s?(?P<after>{_MONEY})(?!\w)",
    re.IGNORECASE,
)
_CURRENCIES = {
    **dict.fromkeys(("€", "eur", "euro", "euros"), "EUR"),
    **dict.fromkeys(("$", "usd", "dollar", "dollars"), "USD"),
    **dict.fromkeys(("£", "gbp", "pound", "pounds"), "GBP"),
    **dict.fromkeys(("chf", "franken", "francos"), "CHF"),
}
_LEAD = re.compile(
    r"\b(?:leads?|boss|manager|owner|head|leitung|chef(?:in)?|inhaber(?:in)?|responsable|jef[ea]|dueñ[oa]|director[a]?)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"“„”«]\s?([^\"“„”«»]{2,60}?)\s?[\"“”»]")
_DU = {
    "de": re.compile(r"\b(?:du|duzen|per du)\b", re.IGNORECASE),
    "es": re.compile(r"\b(?:tú|tutea\w*|de tú)\b", re.IGNORECASE),
}
_NOT = re.compile(r"\b(?:not|never|nicht|nie|niemals|kein\w*|no|nunca|ni)\b", re.IGNORECASE)
_METRICS: Mapping[str, re.Pattern[str]] = {
    "promise_kept_rate": re.compile(r"\bpromis\w+|\bverspr\w+|\bpromesas?\b|\bprometid\w+", re.IGNORECASE),
    "csat": re.compile(r"\bsatisf\w+|\bhappy\b|\bzufrieden\w*|\bcontent[oa]s?\b", re.IGNORECASE),
    "fcr_7d": re.compile(r"\bfirst (?:answer|contact|reply)\b|\bbeim ersten mal\b|\ba la primera\b", re.IGNORECASE),
    "solved_rate": re.compile(r"\bsolved\b|\bgelöst\w*|\bresuelt\w+", re.IGNORECASE),
    "repeat_purchase_180d": re.compile(
        r"\bbuy again\b|\bcome back\b|\bkaufen wieder\b|\bkommen wieder\b|\bvuelv\w+", re.IGNORECASE
    ),
}
_PERCENT = re.compile(r"(?<![0-9.,])([0-9]{1,3})(?:[.,]([0-9]))?\s?(?:%|percent|prozent|por ciento)", re.IGNORECASE)
_RHYTHMS: Mapping[str, str] = {
    r"every six months|twice a year|half[- ]yearly|alle sechs monate|halbjährlich|zweimal im jahr|cada seis meses"
    r"|semestral\w*|dos veces al año": "P6M",
    r"every (?:three months|quarter)|quarterly|alle drei monate|vierteljährlich|jedes quartal"
    r"|cada (?:tres meses|trimestre)|trimestral\w*": "P3M",
    r"every month|monthly|jeden monat|monatlich|cada mes|mensual\w*": "P1M",
    r"every year|once a year|yearly|annual\w*|jedes jahr|jährlich|einmal im jahr"
    r"|cada año|una vez al año|anual\w*": "P1Y",
}
_DATE = re.compile(
    r"(?<![0-9])([0-9]{4})-([0-9][0-9])-([0-9][0-9])(?![0-9])|(?<![0-9])([0-9]{1,2})\.\s?([0-9]{1,2})\.\s?([0-9]{4})(?![0-9])"
)
_MONTHS = {"P1M": 1, "P3M": 3, "P6M": 6, "P1Y": 12}


@dataclass(frozen=True, slots=True)
class Figure:
    """A share to reach in a metric, as 0.95."""

    metric: str
    share: float


@dataclass(frozen=True, slots=True)
class Again:
    """How often to look again, and when next."""

    every: str
    next: date


def amount(text: str) -> str:
    """The one sum of money in `text`, as "50 EUR"; empty where there is none or more than one."""
    found = list(_SUM.finditer(text))
    if len(found) != 1:
        return ""
    number = (found[0]["amount"] or found[0]["sum"]).rstrip(".,")
    currency = _CURRENCIES[(found[0]["before"] or found[0]["after"]).lower()]
    whole, cents = re.fullmatch(r"([0-9][0-9.,]*?)(?:[.,]([0-9][0-9]?))?", number).groups()  # type: ignore[union-attr]
    digits = re.sub(r"[.,]", "", whole).lstrip("0") or "0"
    return f"{digits}{f'.{cents}' if cents else ''} {currency}" if len(digits) < 10 else ""


def is_about_lead(text: str) -> bool:
    """Whether it speaks of whoever leads."""
    return bool(_LEAD.search(text))


def phrases(text: str) -> list[str]:
    """What stands in quotes."""
    return [found[1] for found in _QUOTED.finditer(text)]


def familiar(text: str, language: str) -> str:
    """The familiar form of address that `text` asks for, such as du; empty where it does not."""
    cue = _DU.get(language)
    return {"de": "du", "es": "tú"}[language] if cue and cue.search(text) and not _NOT.search(text) else ""


def figure(text: str) -> Figure | None:
    """The metric and the share that `text` names, each once."""
    metrics = [name for name, cue in _METRICS.items() if cue.search(text)]
    shares = [float(f"{found[1]}.{found[2] or 0}") / 100 for found in _PERCENT.finditer(text)]
    return Figure(metrics[0], round(shares[0], 3)) if len(metrics) == len(shares) == 1 and 0 < shares[0] <= 1 else None


def again(text: str, today: date) -> Again | None:
    """The rhythm and the day that `text` names for the next look; a day alone means once a year."""
    rhythms = [every for cue, every in _RHYTHMS.items() if re.search(rf"\b(?:{cue})\b", text, re.IGNORECASE)]
    days = [day for found in _DATE.finditer(text) if (day := _day(found)) and day > today]
    if len(rhythms) > 1 or len(days) > 1 or not (rhythms or days):
        return None
    every = rhythms[0] if rhythms else "P1Y"
    return Again(every, days[0] if days else _in_months(today, _MONTHS[every]))


def _day(found: re.Match[str]) -> date | None:
    year, month, day = (found[1], found[2], found[3]) if found[1] else (found[6], found[5], found[4])
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _in_months(day: date, months: int) -> date:
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first = date(years, month + 1, 1)
    return min(first + timedelta(days=day.day - 1), (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))
