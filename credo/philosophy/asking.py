"""Conditions in the document, and names that have to be declared elsewhere in it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from credo import conditions
from credo.conditions import BadCondition, Condition, Field, Finding, from_structure, written
from credo.philosophy.kinds import ID, Json
from credo.philosophy.problems import Place, _
from credo.philosophy.reading import Asked, Mention, Reading
from credo.philosophy.section import Section
from credo.philosophy.source import Block, Items, Node, Scalar, plain, spot
from credo.philosophy.vocabulary import FEELINGS_OF_COLLEAGUES, VOCABULARY

CONDITION: Json = {"anyOf": [{"type": "string", "minLength": 1}, {"type": "object"}]}


@lru_cache(maxsize=4096)
def condition(text: str) -> Condition:
    """The condition that `text` spells over our vocabulary; raises BadCondition."""
    return conditions.read(text, VOCABULARY)


@dataclass(frozen=True, slots=True)
class When:
    """A condition, as one line or spelled in blocks; the records hold its text."""

    like: str = "'ticket.channel == \"email\"'"

    def read(self, section: Section, key: str, reading: Reading) -> str:
        return _read(section.block.entries[key], section, key, reading)

    def absent(self) -> str:
        return ""

    def schema(self) -> Json:
        return CONDITION

    def words(self) -> str:
        return "a [condition](#conditions)"

    def example(self) -> str:
        return self.like


@dataclass(frozen=True, slots=True)
class Whens:
    """A list of conditions."""

    like: str = "['customer.asked_for_human']"

    def read(self, section: Section, key: str, reading: Reading) -> tuple[str, ...]:
        node = section.block.entries[key]
        nodes = node.nodes if isinstance(node, Items) else [node]
        found = [_read(one, section, f"{key}/{number}", reading) for number, one in enumerate(nodes, 1)]
        return tuple(text for text in found if text)

    def absent(self) -> tuple[str, ...]:
        return ()

    def schema(self) -> Json:
        return {"anyOf": [CONDITION, {"type": "array", "items": CONDITION}]}

    def words(self) -> str:
        return "a list of [conditions](#conditions)"

    def example(self) -> str:
        return self.like


@dataclass(frozen=True, slots=True)
class Ref:
    """The id of something that is declared elsewhere, among `among`."""

    among: str
    like: str = "keep-word"

    def read(self, section: Section, key: str, reading: Reading) -> str:
        name = section.text(key, required=True)
        if name:
            reading.mentions.append(Mention(section, key, section.at(key), name, self.among))
        return name

    def absent(self) -> str:
        return ""

    def schema(self) -> Json:
        return {"type": "string", "pattern": ID}

    def words(self) -> str:
        return f"one of the {self.among}"

    def example(self) -> str:
        return self.like


@dataclass(frozen=True, slots=True)
class Refs:
    """Ids of several things that are declared elsewhere."""

    among: str
    like: str = "[keep-word]"

    def read(self, section: Section, key: str, reading: Reading) -> tuple[str, ...]:
        found = section.texts(key)
        reading.mentions += [Mention(section, key, place, name, self.among) for name, place in found]
        return tuple(name for name, _place in found)

    def absent(self) -> tuple[str, ...]:
        return ()

    def schema(self) -> Json:
        return {"type": "array", "items": {"type": "string", "pattern": ID}}

    def words(self) -> str:
        return f"a list of {self.among}"

    def example(self) -> str:
        return self.like


def _read(node: Node, section: Section, key: str, reading: Reading) -> str:
    path = f"{section.path}/{key}" if section.path else key
    try:
        found = _spelled(node)
    except BadCondition as wrong:
        for finding in wrong.findings:
            _complain(reading, finding, _spot(node, finding), path)
        return ""
    scalar = node if isinstance(node, Scalar) else None
    reading.conditions[path] = Asked(path, node.place, found, scalar)
    return found.text


def _spelled(node: Node) -> Condition:
    value = plain(node)
    if isinstance(value, str | bool):
        return condition(value if isinstance(value, str) else str(value).lower())
    return condition(written(from_structure(value, VOCABULARY)))


def _spot(node: Node, finding: Finding) -> Place:
    """Where a mistake stands: the letter of a line, the entry that was misread, or the key of the field it is about."""
    if isinstance(node, Scalar):
        return spot(node, finding.column) if isinstance(node.value, str) else node.place
    here: Node = node
    for step in str(finding.details.get("inside", "")).split("/"):
        if isinstance(here, Block) and step in here.entries:
            here = here.entries[step]
        elif isinstance(here, Items) and step.isdigit() and int(step) < len(here.nodes):
            here = here.nodes[int(step)]
    return _key_of(str(finding.details.get("name", "")), node) or here.place


def _key_of(name: str, node: Node) -> Place | None:
    ahead = [node]
    while ahead:
        here = ahead.pop()
        if isinstance(here, Block) and name in here.keys:
            return here.keys[name]
        ahead += here.entries.values() if isinstance(here, Block) else here.nodes if isinstance(here, Items) else ()
    return None


def _complain(reading: Reading, finding: Finding, place: Place, path: str) -> None:
    details = dict(finding.details)
    if finding.kind == "unknown" and str(details.get("name")) in FEELINGS_OF_COLLEAGUES:
        cause = _("“%(name)s” is not known; what a colleague feels is never inferred")
        details["near"] = "customer.emotion"
        reading.problems.error(place, path, cause, finding.suggestion or _("did you mean “%(near)s”?"), **details)
        return
    reading.problems.error(place, path, finding.cause, finding.suggestion, **details)


@dataclass(frozen=True, slots=True)
class Given:
    """What is known of a case: values by field. Moments and durations stay the texts they are written as."""

    like: str = "{ticket.channel: email}"

    def read(self, section: Section, key: str, reading: Reading) -> dict[str, Any]:
        found = section.section(key)
        for name, node in found.named():
            asked = VOCABULARY.get(name)
            if asked is None:
                place, path = found.key_place(name), f"{found.path}/{name}"
                reading.problems.unknown(place, path, _("“%(name)s” is not known"), name, VOCABULARY)
            elif not _fits(value := plain(node), asked):
                _misfit(found, name, value, asked)
        return {name: plain(node) for name, node in found.named()}

    def absent(self) -> dict[str, Any]:
        return {}

    def schema(self) -> Json:
        return {"type": "object", "propertyNames": {"enum": list(VOCABULARY)}}

    def words(self) -> str:
        return "[fields](#fields) and their values"

    def example(self) -> str:
        return self.like


def _fits(value: object, asked: Field) -> bool:
    if asked.type == "bool" or isinstance(value, bool):
        return asked.type == "bool" and isinstance(value, bool)
    if asked.type in ("int", "double"):
        return isinstance(value, int) or (asked.type == "double" and isinstance(value, float))
    if asked.type == "list(string)":
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    return isinstance(value, str) and (not asked.values or value in asked.values)


def _misfit(section: Section, name: str, value: object, asked: Field) -> None:
    if asked.values and isinstance(value, str):
        options = ", ".join(asked.values)
        cause, otherwise = _("“%(name)s” is not a value of %(field)s"), _("possible here: %(options)s")
        section.unknown(name, cause, value, asked.values, otherwise, field=name, options=options)
        return
    cause, hint = _("The value of %(field)s is of another kind."), _("write it like “%(like)s”")
    section.error(name, cause, hint, field=name, like=f"{name}: {_EXAMPLES[asked.type]}")


_EXAMPLES = {
    "bool": "true",
    "int": "2",
    "double": "0.5",
    "string": "email",
    "list(string)": "[trade]",
    "timestamp": '"2026-12-01T09:00:00Z"',
    "duration": '"4h"',
}
