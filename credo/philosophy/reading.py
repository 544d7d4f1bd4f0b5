"""What is gathered while a document is read, for the checks that look across it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from credo.conditions import Condition, Path
from credo.philosophy.problems import Place, Problems
from credo.philosophy.section import Section
from credo.philosophy.source import Scalar, spot


@dataclass(frozen=True, slots=True)
class Mention:
    """A name that has to be declared elsewhere, as one of `among` ("principles")."""

    section: Section
    key: str
    place: Place
    name: str
    among: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A condition where it stands; `scalar` is None where it is spelled in blocks."""

    path: str
    place: Place
    condition: Condition
    scalar: Scalar | None

    def at(self, field: Path) -> Place:
        """Where it asks for `field`."""
        return spot(self.scalar, field.column) if self.scalar else self.place


@dataclass(slots=True)
class Reading:
    """One document being read. `elements` holds every list by its path; `partial` when it is an overlay."""

    problems: Problems
    languages: tuple[str, ...] = ("en",)
    zone: str = "UTC"
    partial: bool = False
    elements: dict[str, list[tuple[Section, Any]]] = field(default_factory=dict)
    mentions: list[Mention] = field(default_factory=list)
    conditions: dict[str, Asked] = field(default_factory=dict)

    def each(self, path: str) -> list[tuple[Section, Any]]:
        """The entries of a list, with the blocks they were read from."""
        return self.elements.get(path, [])
