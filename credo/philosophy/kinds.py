"""Kinds of values: how each is read, how an editor checks it, and how the reference names it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from credo.philosophy.problems import _
from credo.philosophy.reading import Reading
from credo.philosophy.section import Section

Json = dict[str, Any]
QUOTES = '"'
ID = "^[a-z][a-z0-9-]{0,59}$"


class Kind(Protocol):
    """What may stand under a key. `read` is called only where something stands there, and complains, never raises."""

    def read(self, section: Section, key: str, reading: Reading) -> Any:
        """The value under `key`, as the records hold it."""

    def absent(self) -> Any:
        """What the records hold where nothing is written."""

    def schema(self) -> Json:
        """The same as JSON Schema."""

    def words(self) -> str:
        """What the reference says of it, in Markdown."""

    def example(self) -> str:
        """A value as it is written."""


@dataclass(frozen=True, slots=True)
class Text:
    """A line or more of text."""

    like: str = "…"

    def read(self, section: Section, key: str, reading: Reading) -> str:
        return section.text(key, required=True)

    def absent(self) -> str:
        return ""

    def schema(self) -> Json:
        return {"type": "string", "minLength": 1}

    def words(self) -> str:
        return "text"

    def example(self) -> str:
        return self.like


@dataclass(frozen=True, slots=True)
class Id:
    """A name of one's own for an element, by which others mention it."""

    like: str = "first-answer"

    def read(self, section: Section, key: str, reading: Reading) -> str:
        return section.id()

    def absent(self) -> str:
        return ""

    def schema(self) -> Json:
        return {"type": "string", "pattern": ID}

    def words(self) -> str:
        return "lower case letters, digits and hyphens"

    def example(self) -> str:
        return self.like


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words."""

    options: tuple[str, ...]
    default: str = ""

    def read(self, section: Section, key: str, reading: Reading) -> str:
        return section.choice(key, self.options, self.default)

    def absent(self) -> str:
        return self.default

    def schema(self) -> Json:
        return {"enum": list(self.options)}

    def words(self) -> str:
        return either(self.options)

    def example(self) -> str:
        return self.options[0]


@dataclass(frozen=True, slots=True)
class Flag:
    """true or false."""

    def read(self, section: Section, key: str, reading: Reading) -> bool:
        return section.flag(key)

    def absent(self) -> bool:
        return False

    def schema(self) -> Json:
        return {"type": "boolean"}

    def words(self) -> str:
        return "`true` or `false`"

    def example(self) -> str:
        return "true"


@dataclass(frozen=True, slots=True)
class Number:
    """A number between two others."""

    least: float | None = None
    most: float | None = None
    whole: bool = False
    like: str = "3"

    def read(self, section: Section, key: str, reading: Reading) -> float | None:
        number = section.number(key)
        if number is None:
            return None
        if self.whole and not isinstance(number, int):
            section.error(key, _("A whole number is expected here."), _("write it like %(example)s"), example=self.like)
            return None
        low, high = self.least, self.most
        if (low is not None and number < low) or (high is not None and number > high):
            details = {"least": _plain(low), "most": _plain(high), "example": self.like}
            cause = _("This is a number from %(least)s to %(most)s.") if high is not None else _AT_LEAST
            section.error(key, cause, _("write it like %(example)s"), **details)
        return number

    def absent(self) -> None:
        return None

    def schema(self) -> Json:
        found: Json = {"type": "integer" if self.whole else "number"}
        limits = {"minimum": self.least, "maximum": self.most}
        return found | {name: limit for name, limit in limits.items() if limit is not None}

    def words(self) -> str:
        name = "a whole number" if self.whole else "a number"
        if self.most is not None:
            return f"{name} from {_plain(self.least)} to {_plain(self.most)}"
        return f"{name} from {_plain(self.least)}" if self.least is not None else name

    def example(self) -> str:
        return self.like


@dataclass(frozen=True, slots=True)
class Share:
    """A part of the whole, more than nothing: 0.95 for 95 %."""

    zero: bool = False
    like: str = "0.95"

    def read(self, section: Section, key: str, reading: Reading) -> float | None:
        share = section.number(key)
        if share is not None and not (0 <= share <= 1 and (self.zero or share)):
            cause = _("A share is from 0 to 1.") if self.zero else _("A share is more than 0 and at most 1.")
            hint = _("write %(share)s for %(percent)s %%") if 1 < share <= 100 else _("write 0.95 for 95 %%")
            section.error(key, cause, hint, share=_plain(share / 100), percent=_plain(share))
        return share

    def absent(self) -> None:
        return None

    def schema(self) -> Json:
        return {"type": "number", "minimum" if self.zero else "exclusiveMinimum": 0, "maximum": 1}

    def words(self) -> str:
        return "a share from 0 to 1, such as `0.95`"

    def example(self) -> str:
        return self.like


@dataclass(frozen=True, slots=True)
class Pattern:
    """A text written in a certain way, such as a date."""

    regex: str
    cause: str
    name: str
    like: str

    def read(self, section: Section, key: str, reading: Reading) -> str:
        written = section.written(key)
        if written and not re.fullmatch(self.regex, written, re.ASCII):
            section.error(key, self.cause, _("write it like %(example)s"), text=written, example=self.like)
        return written

    def absent(self) -> str:
        return ""

    def schema(self) -> Json:
        return {"type": "string", "pattern": f"^(?:{self.regex})$", "examples": [self.like.strip(QUOTES)]}

    def words(self) -> str:
        return f"{self.name}, such as `{self.like.strip(QUOTES)}`"

    def example(self) -> str:
        return self.like


_AT_LEAST = _("This is a number of at least %(least)s.")


def either(options: tuple[str, ...]) -> str:
    """The options as the reference lists them."""
    quoted = [f"`{option}`" for option in options]
    return " or ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)


def no_more(shape: Mapping[str, Json], required: list[str]) -> Json:
    """The JSON Schema of a block with these keys and no others."""
    found: Json = {"type": "object", "properties": dict(shape), "additionalProperties": False}
    return found | {"required": required} if required else found


def _plain(number: float | None) -> str:
    return "" if number is None else f"{number:g}"
