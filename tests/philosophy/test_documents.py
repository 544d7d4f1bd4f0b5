"""Whole documents: the two of the plan with what is said of them, the demo desk's, and what they read as."""

from __future__ import annotations

import os
import time
from importlib.resources import files
from pathlib import Path

import msgspec
import pytest

from credo.calendars import Window
from credo.philosophy import Philosophy, examine, load
from credo.philosophy.asking import condition
from philosophy.whole import WHOLE

DEMO = files("credo").joinpath("demo/lumen-lamps.yaml").read_text("utf-8")
SKETCHES = (
    Path(os.environ.get("CREDO_CORPORA") or Path(__file__).parents[3] / "shared" / "data").parent
    / "design"
    / "sketches"
)

# The plan reports that three public promises of the shop have no remedy; missing pieces are another room's to tell.
NO_REMEDY = (
    "This promise is public, but nothing happens when it is broken. — write it like “if_broken: [{do: apologise}]”"
)
# Four sections are read and checked before anything acts on them: nothing is silently ignored.
WAITING = "These parts are read and checked, and do not work yet"
# Promises whose clock or facts are not built wait, and each says for what.
CLOCK = "does not run yet, so this promise waits."
FACT = "cannot be known yet, so this promise waits for conditions."
# A metric of one's own is allowed, and a skill may exist that nobody trains: both are worth a word.
OWN = ("Nothing measures “touches_per_claim” yet", "No skill “trade” is declared in practice.training.skills.")


def sketch(name: str) -> str:
    """A document of the plan."""
    if not (SKETCHES / name).exists():
        pytest.skip("left out: the documents of the plan are not here")
    return (SKETCHES / name).read_text("utf-8")


def test_the_shop_of_the_plan() -> None:
    found = load(sketch("shop.yaml"))
    notes = [note.said() for note in found.notes]
    assert [note.path.split("/")[1] for note in found.notes if NO_REMEDY in note.said()] == [
        *("chat-answer", "refund-5", "proactive-delay")
    ]
    justified = (NO_REMEDY, WAITING, CLOCK, FACT, *OWN)
    assert [note for note in notes if not any(words in note for words in justified)] == []
    assert len(found.notes) == 16
    assert [promise.id for promise in found.promises if promise.runs] == ["first-answer", "chat-answer"]
    assert len(found.practice.behaviours) == 12 and len(found.measurement.surveys) == 4


def test_the_two_person_company_of_the_plan() -> None:
    found = load(sketch("saas.yaml"))
    assert [promise.id for promise in found.promises if promise.runs] == ["one-day"]
    said = [note.said() for note in found.notes]
    assert [one for one in said if not any(words in one for words in (NO_REMEDY, WAITING, CLOCK, FACT))] == []
    assert len(said) == 8
    assert found.policy.decision_rights[0].up_to == "1 month"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            'coach: {at: send, as: warn, say: "This may read as blame."}',
            "coach: {at: send, as: block, say: no}",
            "ticket.complaint is an estimate; only facts may block, refuse, auto-fail or start money. "
            "Use a hint or ask a person.",
        ),
        (
            "  rules:\n",
            "    - {id: tired, serves: human, when: 'agent.hard_minutes_today > 60.0', do: {queue: easy}}\n  rules:\n",
            "agent.hard_minutes_today describes a colleague; allowed only under policy.wellbeing, "
            "and shown only to that person.",
        ),
        (
            "      qa: {weight: 3, scale: 0-2}\n      good:",
            "      qa: {weight: 3, scale: 0-2, critical: customer}\n      good:",
            "customer.emotion is an estimate; only facts may block",
        ),
        (
            "  rules:\n",
            "    - {id: xx, serves: human, when: 'customer.emotoin == \"angry\"', do: {}}\n  rules:\n",
            "“customer.emotoin” is not known — did you mean “customer.emotion”?",
        ),
        (
            "  rules:\n",
            "    - {id: xx, serves: human, when: 'customer.emotion == \"furious\"', do: {}}\n  rules:\n",
            "“furious” is not a value of customer.emotion — possible here: calm, pleased,",
        ),
        (
            "note: Abuse ends the conversation.}",
            "note: Abuse ends the conversation.}\n    - {prefer: bend, over: fair}",
            "Tensions contradict each other around “bend”. — take one of them out",
        ),
        (
            "  - id: first-answer\n    serves: keep-word",
            "  - id: first-answer\n    serves: speedy",
            "There is no principle “speedy” to serve. — possible here: heard, keep-word",
        ),
        (
            "  rules:\n",
            "    - {id: xx, serves: human, when: 'agent.emotion == \"angry\"', do: {}}\n  rules:\n",
            "“agent.emotion” is not known; what a colleague feels is never inferred — did you mean “customer.emotion”?",
        ),
        (
            "target: PT4H, calendar",
            "target: 4 hours, calendar",
            "“4 hours”: A target is written in opening hours like PT4H",
        ),
        (
            "to: 'ticket.confirmed_topic == \"refund\"'",
            "to: 'ticket.topic == \"refund\"'",
            "ticket.topic is an estimate; only facts may block, refuse, auto-fail or start money.",
        ),
    ],
)
def test_each_mistake_of_the_plan_is_told_at_least_as_well(old: str, new: str, told: str) -> None:
    text = sketch("shop.yaml")
    assert old in text
    errors = [one for one in examine(text.replace(old, new, 1)).problems if one.grade == "error"]
    assert any(told in one.said() for one in errors), [str(one) for one in errors]
    assert {one.place.line for one in errors} <= set(range(1, 320))


