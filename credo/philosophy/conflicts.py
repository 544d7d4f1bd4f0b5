"""Pairs that can fire together and want opposite things; tensions ("even over") settle what they can."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, islice
from typing import NamedTuple

from credo.conditions import ALWAYS, Condition, can_both_hold
from credo.conditions.tree import Both, Compare, Listing, Literal, Path, Tree
from credo.philosophy.asking import condition
from credo.philosophy.document import Philosophy
from credo.philosophy.problems import Place, Problem, _

MOST_ASKED = 400
"""How many pairs are looked at closely; so many that a document of a desk is, and a hostile one takes no second."""

MOST_PAIRS = 150_000
"""How many pairs of one kind are looked at at all."""

_ONE_PLACE = ("queue", "team", "priority", "prefer")
"""Acts of routing of which a conversation can have one at a time."""

_OPPOSITE_ACTS = {"approve": "refuse", "refund": "refuse", "goodwill": "refuse", "offer": "block"}
_OPPOSITE_KINDS = {"must": ("must_not",), "may": ("must_not",), "should": ("must_not",)}


@dataclass(frozen=True, slots=True)
class Clash:
    """Two elements, by path, that want opposite things of one case. `about` is the act or "observe".

    `settled_by` is the principle that counts more, empty when none does; `certain` is false where nobody can prove that
    both can happen.
    """

    one: str
    other: str
    about: str
    settled_by: str
    certain: bool
    problem: Problem

    def said(self, translate: Callable[[str], str] = str) -> str:
        """The conflict in a sentence or two."""
        return self.problem.said(translate)


class _Effect(NamedTuple):
    path: str
    serves: str
    when: str
    about: str
    wants: str


@dataclass(frozen=True, slots=True)
class Clashes:
    """What was found, and how many more pairs there are that nobody looked at closely enough."""

    found: tuple[Clash, ...]
    not_looked_at: int = 0

    def unsettled(self) -> tuple[Clash, ...]:
        """Those that no tension settles."""
        return tuple(one for one in self.found if not one.settled_by)


def conflicts(philosophy: Philosophy) -> Clashes:
    """Every pair with opposite effects that may meet, settled or not, in the order of the document."""
    order = _Order(philosophy)
    found: list[Clash] = []
    asked = 0
    for one, other in _opposites(philosophy):
        if _apart(one.when, other.when):
            continue
        asked += 1
        if asked <= MOST_ASKED and (meet := _meet(one.when, other.when)) is not False:
            found.append(
                _conflict(philosophy, one, other, order.winner(one.serves, other.serves), certain=meet is True)
            )
    return Clashes(tuple(found), max(0, asked - MOST_ASKED) + _beyond(philosophy))


def _beyond(philosophy: Philosophy) -> int:
    """How many pairs there are past the first `MOST_PAIRS` of each kind."""
    policy = philosophy.policy
    routes = sum(act in one.do for one in policy.routing.values() for act in _ONE_PLACE)
    counts = (routes, len(policy.rules), len(philosophy.practice.behaviours))
    return sum(max(0, count * (count - 1) // 2 - MOST_PAIRS) for count in counts)


class _Order:
    """Which principles count more than which, also by way of others."""

    def __init__(self, philosophy: Philosophy) -> None:
        self.over: dict[str, set[str]] = {}
        for tension in philosophy.tensions:
            self.over.setdefault(tension.prefer, set()).add(tension.over)

    def winner(self, one: str, other: str) -> str:
        return one if self._above(one, other) else other if self._above(other, one) else ""

    def _above(self, one: str, other: str) -> bool:
        seen: set[str] = set()
        ahead = [one]
        while ahead:
            below = self.over.get(ahead.pop(), set()) - seen
            seen |= below
            ahead += below
        return other in seen


def _opposites(philosophy: Philosophy) -> Iterator[tuple[_Effect, _Effect]]:
    routes = [
        _Effect(f"policy/routing/{one.id}", one.serves, one.when, act, str(one.do[act]))
        for one in philosophy.policy.routing.values()
        for act in _ONE_PLACE
        if act in one.do
    ]
    for one, other in islice(combinations(routes, 2), MOST_PAIRS):
        if one.about == other.about and one.wants != other.wants:
            yield one, other
    yield from _rules(philosophy)
    yield from _behaviours(philosophy)


def _rules(philosophy: Philosophy) -> Iterator[tuple[_Effect, _Effect]]:
    for one, other in islice(combinations(philosophy.policy.rules.values(), 2), MOST_PAIRS):
        if about := _against(one.do, other.do):
            pass
        elif one.who == other.who and _forbids(one.kind, other.kind):
            about = next((act for act in one.do if act in other.do and one.do[act] == other.do[act]), "")
        if about:
            yield tuple(  # type: ignore[misc]  # two of them
                _Effect(f"policy/rules/{rule.id}", rule.serves, rule.when, about, rule.kind) for rule in (one, other)
            )


def _against(one: Mapping[str, object], other: Mapping[str, object]) -> str:
    """The act of one that the other refuses, or the other way round."""
    for first, second in ((one, other), (other, one)):
        for act, against in _OPPOSITE_ACTS.items():
            if act in first and against in second and (act == "refund" or str(first[act]) == str(second[against])):
                return against
    return ""


def _forbids(one: str, other: str) -> bool:
    return other in _OPPOSITE_KINDS.get(one, ()) or one in _OPPOSITE_KINDS.get(other, ())


def _behaviours(philosophy: Philosophy) -> Iterator[tuple[_Effect, _Effect]]:
    """Behaviours of the same people of which no answer can satisfy both."""
    found = [one for one in philosophy.practice.behaviours.values() if one.observe and one.level != "may"]
    for one, other in islice(combinations(found, 2), MOST_PAIRS):
        if set(one.who) & set(other.who) and _apart(one.observe, other.observe):
            yield tuple(  # type: ignore[misc]  # two of them
                _Effect(f"practice/behaviours/{each.id}", each.serves, each.when, "observe", each.observe)
                for each in (one, other)
            )


def _apart(one: str, other: str) -> bool:
    """Whether a field both ask for would need two values at once; quick, and never wrong when it says yes."""
    first, second = _needs(one), _needs(other)
    return any(not (first[name] & second[name]) for name in first.keys() & second.keys())


@lru_cache(maxsize=4096)
def _needs(text: str) -> Mapping[str, frozenset[object]]:
    """The values that a condition leaves to a field, where it says so outright."""
    tree = condition(text).tree if text else ALWAYS.tree
    found: dict[str, frozenset[object]] = {}
    for part in tree.parts if isinstance(tree, Both) else (tree,):
        if allowed := _allowed(part):
            name, values = allowed
            found[name] = found.get(name, values) & values
    return found


def _allowed(part: Tree) -> tuple[str, frozenset[object]] | None:
    match part:
        case Path(name=name):
            return name, frozenset({True})
        case Compare(sign="==", left=Path(name=name), right=Literal(value=value)):
            return name, frozenset({value})
        case Compare(sign="in", left=Path(name=name), right=Listing(items=items)):
            values = [item.value for item in items if isinstance(item, Literal)]
            return (name, frozenset(values)) if len(values) == len(items) else None
        case _ if (opposite := getattr(part, "part", None)) and isinstance(opposite, Path):
            return (opposite.name, frozenset({False})) if type(part).__name__ == "Not" else None
        case _:
            return None


@lru_cache(maxsize=4096)
def _meet(one: str, other: str) -> bool | None:
    return can_both_hold(_read(one), _read(other))


def _read(text: str) -> Condition:
    return condition(text) if text else ALWAYS


def _conflict(philosophy: Philosophy, one: _Effect, other: _Effect, winner: str, *, certain: bool) -> Clash:
    lines = [philosophy.places.get(effect.path, Place(1, 1)) for effect in (one, other)]
    causes = {
        True: _("“%(one)s” and “%(other)s” (line %(line)s) can meet in one case and want opposite things: %(about)s."),
        False: _("“%(one)s” and “%(other)s” (line %(line)s) may meet and want opposite things: %(about)s."),
    }
    hint = _("“%(winner)s” counts more.") if winner else _("Say in a tension which principle counts more.")
    names = {"one": one.path.rpartition("/")[2], "other": other.path.rpartition("/")[2]}
    details = {**names, "line": lines[1].line, "about": one.about, "winner": winner}
    problem = Problem("note", lines[0], one.path, causes[certain], hint, details)
    return Clash(one.path, other.path, one.about, winner, certain, problem)
