"""`Philosophy`: what a whole document says, as plain records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from credo.calendars import Plan
from credo.philosophy.beliefs import Principle, Tension, Value
from credo.philosophy.governance import Governance
from credo.philosophy.heading import Overlay
from credo.philosophy.measurement import Measurement
from credo.philosophy.policy import Policy
from credo.philosophy.practice import Practice
from credo.philosophy.problems import Place, Problem
from credo.philosophy.promises import Promise
from credo.philosophy.strategy import Strategy


@dataclass(frozen=True, slots=True)
class Philosophy:
    """A whole document, or an overlay of one. `places` says where each element stands, by the path problems use."""

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
    practice: Practice = field(default_factory=Practice)
    strategy: Strategy = field(default_factory=Strategy)
    policy: Policy = field(default_factory=Policy)
    measurement: Measurement = field(default_factory=Measurement)
    governance: Governance = field(default_factory=Governance)
    overlay: Overlay | None = None
    notes: tuple[Problem, ...] = ()
    places: Mapping[str, Place] = field(default_factory=dict)

    @property
    def calendars(self) -> Mapping[str, Plan]:
        """When the desk is open, by name."""
        return self.policy.calendars
