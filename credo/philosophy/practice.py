"""Practice: how anybody can see in daily work that a principle is lived."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Coach:
    """What a colleague is told while writing: `at` compose, send or after; `as_` hint, warn, confirm or block."""

    at: str
    as_: str
    say: str


@dataclass(frozen=True, slots=True)
class Review:
    """A line of the scorecard: its weight, its scale ("0-2"), and what kind of failure it is when it must not fail."""

    weight: float
    scale: str = "0-2"
    critical: str = ""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What somebody does, when, and how it is seen to be done. `when` and `observe` are conditions."""

    id: str
    serves: str
    level: str
    who: tuple[str, ...]
    when: str
    then: str
    observe: str
    coach: Coach | None = None
    qa: Review | None = None
    good: str = ""
    bad: str = ""


@dataclass(frozen=True, slots=True)
class Dimensions:
    """Four ways of sounding, each from 1 to 5; None where nothing is said."""

    formal: int | None = None
    funny: int | None = None
    enthusiastic: int | None = None
    respectful: int | None = None


@dataclass(frozen=True, slots=True)
class Saying:
    """A word of ours, and the one we do not use for it."""

    use: str
    not_: str


@dataclass(frozen=True, slots=True)
class Shift:
    """How the voice changes when something is so; `when` is a condition."""

    when: str
    set: Dimensions | None = None
    add: str = ""


@dataclass(frozen=True, slots=True)
class Voice:
    """How we sound. `reading_grade_max` and `address_form` are by language."""

    character: str = ""
    dimensions: Dimensions | None = None
    person: str = ""
    reading_grade_max: Mapping[str, float] = field(default_factory=dict)
    address_form: Mapping[str, str] = field(default_factory=dict)
    say: tuple[Saying, ...] = ()
    avoid: tuple[str, ...] = ()
    inside_words: tuple[str, ...] = ()
    shifts: tuple[Shift, ...] = ()


@dataclass(frozen=True, slots=True)
class DeEscalation:
    """What helps when somebody is furious; `card_when` is a condition."""

    method: str = ""
    steps: tuple[str, ...] = ()
    card_when: str = ""


@dataclass(frozen=True, slots=True)
class Module:
    """A piece of training; `teaches` are ids of behaviours, `pass_` a share."""

    id: str
    teaches: tuple[str, ...] = ()
    cards: int | None = None
    role_play: str = ""
    pass_: float | None = None
    before_first_ticket: bool = False


@dataclass(frozen=True, slots=True)
class Training:
    """What is learned, how well it is to be kept in mind (a share), and what makes it due again."""

    skills: tuple[str, ...] = ()
    retention: float | None = None
    modules: Mapping[str, Module] = field(default_factory=dict)
    refresh_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Practice:
    """The whole section; behaviours by id."""

    behaviours: Mapping[str, Behaviour] = field(default_factory=dict)
    voice: Voice | None = None
    de_escalation: DeEscalation | None = None
    training: Training | None = None
