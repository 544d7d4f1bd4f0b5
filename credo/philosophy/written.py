"""Values that are written in a certain way: dates, durations, amounts, percents, targets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from credo.base.errors import Invalid
from credo.philosophy.durations import read_target
from credo.philosophy.kinds import Json, Pattern
from credo.philosophy.problems import _
from credo.philosophy.reading import Reading
from credo.philosophy.section import Section

DURATION: Final = Pattern(
    r"P(?=.*[1-9])(\d{1,4}Y)?(\d{1,4}M)?(\d{1,4}W)?(\d{1,5}D)?(T(?=\d)(\d{1,5}H)?(\d{1,6}M)?(\d{1,7}S)?)?",
    _("“%(text)s” is no duration; P is followed by days, weeks, months or years, PT by hours or minutes."),
    "a duration",
    "P30D",
)
AMOUNT: Final = Pattern(
    r"\d{1,12}(\.\d{1,2})? [A-Z]{3}", _("“%(text)s” is no amount; it needs a currency."), "an amount", "50 EUR"
)
LIMIT: Final = Pattern(
    r"\d{1,12}(\.\d{1,2})? ([A-Z]{3}|[a-z]{2,20})",
    _("“%(text)s” is no limit; it is an amount with its currency or a number with its unit."),
    "an amount or a number of something",
    "50 EUR",
)
PERCENT: Final = Pattern(
    r"(100|[1-9]?\d(\.\d{1,2})?)%", _("“%(text)s” is no part of the time; it is a percentage."), "a percentage", "75%"
)
COMPARISON: Final = Pattern(
    r"(>=|<=|>|<|==) ?-?\d{1,12}(\.\d{1,6})?%?",
    _("“%(text)s” is no target; it is a comparison with a number."),
    "`>=` or `<=` and a number",
    '">= 0.95"',
)


@dataclass(frozen=True, slots=True)
class Date:
    """A day of the calendar."""

    like: str = "2027-06-30"

    def read(self, section: Section, key: str, reading: Reading) -> str:
        written = section.text(key, required=True)
        try:
            if written and date.fromisoformat(written).isoformat() != written:
                raise ValueError
        except ValueError:
            section.error(
                key, _("“%(date)s” is no date."), _("write it like %(example)s"), date=written, example=self.like
            )
        return written

    def absent(self) -> str:
        return ""

    def schema(self) -> Json:
        return {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}

    def words(self) -> str:
        return f"a date, such as `{self.like}`"

    def example(self) -> str:
        return self.like


@dataclass(frozen=True, slots=True)
class Aim:
    """How soon a promise is to be kept: opening hours or business days."""

    def read(self, section: Section, key: str, reading: Reading) -> str | None:
        written = section.text(key, required=True)
        try:
            if written:
                read_target(written)
        except Invalid as wrong:
            cause, hint = _("“%(text)s”: %(sentence)s"), _("write it like %(example)s")
            section.error(key, cause, hint, text=written, sentence=wrong.sentence, example="PT4H")
        return written or None

    def absent(self) -> None:
        return None

    def schema(self) -> Json:
        return {"type": "string", "pattern": r"^P(\d+D|T(?=\d)(\d+H)?(\d+M)?(\d+S)?)$", "examples": ["PT4H", "P2D"]}

    def words(self) -> str:
        return "opening hours, such as `PT4H`, `PT90M` or `PT1H30M`, or business days, such as `P2D`; never both"

    def example(self) -> str:
        return "PT4H"
