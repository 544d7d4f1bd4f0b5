"""`Artefact`: one thing that the document becomes, with the reason why it exists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import msgspec

from credo.philosophy.asking import condition
from credo.philosophy.document import Philosophy
from credo.philosophy.vocabulary import waits_for

MOST_SERVED = 12
"""How many principles a reason names; a hostile document would otherwise grow with its square."""


class Link(NamedTuple):
    """One step of a reason: what it is, its id, and what it says in the document's own language."""

    kind: str
    id: str
    said: str


@dataclass(frozen=True, slots=True)
class Artefact:
    """`path` leads to the element it comes from; `waits` names the room that is still to come, empty when it runs.

    `why` begins with that element and ends with a value. `settings` is what JSON can hold.
    """

    kind: str
    id: str
    path: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    why: tuple[Link, ...] = ()
    waits: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """An element of the document, from which artefacts are made, and why it is there."""

    path: str
    why: tuple[Link, ...]

    def becomes(self, kind: str, id: str, waits: str = "", under: str = "", /, **settings: Any) -> Artefact:
        """An artefact of this element; `under` leads further down to the key it comes from."""
        path = f"{self.path}/{under}" if under else self.path
        written = msgspec.json.decode(msgspec.json.encode(settings))
        plain = {name: value for name, value in written.items() if _said(value)}
        return Artefact(kind, id, path, plain, self.why, waits)


def source(
    philosophy: Philosophy, kind: str, id: str, said: str, path: str, serves: Iterable[str] | str = ()
) -> Source:
    """The element at `path`; `serves` are ids of principles. What names none serves the whole."""
    named = (serves,) if isinstance(serves, str) else dict.fromkeys(serves)
    served = [philosophy.principles[name] for name in named if name in philosophy.principles]
    whole = () if served else (Link("purpose", philosophy.id, philosophy.purpose),)
    principles = (served or list(philosophy.principles.values()))[:MOST_SERVED]
    values = [philosophy.values[name] for name in dict.fromkeys(one.serves for one in principles)]
    why = (
        Link(kind, id, said),
        *whole,
        *(Link("principle", one.id, one.statement) for one in principles),
        *(Link("value", one.id, one.statement) for one in values),
    )
    return Source(path, why)


def waiting(conditions: Iterable[str], room: str = "") -> str:
    """What something with these conditions waits for: its own room, else the first room that will know a field."""
    if room:
        return room
    fields = (path.name for text in conditions if text for path in condition(text).fields())
    return next((found for name in fields if (found := waits_for(name))), "")


def _said(value: Any) -> bool:
    return value is not None and value not in ("", [], {})
