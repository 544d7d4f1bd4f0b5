"""`load`: a document's text to a `Philosophy`, or to every error in it at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date

from credo.philosophy.beliefs import Principle, Tension, Value
from credo.philosophy.document import Philosophy
from credo.philosophy.opening import read_calendars, read_zone
from credo.philosophy.policy import Policy
from credo.philosophy.problems import Place, Problems, _
from credo.philosophy.promises import read_promises
from credo.philosophy.section import Section, once_each, reference
from credo.philosophy.source import read

FORMAT = "philosophy/1"
LATER_SECTIONS = ("practice", "strategy", "measurement", "governance")
_TOP = (
    *("format", "id", "title", "version", "status", "effective", "languages", "zone"),
    *("philosophy", "promises", "policy", *LATER_SECTIONS),
)
_STATUS = ("draft", "proposed", "published", "retired")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def load(text: str) -> Philosophy:
    """Read a document of `format: philosophy/1`; raises BadPhilosophy with all errors, each with line and column.

    Checked are the head, philosophy, promises and policy.calendars; the other sections are kept as they are.
    """
    problems = Problems()
    top = Section(read(text, problems), Place(1, 1), "", problems, _TOP)
    found = _document(top, problems)
    problems.raise_errors()
    return found


def _document(top: Section, problems: Problems) -> Philosophy:
    if top.text("format", required=True) not in ("", FORMAT):
        top.error("format", _("This format is not known."), _("write philosophy/1"))
    languages = _languages(top)
    zone = read_zone(top, default="UTC")
    beliefs = top.section("philosophy", ("purpose", "values", "principles", "tensions"), required=True)
    values = _values(beliefs)
    principles = _principles(beliefs, values)
    calendars = read_calendars(top.section("policy"), zone)
    promises = read_promises(top, principles, calendars, languages)
    return Philosophy(
        id=top.id(),
        title=top.text("title", required=True),
        version=_version(top),
        status=top.choice("status", _STATUS, "draft"),
        effective=_effective(top),
        language=languages[0],
        languages=languages,
        zone=zone,
        purpose=beliefs.text("purpose"),
        values=values,
        principles=principles,
        tensions=_tensions(beliefs, principles),
        promises=promises,
        policy=Policy(calendars=calendars),
        notes=tuple(sorted((one for one in problems.found if one.grade == "note"), key=lambda one: one.place)),
    )


def _languages(top: Section) -> tuple[str, ...]:
    section = top.section("languages", ("default", "also"))
    default = section.text("default") or "en"
    also = section.texts("also")
    for code, place in ((default, section.at("default")), *also):
        if not _LANGUAGE.fullmatch(code):
            section.problems.error(
                place, section.path, _("“%(code)s” is no language code; write en, de or pt-BR."), code=code
            )
    return tuple(dict.fromkeys((default, *(code for code, _place in also))))


def _version(top: Section) -> int | None:
    version = top.number("version")
    if version is not None and (not isinstance(version, int) or version < 1):
        top.error("version", _("A version is a whole number from 1."))
    return int(version) if version is not None else None


def _effective(top: Section) -> str | None:
    written = top.text("effective")
    if not written:
        return None
    try:
        date.fromisoformat(written)
    except ValueError:
        top.error("effective", _("“%(date)s” is no date; write it like 2026-12-01."), date=written)
    return written


def _values(beliefs: Section) -> Mapping[str, Value]:
    found = []
    for section in beliefs.sections("values", ("id", "name", "statement", "from")):
        id, name = section.id(), section.text("name", required=True)
        came_from = tuple(source for source, _place in section.texts("from"))
        found.append((section, Value(id, name, section.text("statement", required=True), came_from)))
    return once_each(found)


def _principles(beliefs: Section, values: Mapping[str, Value]) -> Mapping[str, Principle]:
    found = []
    for section in beliefs.sections("principles", ("id", "serves", "statement", "statement_not", "why")):
        serves = reference(section, "serves", values, _("There is no value “%(name)s” to serve."))
        statement, statement_not = section.text("statement", required=True), section.text("statement_not")
        found.append((section, Principle(section.id(), serves, statement, statement_not, section.text("why"))))
    return once_each(found)


def _tensions(beliefs: Section, principles: Mapping[str, Principle]) -> tuple[Tension, ...]:
    found: list[Tension] = []
    over: dict[str, set[str]] = {}
    for section in beliefs.sections("tensions", ("prefer", "over", "note")):
        cause = _("There is no principle “%(name)s”.")
        prefer, other = (reference(section, key, principles, cause) for key in ("prefer", "over"))
        tension = Tension(prefer, other, section.text("note"))
        if tension.prefer and _reaches(over, tension.over, tension.prefer):
            section.error("prefer", _("Tensions contradict each other around “%(name)s”."), name=tension.prefer)
        over.setdefault(tension.prefer, set()).add(tension.over)
        found.append(tension)
    return tuple(found)


def _reaches(over: Mapping[str, Iterable[str]], start: str, goal: str) -> bool:
    seen, ahead = set(), [start]
    while ahead:
        here = ahead.pop()
        if here == goal:
            return True
        if here not in seen:
            seen.add(here)
            ahead += over.get(here, ())
    return False
