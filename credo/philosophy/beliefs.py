"""Philosophy: what we believe."""

from __future__ import annotations

from dataclasses import dataclass


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
