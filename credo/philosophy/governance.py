"""Governance: who decides about this document, and how it changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


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
