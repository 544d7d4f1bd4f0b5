"""What differs between two documents, before anybody says it: paths with what stood and what stands there."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, NamedTuple

from credo.calendars import Plan
from credo.calendars.windows import WEEKDAYS
from credo.philosophy.beliefs import Tension
from credo.philosophy.document import Philosophy
from credo.philosophy.policy import DecisionRight
from credo.philosophy.practice import Saying, Shift
from credo.philosophy.promises import Act, Promise
from credo.philosophy.strategy import Department, Pair

_HEAD = ("title", "effective", "language", "languages", "zone", "overlay")
_BELIEFS = ("purpose", "values", "principles", "tensions")
_SECTIONS = ("practice", "strategy", "policy", "measurement", "governance")
_MEASURED = ("clock", "target", "calendar", "objective", "pause_when")
_ORDERED = ("weigh", "steps")
"""Lists of which the order says something."""

_ALIKE: Mapping[type, Callable[[Any], Hashable]] = {
    Act: lambda one: (one.do, one.at),
    DecisionRight: lambda one: (one.role, frozenset(one.may)),
    Department: lambda one: one.name,
    Pair: lambda one: one.speed,
    Saying: lambda one: one.use,
    Shift: lambda one: one.when,
    Tension: lambda one: (one.prefer, one.over),
}
"""By what entries without an id are known again."""


class Difference(NamedTuple):
    """None stands for nothing, where a whole element came or went."""

    path: str
    old: Any
    new: Any


def differences(old: Philosophy, new: Philosophy) -> Iterator[Difference]:
    """Every difference that means something, in the order of the document; versions and orders do not."""
    for name in _HEAD:
        yield from _values(_head(name), getattr(old, name), getattr(new, name))
    for name in _BELIEFS:
        yield from _values(f"philosophy/{name}", getattr(old, name), getattr(new, name))
    yield from _values("promises", *({one.id: one for one in each.promises} for each in (old, new)))
    for name in _SECTIONS:
        yield from _values(name, getattr(old, name), getattr(new, name))


def _head(name: str) -> str:
    return {"language": "languages/default", "languages": "languages/also"}.get(name, name)


def _values(path: str, old: Any, new: Any) -> Iterator[Difference]:
    if old == new:
        return
    if isinstance(old, Plan) and isinstance(new, Plan):
        yield from _plans(path, old, new)
    elif is_dataclass(old) and type(old) is type(new):
        for field in fields(old):
            if field.name != "waits":
                name = _named(field.name, old)
                yield from _values(f"{path}/{name}", getattr(old, field.name), getattr(new, field.name))
    elif isinstance(old, Mapping) and isinstance(new, Mapping):
        for name in dict.fromkeys((*old, *new)):
            yield from _values(f"{path}/{name}", old.get(name), new.get(name))
    elif isinstance(old, tuple) and isinstance(new, tuple):
        yield from _lists(path, old, new)
    else:
        yield Difference(path, old, new)


def _named(field: str, record: object) -> str:
    """What a field is called in the document."""
    if isinstance(record, Promise) and field in _MEASURED:
        return f"measure/{field}"
    return {"came_from": "from"}.get(field, field.rstrip("_"))


def _lists(path: str, old: tuple[Any, ...], new: tuple[Any, ...]) -> Iterator[Difference]:
    if not any(is_dataclass(one) for one in (*old, *new)):
        if path.rpartition("/")[2] in _ORDERED or sorted(map(str, old)) != sorted(map(str, new)):
            yield Difference(path, old, new)
        return
    gone, came = _rest(old, new), _rest(new, old)
    for key in dict.fromkeys(_key(one) for _number, one in (*gone, *came)):
        before, after = ([one for one in each if _key(one[1]) == key] for each in (gone, came))
        for at in range(max(len(before), len(after))):
            was, now = (each[at] if at < len(each) else (0, None) for each in (before, after))
            yield from _values(f"{path}/{now[0] or was[0]}", was[1], now[1])


def _rest(one: tuple[Any, ...], other: tuple[Any, ...]) -> list[tuple[int, Any]]:
    """The entries of one that the other does not have, with their numbers."""
    left, found = list(other), []
    for number, entry in enumerate(one, 1):
        if entry in left:
            left.remove(entry)
        else:
            found.append((number, entry))
    return found


def _key(entry: Any) -> Hashable:
    known = _ALIKE.get(type(entry))
    return known(entry) if known else str(entry)


def _plans(path: str, old: Plan, new: Plan) -> Iterator[Difference]:
    yield from _values(f"{path}/zone", old.zone, new.zone)
    for day in dict.fromkeys((*old.hours, *new.hours)):
        was, now = (tuple(map(str, each.hours.get(day, ()))) for each in (old, new))
        if was != now:
            yield Difference(f"{path}/hours/{WEEKDAYS[day]}", was, now)
    holidays = ((*each.codes, *sorted(day.isoformat() for day in each.dates)) for each in (old, new))
    yield from _values(f"{path}/holidays", *holidays)
    for name in ("exceptions", "breaks"):
        days = [getattr(each, name) for each in (old, new)]
        for day in dict.fromkeys((*days[0], *days[1])):
            before, after = (tuple(map(str, each[day])) if day in each else None for each in days)
            if before != after:
                yield Difference(f"{path}/{name}/{day.isoformat()}", before, after)
