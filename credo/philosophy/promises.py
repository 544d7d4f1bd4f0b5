"""Promises: what customers may hold us to, and which of it can run today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from credo.conditions import ALWAYS, Condition
from credo.philosophy.asking import Ref, When, condition
from credo.philosophy.durations import Target, read_target
from credo.philosophy.kinds import Flag, Id, Json, Share, Text, either
from credo.philosophy.problems import Problems, _
from credo.philosophy.reading import Reading
from credo.philosophy.section import Section
from credo.philosophy.several import Choices, OneOf, Texts
from credo.philosophy.shapes import Block, Blocks, Key, Shape
from credo.philosophy.vocabulary import waits_for
from credo.philosophy.written import AMOUNT, PERCENT, Aim

RUNNING_CLOCKS = ("first_human_reply", "next_reply")
CLOCKS = (
    *RUNNING_CLOCKS,
    *("periodic_update", "resolution", "spoken_promise", "refund_sent", "outreach_before_contact"),
)


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
        return condition(self.to) if self.to else ALWAYS

    def goal(self) -> Target | None:
        """The target, where the clock has one."""
        return read_target(self.target) if self.target else None

    def words(self, language: str, default: str) -> str:
        """Its text in `language`, else in the document's own."""
        return self.text.get(language) or self.text.get(default) or next(iter(self.text.values()))


@dataclass(frozen=True, slots=True)
class _Measure:
    clock: str = ""
    target: str | None = None
    calendar: str = ""
    objective: float | None = None
    pause_when: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Written:
    """A promise as it stands in the document."""

    id: str
    serves: str
    text: Mapping[str, str]
    to: str
    measure: _Measure
    if_at_risk: tuple[Act, ...]
    if_broken: tuple[Act, ...]
    provisions: str
    public: bool


@dataclass(frozen=True, slots=True)
class Clock:
    """What starts and ends the time of a promise."""

    def read(self, section: Section, key: str, reading: Reading) -> str:
        name = section.text(key, required=True)
        if name and name not in CLOCKS:
            cause, otherwise = _("There is no clock “%(name)s”."), _("possible here: %(options)s")
            section.unknown(key, cause, name, CLOCKS, otherwise, options=", ".join(CLOCKS))
        elif name and name not in RUNNING_CLOCKS:
            section.note(key, _("The clock “%(name)s” does not run yet, so this promise waits."), name=name)
        return name

    def absent(self) -> str:
        return ""

    def schema(self) -> Json:
        return {"enum": list(CLOCKS)}

    def words(self) -> str:
        return either(CLOCKS)

    def example(self) -> str:
        return CLOCKS[0]


@dataclass(frozen=True, slots=True)
class Promises:
    """The list of promises, with what each waits for."""

    blocks: Blocks

    def read(self, section: Section, key: str, reading: Reading) -> tuple[Promise, ...]:
        written: Mapping[str, _Written] = self.blocks.read(section, key, reading)
        for block, one in reading.each(key):
            _complete(block, one.measure, reading)
        return tuple(_promise(one, reading) for one in written.values())

    def absent(self) -> tuple[Promise, ...]:
        return ()

    def schema(self) -> Json:
        return self.blocks.schema()

    def words(self) -> str:
        return "a list"

    def example(self) -> str:
        return "[…]"


AT_RISK = Shape(
    Act,
    (
        Key("at", PERCENT, "which part of the time has passed when it is done", required=True),
        Key(
            "do",
            OneOf(("notify", "reassign", "offer_callback", "draft_update", "raise_priority")),
            "what is done",
            required=True,
        ),
        Key("who", Text("owner"), "to or by whom"),
        Key("template", Text("late-sorry"), "with which text"),
    ),
)
BROKEN = Shape(
    Act,
    (
        Key("do", OneOf(("apologise", "review", "goodwill", "notify", "reassign")), "what is done", required=True),
        Key("who", Text("lead"), "to or by whom"),
        Key("template", Text("late-sorry"), "with which text"),
        Key("up_to", AMOUNT, "up to which amount"),
    ),
)
MEASURE = Shape(
    _Measure,
    (
        Key("clock", Clock(), "what is measured, see [clocks](#clocks)", required=True),
        Key("target", Aim(), "within which time; only `spoken_promise` has none"),
        Key("calendar", Ref("calendars", "shop"), "whose hours count, one of `policy.calendars`; needed with a target"),
        Key("objective", Share(like="0.95"), "the share that is to be kept"),
        Key(
            "pause_when",
            Choices(("waiting_on_customer", "waiting_on_others")),
            "when the clock pauses; those that run today do not",
        ),
    ),
)
PROMISE = Shape(
    _Written,
    (
        Key("id", Id("first-answer"), "its name in the document", required=True),
        Key("serves", Ref("principles", "keep-word"), "the principle it serves", required=True),
        Key("text", Texts("{en: …}"), "the promise in a sentence, at least in the document's language", required=True),
        Key("to", When(), "to whom it is given, by facts; to everybody where nothing is said"),
        Key(
            "measure",
            Block(MEASURE, _Measure, "{clock: first_human_reply, …}"),
            "how it is measured",
            required=True,
        ),
        Key("if_at_risk", Blocks(AT_RISK, by_id=False), "what is done when it may be broken"),
        Key("if_broken", Blocks(BROKEN, by_id=False), "what is done when it was broken"),
        Key("provisions", Text("…"), "the small print"),
        Key("public", Flag(), "whether customers see it"),
    ),
)
SECTION = Key("promises", Promises(Blocks(PROMISE)), "what customers may hold us to")


def _complete(block: Section, measure: _Measure, reading: Reading) -> None:
    """A target needs a calendar, and every clock but one a target."""
    if reading.partial or not measure.clock:
        return
    section = Section(block.block.entries.get("measure"), block.at("measure"), f"{block.path}/measure", Problems())
    cause, hint = _("“%(key)s” is missing here."), _("write it like “%(like)s”")
    if "target" not in section and measure.clock != "spoken_promise":
        reading.problems.error(section.place, section.path, cause, hint, key="target", like="target: PT4H")
    if "target" in section and "calendar" not in section:
        reading.problems.error(section.place, section.path, cause, hint, key="calendar", like="calendar: shop")
    if measure.clock in RUNNING_CLOCKS and measure.pause_when:
        cause = _("This clock does not pause yet; it runs on until somebody answers.")
        reading.problems.note(section.at("pause_when"), f"{section.path}/pause_when", cause)


def _promise(written: _Written, reading: Reading) -> Promise:
    measure = written.measure
    known = _known(f"promises/{written.id}/to", reading)
    waits = (("clock", measure.clock in RUNNING_CLOCKS), ("conditions", known))
    return Promise(
        id=written.id,
        serves=written.serves,
        text=written.text,
        to=written.to,
        clock=measure.clock,
        target=measure.target,
        calendar=measure.calendar or None,
        objective=measure.objective,
        pause_when=measure.pause_when,
        if_at_risk=written.if_at_risk,
        if_broken=written.if_broken,
        provisions=written.provisions,
        public=written.public,
        waits=tuple(name for name, ready in waits if not ready),
    )


def _known(path: str, reading: Reading) -> bool:
    """Whether everything the condition asks for can be known today; notes what cannot."""
    asked = reading.conditions.get(path)
    if asked is None:
        return True
    unknown = [one for one in asked.condition.fields() if waits_for(one.name)]
    for one in unknown:
        cause = _("“%(name)s” cannot be known yet, so this promise waits for conditions.")
        reading.problems.note(asked.at(one), path, cause, name=one.name)
    return not unknown
