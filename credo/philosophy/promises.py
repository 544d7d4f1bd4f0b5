"""Reading the promises: what customers may hold us to, and which of it can run today."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from credo.base.errors import Invalid
from credo.base.nearest import nearest
from credo.philosophy.conditions import ALWAYS, Condition, Field, Literal
from credo.philosophy.durations import Target, read_target
from credo.philosophy.parsing import BadCondition, Later, parse
from credo.philosophy.problems import DID_YOU_MEAN, Place, _
from credo.philosophy.section import Section, once_each, reference
from credo.philosophy.source import Scalar

_KEYS = ("id", "serves", "text", "to", "measure", "if_at_risk", "if_broken", "provisions", "public")
_MEASURE = ("clock", "target", "calendar", "pause_when", "objective")

FACTS: Mapping[str, tuple[str, ...]] = {
    "ticket.channel": (
        *("email", "chat", "whatsapp", "sms", "telegram", "phone", "form", "social", "api", "in_person"),
    ),
    "ticket.status": ("new", "open", "waiting_on_customer", "waiting_on_others", "solved", "closed"),
}
"""What is known of a conversation today, each with the values it may have."""

RUNNING_CLOCKS = ("first_human_reply", "next_reply")


@dataclass(frozen=True, slots=True)
class Act:
    """Something done for a promise: `at` which part of its time ("75%"), to or by `who`, `up_to` an amount."""

    do: str
    at: str = ""
    who: str = ""
    template: str = ""
    up_to: str = ""


@dataclass(frozen=True, slots=True)
class Promise:
    """What customers may hold us to. `text` by language; `waits` says why it does not run yet, empty when it runs."""

    id: str
    serves: str
    text: Mapping[str, str]
    to: str
    clock: str
    target: str | None
    calendar: str | None
    objective: float | None
    pause_when: tuple[str, ...] = ()
    if_at_risk: tuple[Act, ...] = ()
    if_broken: tuple[Act, ...] = ()
    provisions: str = ""
    public: bool = False
    waits: tuple[str, ...] = ()

    @property
    def runs(self) -> bool:
        """Whether clocks are started for it today."""
        return not self.waits

    def condition(self) -> Condition:
        """To whom it is given."""
        return parse(self.to) if self.to else ALWAYS

    def goal(self) -> Target | None:
        """The target, where the clock has one."""
        return read_target(self.target) if self.target else None

    def words(self, language: str, default: str) -> str:
        """Its text in `language`, else in the document's own."""
        return self.text.get(language) or self.text.get(default) or next(iter(self.text.values()))


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


def _acts(section: Section, key: str) -> Iterable[Act]:
    for act in section.sections(key, ()):
        words = ("at", "who", "template", "up_to")
        yield Act(act.text("do", required=True), *(act.text(word) for word in words))


def _condition(section: Section) -> tuple[str, bool]:
    """The condition as written, and whether all of it can be judged today."""
    node = section.block.entries.get("to")
    if node is None:
        return "", True
    if not isinstance(node, Scalar) or not isinstance(node.value, str):
        section.note("to", _("Conditions in this spelling cannot be judged yet, so this promise waits."))
        return "", False
    start = Place(node.place.line, node.place.column + node.quoted)
    try:
        condition = parse(node.value)
    except Later as later:
        _complain(section, "note", start, later.column, later.cause, later.details)
        return node.value, False
    except BadCondition as wrong:
        _complain(section, "error", start, wrong.column, wrong.cause, wrong.details)
        return node.value, False
    return condition.text, _judged(section, condition, start)


def _judged(section: Section, condition: Condition, start: Place) -> bool:
    compared = set()
    for sign, fact, literal in condition.comparisons():
        if fact.name in FACTS and sign in ("==", "!=", "in"):
            compared.add(fact)
            _check_values(section, fact, literal, start)
    known = True
    for fact in condition.fields():
        if fact.name not in FACTS:
            _unknown_fact(section, fact, start)
            known = False
        elif fact not in compared:
            cause = _("Hold %(name)s against a value, like %(name)s == “%(value)s”.")
            _complain(section, "error", start, fact.column, cause, {"name": fact.name, "value": FACTS[fact.name][0]})
    return known


def _check_values(section: Section, fact: Field, literal: Literal, start: Place) -> None:
    values = literal.value if isinstance(literal.value, tuple) else (literal.value,)
    for value in values:
        if value not in FACTS[fact.name]:
            near = nearest(str(value), FACTS[fact.name])
            suggestion = DID_YOU_MEAN if near else _("possible here: %(options)s")
            details = {"value": value, "name": fact.name, "near": near, "options": ", ".join(FACTS[fact.name])}
            _complain(
                section,
                "error",
                start,
                literal.column,
                _("“%(value)s” is not a value of %(name)s"),
                details,
                suggestion,
            )


def _unknown_fact(section: Section, fact: Field, start: Place) -> None:
    near = nearest(fact.name, FACTS, likeness=0.9)
    details: dict[str, object] = {"name": fact.name, "near": near}
    if near:
        _complain(section, "error", start, fact.column, _("“%(name)s” is not known"), details, DID_YOU_MEAN)
        return
    cause = _("“%(name)s” cannot be known yet, so this promise waits for conditions.")
    _complain(section, "note", start, fact.column, cause, details)


def _complain(
    section: Section,
    grade: str,
    start: Place,
    column: int,
    cause: str,
    details: Mapping[str, object],
    suggestion: str = "",
) -> None:
    say = section.problems.error if grade == "error" else section.problems.note
    say(Place(start.line, start.column + column - 1), f"{section.path}/to", cause, suggestion, **details)
