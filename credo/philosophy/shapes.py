"""Shapes: which keys a block has, what may stand under each, and which record it becomes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from credo.philosophy.kinds import Id, Json, Kind, no_more
from credo.philosophy.problems import _
from credo.philosophy.reading import Reading
from credo.philosophy.section import Section, once_each
from credo.philosophy.source import Items, Scalar

Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class Key:
    """A key: what may stand under it, and what it means. `attribute` is its name in the record where that differs."""

    name: str
    kind: Kind
    meaning: str = ""
    required: bool = False
    attribute: str = ""

    def read(self, section: Section, reading: Reading) -> Any:
        """What stands under it, or what the records hold where nothing does."""
        node = section.block.entries.get(self.name)
        if node is None:
            if self.required and (not reading.partial or isinstance(self.kind, Id)):
                self._missing(section)
            return self.kind.absent()
        if isinstance(node, Scalar) and node.value is None:
            nothing = self.kind.absent()
            if self.required or (not isinstance(self.kind, Block) and not isinstance(nothing, dict | tuple)):
                place, path = section.key_place(self.name), f"{section.path}/{self.name}".lstrip("/")
                section.problems.error(place, path, _("There is nothing written here."), self._hint(), **self._like())
            return nothing
        if self.required and isinstance(node, Items) and not node.nodes:
            section.error(self.name, _("There is nothing written here."), self._hint(), **self._like())
        return self.kind.read(section, self.name, reading)

    def _missing(self, section: Section) -> None:
        if section.broken:  # which was said already
            return
        cause = _("“%(key)s” is missing here.")
        section.problems.error(section.place, section.path, cause, self._hint(), key=self.name, **self._like())

    def _hint(self) -> str:
        return _("write it like “%(like)s”")

    def _like(self) -> dict[str, object]:
        return {"like": f"{self.name}: {self.kind.example()}"}


@dataclass(frozen=True, slots=True)
class Shape(Generic[Record]):
    """The keys of a block and the record they make."""

    make: Callable[..., Record]
    keys: tuple[Key, ...]

    def read(self, section: Section, reading: Reading) -> Record:
        """The record of a block; what is wrong in it is among the problems."""
        return self.make(**{key.attribute or key.name: key.read(section, reading) for key in self.keys})

    def names(self) -> tuple[str, ...]:
        """The keys it knows."""
        return tuple(key.name for key in self.keys)

    def schema(self) -> Json:
        """The block as JSON Schema."""
        keys = {key.name: {"description": key.meaning} | key.kind.schema() for key in self.keys}
        return no_more(keys, [key.name for key in self.keys if key.required])


@dataclass(frozen=True, slots=True)
class Block:
    """A block of a certain shape; None, or what `empty` makes, where it is missing."""

    shape: Shape[Any]
    empty: Callable[[], Any] = lambda: None
    like: str = "{…}"

    def read(self, section: Section, key: str, reading: Reading) -> Any:
        return self.shape.read(section.section(key, self.shape.names()), reading)

    def absent(self) -> Any:
        return self.empty()

    def schema(self) -> Json:
        return self.shape.schema()

    def words(self) -> str:
        return "a block"

    def example(self) -> str:
        return self.like


@dataclass(frozen=True, slots=True)
class Blocks:
    """A list of blocks of one shape; by their ids where they have one, else in their order."""

    shape: Shape[Any]
    by_id: bool = True
    like: str = "[…]"

    def read(self, section: Section, key: str, reading: Reading) -> Any:
        found = [(one, self.shape.read(one, reading)) for one in section.sections(key, self.shape.names())]
        reading.elements[f"{section.path}/{key}".strip("/")] = found
        return once_each(found) if self.by_id else tuple(record for _section, record in found)

    def absent(self) -> Any:
        return {} if self.by_id else ()

    def schema(self) -> Json:
        return {"type": "array", "items": self.shape.schema()}

    def words(self) -> str:
        return "a list"

    def example(self) -> str:
        return self.like


def named(keys: Iterable[Key], name: str) -> Key:
    """The key of this name."""
    return next(key for key in keys if key.name == name)
