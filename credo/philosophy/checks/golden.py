"""Agreed cases mention elements that exist."""

from __future__ import annotations

from credo.base.nearest import nearest
from credo.philosophy.problems import DID_YOU_MEAN, _
from credo.philosophy.reading import Reading

JUDGED = (
    *("promises", "practice/behaviours", "strategy/personas", "policy/routing", "policy/rules"),
    "measurement/surveys",
)
"""Lists of elements that have a condition."""


def check_golden(reading: Reading) -> None:
    """Complain about every expected or excluded element that does not exist."""
    if reading.partial:
        return
    paths = [f"{path}/{one.id}" for path in JUDGED for _section, one in reading.each(path) if one.id]
    names = {*paths, *(path.rpartition("/")[2] for path in paths)}
    for section, _golden in reading.each("governance/golden"):
        for key in ("expect", "never"):
            for name, place in section.texts(key):
                if name not in names:
                    near = nearest(name, names)
                    cause = _("There is no element “%(name)s” with a condition.")
                    hint = DID_YOU_MEAN if near else _ELSE
                    reading.problems.error(place, f"{section.path}/{key}", cause, hint, name=name, near=near or "")


_ELSE = _("write the id of a promise, behaviour, persona, route, rule or survey")
