"""A first draft from nine plain questions: a starter, with everything that was answered in its place."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import timedelta

from credo.base.errors import Invalid
from credo.philosophy.composing import Composition, Ground, Say
from credo.philosophy.gleaning import again, amount, familiar, figure, is_about_lead, phrases
from credo.philosophy.hearing import promised
from credo.philosophy.problems import _
from credo.philosophy.scribing import comment, flow, lines, quoted
from credo.philosophy.starters import Starter

HOURS = (1, 2, 4, 8, 16)
"""What a first answer may take, in opening hours."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the guided start; `key` names its answer, and `hint` helps to begin."""

    key: str
    text: str
    hint: str


@dataclass(frozen=True, slots=True)
class Answers:
    """What somebody answered, each as they typed it: one thought a line, or nothing."""

    thanked: str = ""
    complained: str = ""
    proud: str = ""
    never: str = ""
    worst_week: str = ""
    decide: str = ""
    talk: str = ""
    know: str = ""
    again: str = ""


QUESTIONS = (
    Question(
        "thanked",
        _("What do people thank you for?"),
        _("The last three kind letters. Use their words, one thought a line."),
    ),
    Question(
        "complained",
        _("What do they complain about?"),
        _("The complaint you know by heart. It becomes something you put an end to."),
    ),
    Question(
        "proud",
        _("What did you do last time that you were proud of?"),
        _("Tell it in two sentences: what was wrong, and what you did. It becomes the example that others learn from."),
    ),
    Question(
        "never",
        _("What will you never do?"),
        _("Also if it sells. Put phrases you never want to read in quotes."),
    ),
    Question(
        "worst_week",
        _("What can you promise in your worst week?"),
        _("Such as: we answer every letter within two working days. Say what, and within how many hours or days."),
    ),
    Question(
        "decide",
        _("Who may decide what?"),
        _("Such as: everybody may refund up to 50 EUR. What is above that, and who is asked?"),
    ),
    Question(
        "talk",
        _("How do you talk?"),
        _("Like whom? Name somebody everybody knows, and how they would say it."),
    ),
    Question(
        "know",
        _("How will you know that it works?"),
        _("Such as: we keep 95 percent of our promises."),
    ),
    Question(
        "again",
        _("When will you look at it again?"),
        _("Such as: every six months. A date works too."),
    ),
)
"""In the order in which they are asked: from what people say about us to what we decide."""

_FIRST = {
    "en": (
        "A person answers within %(hours)s opening hours.",
        "Whoever writes again has an answer within %(hours)s opening hours.",
    ),
    "de": (
        "Ein Mensch antwortet innerhalb von %(hours)s Öffnungsstunden.",
        "Wer noch einmal schreibt, hat innerhalb von %(hours)s Öffnungsstunden eine Antwort.",
    ),
    "es": (
        "Una persona responde en %(hours)s horas de apertura.",
        "Quien vuelve a escribir tiene respuesta en %(hours)s horas de apertura.",
    ),
}
_ONE_HOUR = {
    "en": "A person answers within one opening hour.",
    "de": "Ein Mensch antwortet innerhalb einer Öffnungsstunde.",
    "es": "Una persona responde en una hora de apertura.",
}


class HoursNotOffered(Invalid):
    """Choose one of the times offered."""


def begin(
    starter: Starter,
    ground: Ground,
    answers: Answers,
    say: Say = str,
    *,
    hours: int | None = None,
    published: bool = False,
) -> str:
    """A draft in the language of `starter`; it loads whatever was typed, and keeps all of it.

    `say` translates into that language; `hours` is the time for a first answer, one of HOURS; `published` says what
    stands in its head. Raises TooLong.
    """
    draft = Composition(starter, ground, say)
    if published:
        draft.sheet.put("status", "published")
    if hours is not None:
        _answer_within(draft, hours)
    said = {one.name: lines(getattr(answers, one.name)) for one in fields(Answers)}
    asked = {one.key: say(one.text) for one in QUESTIONS}
    thanks = _thanked(draft, asked["thanked"], said["thanked"])
    _complained(draft, asked["complained"], said["complained"], thanks, ground)
    _proud(draft, said["proud"], thanks)
    _never(draft, asked["never"], said["never"])
    _worst_week(draft, asked["worst_week"], said["worst_week"])
    _decide(draft, asked["decide"], said["decide"])
    _talk(draft, said["talk"])
    _know(draft, asked["know"], said["know"])
    _again(draft, asked["again"], said["again"], ground)
    return draft.text()


def _answer_within(draft: Composition, hours: int) -> None:
    if hours not in HOURS:
        raise HoursNotOffered
    one = {language: (_ONE_HOUR[language], texts[1]) for language, texts in _FIRST.items()}
    draft.first_answer(hours, one if hours == 1 else _FIRST)


