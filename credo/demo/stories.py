"""Scenes become acts: written anew for each customer, laid into opening hours, broken off where the present begins."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

from credo.base import clock
from credo.demo import files
from credo.demo.cast import CARRIERS, CITIES, COLLEAGUES, DAYS, KINDS, LAMPS, ROOMS, STREETS, Colleague, Customer
from credo.demo.hours import Hours
from credo.demo.letters import ANSWER_BYE, ANSWER_HELLO, BYE, HELLO, HELLO_AGAIN, File, Letter
from credo.demo.notes import NOTES
from credo.demo.scenes import Part, Scene
from credo.demo.stage import Act, Stage, Story, Talk
from credo.demo.wording import Writer

_LEFT_ALONE = timedelta(days=9)
_Do = Callable[[Stage], Awaitable[None]]


class Teller:
    """Tells scenes."""

    def __init__(self, hours: Hours, writer: Writer, pick: random.Random) -> None:
        self.hours, self.writer, self.pick = hours, writer, pick

    def tell(self, scene: Scene, customer: Customer, start: datetime, *, slow: bool = False) -> Story:
        """One conversation from `start` until now; a `slow` one is answered later than usual."""
        owner = self.pick.choice(_who_can(scene))
        words = self._words(scene, customer, owner)
        talk = Talk(customer, scene.mailbox, owner, self.writer.fresh(scene.subject, words), words=words)
        acts: list[Act] = []
        moment = start
        for number, part in enumerate(self._parts(scene)):
            first = number == 0
            if part.who == "customer":
                moment = moment if first else self.hours.awake(moment + self.hours.between(1.5, 40))
                acts.append(Act(moment, self._letter(talk, part, again=not first)))
                acts += self._taken_up(talk, moment, slow) if first else ()
            else:
                asked, moment = moment, self.hours.after(moment, self._pause(number, slow))
                acts += self._answered(talk, part, asked, moment, scene.tags if number == 1 else ())
        if moment < self.hours.now:
            acts += self._ended(talk, part.who == "colleague", moment)
        return Story(customer.address, [act for act in acts if act.at < self.hours.now])

    def _parts(self, scene: Scene) -> list[Part]:
        """The scene, sometimes without its last words: not everybody says thank you."""
        parts = list(scene.parts)
        if len(parts) > 2 and parts[-1].who == "customer" and self.pick.random() < 0.4:
            parts.pop()
        return parts

    def _pause(self, number: int, slow: bool) -> timedelta:
        if slow:
            return self.hours.between(1.0, 4.2) if number == 1 else self.hours.between(3, 8)
        late = self.pick.random() < 0.04
        return self.hours.between(4.1, 6.5) if late else self.hours.between(0.2, 3.7 if number == 1 else 7)

    def _letter(self, talk: Talk, part: Part, *, again: bool) -> _Do:
        language = talk.customer.language
        hello = self.writer.choose((HELLO_AGAIN if again else HELLO)[language])
        bye = "" if again and self.pick.random() < 0.4 else self.writer.choose(BYE[language])
        name = self.pick.choice((talk.customer.name, talk.customer.first)) if bye else talk.customer.first
        text = self._said(hello, self.writer.fresh(part.text, talk.words), f"{bye}\n{name}".strip(), talk)
        return letter(talk, text, self._files(part, talk), self._verdict())

    def _answered(self, talk: Talk, part: Part, asked: datetime, moment: datetime, tags: tuple[str, ...]) -> list[Act]:
        """The colleague's answer, and before the first one: tags, now and then a word among colleagues."""
        language, owner = talk.customer.language, talk.owner
        hello = self.writer.choose(ANSWER_HELLO[language])
        bye = f"{self.writer.choose(ANSWER_BYE[language])}\n{owner.first}"
        text = self._said(hello, self.writer.fresh(part.text, talk.words), bye, talk)
        then = "open" if "open" in part.notes else "waiting"
        acts = [Act(moment, lambda stage: stage.answer(talk, text, then))]  # type: ignore[arg-type]
        if tags:
            acts.append(Act(moment - timedelta(seconds=self.pick.randrange(70, 200)), _taken_over(talk, tags)))
        if self.pick.random() < 0.13:
            acts.append(self._noted(talk, moment - (moment - asked) * self.pick.uniform(0.2, 0.6)))
        return acts

    def _taken_up(self, talk: Talk, moment: datetime, slow: bool) -> list[Act]:
        """Most are given to somebody soon; of the newest a good part has nobody yet."""
        if self.pick.random() < (0.5 if slow else 0.3):
            return []
        lead = COLLEAGUES[1] if talk.box == "trade" else self.pick.choice((COLLEAGUES[0], talk.owner))
        at = self.hours.after(moment, timedelta(minutes=self.pick.randrange(2, 12)))
        acts = [Act(at, lambda stage: stage.assign(talk, lead, talk.owner))]
        if self.pick.random() < 0.6:
            acts.append(Act(at + timedelta(minutes=2), lambda stage: stage.read_by(talk, talk.owner)))
        return acts

    def _noted(self, talk: Talk, at: datetime) -> Act:
        by = self.pick.choice([one for one in COLLEAGUES if one is not talk.owner and talk.box in one.works])
        text = self.writer.write(self.writer.choose(list(NOTES[talk.box])), {**talk.words, "owner": talk.owner.first})
        return Act(at, lambda stage: stage.note(talk, by, text))

    def _ended(self, talk: Talk, answered: bool, moment: datetime) -> list[Act]:
        """How it ends: solved soon, put aside, or left alone until somebody tidies up."""
        chance = self.pick.random()
        recent = self.hours.now - moment < timedelta(days=4)
        if answered and chance < (0.28 if recent else 0.07):
            until = moment + timedelta(days=self.pick.randrange(2, 6))
            return [
                Act(moment + timedelta(minutes=3), lambda stage: stage.snooze(talk, talk.owner, until)),
                Act(until, lambda stage: stage.wake()),
                Act(self.hours.after(until, self.hours.between(0.2, 3)), lambda stage: stage.solve(talk, talk.owner)),
            ]
        if answered and chance < 0.35:
            tidied = self.hours.after(moment + _LEFT_ALONE, self.hours.between(0.5, 8))
        else:
            tidied = self.hours.after(moment, self.hours.between(0.1, 5))
        return [Act(tidied, lambda stage: stage.solve(talk, talk.owner))]

    def _said(self, hello: str, text: str, bye: str, talk: Talk) -> str:
        head = self.writer.write(hello, talk.words)
        body = _after_comma(text) if talk.customer.language == "de" and head.endswith(",") else text
        return "\n\n".join(part for part in (head, body, bye) if part)

    def _files(self, part: Part, talk: Talk) -> tuple[File, ...]:
        if "photo" in part.notes:
            names = ("IMG_{}.png", "photo-{}.png", "lamp_{}.png", "20261{}.png")
            name = self.pick.choice(names).format(self.pick.randrange(1000, 9999))
            shown = "inline-photo" if talk.customer.manners == "web" and self.pick.random() < 0.4 else ""
            return (File(name, "image/png", files.photo(self.pick.randrange(12)), shown),)
        if "pdf" in part.notes:
            lines = [
                f"{talk.customer.company or talk.customer.name}, {talk.customer.city}",
                "",
                f"12 x {talk.words['short']}",
            ]
            name = f"{talk.words['order']}.pdf"
            return (
                File(
                    name,
                    "application/pdf",
                    files.pdf(talk.words["order"], [*lines, "", "Signed: " + talk.customer.name]),
                ),
            )
        if talk.customer.company and talk.customer.manners == "office" and self.pick.random() < 0.3:
            return (File("logo.png", "image/png", files.mark(len(talk.customer.company)), "logo"),)
        return ()

    def _verdict(self) -> str:
        return "verified" if self.pick.random() < 0.9 else "unknown"

    def _words(self, scene: Scene, customer: Customer, owner: Colleague) -> dict[str, str]:
        language, number = scene.language, self.pick.randrange(len(LAMPS))
        price = self.pick.choice((49, 79, 89, 119, 129, 149, 189, 219, 249, 289))
        return {
            "short": LAMPS[number],
            "lamp": _lamp(language, number),
            "room": self.pick.choice(ROOMS[language]),
            "day": self.pick.choice(DAYS[language]),
            "order": f"LL-{self.pick.randrange(3100, 4790)}",
            "carrier": self.pick.choice(CARRIERS),
            "amount": f"€{price}" if language == "en" else f"{price},00 €",
            "street": self.pick.choice(STREETS[language]),
            "city": customer.city if scene.mailbox == "trade" else self.pick.choice(CITIES[language]),
            "first": customer.first,
            "formal": customer.formal,
            "colleague": owner.first,
        }


