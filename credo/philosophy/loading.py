"""`load`: a document's text to a `Philosophy`, or to every error in it at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from credo.philosophy import beliefs, governance, measurement, policy, practice, promises, strategy
from credo.philosophy.beliefs import Beliefs
from credo.philosophy.checks import check
from credo.philosophy.document import Philosophy
from credo.philosophy.governance import Governance
from credo.philosophy.heading import FORMAT, HEAD, Head, check_overlay
from credo.philosophy.kinds import Json
from credo.philosophy.measurement import Measurement
from credo.philosophy.policy import Policy
from credo.philosophy.practice import Practice
from credo.philosophy.problems import BadPhilosophy, Enough, Place, Problem, Problems
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


@dataclass(frozen=True, slots=True)
class Examined:
    """What became of a text: the document, or None where errors are among the problems; they are in order of place."""

    philosophy: Philosophy | None
    problems: tuple[Problem, ...]


def load(text: str) -> Philosophy:
    """Read a document of `format: philosophy/1`; raises BadPhilosophy with all errors, each with line and column.

    An overlay is read too: only its ids are required, and what it refers to may stand in the whole document.
    """
    examined = examine(text)
    if examined.philosophy is None:
        raise BadPhilosophy(one for one in examined.problems if one.grade == "error")
    return examined.philosophy


def examine(text: str) -> Examined:
    """The document with every error and note about it; never raises."""
    problems, found = Problems(), None
    try:
        found = _read(read(text, problems), problems)
    except BadPhilosophy as unreadable:
        return Examined(None, tuple(unreadable.problems))
    except Enough:
        pass  # the last finding says so
    told = tuple(sorted(problems.found, key=lambda one: one.place))
    if found is None or any(one.grade == "error" for one in told):
        return Examined(None, told)
    return Examined(replace(found, notes=told), told)


def _read(root: Block, problems: Problems) -> Philosophy:
    top = Section(root, Place(1, 1), "", problems, (*HEAD.names(), *SECTIONS.names()))
    reading = Reading(problems, partial="overlay" in top)
    head = HEAD.read(top, reading)
    if head.overlay:
        check_overlay(top, head.overlay)
    reading.languages, reading.zone = head.languages.all(), head.zone
    sections = SECTIONS.read(top, reading)
    check(reading, top, sections)
    return _philosophy(head, sections, places(root))


def schema() -> Json:
    """The JSON Schema of a whole document or an overlay, for editors."""
    whole = Shape(dict, (*HEAD.keys, *SECTIONS.keys)).schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": FORMAT,
        "if": {"type": "object", "required": ["overlay"]},
        "then": _partial(whole),
        "else": whole,
    }


def _partial(whole: Any) -> Any:
    """The same without required keys, but for the names by which things are found."""
    if isinstance(whole, list):
        return [_partial(one) for one in whole]
    if not isinstance(whole, dict):
        return whole
    kept = {name: _partial(one) for name, one in whole.items()}
    if isinstance(whole.get("required"), list):
        kept["required"] = [name for name in whole["required"] if name in ("format", "id", "of")]
    return kept


def _philosophy(head: Head, sections: Sections, written: Mapping[str, Place]) -> Philosophy:
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
        places=written,
    )
