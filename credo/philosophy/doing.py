"""Acts: what Credo does where a rule or a route fits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from credo.philosophy.kinds import Json, no_more
from credo.philosophy.reading import Mention, Reading
from credo.philosophy.section import Section
from credo.philosophy.shapes import Key

MONEY = ("approve", "refund", "goodwill")
"""Acts that give something away."""

REFUSAL = ("refuse", "block")
"""Acts that stand in somebody's way."""


@dataclass(frozen=True, slots=True)
class Acts:
    """Acts by name; the records hold only those that are written."""

    keys: tuple[Key, ...]

    def read(self, section: Section, key: str, reading: Reading) -> dict[str, Any]:
        found = section.section(key, [one.name for one in self.keys])
        return {one.name: one.read(found, reading) for one in self.keys if one.name in found}

    def absent(self) -> dict[str, Any]:
        return {}

    def schema(self) -> Json:
        return no_more({key.name: {"description": key.meaning} | key.kind.schema() for key in self.keys}, [])

    def words(self) -> str:
        return "acts"

    def example(self) -> str:
        first = self.keys[0]
        return f"{{{first.name}: {first.kind.example()}}}"


@dataclass(frozen=True, slots=True)
class Skill:
    """Something people are good at."""

    like: str = "returns"

    def read(self, section: Section, key: str, reading: Reading) -> str:
        name = section.text(key, required=True)
        if name:
            reading.mentions.append(Mention(section, key, section.at(key), name, "skills"))
        return name

    def absent(self) -> str:
        return ""

    def schema(self) -> Json:
        return {"type": "string", "minLength": 1}

    def words(self) -> str:
        return "one of the skills of practice.training"

    def example(self) -> str:
        return self.like
