"""Philosophy: what we believe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from credo.philosophy.asking import Ref
from credo.philosophy.kinds import Id, Text
from credo.philosophy.several import Words
from credo.philosophy.shapes import Block, Blocks, Key, Shape


@dataclass(frozen=True, slots=True)
class Value:
    """What we hold dear. `came_from` names the evidence."""

    id: str
    name: str
    statement: str
    came_from: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Principle:
    """How a value shows; `serves` is the value's id."""

    id: str
    serves: str
    statement: str
    statement_not: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Tension:
    """Which principle counts more when two pull apart; both are ids."""

    prefer: str
    over: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Beliefs:
    """The whole section; values and principles by id, tensions in the order written."""

    purpose: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)
    principles: Mapping[str, Principle] = field(default_factory=dict)
    tensions: tuple[Tension, ...] = ()


VALUE = Shape(
    Value,
    (
        Key("id", Id("care"), "its name in the document", required=True),
        Key("name", Text("Care"), "how people call it", required=True),
        Key("statement", Text("…"), "what we hold dear, in a sentence", required=True),
        Key("from", Words(), "the evidence it comes from", attribute="came_from"),
    ),
)
PRINCIPLE = Shape(
    Principle,
    (
        Key("id", Id("heard"), "its name in the document", required=True),
        Key("serves", Ref("values", "care"), "the value it serves", required=True),
        Key("statement", Text("…"), "what we do", required=True),
        Key("statement_not", Text("…"), "what it does not mean"),
        Key("why", Text("…"), "why we believe it"),
    ),
)
TENSION = Shape(
    Tension,
    (
        Key("prefer", Ref("principles"), "what counts more when two pull apart", required=True),
        Key("over", Ref("principles", "ahead"), "what it is preferred to", required=True),
        Key("note", Text("…"), "what that means"),
    ),
)
BELIEFS = Shape(
    Beliefs,
    (
        Key("purpose", Text("…"), "what we are here for, in a sentence or two"),
        Key("values", Blocks(VALUE), "what we hold dear"),
        Key("principles", Blocks(PRINCIPLE), "how a value shows"),
        Key("tensions", Blocks(TENSION, by_id=False), "which principle is preferred over which; never in a circle"),
    ),
)
SECTION = Key("philosophy", Block(BELIEFS, Beliefs), "what we believe", required=True)
