"""What a text is worth before it is proposed or published: the one place that asks the compiler."""

from __future__ import annotations

from dataclasses import dataclass

from credo.philosophy.document import Philosophy
from credo.philosophy.loading import load
from credo.philosophy.problems import BadPhilosophy, Problem, _


@dataclass(frozen=True, slots=True)
class Judgement:
    """A document without errors, and which of its golden conversations do not come out as expected, in words."""

    document: Philosophy
    failures: tuple[str, ...] = ()


def judge(text: str) -> Judgement:
    """Check a text; raises BadPhilosophy with all its errors, or because it is only laid over another document."""
    document = load(text)
    if document.overlay is not None:
        cause = _("This document is laid over another one and cannot be in force by itself.")
        place = document.places["overlay"]
        raise BadPhilosophy([Problem("error", place, "overlay", cause, _("publish that one"))])
    return Judgement(document)
