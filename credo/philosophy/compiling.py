"""`compile`: a document to everything it becomes. Pure: the same document gives the same bytes."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from credo.philosophy.artefacts.artefact import Artefact
from credo.philosophy.artefacts.instructing import instruction
from credo.philosophy.artefacts.measurement import governance, measurement
from credo.philosophy.artefacts.policy import policy
from credo.philosophy.artefacts.practice import practice
from credo.philosophy.artefacts.promises import promises
from credo.philosophy.artefacts.strategy import strategy
from credo.philosophy.document import Philosophy

COUNTED = {
    "clocks": "clock",
    "coach checks": "coach_check",
    "scorecard lines": "scorecard_line",
    "routing rules": "routing_rule",
    "policies": "policy_rule",
    "bot bounds": "hand_over",
    "surveys": "survey",
    "goals": "goal",
    "training modules": "training_module",
    "decision rights": "decision_right",
    "public promises": "charter_row",
}
"""What a summary names, with the kind of artefact it counts."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """Everything a document becomes, in the order of its sections; `conditions` by the path they stand at."""

    id: str
    artefacts: tuple[Artefact, ...]
    conditions: Mapping[str, str]

    def counts(self) -> dict[str, int]:
        """How much of each there is, conditions first."""
        kinds = Counter(one.kind for one in self.artefacts)
        return {"conditions": len(self.conditions), **{name: kinds[kind] for name, kind in COUNTED.items()}}

    def plain(self) -> dict[str, Any]:
        """As JSON holds it."""
        return {
            "id": self.id,
            "artefacts": [_plain(one) for one in self.artefacts],
            "conditions": dict(self.conditions),
            "counts": self.counts(),
        }

    def canonical(self) -> bytes:
        """The same document gives these same bytes, on every machine."""
        return json.dumps(self.plain(), sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()

    def digest(self) -> str:
        """The SHA-256 of the canonical bytes."""
        return hashlib.sha256(self.canonical()).hexdigest()

    def of(self, path: str) -> tuple[Artefact, ...]:
        """What became of the element at `path`."""
        return tuple(one for one in self.artefacts if one.path == path or one.path.startswith(f"{path}/"))


def compile(philosophy: Philosophy) -> Compiled:
    """Everything a whole document becomes; never raises."""
    sections = (promises, practice, strategy, policy, measurement, governance)
    artefacts = [one for section in sections for one in section(philosophy)]
    return Compiled(philosophy.id, (*artefacts, instruction(philosophy)), dict(conditions(philosophy)))


def conditions(philosophy: Philosophy) -> Iterator[tuple[str, str]]:
    """Every condition of the document with its path."""
    written = (
        *((f"promises/{one.id}/to", one.to) for one in philosophy.promises),
        *_of_practice(philosophy),
        *((f"strategy/personas/{one.id}/match", one.match) for one in philosophy.strategy.personas.values()),
        *_of_policy(philosophy),
        *((f"measurement/surveys/{one.id}/when", one.when) for one in philosophy.measurement.surveys.values()),
    )
    yield from ((path, text) for path, text in written if text)


def _of_practice(philosophy: Philosophy) -> Iterator[tuple[str, str]]:
    practice = philosophy.practice
    for one in practice.behaviours.values():
        yield f"practice/behaviours/{one.id}/when", one.when
        yield f"practice/behaviours/{one.id}/observe", one.observe
    for number, shift in enumerate(practice.voice.shifts if practice.voice else (), 1):
        yield f"practice/voice/shifts/{number}/when", shift.when
    if practice.de_escalation:
        yield "practice/de_escalation/card_when", practice.de_escalation.card_when


def _of_policy(philosophy: Philosophy) -> Iterator[tuple[str, str]]:
    policy = philosophy.policy
    yield from ((f"policy/routing/{one.id}/when", one.when) for one in policy.routing.values())
    yield from ((f"policy/rules/{one.id}/when", one.when) for one in policy.rules.values())
    for number, right in enumerate(policy.decision_rights, 1):
        yield f"policy/decision_rights/{number}/when", right.when
    for number, when in enumerate(policy.automation.hand_over_when if policy.automation else (), 1):
        yield f"policy/automation/hand_over_when/{number}", when
    for number, when in enumerate(policy.wellbeing.suggest_break_when if policy.wellbeing else (), 1):
        yield f"policy/wellbeing/suggest_break_when/{number}", when


def _plain(artefact: Artefact) -> dict[str, Any]:
    return {
        "kind": artefact.kind,
        "id": artefact.id,
        "path": artefact.path,
        "settings": artefact.settings,
        "why": [link._asdict() for link in artefact.why],
        "waits": artefact.waits,
    }
