"""What an overlay does to a condition: it may let more through, or less."""

from __future__ import annotations

from collections import Counter

from credo.conditions.condition import Condition
from credo.conditions.tree import Both, Either, Tree


def is_widened(old: Condition | Tree, new: Condition | Tree) -> bool:
    """Whether `new` is `old` with further ways to be true: `old || more`, in any order."""
    return _adds(Either, _tree(old), _tree(new))


def is_narrowed(old: Condition | Tree, new: Condition | Tree) -> bool:
    """Whether `new` is `old` with further demands: `old && more`, in any order."""
    return _adds(Both, _tree(old), _tree(new))


def _adds(kind: type[Both] | type[Either], old: Tree, new: Tree) -> bool:
    before, after = (Counter(one.parts if isinstance(one, kind) else (one,)) for one in (old, new))
    return before < after


def _tree(one: Condition | Tree) -> Tree:
    return one.tree if isinstance(one, Condition) else one
