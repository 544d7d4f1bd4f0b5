"""`load`: a document's text to a `Philosophy`, or to every error in it at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from credo.philosophy import beliefs, governance, measurement, policy, practice, promises, strategy
from credo.philosophy.beliefs import Beliefs
from credo.philosophy.checks import check
from credo.philosophy.document import Philosophy
from credo.philosophy.governance import Governance
from credo.philosophy.heading import HEAD, Head, check_overlay
from credo.philosophy.measurement import Measurement
from credo.philosophy.policy import Policy
from credo.philosophy.practice import Practice
from credo.philosophy.problems import Place, Problems
from credo.philosophy.promises import Promise
from credo.philosophy.reading import Reading
from credo.philosophy.section import Section
from credo.philosophy.shapes import Shape
from credo.philosophy.source import Block, places, read
from credo.philosophy.strategy import Strategy


@dataclass(frozen=True, slots=True)
class Sections:
    """The seven sections."""

    philosophy: Beliefs = field(default_factory=Beliefs)
    promises: tuple[Promise, ...] = ()
    practice: Practice = field(default_factory=Practice)
    strategy: Strategy = field(default_factory=Strategy)
    policy: Policy = field(default_factory=Policy)
    measurement: Measurement = field(default_factory=Measurement)
    governance: Governance = field(default_factory=Governance)


SECTIONS = Shape(
    Sections,
    tuple(one.SECTION for one in (beliefs, promises, practice, strategy, policy, measurement, governance)),
)
"""In the order of the reference; each is one module."""


def load(text: str) -> Philosophy:
    """Read a document of `format: philosophy/1`; raises BadPhilosophy with all errors, each with line and column.

    An overlay is read too: only its ids are required, and what it refers to may stand in the whole document.
    """
    problems = Problems()
    root = read(text, problems)
    top = Section(root, Place(1, 1), "", problems, (*HEAD.names(), *SECTIONS.names()))
    reading = Reading(problems, partial="overlay" in top)
    head = HEAD.read(top, reading)
    if head.overlay:
        check_overlay(top, head.overlay)
    reading.languages, reading.zone = head.languages.all(), head.zone
    sections = SECTIONS.read(top, reading)
    check(reading, top, sections)
    problems.raise_errors()
    return _philosophy(head, sections, problems, root)


def _philosophy(head: Head, sections: Sections, problems: Problems, root: Block) -> Philosophy:
    written: Mapping[str, Place] = MappingProxyType(places(root))
    beliefs = sections.philosophy
    return Philosophy(
        id=head.id,
        title=head.title,
        version=head.version,
        status=head.status,
        effective=head.effective,
        language=head.languages.default,
        languages=head.languages.all(),
        zone=head.zone,
        purpose=beliefs.purpose,
        values=beliefs.values,
        principles=beliefs.principles,
        tensions=beliefs.tensions,
        promises=sections.promises,
        practice=sections.practice,
        strategy=sections.strategy,
        policy=sections.policy,
        measurement=sections.measurement,
        governance=sections.governance,
        overlay=head.overlay,
        notes=tuple(sorted((one for one in problems.found if one.grade == "note"), key=lambda one: one.place)),
        places=written,
    )
