"""Kinds that hold several values: lists of words, texts by language, values under names that people choose."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from credo.philosophy.kinds import Json, Kind, either
from credo.philosophy.problems import _
from credo.philosophy.reading import Reading
from credo.philosophy.section import Section
from credo.philosophy.source import Scalar

LANGUAGE = "[a-z]{2,3}(-[A-Za-z0-9]{2,8})*"


@dataclass(frozen=True, slots=True)
class Words:
    """A list of texts; a single one is a list of one."""

    like: str = "[…]"

    def read(self, section: Section, key: str, reading: Reading) -> tuple[str, ...]:
        return tuple(text for text, _place in section.texts(key))

    def absent(self) -> tuple[str, ...]:
        return ()

    def schema(self) -> Json:
        one = {"type": "string", "minLength": 1}
        return {"anyOf": [one, {"type": "array", "items": one}]}

    def words(self) -> str:
        return "a list of texts"

    def example(self) -> str:
        return self.like


@dataclass(frozen=True, slots=True)
class Choices:
    """A list of known words. Where it is `open`, a word that is like none of them is kept with a note."""

    options: tuple[str, ...]
    open: bool = False

    def read(self, section: Section, key: str, reading: Reading) -> tuple[str, ...]:
        found = section.texts(key)
        for text, place in found:
            if text not in self.options:
                section.stranger(place, key, text, self.options, open=self.open)
        return tuple(dict.fromkeys(text for text, _place in found))

    def absent(self) -> tuple[str, ...]:
        return ()

    def schema(self) -> Json:
        known: Json = {"enum": list(self.options)}
        one = {"anyOf": [known, {"type": "string"}]} if self.open else known
        return {"anyOf": [one, {"type": "array", "items": one}]}

    def words(self) -> str:
        return f"a list of {either(self.options)}{', or a word of your own' * self.open}"

    def example(self) -> str:
        return f"[{', '.join(self.options[:2])}]"


@dataclass(frozen=True, slots=True)
class Texts:
    """A text by language; one that stands alone is in the document's own language."""

    like: str = "{en: …}"

    def read(self, section: Section, key: str, reading: Reading) -> dict[str, str]:
        own = reading.languages[0]
        if isinstance(section.block.entries[key], Scalar):
            text = section.text(key, required=True)
            return {own: text} if text else {}
        words = section.section(key, reading.languages)
        found = {code: words.text(code, required=True) for code, _node in words.named()}
        if own not in found:
            cause = _("The text is missing in the document's own language, %(language)s.")
            section.error(key, cause, _("write it like “%(like)s”"), language=own, like=f"{own}: …")
        return {code: text for code, text in found.items() if text}

    def absent(self) -> dict[str, str]:
        return {}

    def schema(self) -> Json:
        one = {"type": "string", "minLength": 1}
        by_language = {"type": "object", "propertyNames": {"pattern": f"^{LANGUAGE}$"}, "additionalProperties": one}
        return {"anyOf": [one, by_language]}

    def words(self) -> str:
        return "a text, or texts by language"

    def example(self) -> str:
        return self.like


@dataclass(frozen=True, slots=True)
class ByLanguage:
    """Values by language, in any language."""

    kind: Kind

    def read(self, section: Section, key: str, reading: Reading) -> dict[str, Any]:
        found = section.section(key)
        for code, _node in found.named():
            if not re.fullmatch(LANGUAGE, code):
                cause = _("“%(code)s” is no language code.")
                hint = _("write it like “%(like)s”")
                section.problems.error(found.key_place(code), found.path, cause, hint, code=code, like=self.example())
        return {code: self.kind.read(found, code, reading) for code, _node in found.named()}

    def absent(self) -> dict[str, Any]:
        return {}

    def schema(self) -> Json:
        names = {"pattern": f"^{LANGUAGE}$"}
        return {"type": "object", "propertyNames": names, "additionalProperties": self.kind.schema()}

    def words(self) -> str:
        return f"{self.kind.words()}, by language"

    def example(self) -> str:
        return f"{{en: {self.kind.example()}}}"


@dataclass(frozen=True, slots=True)
class Named:
    """Values under names: those of `options`, or any where it is `open`."""

    kind: Kind
    options: tuple[str, ...] = ()
    open: bool = False

    def read(self, section: Section, key: str, reading: Reading) -> dict[str, Any]:
        found = section.section(key, () if self.open else self.options)
        known = [name for name, _node in found.named() if self.open or name in self.options]
        for name in known:
            if name not in self.options and self.options:
                found.stranger(found.key_place(name), name, name, self.options, open=True)
        return {name: self.kind.read(found, name, reading) for name in known}

    def absent(self) -> dict[str, Any]:
        return {}

    def schema(self) -> Json:
        rest: Any = self.kind.schema() if self.open else False
        keys = {name: self.kind.schema() for name in self.options}
        return {"type": "object", "properties": keys, "additionalProperties": rest}

    def words(self) -> str:
        return f"under {either(self.options)}: {self.kind.words()}" if self.options else f"names: {self.kind.words()}"

    def example(self) -> str:
        return f"{{{self.options[0] if self.options else 'name'}: {self.kind.example()}}}"


@dataclass(frozen=True, slots=True)
class OneOf:
    """A known word; one that is like none of them is kept with a note."""

    options: tuple[str, ...]

    def read(self, section: Section, key: str, reading: Reading) -> str:
        text = section.text(key, required=True)
        if text and text not in self.options:
            section.stranger(section.at(key), key, text, self.options, open=True)
        return text

    def absent(self) -> str:
        return ""

    def schema(self) -> Json:
        return {"anyOf": [{"enum": list(self.options)}, {"type": "string"}]}

    def words(self) -> str:
        return f"{either(self.options)}, or a word of your own"

    def example(self) -> str:
        return self.options[0]
