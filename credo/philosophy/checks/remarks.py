"""What is right and still worth a word: a note, never an error."""

from __future__ import annotations

from collections.abc import Mapping

from credo.philosophy.problems import _
from credo.philosophy.reading import Reading
from credo.philosophy.section import Section

WAITING: Mapping[str, tuple[str, ...]] = {
    "practice": ("behaviours", "voice", "de_escalation", "training"),
    "strategy": ("personas", "goals", "pairs", "initiatives", "staffing", "departments"),
    "policy": ("routing", "rules", "decision_rights", "automation", "privacy", "wellbeing", "dilemmas"),
    "measurement": ("surveys", "scorecard", "reviews", "dashboards", "close_loop"),
}
"""Parts that are read and checked, and whose rooms are not built yet. Whoever builds one takes it out of here."""


def remark(reading: Reading, top: Section) -> None:
    """Note promises without a remedy, musts without a coach, and what does not work yet."""
    if reading.partial:
        return
    for section, promise in reading.each("promises"):
        if promise.public and not promise.if_broken:
            cause = _("This promise is public, but nothing happens when it is broken.")
            section.note("public", cause, _("write it like “%(like)s”"), like="if_broken: [{do: apologise}]")
    for section, behaviour in reading.each("practice/behaviours"):
        people = set(behaviour.who) - {"system"}
        if behaviour.level == "must" and not behaviour.coach and people:
            cause = _("This is a must, and nobody is reminded of it while writing.")
            section.note("level", cause, _("write it like “%(like)s”"), like="coach: {at: send, as: confirm, say: …}")
    _waiting(top)


def _waiting(top: Section) -> None:
    for name, parts in WAITING.items():
        section = top.block.entries.get(name)
        written = [part for part in parts if part in getattr(section, "entries", {})]
        if written:
            cause = _("These parts are read and checked, and do not work yet: %(parts)s.")
            top.problems.note(top.key_place(name), name, cause, parts=", ".join(written))