def test_the_demo_document_is_whole() -> None:
    found = load(DEMO)
    assert all(WAITING in note.said() or CLOCK in note.said() or FACT in note.said() for note in found.notes)
    served = {one.serves for one in (*found.promises, *found.practice.behaviours.values())}
    assert served == set(found.principles)
    training = found.practice.training
    assert training and {id for one in training.modules.values() for id in one.teaches} == set(
        found.practice.behaviours
    )
    assert set(found.governance.golden) == {"cracked-before-dinner", "quiet-regular"}


def test_every_section_is_read() -> None:
    found = load(WHOLE)
    assert found.languages == ("en", "de") and found.zone == "Europe/Lisbon"
    behaviour = found.practice.behaviours["no-cards"]
    assert behaviour.coach and (behaviour.coach.at, behaviour.coach.as_) == ("send", "block")
    assert behaviour.qa and (behaviour.qa.weight, behaviour.qa.scale, behaviour.qa.critical) == (5, "0-1", "compliance")
    voice = found.practice.voice
    assert voice and voice.dimensions and voice.dimensions.respectful == 5 and voice.say[0].not_ == "vessel"
    assert voice.shifts[0].set and voice.shifts[0].set.funny == 1
    goal = found.strategy.goals["quick"]
    assert (goal.metric, goal.target, goal.guard) == ("handle_time", "<= 9", "qa_score")
    assert found.strategy.initiatives["signs"].expects and found.strategy.departments[0].within == "PT30M"
    assert found.policy.calendars["pier"].hours[6] == (Window(360, 1320),)
    assert found.policy.routing["stranded"].do == {"priority": "urgent", "skill": "refunds"}
    assert found.policy.privacy and found.policy.privacy.rights == {"access": "P30D", "erasure": "P30D"}
    assert found.policy.wellbeing and found.policy.wellbeing.suggest_break_when == ("agent.hard_in_a_row >= 3",)
    survey = found.measurement.surveys["after"]
    assert (survey.kind, survey.sample, survey.ask) == ("csat", 0.5, {"en": "Were we there for you?"})
    golden = found.governance.golden["storm-mail"]
    assert golden.given["customer.emotion_strength"] == 0.9 and golden.expect == ("name-it", "promises/an-hour")
    assert [(act.do, act.at, act.who) for act in found.promises[0].if_at_risk] == [("notify", "75%", "owner")]
    assert [act.up_to for act in found.promises[0].if_broken] == ["", "10 EUR"]


def test_places_are_those_of_problems() -> None:
    found = load(WHOLE)
    line, column = found.places["practice/behaviours/no-cards"]
    assert WHOLE.splitlines()[line - 1][column - 1 :] == "id: no-cards"
    line, column = found.places["practice/behaviours/no-cards/when"]
    assert WHOLE.splitlines()[line - 1][column - 1 :].startswith("'reply.card_numbers")
    assert found.places["philosophy/tensions/1"].line == 17


def test_records_are_plain_enough_for_json() -> None:
    found = load(WHOLE)
    for section in (found.practice, found.strategy, found.policy, found.measurement, found.governance):
        assert msgspec.json.decode(msgspec.json.encode(section), type=type(section)) == section


def test_conditions_spelled_in_blocks_become_the_same_text() -> None:
    blocks = "{all: [{reply.card_numbers: {'>': 0}}, {any: [{ticket.status: solved}, {ticket.waiting_h: {'>': 4}}]}]}"
    found = load(WHOLE.replace("when: 'reply.card_numbers > 0'", f"when: {blocks}"))
    text = found.practice.behaviours["no-cards"].when
    assert text == 'reply.card_numbers > 0 && (ticket.status == "solved" || ticket.waiting_h > 4.0)'
    assert condition(text) is condition(text)


def test_an_overlay_is_partial() -> None:
    found = load(
        "format: philosophy/1\nid: night\noverlay: {of: ferry-tickets, team: night}\n"
        "practice:\n  behaviours:\n    - {id: name-it, level: must}\n"
    )
    assert found.overlay and (found.overlay.of, found.overlay.team) == ("ferry-tickets", "night")
    assert found.practice.behaviours["name-it"].level == "must"
    assert "practice/behaviours/name-it/level" in found.places
    assert "practice/behaviours/name-it/when" not in found.places
    assert found.notes == ()


def test_a_document_takes_less_than_a_second(capsys: pytest.CaptureFixture[str]) -> None:
    load(DEMO)  # the library of holidays is loaded once
    start, began = time.process_time(), time.perf_counter()
    load(DEMO)
    spent, passed = time.process_time() - start, time.perf_counter() - began
    with capsys.disabled():
        lines = len(DEMO.splitlines())
        work, clock = (f"{seconds * 1000:.0f} ms" for seconds in (spent, passed))
        print(f"\nphilosophy: {lines} lines read and checked in {work} of work, {clock} by the clock")
    assert spent < 1


def test_what_is_read_is_a_philosophy() -> None:
    assert isinstance(examine(WHOLE).philosophy, Philosophy)
