"""Measurement and governance become surveys, reviews, dashboards, dates and duties of reading."""

from __future__ import annotations

from collections.abc import Iterator

from credo.philosophy.artefacts.artefact import Artefact, source
from credo.philosophy.artefacts.practice import fields
from credo.philosophy.document import Philosophy


def measurement(philosophy: Philosophy) -> Iterator[Artefact]:
    """Everything that measurement becomes."""
    found = philosophy.measurement
    for survey in found.surveys.values():
        said = survey.ask.get(philosophy.language) or survey.kind
        origin = source(philosophy, "survey", survey.id, said, f"measurement/surveys/{survey.id}", survey.serves)
        yield origin.becomes("survey", survey.id, "surveys", **fields(survey))
    if found.scorecard:
        origin = source(philosophy, "scorecard", "scorecard", "", "measurement/scorecard")
        yield origin.becomes("scorecard", "scorecard", "reviews", **fields(found.scorecard))
    for rhythm, brought in found.reviews.items():
        origin = source(philosophy, "review", rhythm, ", ".join(brought), f"measurement/reviews/{rhythm}")
        yield origin.becomes("review_agenda", rhythm, "reviews", bring=brought)
    for number, name in enumerate(found.dashboards, 1):
        origin = source(philosophy, "dashboard", name, name, f"measurement/dashboards/{number}")
        yield origin.becomes("dashboard", name, "measuring")
    if found.close_loop:
        origin = source(philosophy, "close_loop", "close_loop", found.close_loop.page, "measurement/close_loop")
        yield origin.becomes("close_loop", "close_loop", "surveys", **fields(found.close_loop))


def governance(philosophy: Philosophy) -> Iterator[Artefact]:
    """Everything that governance becomes."""
    found = philosophy.governance
    origin = source(philosophy, "governance", "governance", found.owner, "governance")
    for section, people in found.approve.items():
        yield origin.becomes("approval", section, "approvals", f"approve/{section}", people=people)
    if found.backtest_before_publish:
        days = found.backtest_before_publish.days
        yield origin.becomes("backtest", "backtest", "try-outs", "backtest_before_publish", days=days)
    if found.acknowledge:
        yield origin.becomes("acknowledgement", "acknowledge", "training", "acknowledge", **fields(found.acknowledge))
    if found.review:
        yield origin.becomes("review_date", "review", "approvals", "review", **fields(found.review))
    for golden in found.golden.values():
        yield origin.becomes("golden", golden.id, "", f"golden/{golden.id}", **fields(golden))
