"""What a text is worth before it is proposed or published: the one place that asks the compiler."""

from __future__ import annotations

from dataclasses import dataclass

from credo.base.errors import Invalid
from credo.philosophy.document import Philosophy
from credo.philosophy.loading import load


@dataclass(frozen=True, slots=True)
class Judgement:
    """A document without errors, and which of its golden conversations do not come out as expected, in words."""

    document: Philosophy
    failures: tuple[str, ...] = ()


class OnlyAPart(Invalid):
    """This is an overlay of a philosophy and not a whole one; it cannot be in force by itself."""


def judge(text: str) -> Judgement:
    """Check a text; raises BadPhilosophy with all its errors, or OnlyAPart."""
    document = load(text)
    if document.overlay is not None:
        raise OnlyAPart
    return Judgement(document)
