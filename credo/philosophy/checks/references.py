"""Every name that is mentioned has to be declared."""

from __future__ import annotations

from collections.abc import Mapping

from credo.base.nearest import nearest
from credo.philosophy.problems import DID_YOU_MEAN, _
from credo.philosophy.reading import Mention, Reading

_CAUSES: Mapping[str, str] = {
    "values": _("There is no value “%(name)s” to serve."),
    "principles": _("There is no principle “%(name)s”."),
    "behaviours": _("There is no behaviour “%(name)s” to teach."),
    "calendars": _("There is no calendar “%(name)s” in policy.calendars."),
}

_SERVED = _("There is no principle “%(name)s” to serve.")


def check_references(reading: Reading, declared: Mapping[str, tuple[str, ...]]) -> None:
    """Complain about every name that is declared nowhere; `declared` are the names by what they are."""
    for mention in reading.mentions:
        names = declared[mention.among]
        if mention.name in names or reading.partial:
            continue
        if mention.among == "skills":
            _check_skill(mention, names, reading)
            continue
        path = f"{mention.section.path}/{mention.key}"
        options = ", ".join(names)
        otherwise = _("possible here: %(options)s") if names else _("declare it first")
        cause = _SERVED if (mention.key, mention.among) == ("serves", "principles") else _CAUSES[mention.among]
        reading.problems.unknown(mention.place, path, cause, mention.name, names, otherwise, options=options)


def _check_skill(mention: Mention, names: tuple[str, ...], reading: Reading) -> None:
    """A skill that nobody trains may still exist; one that is nearly a declared one is a slip."""
    path = f"{mention.section.path}/{mention.key}"
    near = nearest(mention.name, names)
    say = reading.problems.error if near else reading.problems.note
    cause = _("No skill “%(name)s” is declared in practice.training.skills.")
    say(mention.place, path, cause, DID_YOU_MEAN if near else "", name=mention.name, near=near or "")
