"""What a philosophy document says, as plain records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from credo.calendars import Plan
from credo.conditions import ALWAYS, Condition, read
from credo.philosophy.durations import Target, read_target
from credo.philosophy.problems import Problem
from credo.philosophy.vocabulary import VOCABULARY

RUNNING_CLOCKS = ("first_human_reply", "next_reply")


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
class Promise:
    """What customers may hold us to. `text` by language; `waits` says why it does not run yet, empty when it runs."""

    id: str
    serves: str
    text: Mapping[str, str]
    to: str
    clock: str
    target: str | None
    calendar: str | None
    objective: float | None
    pause_when: tuple[str, ...] = ()
    if_at_risk: tuple[Any, ...] = ()
    if_broken: tuple[Any, ...] = ()
    provisions: str = ""
    public: bool = False
    waits: tuple[str, ...] = ()

    @property
    def runs(self) -> bool:
        """Whether clocks are started for it today."""
        return not self.waits

    def condition(self) -> Condition:
        """To whom it is given; of a promise that runs, or waits for its clock alone."""
        return read(self.to, VOCABULARY) if self.to else ALWAYS

    def goal(self) -> Target | None:
        """The target, where the clock has one."""
        return read_target(self.target) if self.target else None

    def words(self, language: str, default: str) -> str:
        """Its text in `language`, else in the document's own."""
        return self.text.get(language) or self.text.get(default) or next(iter(self.text.values()))


@dataclass(frozen=True, slots=True)
class Philosophy:
    """A whole document. `kept` holds the sections that are not judged yet, as they were written."""

    id: str
    title: str
    version: int | None
    status: str
    effective: str | None
    language: str
    languages: tuple[str, ...]
    zone: str
    purpose: str
    values: Mapping[str, Value]
    principles: Mapping[str, Principle]
    tensions: tuple[Tension, ...]
    promises: tuple[Promise, ...]
    calendars: Mapping[str, Plan]
    kept: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[Problem, ...] = ()
