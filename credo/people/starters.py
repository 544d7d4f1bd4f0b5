"""First philosophies to start from: a few beliefs and two promises that run, in the language of the desk."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from credo.base.errors import Invalid
from credo.calendars import UnknownHolidays, holiday_dates
from credo.calendars.windows import WEEKDAYS, BadWindow, read_window

Say = Callable[[str], str]
HOURS = (1, 2, 4, 8, 16)  # what a first answer may take, in opening hours


def _(text: str) -> str:
    """Marks a text for translation; `document` says it in the desk's language."""
    return text


class NeverOpen(Invalid):
    """Choose at least one day on which somebody is there."""


class HoursUnclear(Invalid):
    """Somebody has to be there from one time to another, such as 09:00 to 18:00."""


class UnknownRegion(Invalid):
    """No holidays are known for this region; choose one from the list, or none."""


class UnknownStarter(Invalid):
    """Choose one of the philosophies to start from."""


@dataclass(frozen=True, slots=True)
class Opening:
    """When somebody is there: weekdays (0 is Monday), "09:00" to "18:00", a time zone, a holiday code or nothing."""

    days: tuple[int, ...]
    opens: str
    closes: str
    zone: str
    region: str = ""

    def ensure_fits(self) -> None:
        """Refuse what no calendar can be made of; the zone is checked with the desk."""
        if not self.days or not set(self.days) <= set(range(7)):
            raise NeverOpen
        try:
            read_window(f"{self.opens}-{self.closes}")
            if self.region:
                holiday_dates(self.region, (2026,))
        except BadWindow as unclear:
            raise HoursUnclear from unclear
        except UnknownHolidays as unknown:
            raise UnknownRegion from unknown


@dataclass(frozen=True, slots=True)
class Belief:
    """A value and the principles that serve it, as (id, statement)."""

    id: str
    name: str
    statement: str
    principles: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Starter:
    """A philosophy to start from: how it is called, its sentence, how long it takes to make it one's own."""

    key: str
    name: str
    quote: str
    effort: str
    beliefs: tuple[Belief, ...]
    promised_on: str  # the principle that the promises serve

    @property
    def principles(self) -> int:
        """How many principles it has."""
        return sum(len(belief.principles) for belief in self.beliefs)

    promises = 2


STARTERS = (
    Starter(
        "two",
        _("Two people, no scripts"),
        _("You get the one who made it."),
        _("Half an hour to make it yours"),
        (
            Belief(
                "honest",
                _("Honest"),
                _("We say what broke and what we are doing about it."),
                (
                    ("seen", _("You never wonder whether we saw it.")),
                    ("mend", _("What is broken for you, we mend for everybody.")),
                ),
            ),
        ),
        "seen",
    ),
    Starter(
        "shop",
        _("A small shop"),
        _("What goes wrong, we put right, and we make it easy."),
        _("An evening, with the team"),
        (
            Belief(
                "care",
                _("Care"),
                _("Everybody who writes is a person with a story."),
                (
                    ("heard", _("First we show that we understood.")),
                    ("one-owner", _("One of us looks after it until it is solved.")),
                    ("bend", _("A rule that defeats its purpose gives way.")),
                ),
            ),
            Belief(
                "candour",
                _("Candour"),
                _("We say what is true and what happens next."),
                (
                    ("keep-word", _("We promise little and keep all of it.")),
                    ("plain", _("We write so that a tired person understands at once.")),
                ),
            ),
        ),
        "keep-word",
    ),
    Starter(
        "software",
        _("Software for companies"),
        _("We tell you what broke before you find it."),
        _("Two evenings"),
        (
            Belief(
                "craft",
                _("Craft"),
                _("We find the cause and not only a way around it."),
                (
                    ("root", _("A question asked twice is a fault of ours.")),
                    ("exact", _("We say what we know, what we suspect and what we try next.")),
                ),
            ),
            Belief(
                "reliable",
                _("Reliable"),
                _("People build on us, so our word has to hold."),
                (
                    ("keep-word", _("Every date we give is kept, or moved before it passes.")),
                    ("ahead", _("We write first when something is wrong.")),
                ),
            ),
        ),
        "keep-word",
    ),
    Starter(
        "office",
        _("A public office"),
        _("Everybody is entitled to a clear answer."),
        _("Two evenings, with the lawyers"),
        (
            Belief(
                "fair",
                _("Fair"),
                _("The same question gets the same answer, whoever asks."),
                (
                    ("reasons", _("Every decision comes with its reasons and the way to object.")),
                    ("plain", _("We write so that nobody needs help to understand us.")),
                ),
            ),
            Belief(
                "there",
                _("There for all"),
                _("Nobody is sent from door to door."),
                (
                    ("forward", _("What is not ours, we hand on ourselves and say to whom.")),
                    ("answer", _("Everybody who writes gets an answer.")),
                ),
            ),
        ),
        "answer",
    ),
)


