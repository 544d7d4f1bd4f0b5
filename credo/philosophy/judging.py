"""What a text is worth before it is proposed or published: the one place that asks the compiler."""

from __future__ import annotations

from dataclasses import dataclass

from credo.philosophy.document import Philosophy
from credo.philosophy.golden import Failure, run
from credo.philosophy.loading import load
from credo.philosophy.problems import BadPhilosophy, Problem, _


@dataclass(frozen=True, slots=True)
class Judgement:
    """A document without errors, and which of its golden conversations do not come out as expected."""

    document: Philosophy
    failed: tuple[Failure, ...] = ()

    @property
    def failures(self) -> tuple[str, ...]:
        """What went wrong with each, and because of what, in English."""
        return tuple(one.said() for one in self.failed)


def judge(text: str) -> Judgement:
    """Check a whole document and try its golden conversations; raises BadPhilosophy with all its errors."""
    document = load(text)
    if document.overlay:
        cause = _("This document is laid over another one and cannot be in force by itself.")
        raise BadPhilosophy([Problem("error", document.places["overlay"], "overlay", cause, _("publish that one"))])
    return Judgement(document, run(document))
