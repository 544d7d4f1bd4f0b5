"""The head of a document: what it is, in which languages, and over what it is laid."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from credo.philosophy.kinds import ID, Choice, Id, Json, Number, Pattern, Text
from credo.philosophy.opening import read_zone
from credo.philosophy.problems import _
from credo.philosophy.reading import Reading
from credo.philosophy.section import Section
from credo.philosophy.several import LANGUAGE
from credo.philosophy.shapes import Block, Key, Shape
from credo.philosophy.written import Date

FORMAT = "philosophy/1"


@dataclass(frozen=True, slots=True)
class Overlay:
    """What a partial document is laid over: the id of a whole one, for a team or a brand."""

    of: str = ""
    team: str = ""
    brand: str = ""


@dataclass(frozen=True, slots=True)
class Languages:
    """The document's own language, and all that it speaks, its own first."""

    default: str = "en"
    also: tuple[str, ...] = ()

    def all(self) -> tuple[str, ...]:
        """Every language, the document's own first."""
        return tuple(dict.fromkeys((self.default, *self.also)))


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the sections."""

    format: str = ""
    id: str = ""
    title: str = ""
    version: int | None = None
    status: str = "draft"
    effective: str | None = None
    languages: Languages = field(default_factory=Languages)
    zone: str = "UTC"
    overlay: Overlay | None = None


@dataclass(frozen=True, slots=True)
class Format:
    """The name of this language."""

    def read(self, section: Section, key: str, reading: Reading) -> str:
        written = section.text(key, required=True)
        if written not in ("", FORMAT):
            section.error(key, _("This format is not known."), _("write philosophy/1"))
        return written

    def absent(self) -> str:
        return ""

    def schema(self) -> Json:
        return {"const": FORMAT}

    def words(self) -> str:
        return f"`{FORMAT}`"

    def example(self) -> str:
        return FORMAT


@dataclass(frozen=True, slots=True)
class Zone:
    """A time zone, by its name in the zone database."""

    like: str = "Europe/Berlin"

    def read(self, section: Section, key: str, reading: Reading) -> str:
        return read_zone(section, "UTC")

    def absent(self) -> str:
        return "UTC"

    def schema(self) -> Json:
        return {"type": "string", "examples": [self.like]}

    def words(self) -> str:
        return f"a time zone, such as `{self.like}`"

    def example(self) -> str:
        return self.like


@dataclass(frozen=True, slots=True)
class Codes:
    """Language codes; only the first counts where one is asked for."""

    several: bool

    def read(self, section: Section, key: str, reading: Reading) -> str | tuple[str, ...]:
        found = section.texts(key) if self.several else ((section.text(key, required=True), section.at(key)),)
        for code, place in found:
            if code and not re.fullmatch(LANGUAGE, code):
                cause = _("“%(code)s” is no language code.")
                section.problems.error(
                    place, section.path, cause, _("write it like “%(like)s”"), code=code, like="pt-BR"
                )
        codes = tuple(code for code, _place in found)
        return codes if self.several else codes[0] or "en"

    def absent(self) -> str | tuple[str, ...]:
        return () if self.several else "en"

    def schema(self) -> Json:
        code: Json = {"type": "string", "pattern": f"^{LANGUAGE}$"}
        return {"anyOf": [code, {"type": "array", "items": code}]} if self.several else code

    def words(self) -> str:
        return "a list of language codes" if self.several else "a language code, such as `en` or `pt-BR`"

    def example(self) -> str:
        return "[de, es]" if self.several else "en"


LANGUAGES = Shape(
    Languages,
    (
        Key("default", Codes(several=False), "the document's own language, else `en`"),
        Key("also", Codes(several=True), "the others it speaks"),
    ),
)
OVERLAY = Shape(
    Overlay,
    (
        Key(
            "of",
            Pattern(ID[1:-1], _("“%(text)s” is no id of a document."), "an id", "lumen-lamps"),
            "the id of the whole document it is laid over",
            required=True,
        ),
        Key("team", Text("night-shift"), "the team it is for"),
        Key("brand", Text("lumen-outlet"), "or the brand it is for"),
    ),
)
HEAD = Shape(
    Head,
    (
        Key("format", Format(), "the name of this language", required=True),
        Key("id", Id("lumen-lamps"), "the document's name among documents", required=True),
        Key("title", Text("How we look after people"), "how people call it", required=True),
        Key(
            "version",
            Number(1, whole=True, like="7"),
            "a published version has this number if it is higher than the last, else the next one",
        ),
        Key(
            "status",
            Choice(("draft", "proposed", "published", "retired"), "draft"),
            "kept, and does not hold publishing back",
        ),
        Key("effective", Date("2026-12-01"), "kept; publishing always takes effect at once"),
        Key("languages", Block(LANGUAGES, Languages), "the languages of its texts"),
        Key("zone", Zone(), "where the hours of calendars count that name no zone, else `UTC`"),
        Key("overlay", Block(OVERLAY), "makes this a partial document; see [overlays](#overlays)"),
    ),
)


def check_overlay(top: Section, overlay: Overlay) -> None:
    """An overlay is for a team or a brand."""
    if bool(overlay.team) == bool(overlay.brand):
        cause = _("An overlay is for one team or one brand.")
        top.error("overlay", cause, _("write it like “%(like)s”"), like="overlay: {of: lumen-lamps, team: night-shift}")
