"""Golden examples: cases whose outcome is agreed, tried on the document that is to be published."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from credo.conditions import ALWAYS, Condition, Facts, Reason, said
from credo.philosophy.asking import condition
from credo.philosophy.document import Philosophy
from credo.philosophy.governance import Golden
from credo.philosophy.problems import Place, Problem, _
from credo.philosophy.vocabulary import VOCABULARY


@dataclass(frozen=True, slots=True)
class Failure:
    """An example that came out differently: `element` is the path that should or should not have matched."""

    golden: str
    element: str
    expected: bool
    reasons: tuple[Reason, ...]
    problem: Problem

    def said(self, translate: Callable[[str], str] = str, language: str = "en") -> str:
        """What went wrong, and because of what."""
        because = said(self.reasons, language, VOCABULARY)
        return self.problem.said(translate) + (f" ({because})" if because else "")


def run(philosophy: Philosophy) -> tuple[Failure, ...]:
    """Every example that does not come out as agreed; empty when all do."""
    elements = judged(philosophy)
    return tuple(one for golden in philosophy.governance.golden.values() for one in _try(philosophy, golden, elements))


def matches(philosophy: Philosophy, facts: Facts) -> tuple[str, ...]:
    """The paths of every element whose condition is true of `facts`."""
    return tuple(path for path, asked in judged(philosophy).items() if asked.holds(facts) is True)


def judged(philosophy: Philosophy) -> dict[str, Condition]:
    """Every element that has a condition, by path; without one it is true of everything."""
    policy = philosophy.policy
    written = {
        **{f"promises/{one.id}": one.to for one in philosophy.promises},
        **{f"practice/behaviours/{one.id}": one.when for one in philosophy.practice.behaviours.values()},
        **{f"strategy/personas/{one.id}": one.match for one in philosophy.strategy.personas.values()},
        **{f"policy/routing/{one.id}": one.when for one in policy.routing.values()},
        **{f"policy/rules/{one.id}": one.when for one in policy.rules.values()},
        **{f"measurement/surveys/{one.id}": one.when for one in philosophy.measurement.surveys.values()},
    }
    return {path: condition(text) if text else ALWAYS for path, text in written.items()}


def _try(philosophy: Philosophy, golden: Golden, elements: dict[str, Condition]) -> Iterator[Failure]:
    for expected, names in ((True, golden.expect), (False, golden.never)):
        for name in names:
            found = [path for path in elements if name in (path, path.rpartition("/")[2])]
            held = {path: elements[path].holds(golden.given) is True for path in found}
            if expected and not any(held.values()):
                path = found[0] if found else name
                yield _failure(philosophy, golden, path, elements.get(path, ALWAYS), expected=True)
            elif not expected:
                for path in (one for one, holds in held.items() if holds):
                    yield _failure(philosophy, golden, path, elements[path], expected=False)


def _failure(philosophy: Philosophy, golden: Golden, path: str, asked: Condition, *, expected: bool) -> Failure:
    place = philosophy.places.get(f"governance/golden/{golden.id}", Place(1, 1))
    cause = (
        _("The example “%(golden)s” expects “%(name)s”, and it does not match.")
        if expected
        else _("The example “%(golden)s” must never meet “%(name)s”, and it matches.")
    )
    details: dict[str, object] = {"golden": golden.say or golden.id, "name": path.rpartition("/")[2]}
    problem = Problem("note", place, f"governance/golden/{golden.id}", cause, details=details)
    return Failure(golden.id, path, expected, asked.because(golden.given), problem)
