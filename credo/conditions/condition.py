"""`Condition`: a text that was read, checked and made ready to be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from credo.conditions.checking import check
from credo.conditions.evaluating import Answer, compiled
from credo.conditions.facts import Facts
from credo.conditions.parsing import parse
from credo.conditions.problems import BadCondition
from credo.conditions.reasons import Reason, because
from credo.conditions.tree import Literal, Path, Tree, paths
from credo.conditions.vocabulary import Field, Grade, Vocabulary, weakest
from credo.conditions.writing import written


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that makes sense. Equal are those with the same text and meaning; `asked` are the fields it needs."""

    text: str
    tree: Tree
    asked: Mapping[str, Field] = field(compare=False, repr=False)
    _answer: Answer = field(compare=False, repr=False)

    def holds(self, facts: Facts) -> bool | None:
        """Whether it is true of `facts`; None when what they lack, or hold as None, would decide it.

        Facts are by field name: bool, int, float, str, aware datetime, timedelta, or a list of str. What is of another
        type counts as unknown. It never raises.
        """
        return self._answer(facts, ())  # type: ignore[no-any-return]

    def may_hold(self, facts: Facts) -> bool:
        """For hand-over and safety alone: unknown counts as yes."""
        return self._answer(facts, ()) is not False

    def because(self, facts: Facts) -> tuple[Reason, ...]:
        """The fewest comparisons that decide whether it holds of `facts`, in the order written."""
        return because(self.tree, self.asked, facts)

    def fields(self) -> tuple[Path, ...]:
        """Every mention of a field with its column, in the order written."""
        return paths(self.tree)

    def grade(self, vocabulary: Vocabulary) -> Grade:
        """The weakest grade of evidence it rests on."""
        return weakest(vocabulary.fields[path.name].grade for path in self.fields())

    def subjects(self, vocabulary: Vocabulary) -> frozenset[str]:
        """Whom it asks about."""
        return frozenset(vocabulary.fields[path.name].subject for path in self.fields())


def read(text: str, vocabulary: Vocabulary) -> Condition:
    """The condition that `text` spells; raises BadCondition, with every mistake where the text can be read at all."""
    return _checked(text, parse(text), vocabulary)


def made(tree: Tree, vocabulary: Vocabulary) -> Condition:
    """The condition that `tree` means, with its canonical text; raises BadCondition with every mistake."""
    return _checked(written(tree), tree, vocabulary)


def _checked(text: str, tree: Tree, vocabulary: Vocabulary) -> Condition:
    if findings := check(tree, vocabulary):
        raise BadCondition(findings)
    asked = {path.name: vocabulary.fields[path.name] for path in paths(tree)}
    return Condition(text, tree, asked, compiled(tree, asked))


ALWAYS = made(Literal(True, "bool"), Vocabulary.of())
"""The condition that holds of everything."""
