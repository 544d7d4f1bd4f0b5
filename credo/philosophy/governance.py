"""Governance: who decides about this document, and how it changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from credo.philosophy.asking import Given
from credo.philosophy.kinds import Id, Number, Text
from credo.philosophy.measurement import TOPICS
from credo.philosophy.several import Choices, Named, Words
from credo.philosophy.shapes import Block, Blocks, Key, Shape
from credo.philosophy.written import DURATION, Date


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """Who reads a new version, and within which duration."""

    who: str
    within: str = ""


@dataclass(frozen=True, slots=True)
class Backtest:
    """How many days a draft is tried on before it may be published."""

    days: int


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When the document is looked at again, and what is brought along."""

    every: str
    next: str = ""
    bring: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Golden:
    """A case whose outcome is agreed: with `given` facts, `expect` must match and `never` must not (ids or paths)."""

    id: str
    say: str
    given: Mapping[str, Any] = field(default_factory=dict)
    expect: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Governance:
    """The whole section; `approve` holds people by section, `golden` by id."""

    owner: str = ""
    approve: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    propose: str = ""
    backtest_before_publish: Backtest | None = None
    acknowledge: Acknowledge | None = None
    review: Rhythm | None = None
    golden: Mapping[str, Golden] = field(default_factory=dict)


SECTIONS = ("philosophy", "promises", "practice", "strategy", "policy", "measurement", "governance")

ACKNOWLEDGE = Shape(
    Acknowledge,
    (
        Key("who", Text("all_departments"), "who reads a new version", required=True),
        Key("within", DURATION, "how soon"),
    ),
)
BACKTEST = Shape(
    Backtest,
    (Key("days", Number(1, 730, whole=True, like="90"), "on how many past days a draft is tried", required=True),),
)
RHYTHM = Shape(
    Rhythm,
    (
        Key("every", DURATION, "how often the document is looked at", required=True),
        Key("next", Date(), "when next"),
        Key("bring", Choices(TOPICS, open=True), "what is brought along"),
    ),
)
GOLDEN = Shape(
    Golden,
    (
        Key("id", Id("angry-first-mail"), "its name in the document", required=True),
        Key("say", Text("…"), "what kind of case it is", required=True),
        Key("given", Given(), "what is known of it, by field", required=True),
        Key("expect", Words("[name-the-feeling]"), "elements that must match, by id or path"),
        Key("never", Words("[after-solve]"), "elements that must not match"),
    ),
)
GOVERNANCE = Shape(
    Governance,
    (
        Key("owner", Text("maya"), "who looks after the document"),
        Key("approve", Named(Words(), SECTIONS), "whose yes a change needs, by section"),
        Key("propose", Text("anyone"), "who may propose a change"),
        Key("backtest_before_publish", Block(BACKTEST), "trying a draft on the past"),
        Key("acknowledge", Block(ACKNOWLEDGE), "reading a new version"),
        Key("review", Block(RHYTHM), "looking at the document again"),
        Key("golden", Blocks(GOLDEN), "cases whose outcome is agreed"),
    ),
)
SECTION = Key("governance", Block(GOVERNANCE, Governance), "who decides, and how it changes")
