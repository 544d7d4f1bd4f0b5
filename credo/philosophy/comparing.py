"""`compare`: what changes from one document to another, in words and not in lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from credo.conditions import BadCondition, can_both_hold, is_narrowed, is_widened, made
from credo.conditions.tree import Not
from credo.philosophy.asking import condition
from credo.philosophy.beliefs import Tension
from credo.philosophy.differing import Difference, differences
from credo.philosophy.document import Philosophy
from credo.philosophy.problems import _
from credo.philosophy.subjects import subject
from credo.philosophy.telling import ENGLISH, Teller, length
from credo.philosophy.vocabulary import VOCABULARY

Kind = Literal["new", "gone", "changed", "tightened", "loosened", "widened", "narrowed"]
_Told = tuple[Kind, str]
_LEVELS = ("may", "should", "must")
_CONDITIONS = ("to", "when", "observe", "match", "card_when")
_SAYING = ("statement", "text", "then", "say", "question", "owes", "do", "ask", "metric", "speed", "role")
_COACHING = ("hint", "warn", "confirm", "block")


@dataclass(frozen=True, slots=True)
class Change:
    """One change: what kind it is, the path of what changed, and a sentence."""

    kind: Kind
    path: str
    said: str


def compare(old: Philosophy, new: Philosophy, teller: Teller = ENGLISH) -> tuple[Change, ...]:
    """Every change in the order of the document; empty when both mean the same."""
    return tuple(_change(one, teller) for one in differences(old, new) if not _means_the_same(one))


def _means_the_same(difference: Difference) -> bool:
    """Whether only the spelling of a condition differs."""
    path, old, new = difference
    if path.rpartition("/")[2] not in _CONDITIONS or not isinstance(old, str) or not isinstance(new, str):
        return False
    if not path.startswith("promises/") and path.endswith("/to"):
        return False
    try:
        return bool(old and new) and condition(old).tree == condition(new).tree
    except BadCondition:
        return False


def _change(difference: Difference, teller: Teller) -> Change:
    path, old, new = difference
    element, key = subject(path, teller)
    if not key:
        kind, said = _element(element, old, new, teller)
    elif old is None or new is None:
        kind, said = _other(key)(element, old, new, teller)
    else:
        ways = (_pattern(path), key, key.partition("/")[0], key.rpartition("/")[2])
        way = next((one for one in ways if one in _TOLD), "")
        tell, rest = _TOLD.get(way, _other(key)), key.removeprefix(f"{way}/")
        if way and way == key.partition("/")[0] != key:  # one of several: a language, a day, a kind of data
            element = f"{element} ({rest})"
        kind, said = tell(element, old, new, teller)
    return Change(kind, path, said)


def _pattern(path: str) -> str:
    """The path with a star for the names that people choose."""
    parts = path.split("/")
    if parts[0] == "promises":
        parts[1] = "*"
    elif len(parts) > 2 and parts[0] in ("practice", "strategy", "policy", "measurement", "governance"):
        parts[2] = "*"
    return "/".join(parts)


def _element(element: str, old: Any, new: Any, teller: Teller) -> _Told:
    if isinstance(old or new, Tension):
        return _tension(old, new, teller)
    if old is None or old == ():
        return "new", teller.say(_("%(element)s is new: %(value)s."), element=element, value=_gist(new, teller))
    if new is None or new == ():
        return "gone", teller.say(_("%(element)s is gone: %(value)s."), element=element, value=_gist(old, teller))
    return _other("")(element, old, new, teller)


def _tension(old: Tension | None, new: Tension | None, teller: Teller) -> _Told:
    one = new or old or Tension("", "")
    details = {"prefer": teller.quoted(one.prefer), "over": teller.quoted(one.over)}
    if new:
        return "new", teller.say(_("%(prefer)s now counts more than %(over)s."), **details)
    return "gone", teller.say(_("%(prefer)s no longer counts more than %(over)s."), **details)


def _gist(record: Any, teller: Teller) -> str:
    """What an element says, by the first of its texts that says most."""
    for name in _SAYING:
        value = getattr(record, name, None)
        if isinstance(value, Mapping):
            value = next(iter(value.values()), "")
        if isinstance(value, str) and value:
            return teller.quoted(value)
    if isinstance(record, tuple):
        return teller.value(record)
    return teller.quoted(getattr(record, "id", "") or getattr(record, "name", "") or type(record).__name__.lower())


def _target(element: str, old: str, new: str, teller: Teller) -> _Told:
    before, after = teller.times(old, new, opening=True)
    same = ("T" in old) == ("T" in new)  # opening hours against working days: nobody can say which is sooner
    return _sooner(element, length(old) if same else None, length(new), before, after, teller)


def _within(element: str, old: str, new: str, teller: Teller) -> _Told:
    before, after = teller.times(old, new, opening=False)
    return _sooner(element, length(old), length(new), before, after, teller)


def _sooner(element: str, old: int | None, new: int | None, before: str, after: str, teller: Teller) -> _Told:
    details = {"element": element, "old": before, "new": after}
    if old is None or new is None or old == new:
        return "changed", teller.say(_("%(element)s changes from %(old)s to %(new)s."), **details)
    if new < old:
        return "tightened", teller.say(_("%(element)s tightens from %(old)s to %(new)s."), **details)
    return "loosened", teller.say(_("%(element)s loosens from %(old)s to %(new)s."), **details)


def _objective(element: str, old: float, new: float, teller: Teller) -> _Told:
    details = {"element": element, "old": teller.share(old), "new": teller.share(new)}
    said = teller.say(_("%(element)s is to be kept in %(new)s of all cases instead of %(old)s."), **details)
    return ("tightened" if new > old else "loosened"), said


def _level(element: str, old: str, new: str, teller: Teller) -> _Told:
    details = {"element": element, "old": teller.quoted(old), "new": teller.quoted(new)}
    said = teller.say(_("%(element)s is now a %(new)s instead of a %(old)s."), **details)
    return _ranked(_LEVELS, old, new), said


def _coach(element: str, old: str, new: str, teller: Teller) -> _Told:
    details = {"element": element, "old": teller.quoted(old), "new": teller.quoted(new)}
    said = teller.say(_("%(element)s is now a %(new)s instead of a %(old)s."), **details)
    return _ranked(_COACHING, old, new), said


def _ranked(order: tuple[str, ...], old: str, new: str) -> Kind:
    if old not in order or new not in order:
        return "changed"
    return "tightened" if order.index(new) > order.index(old) else "loosened"


def _when(element: str, old: str, new: str, teller: Teller) -> _Told:
    details = {"element": element, "old": teller.condition(old), "new": teller.condition(new)}
    if _includes(new, old):
        return "widened", teller.say(_("%(element)s applies to more: %(new)s (before: %(old)s)."), **details)
    if _includes(old, new):
        return "narrowed", teller.say(_("%(element)s applies to less: %(new)s (before: %(old)s)."), **details)
    return "changed", teller.say(_("%(element)s applies to others: %(new)s (before: %(old)s)."), **details)


def _observe(element: str, old: str, new: str, teller: Teller) -> _Told:
    details = {"element": element, "old": teller.condition(old), "new": teller.condition(new)}
    if _includes(old, new):
        return "tightened", teller.say(_("%(element)s asks for more: %(new)s (before: %(old)s)."), **details)
    if _includes(new, old):
        return "loosened", teller.say(_("%(element)s asks for less: %(new)s (before: %(old)s)."), **details)
    return "changed", teller.say(_("%(element)s asks for something else: %(new)s (before: %(old)s)."), **details)


def _includes(wide: str, narrow: str) -> bool:
    """Whether everything that fits `narrow` fits `wide` too: by its form, or because nothing fits one alone."""
    if not wide or not narrow:  # nothing said is always
        return not wide
    try:
        first, second = condition(wide), condition(narrow)
        if is_widened(second, first) or is_narrowed(first, second):
            return True
        return can_both_hold(second, made(Not(first.tree), VOCABULARY)) is False
    except BadCondition:  # it was written for another vocabulary
        return False


def _serves(element: str, old: str, new: str, teller: Teller) -> _Told:
    details = {"element": element, "old": teller.quoted(old), "new": teller.quoted(new)}
    return "changed", teller.say(_("%(element)s serves %(new)s instead of %(old)s."), **details)


def _public(element: str, old: bool, new: bool, teller: Teller) -> _Told:
    if new:
        return "tightened", teller.say(_("%(element)s is now public."), element=element)
    return "loosened", teller.say(_("%(element)s is no longer public."), element=element)


def _text(element: str, old: str, new: str, teller: Teller) -> _Told:
    details = {"element": element, "old": teller.value(old), "new": teller.value(new)}
    return "changed", teller.say(_("%(element)s now says %(new)s instead of %(old)s."), **details)


def _weight(element: str, old: float, new: float, teller: Teller) -> _Told:
    details = {"element": element, "old": teller.value(old), "new": teller.value(new)}
    said = teller.say(_("%(element)s weighs %(new)s instead of %(old)s in reviews."), **details)
    return ("tightened" if new > old else "loosened"), said


def _calendar(element: str, old: str, new: str, teller: Teller) -> _Told:
    details = {"element": element, "old": teller.quoted(old), "new": teller.quoted(new)}
    return "changed", teller.say(_("%(element)s counts the hours of %(new)s instead of %(old)s."), **details)


def _amount(element: str, old: str, new: str, teller: Teller) -> _Told:
    details = {"element": element, "old": old, "new": new}
    (before, unit), (after, other) = ([*text.split(), "", ""][:2] for text in (old, new))
    try:
        more = float(after) - float(before) if unit == other else 0.0
    except ValueError:
        more = 0.0
    if not more:
        return "changed", teller.say(_("%(element)s changes from %(old)s to %(new)s."), **details)
    if more > 0:
        return "widened", teller.say(_("%(element)s rises from %(old)s to %(new)s."), **details)
    return "narrowed", teller.say(_("%(element)s falls from %(old)s to %(new)s."), **details)


def _hours(element: str, old: tuple[str, ...], new: tuple[str, ...], teller: Teller) -> _Told:
    closed = teller.say(_("closed"))
    details = {"element": element, "old": ", ".join(old) or closed, "new": ", ".join(new) or closed}
    return "changed", teller.say(_("%(element)s: the hours change from %(old)s to %(new)s."), **details)


def _other(key: str) -> Callable[[str, Any, Any, Teller], _Told]:
    """The change of a key that has no sentence of its own."""

    def tell(element: str, old: Any, new: Any, teller: Teller) -> _Told:
        details = {"element": element, "key": key}
        if isinstance(old, tuple) and isinstance(new, tuple) and (words := _words(old, new, details, teller)):
            return "changed", words
        values = {"old": _shown(old, teller), "new": _shown(new, teller)}
        return "changed", teller.say(_("%(element)s: %(key)s changes from %(old)s to %(new)s."), **details, **values)

    return tell


def _words(old: tuple[Any, ...], new: tuple[Any, ...], details: Mapping[str, object], teller: Teller) -> str:
    """Which words came and which went."""
    came, gone = [one for one in new if one not in old], [one for one in old if one not in new]
    said = []
    if came:
        said.append(teller.say(_("%(element)s: %(key)s gains %(words)s."), **details, words=teller.listed(came)))
    if gone:
        said.append(teller.say(_("%(element)s: %(key)s loses %(words)s."), **details, words=teller.listed(gone)))
    return " ".join(said)


def _shown(value: Any, teller: Teller) -> str:
    plain = isinstance(value, str | int | float | tuple | Mapping) or value is None
    return teller.value(value) if plain else _gist(value, teller)


_TOLD: Mapping[str, Callable[[str, Any, Any, Teller], _Told]] = {
    "measure/target": _target,
    "measure/objective": _objective,
    "measure/calendar": _calendar,
    "promises/*/to": _when,
    "practice/*/*/level": _level,
    "level": _level,
    "when": _when,
    "match": _when,
    "card_when": _when,
    "observe": _observe,
    "as": _coach,
    "qa/weight": _weight,
    "public": _public,
    "serves": _serves,
    "within": _within,
    "delay": _within,
    "every": _within,
    "retain": _within,
    "rights": _within,
    "up_to": _amount,
    "hours": _hours,
    "statement": _text,
    "then": _text,
    "text": _text,
    "purpose": _text,
    "say": _text,
}
"""Sentences by pattern of the path, by key below the element, or by the last part of it."""