def _who_can(scene: Scene) -> list[Colleague]:
    """Who answers: those of the mailbox who speak the language, else whoever helps out there."""
    able = [one for one in COLLEAGUES[1:] if scene.mailbox in one.works and scene.language in one.speaks]
    return [one for one in able if one.works[0] == scene.mailbox] or able


def letter(talk: Talk, text: str, attached: tuple[File, ...] = (), verdict: str = "verified", **more: object) -> _Do:
    """The customer's next mail in a talk, answering the last one if there is one."""

    async def arrive(stage: Stage) -> None:
        again = bool(talk.sent)
        made = Letter(
            customer=talk.customer,
            to=stage.boxes[talk.box].address,
            subject=f"{_RE[talk.customer.language]}{talk.subject}" if again else talk.subject,
            text=text,
            at=clock.now() - timedelta(seconds=stage.pick.randrange(2, 9)),
            message_id=stage.message_id(talk.customer),
            references=tuple(talk.sent),
            quoted=talk.last,
            files=attached,
        )
        await stage.arrives(talk, replace(made, **more), verdict)  # type: ignore[arg-type]

    return arrive


_RE = {"en": "Re: ", "de": "AW: ", "es": "RE: ", "fr": "Re: "}


def _taken_over(talk: Talk, names: tuple[str, ...]) -> _Do:
    async def take(stage: Stage) -> None:
        await stage.assign(talk, talk.owner, talk.owner)
        if stage.pick.random() < 0.75:
            await stage.tag(talk, talk.owner, names)

    return take


