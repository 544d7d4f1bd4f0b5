"""Strategy becomes personas, goals with their guards, initiatives, staffing and what departments owe."""

from __future__ import annotations

from collections.abc import Iterator

from credo.philosophy.artefacts.artefact import Artefact, source, waiting
from credo.philosophy.artefacts.practice import fields
from credo.philosophy.document import Philosophy


def strategy(philosophy: Philosophy) -> Iterator[Artefact]:
    """Everything that strategy becomes."""
    plan = philosophy.strategy
    for persona in plan.personas.values():
        said = persona.name or persona.id
        origin = source(philosophy, "persona", persona.id, said, f"strategy/personas/{persona.id}")
        yield origin.becomes("persona", persona.id, waiting([persona.match], "personas"), **fields(persona))
    for goal in plan.goals.values():
        said = f"{goal.metric} {goal.target}"
        serves = goal.serves or _kept_by(philosophy, goal.metric)
        origin = source(philosophy, "goal", goal.id, said, f"strategy/goals/{goal.id}", serves)
        yield origin.becomes("goal", goal.id, "measuring", **fields(goal))
    for number, pair in enumerate(plan.pairs, 1):
        said = f"{pair.speed}, {pair.quality}"
        origin = source(philosophy, "pair", str(number), said, f"strategy/pairs/{number}")
        yield origin.becomes("pair", str(number), "measuring", **fields(pair))
    for initiative in plan.initiatives.values():
        path = f"strategy/initiatives/{initiative.id}"
        origin = source(philosophy, "initiative", initiative.id, initiative.do, path, initiative.serves)
        expects = fields(initiative.expects) if initiative.expects else None
        yield origin.becomes("initiative", initiative.id, "improving", **fields(initiative) | {"expects": expects})
    yield from _people(philosophy)


def _people(philosophy: Philosophy) -> Iterator[Artefact]:
    plan = philosophy.strategy
    if plan.staffing:
        origin = source(philosophy, "staffing", "staffing", "", "strategy/staffing")
        yield origin.becomes("staffing", "staffing", "staffing", **fields(plan.staffing))
    for number, department in enumerate(plan.departments, 1):
        path = f"strategy/departments/{number}"
        origin = source(philosophy, "department", department.name, department.owes, path, department.serves)
        yield origin.becomes("department_promise", department.name, "departments", **fields(department))


def _kept_by(philosophy: Philosophy, metric: str) -> list[str]:
    """A goal on kept promises serves what the promises serve."""
    return [one.serves for one in philosophy.promises] if metric == "promise_kept_rate" else []