def starter(key: str) -> Starter:
    """The starter called `key`; raises UnknownStarter."""
    for one in STARTERS:
        if one.key == key:
            return one
    raise UnknownStarter


def document(one: Starter, desk_name: str, language: str, opening: Opening, hours: int, say: Say = _) -> str:
    """A philosophy document made of a starter: a first answer within `hours` opening hours, later ones within twice.

    `say` translates the starter's texts into `language`.
    """
    if hours not in HOURS:
        raise Invalid("Choose one of the times offered.")
    window = f"{opening.opens}-{opening.closes}"
    week = ", ".join(f"{WEEKDAYS[day]}: [{_quoted(window)}]" for day in sorted(set(opening.days)))
    holidays = f", holidays: {_quoted(opening.region)}" if opening.region else ""
    values = [
        f"    - {{id: {belief.id}, name: {_quoted(say(belief.name))}, statement: {_quoted(say(belief.statement))}}}"
        for belief in one.beliefs
    ]
    principles = [
        f"    - {{id: {id}, serves: {belief.id}, statement: {_quoted(say(statement))}}}"
        for belief in one.beliefs
        for id, statement in belief.principles
    ]
    return "\n".join(
        [
            "format: philosophy/1",
            f"id: {one.key}",
            f"title: {_quoted(say(_('How we look after people at %(desk)s')) % {'desk': desk_name})}",
            "version: 1",
            "status: published",
            f"languages: {{default: {language}}}",
            f"zone: {opening.zone}",
            "",
            "philosophy:",
            f"  purpose: {_quoted(say(one.quote))}",
            "  values:",
            *values,
            "  principles:",
            *principles,
            "",
            "promises:",
            *_promise("first-answer", one, language, "first_human_reply", hours, say(_first(hours))),
            *_promise("next-answer", one, language, "next_reply", 2 * hours, say(_next(2 * hours))),
            "",
            "policy:",
            "  calendars:",
            f"    desk: {{zone: {opening.zone}, hours: {{{week}}}{holidays}}}",
            "",
        ]
    )


def _promise(id: str, one: Starter, language: str, clock: str, hours: int, text: str) -> list[str]:
    return [
        f"  - id: {id}",
        f"    serves: {one.promised_on}",
        f"    text: {{{language}: {_quoted(text % {'hours': hours})}}}",
        "    to: 'ticket.channel == \"email\"'",
        f"    measure: {{clock: {clock}, target: PT{hours}H, calendar: desk, objective: 0.95}}",
        "    if_broken: [{do: apologise}]",
        "    public: true",
    ]


def _first(hours: int) -> str:
    if hours == 1:
        return _("A person answers within one opening hour.")
    return _("A person answers within %(hours)s opening hours.")


def _next(hours: int) -> str:
    return _("Whoever writes again has an answer within %(hours)s opening hours.")


def _quoted(text: str) -> str:
    """A text as a YAML scalar in double quotes, which JSON strings are."""
    return json.dumps(text, ensure_ascii=False)