def _after_comma(text: str) -> str:
    """German goes on in small letters after the greeting, unless a noun or the polite you begins."""
    word = text.split(" ", 1)[0].rstrip(",:;.")
    return text[:1].lower() + text[1:] if word in _SMALL else text


_SMALL = frozenset(
    [
        "Ich",
        "Wir",
        "Man",
        "Danke",
        "Heute",
        "Gestern",
        "Unsere",
        "Unser",
        "Meine",
        "Mein",
        "Seit",
        "Die",
        "Der",
        "Das",
        "Dem",
        "Den",
        "Ein",
        "Eine",
        "Einen",
        "Es",
        "Er",
        "Gern",
        "Gut",
        "Wer",
        "Kein",
        "Ab",
        "Damit",
        "So",
        "Schön",
        "Vielen",
        "Gerade",
        "Angemeldet",
        "Abgemeldet",
        "Welche",
        "Welches",
        "Wie",
        "Wo",
        "Wann",
        "Was",
        "Nun",
        "Jetzt",
        "Bei",
        "Für",
        "Auf",
        "Von",
        "Leider",
        "Dann",
        "Angekommen",
        "Alles",
        "Über",
        "Eingetragen",
        "Bestellt",
        "Bestätigt",
        "Schnell",
        "Außen",
        "Gefährlich",
        "Drei",
        "Beim",
        "Im",
        "In",
        "Geht",
        "Hilft",
        "Besser",
        "Ist",
        "Eben",
        "Steht",
        "Eingebaut",
        "Perfekt",
        "Erhalten",
        "Einfach",
        "Haben",
        "Brauchen",
        "Außerdem",
        "Uns",
        "Unserem",
    ]
)


def _lamp(language: str, number: int) -> str:
    kind, name = KINDS[language][number], LAMPS[number]
    return f"{name} {kind}" if language == "en" else f"{kind} {name}"