def _thanked(draft: Composition, question: str, said: list[str]) -> bool:
    """What people thank us for is a value in their words, with a principle for each thought."""
    if not said:
        return False
    name, statement = _("What people thank us for"), _("What people thank us for is what we want to stay.")
    value = draft.value("own-thanks", draft.say(name), draft.say(statement), "nine-questions")
    for number, line in enumerate(draft.few(question, said), 1):
        draft.principle(f"own-thanks-{number}", value, line)
    return True


def _complained(draft: Composition, question: str, said: list[str], thanks: bool, ground: Ground) -> None:
    """A complaint is the reason of a principle, and a plan with a day puts an end to it."""
    value = "own-thanks" if thanks else draft.first_value
    for number, line in enumerate(draft.few(question, said), 1):
        id = f"own-complaint-{number}"
        draft.principle(id, value, draft.say(_("What people complain about, we put an end to.")), why=line)
        plan = draft.say(_("Find the cause of “%(complaint)s” and end it")) % {"complaint": line}
        due = (ground.today + timedelta(days=90)).isoformat()
        owner = {"owner": lines(ground.people[0])[0]} if ground.people and lines(ground.people[0]) else {}
        draft.add("strategy/initiatives", {"id": id, "serves": id, "do": plan, **owner, "due": due})


def _proud(draft: Composition, said: list[str], thanks: bool) -> None:
    """The story is the good example of a behaviour, which is taught."""
    if not said:
        return
    behaviour = {
        "id": "own-proud",
        "serves": "own-thanks-1" if thanks else draft.first_principle,
        "level": "should",
        "who": ["agent"],
        "when": "reply.words > 25",
        "then": draft.say(_("Look after people as we did when we were proud of it.")),
        "observe": "reply.restates_issue && reply.has_next_step",
        "coach": {"at": "compose", "as": "hint", "say": draft.say(_("Do it as you did when you were proud of it."))},
        "qa": {"weight": 1, "scale": "0-2"},
        "good": " ".join(said),
    }
    draft.add("practice/behaviours", behaviour)
    draft.sheet.add(
        "practice/training/modules", [f"- {flow({'id': 'own-story', 'teaches': ['own-proud'], 'cards': 3})}"]
    )


def _never(draft: Composition, question: str, said: list[str]) -> None:
    draft.nevers("own", draft.few(question, said))
    draft.avoid([phrase for line in said for phrase in phrases(line)])


def _worst_week(draft: Composition, question: str, said: list[str]) -> None:
    """A promise needs a time that was said for sure; else it is asked for again, on top."""
    for line in dict.fromkeys(said):
        if found := promised(line):
            draft.promise(found)
        else:
            by_when = _("By when? Write it with hours or working days.")
            draft.leave(f"{question} {draft.say(by_when)}", [line])


def _decide(draft: Composition, question: str, said: list[str]) -> None:
    """Each line is a rule; a sum in it is how far the right goes."""
    limited: set[str] = set()
    for number, line in enumerate(draft.few(question, said), 1):
        draft.rule(f"own-decides-{number}", draft.deciding, "may", line)
        role = "lead" if is_about_lead(line) else "agent"
        if (limit := amount(line)) and role not in limited:
            limited.add(role)
            draft.limit(role, limit)


def _talk(draft: Composition, said: list[str]) -> None:
    if not said:
        return
    draft.sheet.put("practice/voice/character", quoted(" ".join(said)))
    if form := next((form for line in said if (form := familiar(line, draft.language))), ""):
        draft.sheet.change("practice/voice/address_form", rf"\b{draft.language}: (\w+)", form)


def _know(draft: Composition, question: str, said: list[str]) -> None:
    """A figure goes into the goal on it; what has none is asked for again."""
    for line in dict.fromkeys(said):
        found = figure(line)
        goal = draft.goal_for(found.metric) if found else ""
        if not found:
            draft.leave(question, [line])
        elif goal:
            draft.sheet.change(f"strategy/goals/{goal}", r'target: "([^"]+)"', f">= {found.share}")
            draft.sheet.above(f"strategy/goals/{goal}", comment(line))
        else:
            data = {"id": f"own-goal-{found.metric.replace('_', '-')}", "metric": found.metric}
            if draft.sheet.has(f"strategy/goals/{data['id']}"):
                draft.leave(question, [line])
                continue
            written = {**data, "serves": draft.first_principle, "target": f">= {found.share}"}
            draft.sheet.add("strategy/goals", [*comment(line), f"- {flow(written)}"])


def _again(draft: Composition, question: str, said: list[str], ground: Ground) -> None:
    found = again(" ".join(said), ground.today)
    if not found:
        draft.leave(question, said)
        return
    draft.sheet.change("governance/review", r"every: (\w+)", found.every)
    draft.sheet.change("governance/review", r"next: ([\w-]+)", found.next.isoformat())
    draft.sheet.above("governance/review", [line for one in said for line in comment(one)])
