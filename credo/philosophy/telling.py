"""How values of a document are said: shares, times, conditions and words, in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from gettext import NullTranslations
from typing import Any

from babel.numbers import format_decimal, format_percent

from credo.conditions import BadCondition, sentence
from credo.philosophy.asking import condition
from credo.philosophy.problems import _
from credo.philosophy.vocabulary import VOCABULARY

_DURATION = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
_UNITS = (
    *(("year", 31_536_000), ("month", 2_592_000), ("week", 604_800)),
    *(("day", 86_400), ("hour", 3600), ("minute", 60), ("second", 1)),
)
_LONGEST = 160


@dataclass(frozen=True, slots=True)
class Teller:
    """Says things in one language; `gettext` and `ngettext` are those of its catalogue."""

    language: str = "en"
    gettext: Callable[[str], str] = NullTranslations().gettext
    ngettext: Callable[[str, str, int], str] = NullTranslations().ngettext

    def say(self, sentence: str, **details: object) -> str:
        """A marked sentence with its details."""
        return self.gettext(sentence) % details

    def quoted(self, text: object) -> str:
        """Something that somebody wrote, in quotes and cut where it would fill the page."""
        written = str(text)
        return self.say(_("“%(text)s”"), text=written if len(written) <= _LONGEST else f"{written[:_LONGEST]}…")

    def listed(self, words: Iterable[object]) -> str:
        """Several of them."""
        return ", ".join(self.quoted(word) for word in words)

    def condition(self, text: str) -> str:
        """What a condition says."""
        if not text:
            return self.say(_("always"))
        try:
            return sentence(condition(text), VOCABULARY, self.language)
        except BadCondition:  # it was written for another vocabulary
            return self.quoted(text)

    def share(self, share: float) -> str:
        """0.95 as 95 %."""
        pattern = "#,##0.##%" if self.language.startswith("en") else "#,##0.##\u00a0%"
        return str(format_percent(share, format=pattern, locale=self.language.replace("-", "_")))

    def value(self, value: Any) -> str:
        """Anything else."""
        if isinstance(value, bool):
            return self.say(_("yes")) if value else self.say(_("no"))
        if isinstance(value, int | float):
            return str(format_decimal(value, locale=self.language.replace("-", "_")))
        if isinstance(value, Mapping):
            return ", ".join(f"{name}: {self.value(one)}" for name, one in value.items()) or self.value(None)
        if isinstance(value, list | tuple | set | frozenset):
            return ", ".join(self.value(one) for one in value) or self.value(None)
        return self.quoted(value) if value else self.say(_("nothing"))

    def time(self, text: str, *, opening: bool) -> str:
        """A duration in words; that of a promise is in opening hours or working days."""
        return ", ".join(self._counted(unit, number, opening=opening) for unit, number in parts(text)) or text

    def times(self, old: str, new: str, *, opening: bool) -> tuple[str, str]:
        """Two durations, the first without its unit where the second has the same one."""
        before, after = parts(old), parts(new)
        if len(before) == len(after) == 1 and before[0][0] == after[0][0]:
            return self.value(before[0][1]), self.time(new, opening=opening)
        return self.time(old, opening=opening), self.time(new, opening=opening)

    def _counted(self, unit: str, number: int, *, opening: bool) -> str:
        details = {"num": number}
        match unit:
            case "hour" if opening:
                return self.ngettext("%(num)d opening hour", "%(num)d opening hours", number) % details
            case "day" if opening:
                return self.ngettext("%(num)d working day", "%(num)d working days", number) % details
            case "minute" if opening:
                return self.ngettext("%(num)d opening minute", "%(num)d opening minutes", number) % details
            case "year":
                return self.ngettext("%(num)d year", "%(num)d years", number) % details
            case "month":
                return self.ngettext("%(num)d month", "%(num)d months", number) % details
            case "week":
                return self.ngettext("%(num)d week", "%(num)d weeks", number) % details
            case "day":
                return self.ngettext("%(num)d day", "%(num)d days", number) % details
            case "hour":
                return self.ngettext("%(num)d hour", "%(num)d hours", number) % details
            case "minute":
                return self.ngettext("%(num)d minute", "%(num)d minutes", number) % details
            case _:
                return self.ngettext("%(num)d second", "%(num)d seconds", number) % details


def parts(text: str) -> list[tuple[str, int]]:
    """A duration's units and numbers; empty when it is none."""
    found = _DURATION.fullmatch(text)
    numbers = found.groups() if found else ()
    return [(unit, int(number)) for (unit, _length), number in zip(_UNITS, numbers, strict=False) if number]


def length(text: str) -> int | None:
    """A duration in seconds, with months of 30 days and years of 365; None when it is none."""
    found = parts(text)
    return sum(number * dict(_UNITS)[unit] for unit, number in found) if found else None


ENGLISH = Teller()
