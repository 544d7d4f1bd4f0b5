"""`sentence`: a condition as people say it."""

from __future__ import annotations

from credo.conditions.condition import Condition
from credo.conditions.speaker import Speaker
from credo.conditions.tree import Tree
from credo.conditions.vocabulary import Vocabulary


def sentence(condition: Condition | Tree, vocabulary: Vocabulary, language: str) -> str:
    """What the condition says, in English, German or Spanish; English for any other language."""
    tree = condition.tree if isinstance(condition, Condition) else condition
    return Speaker(vocabulary, language).says(tree)
