"""The condition language: CEL's spelling, checked against a vocabulary, answered with yes, no or unknown."""

from credo.conditions.checking import check
from credo.conditions.condition import ALWAYS, Condition, made, read
from credo.conditions.conflicts import can_both_hold
from credo.conditions.facts import Facts
from credo.conditions.overlays import is_narrowed, is_widened
from credo.conditions.parsing import parse
from credo.conditions.problems import BadCondition, Finding, NotInSql, Word, spelled
from credo.conditions.reasons import Reason, said
from credo.conditions.sentences import sentence
from credo.conditions.sql import lower
from credo.conditions.structure import from_structure, to_structure
from credo.conditions.tree import Path, Tree
from credo.conditions.vocabulary import Field, Grade, Type, Vocabulary, weakest
from credo.conditions.writing import written

__all__ = [
    "ALWAYS",
    "BadCondition",
    "Condition",
    "Facts",
    "Field",
    "Finding",
    "Grade",
    "NotInSql",
    "Path",
    "Reason",
    "Tree",
    "Type",
    "Vocabulary",
    "Word",
    "can_both_hold",
    "check",
    "from_structure",
    "is_narrowed",
    "is_widened",
    "lower",
    "made",
    "parse",
    "read",
    "said",
    "sentence",
    "spelled",
    "to_structure",
    "weakest",
    "written",
]
