"""Every key of the language with its place, its kind and its meaning: for the reference, and for forms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from credo.philosophy.doing import Acts
from credo.philosophy.heading import HEAD
from credo.philosophy.kinds import Kind
from credo.philosophy.loading import SECTIONS
from credo.philosophy.opening import CALENDAR, Calendars
from credo.philosophy.promises import Promises
from credo.philosophy.shapes import Block, Blocks, Key


@dataclass(frozen=True, slots=True)
class Part:
    """A block of the language: its place, such as `practice.behaviours`, whether there are several, and its keys."""

    name: str
    several: bool
    keys: tuple[Key, ...]


def parts() -> Iterator[Part]:
    """Every block, outer ones first, in the order of the document."""
    yield Part("", False, (*HEAD.keys, *SECTIONS.keys))
    for key in (*HEAD.keys, *SECTIONS.keys):
        yield from _inside(key, "")


def _inside(key: Key, outer: str) -> Iterator[Part]:
    name = f"{outer}.{key.name}" if outer else key.name
    keys, several = _keys(key.kind)
    if keys:
        yield Part(name, several, keys)
    for one in keys:
        yield from _inside(one, name)


def _keys(kind: Kind) -> tuple[tuple[Key, ...], bool]:
    match kind:
        case Block():
            return kind.shape.keys, False
        case Blocks():
            return kind.shape.keys, True
        case Promises():
            return kind.blocks.shape.keys, True
        case Calendars():
            return CALENDAR.keys, True
        case Acts():
            return kind.keys, False
        case _:
            return (), False
