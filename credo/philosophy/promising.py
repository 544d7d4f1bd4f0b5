"""Reading the promises: what customers may hold us to, and which of it can run today."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from credo.base.errors import Invalid
from credo.base.nearest import nearest
from credo.conditions import BadCondition, Finding, check, from_structure, made, parse
from credo.philosophy.document import RUNNING_CLOCKS, Promise
from credo.philosophy.durations import read_target
from credo.philosophy.problems import Place, _
from credo.philosophy.section import Section, once_each, reference
from credo.philosophy.source import Node, Scalar, plain
from credo.philosophy.vocabulary import VOCABULARY

_KEYS = ("id", "serves", "text", "to", "measure", "if_at_risk", "if_broken", "provisions", "public")
_MEASURE = ("clock", "target", "calendar", "pause_when", "objective")


def read_promises(
    top: Section, principles: Mapping[str, object], calendars: Mapping[str, object], languages: tuple[str, ...]
) -> tuple[Promise, ...]:
    """Every promise in the order written."""
    sections = list(top.sections("promises", _KEYS))
    found = [(section, _promise(section, principles, calendars, languages)) for section in sections]
    return tuple(once_each(found).values())


def _promise(
    section: Section, principles: Mapping[str, object], calendars: Mapping[str, object], languages: tuple[str, ...]
) -> Promise:
    measure = section.section("measure", _MEASURE, required=True)
    clock = measure.text("clock", required=True)
    runs_clock = _known_clock(measure, clock)
    condition, judged = _condition(section)
    promise = Promise(
        id=section.id(),
        serves=reference(section, "serves", principles, _("There is no principle “%(name)s” to serve.")),
        text=_text(section, languages),
        to=condition,
        clock=clock,
        target=_target(measure, required=runs_clock),
        calendar=_calendar(measure, calendars, required="target" in measure),
        objective=_objective(measure),
        pause_when=tuple(text for text, _place in measure.texts("pause_when")),
        if_at_risk=tuple(_acts(section, "if_at_risk")),
        if_broken=tuple(_acts(section, "if_broken")),
        provisions=section.text("provisions"),
        public=section.flag("public"),
        waits=tuple(name for name, runs in (("clock", runs_clock), ("conditions", judged)) if not runs),
    )
    if runs_clock and promise.pause_when:
        measure.note("pause_when", _("This clock does not pause yet; it runs on until somebody answers."))
    return promise


def _known_clock(measure: Section, clock: str) -> bool:
    if clock in RUNNING_CLOCKS or not clock:
        return True
    if nearest(clock, RUNNING_CLOCKS, likeness=0.8):
        measure.unknown("clock", _("There is no clock “%(name)s”."), clock, RUNNING_CLOCKS)
    else:
        measure.note("clock", _("The clock “%(name)s” does not run yet, so this promise waits."), name=clock)
    return False


def _text(section: Section, languages: tuple[str, ...]) -> Mapping[str, str]:
    node = section.block.entries.get("text")
    if isinstance(node, Scalar):
        return {languages[0]: section.text("text", required=True)}
    words = section.section("text", languages, required=True)
    found = {language: words.text(language) for language, _node in words.named()}
    if node is not None and not found.get(languages[0]):
        cause = _("The text is missing in the document's own language, %(language)s.")
        section.error("text", cause, language=languages[0])
    return {language: text for language, text in found.items() if text}


def _target(measure: Section, *, required: bool) -> str | None:
    written = measure.text("target", required=required)
    if not written:
        return None
    try:
        read_target(written)
    except Invalid as wrong:
        measure.error("target", _("“%(text)s”: %(sentence)s"), text=written, sentence=wrong.sentence)
    return written


def _calendar(measure: Section, calendars: Mapping[str, object], *, required: bool) -> str | None:
    if "calendar" not in measure and not required:
        return None
    return reference(measure, "calendar", calendars, _("There is no calendar “%(name)s” in policy.calendars.")) or None


def _objective(measure: Section) -> float | None:
    share = measure.number("objective")
    if share is not None and not 0 < share <= 1:
        measure.error(
            "objective", _("A share of kept promises is more than 0 and at most 1."), _("write 0.95 for 95 %%")
        )
    return share


def _acts(section: Section, key: str) -> Iterable[Any]:
    for act in section.sections(key, ()):
        act.text("do", required=True)
        yield {name: act.kept(name) for name, _node in act.named()}


def _condition(section: Section) -> tuple[str, bool]:
    """The condition as text, and whether all of it can be judged today."""
    node = section.block.entries.get("to")
    if node is None:
        return "", True
    if isinstance(node, Scalar) and isinstance(node.value, str):
        start = Place(node.place.line, node.place.column + node.quoted)
        try:
            findings = check(parse(node.value), VOCABULARY)
        except BadCondition as bad:
            findings = list(bad.findings)
        for finding in findings:
            _complain(section, Place(start.line, start.column + finding.column - 1), finding)
        return node.value, not findings
    return _form(section, node)


def _form(section: Section, node: Node) -> tuple[str, bool]:
    """A condition in the spelling of forms; what is wrong in it is told where it begins."""
    try:
        condition = made(from_structure(plain(node), VOCABULARY), VOCABULARY)
    except BadCondition as bad:
        for finding in bad.findings:
            _complain(section, node.place, finding)
        return "", False
    return condition.text, True


def _complain(section: Section, place: Place, finding: Finding) -> None:
    """An error; but a fact that resembles none is one that is still to come, so the promise waits for it."""
    path = "/".join(filter(None, (section.path, "to", str(finding.details.get("inside", "")))))
    if finding.kind == "unknown" and not nearest(str(finding.details["name"]), VOCABULARY, likeness=0.9):
        cause = _("“%(name)s” cannot be known yet, so this promise waits for conditions.")
        section.problems.note(place, path, cause, name=finding.details["name"])
    else:
        section.problems.error(place, path, finding.cause, finding.suggestion, **finding.details)
