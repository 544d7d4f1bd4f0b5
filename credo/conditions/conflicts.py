"""`can_both_hold`: whether two conditions can be true of the same facts."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

from credo.conditions.alternatives import Way, alternatives, contradicts_itself, is_simple
from credo.conditions.condition import Condition
from credo.conditions.evaluating import Answer, compiled
from credo.conditions.samples import samples
from credo.conditions.tree import Both, Tree, paths
from credo.conditions.vocabulary import Field

_TRIES = 200


def can_both_hold(a: Condition, b: Condition) -> bool | None:
    """True when facts were found of which both are true, False when there are none, None when neither is proven."""
    fields = {**a.asked, **b.asked}
    ways = alternatives(Both((a.tree, b.tree)))
    if ways is None:
        return True if _found(a, b, fields, [frozenset()]) else None
    open_ways = [way for way in ways if not _impossible(way, fields)]
    if not open_ways:
        return False
    return True if _found(a, b, fields, open_ways) else None


def _impossible(way: Way, fields: Mapping[str, Field]) -> bool:
    """Proven for one field at a time, from those demands of which the samples are all there is to try."""
    if contradicts_itself(way):
        return True
    for name, demands in _by_field(way).items():
        asked = fields[name]
        finite = asked.type == "bool" or bool(asked.values)
        decisive = [demand for demand in demands if finite or is_simple(demand)]
        if decisive and asked.type != "list(string)" and not _fitting(asked, decisive, fields, decisive):
            return True
    return False


def _by_field(way: Way) -> dict[str, list[Tree]]:
    """The demands that ask for one field alone."""
    found: dict[str, list[Tree]] = {}
    for demand in way:
        names = {path.name for path in paths(demand)}
        if len(names) == 1:
            found.setdefault(names.pop(), []).append(demand)
    return found


def _fitting(asked: Field, demands: list[Tree], fields: Mapping[str, Field], written: list[Tree]) -> list[Any]:
    """The samples of which all demands are true."""
    answers: list[Answer] = [compiled(demand, fields) for demand in demands]
    return [
        value for value in samples(asked, written) if all(answer({asked.name: value}, ()) is True for answer in answers)
    ]


def _found(a: Condition, b: Condition, fields: Mapping[str, Field], ways: Sequence[Way]) -> bool:
    pick = random.Random(0)
    for way in ways:
        alone = _by_field(way)
        fitting = {
            name: _fitting(asked, alone.get(name, []), fields, [a.tree, b.tree]) for name, asked in fields.items()
        }
        if all(fitting.values()) and _some_fit(a, b, fitting, pick):
            return True
    return False


def _some_fit(a: Condition, b: Condition, fitting: Mapping[str, list[Any]], pick: random.Random) -> bool:
    for _ in range(_TRIES if fitting else 1):
        facts = {name: pick.choice(values) for name, values in fitting.items()}
        if a.holds(facts) and b.holds(facts):
            return True
    return False
