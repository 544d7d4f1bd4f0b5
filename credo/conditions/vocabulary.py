"""What a condition may ask for: fields, each with a type, an evidence grade and somebody it is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

Type = Literal["bool", "int", "double", "string", "timestamp", "duration", "list(string)"]
Grade = Literal["fact", "judgement", "estimate"]

_WEAKNESS: Mapping[Grade, int] = {"fact": 0, "judgement": 1, "estimate": 2}
_NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Field:
    """Something that can be asked for by `name`, which is words joined by dots.

    `values` are those of an enum. `names` say it in a sentence by language: a singular noun with its article ("the
    channel"), and of a yes-or-no field the whole statement ("the customer is new"), whose opposite is in `denials`
    ("the customer is not new"). `value_names` say an enum's values by language. `unit` follows numbers: "h".
    """

    name: str
    type: Type
    grade: Grade
    subject: str
    values: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict, hash=False)
    unit: str = ""
    denials: Mapping[str, str] = field(default_factory=dict, hash=False)
    value_names: Mapping[str, Mapping[str, str]] = field(default_factory=dict, hash=False)

    def said(self, language: str) -> str:
        """Its words in `language`, else in English, else its name without dots and underscores."""
        return self.names.get(language) or self.names.get("en") or self.name.replace(".", " ").replace("_", " ")

    def value_said(self, value: str, language: str) -> str:
        """One of its values as people of `language` know it."""
        return self.value_names.get(language, _NOTHING).get(value, value)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All fields by name."""

    fields: Mapping[str, Field]

    @classmethod
    def of(cls, *fields: Field) -> Vocabulary:
        """A vocabulary of these fields."""
        return cls({one.name: one for one in fields})

    def __contains__(self, name: str) -> bool:
        return name in self.fields

    def __iter__(self) -> Iterator[str]:
        return iter(self.fields)

    def get(self, name: str) -> Field | None:
        """The field of this name, if there is one."""
        return self.fields.get(name)


def weakest(grades: Iterable[Grade]) -> Grade:
    """The grade of what rests on all of these: an estimate is weaker than a judgement, and that than a fact."""
    return max(grades, key=lambda grade: _WEAKNESS[grade], default="fact")
