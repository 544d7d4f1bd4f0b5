"""Measurement: how we know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Survey:
    """A question to customers or colleagues; `when` is a condition, `delay` and `every` durations."""

    id: str
    kind: str
    of: str = "customers"
    when: str = ""
    delay: str = ""
    every: str = ""
    sample: float | None = None
    ask: Mapping[str, str] = field(default_factory=dict)
    why: bool = False
    anonymous_min: int | None = None
    serves: str = ""


@dataclass(frozen=True, slots=True)
class Scorecard:
    """How conversations are reviewed; the second rater's part, alpha and the pass mark are shares."""

    sample_per_agent_month: int | None = None
    stratify: tuple[str, ...] = ()
    second_rater: float | None = None
    alpha_min: float | None = None
    pass_: float | None = None


@dataclass(frozen=True, slots=True)
class CloseLoop:
    """What those who told us something hear of it."""

    tell_customers: bool = False
    within: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True)
class Measurement:
    """The whole section; surveys by id, what each review looks at by its rhythm."""

    surveys: Mapping[str, Survey] = field(default_factory=dict)
    scorecard: Scorecard | None = None
    reviews: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dashboards: tuple[str, ...] = ()
    close_loop: CloseLoop | None = None
