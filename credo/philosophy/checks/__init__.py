"""What can only be seen by looking across the document."""

from __future__ import annotations

from typing import Protocol

from credo.philosophy.beliefs import Beliefs
from credo.philosophy.checks.colleagues import check_colleagues
from credo.philosophy.checks.evidence import check_evidence
from credo.philosophy.checks.golden import check_golden
from credo.philosophy.checks.references import check_references
from credo.philosophy.checks.remarks import remark
from credo.philosophy.checks.rights import check_rights
from credo.philosophy.checks.speed import check_speed
from credo.philosophy.checks.tensions import check_tensions
from credo.philosophy.policy import Policy
from credo.philosophy.practice import Practice
from credo.philosophy.reading import Reading
from credo.philosophy.section import Section


class Written(Protocol):
    """The sections that declare names."""

    @property
    def philosophy(self) -> Beliefs: ...
    @property
    def practice(self) -> Practice: ...
    @property
    def policy(self) -> Policy: ...


def check(reading: Reading, top: Section, written: Written) -> None:
    """Complain about everything that does not fit together."""
    training = written.practice.training
    declared = {
        "values": tuple(written.philosophy.values),
        "principles": tuple(written.philosophy.principles),
        "behaviours": tuple(written.practice.behaviours),
        "calendars": tuple(written.policy.calendars),
        "skills": training.skills if training else (),
    }
    check_references(reading, declared)
    check_tensions(reading)
    check_evidence(reading)
    check_colleagues(reading)
    check_rights(reading, written.policy.privacy)
    check_speed(reading)
    check_golden(reading)
    remark(reading, top)
