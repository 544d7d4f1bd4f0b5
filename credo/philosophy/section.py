"""Reading one block of the document key by key: complains into the list of problems, never raises."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol, TypeVar

from credo.base.nearest import nearest
from credo.philosophy.problems import Place, Problems, _
from credo.philosophy.source import Block, Items, Node, Scalar, named, plain

_ID = re.compile(r"[a-z][a-z0-9-]{0,59}")


_FLAGS = {"yes": "true", "on": "true", "true": "true", "1": "true"} | dict.fromkeys(
    ("no", "off", "false", "0"), "false"
)


class Section:
    """A block with the keys it may have. What is missing or of the wrong kind reads as empty, with a problem noted."""

    def __init__(
        self, node: Node | None, place: Place, path: str, problems: Problems, known: Iterable[str] = ()
    ) -> None:
        self.place, self.path, self.problems = place, path, problems
        self._known = tuple(known)
        self.block = node if isinstance(node, Block) else Block(place)
        self.broken = not (node is None or isinstance(node, Block) or (isinstance(node, Scalar) and node.value is None))
        if node is not None and self.broken:
            hint = _("write it like “%(like)s”")
            problems.error(node.place, path, _("Keys and values are expected here."), hint, like="id: …")
        self._refuse_unknown()

    def __contains__(self, key: str) -> bool:
        return key in self.block.entries

    def at(self, key: str) -> Place:
        """Where the value of `key` stands, or the section itself when it is not there."""
        node = self.block.entries.get(key)
        return node.place if node is not None else self.place

    def error(self, key: str, cause: str, suggestion: str = "", **details: object) -> None:
        """Complain about the value of `key`."""
        self.problems.error(self.at(key), self._under(key), cause, suggestion, **details)

    def note(self, key: str, cause: str, suggestion: str = "", **details: object) -> None:
        """Remark on the value of `key`."""
        self.problems.note(self.at(key), self._under(key), cause, suggestion, **details)

    def unknown(
        self, key: str, cause: str, name: str, known: Iterable[str], otherwise: str = "", **more: object
    ) -> None:
        """Complain that the value of `key` names something that does not exist."""
        self.problems.unknown(self.at(key), self._under(key), cause, name, known, otherwise, **more)

    def text(self, key: str, *, required: bool = False) -> str:
        """A line of text, without the white space around it."""
        node = self._node(key, required)
        if node is None:
            return ""
        if not isinstance(node, Scalar) or not isinstance(node.value, str):
            hint = _("put it in quotes") if isinstance(node, Scalar) else _("write one line behind the colon")
            self.error(key, _("Text is expected here."), hint)
            return ""
        if required and not node.value.strip():
            self.error(key, _("There is nothing written here."), _("write something, or take the key out"))
        return node.value.strip()

    def written(self, key: str) -> str:
        """A text or a number, as it is written, for what has to be written in a certain way."""
        node = self.block.entries.get(key)
        number = isinstance(node, Scalar) and isinstance(node.value, int | float) and not isinstance(node.value, bool)
        return str(node.value) if isinstance(node, Scalar) and number else self.text(key, required=True)

    def id(self) -> str:
        """The `id` of this block: lower case letters, digits and hyphens."""
        name = self.text("id", required=True)
        if name and not _ID.fullmatch(name):
            self.error(
                "id",
                _("“%(name)s” is no id; use lower case letters, digits and hyphens, like first-answer."),
                _("write it like “%(like)s”") if (like := _as_id(name)) else "",
                name=name,
                like=like,
            )
            return like or name  # so that who mentions it rightly is not told off as well
        return name

    def stranger(self, place: Place, key: str, name: str, known: tuple[str, ...], *, open: bool) -> None:
        """Complain about a word that is not `known`; where others are allowed, only when it is nearly one of them."""
        options = ", ".join(known)
        if open and not nearest(name, known):
            cause = _("“%(name)s” is not known here, so nothing comes of it yet.")
            hint = _("known here: %(options)s")
            self.problems.note(place, self._under(key), cause, hint, name=name, options=options)
            return
        cause, otherwise = _("“%(name)s” is not possible here."), _("choose one of: %(options)s")
        self.problems.unknown(place, self._under(key), cause, name, known, otherwise, options=options)

    def choice(self, key: str, options: Iterable[str], default: str) -> str:
        """One of `options`."""
        value, options = self.text(key) or default, tuple(options)
        if value not in options:
            otherwise = _("choose one of: %(options)s")
            cause = _("“%(name)s” is not possible here.")
            self.unknown(key, cause, value, options, otherwise, options=", ".join(options))
        return value

    def flag(self, key: str) -> bool:
        """true or false; false when missing."""
        node = self.block.entries.get(key)
        if node is None:
            return False
        if not isinstance(node, Scalar) or not isinstance(node.value, bool):
            near = _FLAGS.get(str(node.value).lower(), "") if isinstance(node, Scalar) else ""
            hint = _("write %(near)s, without quotes") if near else _("choose one of: %(options)s")
            self.error(key, _("true or false is expected here."), hint, near=near, options="true, false")
            return False
        return node.value

    def number(self, key: str) -> float | None:
        """A number, or None when missing."""
        node = self.block.entries.get(key)
        if node is None:
            return None
        if not isinstance(node, Scalar) or isinstance(node.value, bool) or not isinstance(node.value, int | float):
            self.error(key, _("A number is expected here."), _("write digits, with a point for decimals and no quotes"))
            return None
        return node.value

    def texts(self, key: str) -> tuple[tuple[str, Place], ...]:
        """A list of texts with their places; a single text is a list of one."""
        node = self.block.entries.get(key)
        nodes = node.nodes if isinstance(node, Items) else [] if node is None else [node]
        found = [(item.value, item.place) for item in nodes if isinstance(item, Scalar) and isinstance(item.value, str)]
        if len(found) < len(nodes):
            self.error(key, _("Texts are expected here."), _("put each in quotes"))
        for text, place in found:
            if not text.strip():
                self.problems.error(place, self._under(key), _("There is nothing written here."), _("take it out"))
        return tuple((text.strip(), place) for text, place in found if text.strip())

    def section(self, key: str, known: Iterable[str] = (), *, required: bool = False) -> Section:
        """The block under `key`; without `known`, any keys may stand in it."""
        return Section(self._node(key, required), self.at(key), self._under(key), self.problems, known)

    def sections(self, key: str, known: Iterable[str]) -> Iterator[Section]:
        """The blocks of the list under `key`."""
        node = self.block.entries.get(key)
        if node is not None and not isinstance(node, Items) and not (isinstance(node, Scalar) and node.value is None):
            self.error(
                key,
                _("A list is expected here; begin each entry with a hyphen."),
                _("write it like “%(like)s”"),
                like="- …",
            )
        for number, item in enumerate(node.nodes if isinstance(node, Items) else (), 1):
            yield Section(item, item.place, f"{self._under(key)}/{named(item, number)}", self.problems, known)

    def named(self) -> Iterator[tuple[str, Node]]:
        """Every key with what stands under it, for blocks whose keys people choose."""
        yield from self.block.entries.items()

    def key_place(self, key: str) -> Place:
        """Where the key itself stands."""
        return self.block.keys.get(key, self.place)

    def kept(self, key: str) -> Any:
        """What stands under `key` as plain data, unjudged."""
        node = self.block.entries.get(key)
        return None if node is None else plain(node)

    def _node(self, key: str, required: bool) -> Node | None:
        node = self.block.entries.get(key)
        if node is None and required:
            self.problems.error(self.place, self.path, _("“%(key)s” is missing here."), key=key)
        return node

    def _under(self, key: str) -> str:
        return f"{self.path}/{key}" if self.path else key

    def _refuse_unknown(self) -> None:
        if not self._known:
            return
        for key, place in self.block.keys.items():
            if key not in self._known:
                cause, otherwise = _("“%(name)s” is not known here."), _("possible here: %(options)s")
                node, options = self.block.entries[key], ", ".join(self._known)
                if " " in key and isinstance(node, Scalar) and node.value is None:
                    otherwise = _("put text that contains a comma in quotes")
                self.problems.unknown(place, self._under(key), cause, key, self._known, otherwise, options=options)


class Named(Protocol):
    """Whatever has an id."""

    @property
    def id(self) -> str: ...


Record = TypeVar("Record", bound=Named)


def once_each(found: Iterable[tuple[Section, Record]]) -> dict[str, Record]:
    """The records by id; complains where an id comes twice, and keeps the first."""
    records: dict[str, Record] = {}
    first: dict[str, Place] = {}
    for section, record in found:
        if record.id in records:
            cause = _("The id “%(name)s” is used twice; it already stands in line %(line)s.")
            hint = _("give one of them another id")
            section.error("id", cause, hint, name=record.id, line=first[record.id].line)
        elif record.id:
            records[record.id], first[record.id] = record, section.at("id")
    return records


def reference(section: Section, key: str, known: Mapping[str, object], cause: str) -> str:
    """The id under `key`, which must be one of `known`; `cause` is the complaint with %(name)s in it."""
    name = section.text(key, required=True)
    if name and name not in known:
        otherwise = _("possible here: %(options)s") if known else ""
        section.unknown(key, cause, name, known, otherwise, options=", ".join(known))
    return name


def _as_id(name: str) -> str:
    """What is left of a name when it is made an id; empty when nothing is."""
    letters = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-").lstrip("-0123456789")[:60]
