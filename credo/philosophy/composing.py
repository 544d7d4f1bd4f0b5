"""Writing somebody's own words into a starter: each becomes an element, or stands in a comment on top. None is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from credo.base.errors import Invalid
from credo.calendars.opening import Opening
from credo.calendars.windows import WEEKDAYS
from credo.philosophy.hearing import Promised
from credo.philosophy.problems import _
from credo.philosophy.scribing import comment, entry, flow, lines, quoted
from credo.philosophy.sheets import Sheet
from credo.philosophy.source import MOST_BYTES
from credo.philosophy.starters import Starter

Say = Callable[[str], str]
MOST = 12
"""How many lines of one kind become elements; nobody lives by more of them."""
_BEGUN = date(2026, 12, 1)  # starters are written as if begun in the month after this day's
_ALWAYS = 'always: {hours: {mon-sun: ["00:00-24:00"]}}'


class TooLong(Invalid):
    """This is more than one document can hold; shorten it, and add the rest later."""


@dataclass(frozen=True, slots=True)
class Ground:
    """On what a draft stands: whose it is, when they are there, who decides, and the day it begins."""

    name: str
    opening: Opening | None
    people: tuple[str, ...]
    today: date


class Composition:
    """A draft in the making. `say` translates into the language of the starter."""

    def __init__(self, starter: Starter, ground: Ground, say: Say) -> None:
        self.sheet, self.say, self.language = Sheet(starter.text), say, starter.language
        self._base = starter.read()
        self._left: dict[str, list[str]] = {}
        self._taken: set[str] = set()
        self._promises = 0
        self._settle(ground)

    def text(self) -> str:
        """The whole document; raises TooLong."""
        written: list[str] = []
        if self._left:
            about = _("What you wrote and no line below says yet. Find a place for it, or take it out.")
            written += ["#", *comment(self.say(about))]
            for title, said in self._left.items():
                written += [f"# {title}", *(f"#   {line}" for line in said)]
        self.sheet.top(written)
        if len(str(self.sheet).encode()) >= MOST_BYTES:
            raise TooLong
        return str(self.sheet)

    def leave(self, title: str, said: Iterable[str]) -> None:
        """Keep lines in the comment on top, under `title`."""
        if found := list(said):
            self._left.setdefault(title, []).extend(found)

    def few(self, title: str, said: Sequence[str]) -> Sequence[str]:
        """The lines that become elements; the others are left on top."""
        self.leave(title, said[MOST:])
        return said[:MOST]

    def value(self, id: str, name: str, statement: str, source: str) -> str:
        """A new value, with what it comes from."""
        self._add("philosophy/values", {"id": id, "name": name, "statement": statement, "from": [source]})
        return id

    def principle(self, id: str, serves: str, statement: str, **more: str) -> str:
        """A new principle."""
        self._add("philosophy/principles", {"id": id, "serves": serves, "statement": statement, **more})
        return id

    def rule(self, id: str, serves: str, kind: str, text: str) -> None:
        """A new rule for colleagues."""
        data = {"id": id, "serves": serves, "kind": kind, "who": "agent", "text": text}
        self._add("policy/rules", data)

    def add(self, path: str, data: Mapping[str, Any]) -> None:
        """A new entry of a list, one key a line."""
        self._add(path, data)

    @property
    def first_value(self) -> str:
        """The value that stands first in the starter."""
        return next(iter(self._base.values))

    @property
    def first_principle(self) -> str:
        """The principle that stands first in the starter."""
        return next(iter(self._base.principles))

    @property
    def deciding(self) -> str:
        """The principle that decision rights serve."""
        return next((one.serves for one in self._base.policy.decision_rights if one.serves), self.first_principle)

    def limit(self, role: str, amount: str) -> None:
        """How far the right of a role to decide goes."""
        roles = [one.role for one in self._base.policy.decision_rights]
        if role in roles:
            self.sheet.change(f"policy/decision_rights/{roles.index(role) + 1}", r"up_to: ([^,}]+)", amount)
        else:
            right = {"role": role, "may": ["refund", "goodwill"], "up_to": amount, "serves": self.deciding}
            self.sheet.add("policy/decision_rights", [f"- {flow(right)}"])

    def goal_for(self, metric: str) -> str:
        """The starter's goal on `metric`; empty where there is none."""
        return next((one.id for one in self._base.strategy.goals.values() if one.metric == metric), "")

    def nevers(self, prefix: str, said: Sequence[str]) -> None:
        """What we never do: a principle that says so, and a rule for each."""
        if not said:
            return
        statement = self.say(_("Some things we never do, whoever asks."))
        principle = self.principle(f"{prefix}-never", self.first_value, statement, statement_not=said[0])
        for number, line in enumerate(said, 1):
            self.rule(f"{prefix}-never-{number}", principle, "must_not", line)

    def avoid(self, phrases: Sequence[str]) -> None:
        """Phrases that the voice avoids from now on."""
        voice = self._base.practice.voice
        if phrases := [one for one in dict.fromkeys(phrases) if not voice or one not in voice.avoid]:
            self.sheet.change("practice/voice/avoid", r"()\]$", f", {flow(phrases)[1:-1]}")

    def promise(self, found: Promised, source: str = "") -> None:
        """A promise in its own words: in place of the starter's where it is about the same, else a new one."""
        id = self._same(found)
        objective = next((one.objective for one in self._base.promises if one.id == id), 0.95)
        measure = {"clock": found.clock, "target": found.time.target, "calendar": self._calendar(found)}
        measured = flow({**measure, "objective": objective or 0.95})
        if id:
            self.sheet.put(f"promises/{id}/text", [f"{self.language}: {quoted(found.text)}"])
            self.sheet.put(f"promises/{id}/measure", measured)
            if found.channels:
                self.sheet.put(f"promises/{id}/to", _to(found))
        else:
            self._promises += 1
            id = f"own-promise-{self._promises}"
            serves = next(one.serves for one in self._base.promises if one.id == "first-answer")
            text = ["text:", f"  {self.language}: {quoted(found.text)}"]
            rest = [f"to: {_to(found)}", f"measure: {measured}", "if_broken:", "  - {do: apologise}", "public: true"]
            written = [f"- id: {id}", *(f"  {line}" for line in (f"serves: {serves}", *text, *rest))]
            self.sheet.add("promises", written)
        self._taken.add(id)
        self.sheet.above(f"promises/{id}", [*self._how_counted(found), *comment(source)])

    def first_answer(self, hours: int, texts: Mapping[str, tuple[str, str]]) -> None:
        """A first answer within `hours` opening hours, and later ones within twice; `texts` by language."""
        for at, (id, clock) in enumerate((("first-answer", "first_human_reply"), ("next-answer", "next_reply"))):
            time = hours * (at + 1)
            measure = {"clock": clock, "target": f"PT{time}H", "calendar": "desk", "objective": 0.95}
            languages = [self.language, *(one for one in texts if one != self.language)]
            self.sheet.put(f"promises/{id}/text", [f"{one}: {texts[one][at] % {'hours': time}}" for one in languages])
            self.sheet.put(f"promises/{id}/measure", flow(measure))

    def open(self, week: Mapping[int, Sequence[str]], source: str = "") -> None:
        """Opening hours by weekday."""
        hours = {WEEKDAYS[day]: list(windows) for day, windows in sorted(week.items())}
        self.sheet.put("policy/calendars/desk/hours", flow(hours))
        self.sheet.above("policy/calendars/desk/hours", comment(source))

    def _settle(self, ground: Ground) -> None:
        names = [name for one in ground.people for name in lines(one)[:1]]
        if names:
            self.sheet.swap(r"\bowner: lead$", f"owner: {flow(names[0])}")
            self.sheet.swap(r"\[lead\]", flow(names))
        self.sheet.move_dates((ground.today.year - _BEGUN.year) * 12 + ground.today.month - _BEGUN.month)
        for name in lines(ground.name)[:1]:
            self.sheet.put("title", quoted(self.say(_("How we look after people at %(desk)s")) % {"desk": name}))
        if opening := ground.opening:
            self.sheet.put("zone", flow(opening.zone))
            self.open(dict.fromkeys(opening.days, (f"{opening.opens}-{opening.closes}",)))
            self.sheet.remove("policy/calendars/desk/holidays")
            if opening.region:
                self.sheet.put("policy/calendars/desk/holidays", flow(opening.region))

    def _add(self, path: str, data: Mapping[str, Any]) -> None:
        self.sheet.add(path, entry(data))

    def _same(self, found: Promised) -> str:
        """The starter's promise about the same; a first answer by letter, or the return of money."""
        by_letter = set(found.channels) <= {"email", "form"}
        id = "first-answer" if found.clock == "first_human_reply" and by_letter else ""
        if found.clock == "refund_sent":
            id = next((one.id for one in self._base.promises if one.clock == "refund_sent"), "")
        return "" if id in self._taken else id

    def _calendar(self, found: Promised) -> str:
        if found.time.open:
            return "desk"
        if not self.sheet.has("policy/calendars/always"):
            self.sheet.add("policy/calendars", [_ALWAYS])
        return "always"

    def _how_counted(self, found: Promised) -> list[str]:
        if found.time.assumed:
            about = _("“%(words)s” is counted in opening hours here; the sentence does not say whose hours.")
        elif not found.time.open:
            about = _("“%(words)s” counts nights and Sundays too. Are working days meant? Then write calendar: desk.")
        else:
            return []
        return comment(self.say(about) % {"words": found.time.words})


def _to(found: Promised) -> str:
    """For whom it holds, by facts."""
    if found.clock == "refund_sent":
        return "'ticket.confirmed_topic == \"refund\"'"
    if found.clock == "periodic_update":
        return "'ticket.status != \"solved\"'"
    channels = ", ".join(f'"{one}"' for one in found.channels or ("email", "form"))
    return f"'ticket.channel in [{channels}]'"
