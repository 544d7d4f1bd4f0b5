"""The written scenes: who says what in which order, with choices inside; read from `scenes/<language>.txt`.

A scene begins with `=== name | mailbox | tags`, then its subject, then parts. `>` is the customer, `<` a colleague;
behind the sign may stand what comes along (`photo`, `pdf`) or what the colleague does next (`waiting`, `open`).
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

LANGUAGES = {"en": "english", "de": "german", "es": "spanish", "fr": "french"}


@dataclass(frozen=True, slots=True)
class Part:
    """One letter of a scene, as a template."""

    who: Literal["customer", "colleague"]
    notes: frozenset[str]
    text: str


@dataclass(frozen=True, slots=True)
class Scene:
    """A small play in one language."""

    name: str
    language: str
    mailbox: str
    tags: tuple[str, ...]
    subject: str
    parts: tuple[Part, ...]


def every() -> list[Scene]:
    """All scenes of all languages, in the order written."""
    return [
        scene
        for language, name in LANGUAGES.items()
        for scene in parse(files("credo.demo").joinpath(f"scenes/{name}.txt").read_text("utf-8"), language)
    ]


def parse(text: str, language: str) -> list[Scene]:
    """The scenes of one file."""
    _, *blocks = text.split("\n===")
    return [_scene(block, language) for block in blocks]


def _scene(block: str, language: str) -> Scene:
    head, subject, *lines = block.strip("\n").split("\n")
    name, mailbox, tags = (part.strip() for part in head.split("|"))
    parts: list[Part] = []
    for line in lines:
        sign, _, notes = line.partition(" ")
        if sign in (">", "<"):
            parts.append(Part("customer" if sign == ">" else "colleague", frozenset(notes.split()), ""))
        else:
            last = parts.pop()
            parts.append(Part(last.who, last.notes, f"{last.text}\n{line}"))
    return Scene(name, language, mailbox, tuple(tag.strip() for tag in tags.split(",")), subject, tuple(parts))
