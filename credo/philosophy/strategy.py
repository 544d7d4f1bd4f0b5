"""Strategy: the plan that puts the philosophy into daily work, with owners and dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Persona:
    """Customers of one kind; `match` is a condition, `share_expected` a share of all."""

    id: str
    match: str
    name: str = ""
    needs: tuple[str, ...] = ()
    pains: tuple[str, ...] = ()
    share_expected: float | None = None


@dataclass(frozen=True, slots=True)
class Goal:
    """Where a metric is to be (">= 0.95") by a date. `guard` is the metric that must not fall meanwhile."""

    id: str
    metric: str
    target: str
    by: str = ""
    guard: str = ""
    serves: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """A metric of speed, and the metric of quality it is always shown with."""

    speed: str
    quality: str


@dataclass(frozen=True, slots=True)
class Change:
    """What an initiative is expected to move."""

    metric: str
    from_: float | None = None
    to: float | None = None


@dataclass(frozen=True, slots=True)
class Initiative:
    """Something we will do, who does it and by when."""

    id: str
    serves: str
    do: str
    owner: str = ""
    due: str = ""
    expects: Change | None = None


@dataclass(frozen=True, slots=True)
class ServiceLevel:
    """The share that is to be answered within `target`."""

    target: str
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Staffing:
    """How many of us it takes; occupancy and shrinkage are shares."""

    service_level: ServiceLevel | None = None
    max_occupancy: float | None = None
    shrinkage: float | None = None


@dataclass(frozen=True, slots=True)
class Department:
    """What another department owes those who answer."""

    name: str
    owes: str
    calendar: str = ""
    within: str = ""
    serves: str = ""


@dataclass(frozen=True, slots=True)
class Strategy:
    """The whole section; what has an id is by id."""

    personas: Mapping[str, Persona] = field(default_factory=dict)
    goals: Mapping[str, Goal] = field(default_factory=dict)
    pairs: tuple[Pair, ...] = ()
    initiatives: Mapping[str, Initiative] = field(default_factory=dict)
    staffing: Staffing | None = None
    departments: tuple[Department, ...] = ()
