"""Policy: calendars, routing, rules, decision rights, automation, privacy, wellbeing, dilemmas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from credo.calendars import Plan


@dataclass(frozen=True, slots=True)
class Route:
    """Where a conversation goes; `when` is a condition, `do` what happens by act ("queue": "trade")."""

    id: str
    serves: str
    when: str
    do: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """What somebody must, must not, should or may do; `when` is a condition, `do` what Credo does for it by act."""

    id: str
    serves: str
    kind: str
    who: str
    text: str
    when: str = ""
    do: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DecisionRight:
    """What a role may decide alone, up to an amount ("50 EUR"); `when` is a condition."""

    role: str
    may: tuple[str, ...]
    up_to: str = ""
    per: str = ""
    reason: str = ""
    counts_to: str = ""
    when: str = ""
    serves: str = ""


@dataclass(frozen=True, slots=True)
class Automation:
    """What machines may do and when people take over. `hand_over_when` are conditions; unknown counts as yes."""

    disclose: str = ""
    bot_may: tuple[str, ...] = ()
    bot_never: tuple[str, ...] = ()
    hand_over_when: tuple[str, ...] = ()
    hand_over_with: tuple[str, ...] = ()
    human_share_min: float | None = None
    serves: str = ""


@dataclass(frozen=True, slots=True)
class EmotionReading:
    """Whose feelings may be estimated (customers' alone), where, and what they may do about it."""

    subject: str = "customer"
    channels: tuple[str, ...] = ()
    show_customer: bool = False
    opt_out: bool = False


@dataclass(frozen=True, slots=True)
class Privacy:
    """What is hidden, how long things are kept and how soon a right is granted; ISO 8601 durations by name."""

    redact: tuple[str, ...] = ()
    retain: Mapping[str, str] = field(default_factory=dict)
    rights: Mapping[str, str] = field(default_factory=dict)
    emotion_reading: EmotionReading | None = None
    serves: str = ""


@dataclass(frozen=True, slots=True)
class Support:
    """Somebody to turn to."""

    name: str
    how: str


@dataclass(frozen=True, slots=True)
class Wellbeing:
    """Care for those who care. `suggest_break_when` are conditions, shown to the colleague they describe alone."""

    subject_owns_data: bool = False
    min_group: int | None = None
    suggest_break_when: tuple[str, ...] = ()
    on_suggest: tuple[str, ...] = ()
    support: tuple[Support, ...] = ()
    serves: str = ""


@dataclass(frozen=True, slots=True)
class Dilemma:
    """A question without a rule; `weigh` are principles, the weightiest first."""

    id: str
    question: str
    weigh: tuple[str, ...]
    default: str = ""
    log: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """The whole section; what has an id or a name is by it."""

    calendars: Mapping[str, Plan] = field(default_factory=dict)
    routing: Mapping[str, Route] = field(default_factory=dict)
    rules: Mapping[str, Rule] = field(default_factory=dict)
    decision_rights: tuple[DecisionRight, ...] = ()
    automation: Automation | None = None
    privacy: Privacy | None = None
    wellbeing: Wellbeing | None = None
    dilemmas: Mapping[str, Dilemma] = field(default_factory=dict)
