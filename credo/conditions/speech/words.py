"""The words that a language needs, and how numbers, spans and moments are put into them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

_UNITS = (("hour", 3600), ("minute", 60), ("second", 1))
_DAYS_FROM = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class Speech:
    """One language. `says` are sentences with `{}` or named gaps; `counted` are the words for one and for many."""

    language: str
    says: Mapping[str, str]
    counted: Mapping[str, tuple[str, str]]
    quotes: tuple[str, str]
    months: tuple[str, ...]
    point: str = "."
    contracted: Mapping[str, str] = field(default_factory=dict)
    """What happens where a word meets an article: "a el" becomes "al"."""
    softened: Mapping[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    """Which words become others before certain sounds: "y" becomes "e" before "i"."""

    def say(self, key: str, /, *gaps: str, **named: str) -> str:
        """The sentence `key` with its gaps filled."""
        template, filled = self.says[key], dict(named)
        for meeting, (word, article) in self._meetings():
            for name, text in named.items():
                if f"{word} {{{name}}}" in template and text.startswith(f"{article} "):
                    template = template.replace(f"{word} {{{name}}}", f"{self.contracted[meeting]} {{{name}}}")
                    filled[name] = text.removeprefix(f"{article} ")
        return template.format(*gaps, **filled)

    def _meetings(self) -> list[tuple[str, tuple[str, str]]]:
        return [(meeting, (meeting.split()[0], meeting.split()[1])) for meeting in self.contracted]

    def join(self, key: str, parts: list[str]) -> str:
        """Parts with "and" or "or" between them."""
        word, said = self.says[key], parts[0]
        softer, sounds = self.softened.get(word, ("", ()))
        for part in parts[1:]:
            begins = part.lstrip("(" + self.quotes[0]).lower()
            said += f" {softer if sounds and begins.startswith(sounds) else word} {part}"
        return said

    def quoted(self, text: str) -> str:
        """A text in the language's quotation marks."""
        return f"{self.quotes[0]}{text}{self.quotes[1]}"

    def number(self, value: float) -> str:
        """All its digits, with the language's decimal sign."""
        if isinstance(value, int) or not 1e-6 <= abs(value) < 1e15:
            return str(value).removesuffix(".0").replace(".", self.point)
        return f"{Decimal(repr(value)).normalize():f}".replace(".", self.point)

    def count(self, number: int, unit: str) -> str:
        """A number of things, like “2 entries”."""
        one, many = self.counted[unit]
        return f"{number} {one if number == 1 else many}"

    def span(self, span: timedelta) -> str:
        """A duration in words, exactly."""
        rest = abs(span)
        said = []
        if rest >= _DAYS_FROM:
            said.append(self.count(rest.days, "day"))
            rest -= timedelta(days=rest.days)
        seconds, micros = divmod(rest // timedelta(microseconds=1), 1_000_000)
        for unit, size in _UNITS:
            number, seconds = divmod(seconds, size)
            if unit == "second" and micros:
                fraction = f"{micros:06}".rstrip("0")
                said.append(f"{number}{self.point}{fraction} {self.counted[unit][1]}")
            elif number:
                said.append(self.count(number, unit))
        words = " ".join(said) or self.count(0, "second")
        return self.say("negative", words) if span < timedelta(0) else words

    def moment(self, moment: datetime) -> str:
        """A moment in UTC, to the second and further only where it has such parts."""
        moment = moment.astimezone(UTC)
        clock = f"{moment:%H:%M}"
        if moment.second or moment.microsecond:
            clock += f":{moment.second:02}" + f"{self.point}{moment.microsecond:06}".rstrip("0") * bool(
                moment.microsecond
            )
        return self.says["moment"].format(
            day=moment.day, month=self.months[moment.month - 1], year=moment.year, time=clock
        )
