"""Nine answers make a draft: everything typed is kept, in its place or on top, and the draft always loads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credo.calendars.opening import Opening
from credo.philosophy import Philosophy, load
from credo.philosophy.beginning import HOURS, QUESTIONS, Answers, HoursNotOffered, begin
from credo.philosophy.composing import Ground, TooLong
from credo.philosophy.problems import Problems
from credo.philosophy.scribing import lines
from credo.philosophy.source import plain, read
from credo.philosophy.starters import KEYS, LANGUAGES, starter

TODAY = date(2026, 11, 27)
OPENING = Opening((0, 1, 5), "08:00", "12:30", "Europe/Lisbon", "PT")
GROUND = Ground('Ann\'s "Lamps": #1', OPENING, ("Ana Sousa", "bo@lamps.example"), TODAY)
ANSWERS = Answers(
    thanked="You answer like a person\nIt just works",
    complained="Nobody told me that the parcel was late",
    proud="A lamp broke before a wedding. Ana drove there at night.",
    never='We never sell addresses\nWe never write "as the customer should know"',
    worst_week="We answer every letter within two working days.\nIn the chat we reply within 30 minutes.\nQuick help!",
    decide="Everybody may refund up to 80 €\nAbove that, up to 1,500 euros, the boss decides",
    talk="Like Ana on the telephone",
    know="97 % of our promises are kept\nPeople smile",
    again="Every three months",
)


def test_each_answer_lands_where_it_works() -> None:
    text = begin(starter("shop", "en"), GROUND, ANSWERS)
    found = load(text)
    assert found.title == 'How we look after people at Ann\'s "Lamps": #1'
    assert found.principles["own-thanks-2"].statement == "It just works"
    assert found.principles["own-complaint-1"].why == "Nobody told me that the parcel was late"
    assert found.strategy.initiatives["own-complaint-1"].owner == "Ana Sousa"
    assert found.practice.behaviours["own-proud"].good.startswith("A lamp broke")
    assert found.policy.rules["own-never-1"].kind == "must_not"
    assert found.practice.voice
    assert "as the customer should know" in found.practice.voice.avoid
    assert found.practice.voice.character == "Like Ana on the telephone"
    assert [one.up_to for one in found.policy.decision_rights] == ["80 EUR", "1500 EUR"]
    assert found.strategy.goals["kept"].target == ">= 0.97"
    review = found.governance.review
    assert review
    assert (review.every, review.next) == ("P3M", "2027-02-27")
    assert found.governance.owner == "Ana Sousa"
    assert found.governance.approve["promises"] == ("Ana Sousa", "bo@lamps.example")


def test_a_promise_for_the_worst_week_replaces_ours() -> None:
    found = load(begin(starter("shop", "en"), GROUND, ANSWERS))
    promises = {one.id: one for one in found.promises}
    assert promises["first-answer"].text == {"en": "We answer every letter within two working days."}
    assert (promises["first-answer"].target, promises["first-answer"].calendar) == ("P2D", "desk")
    assert (promises["own-promise-1"].clock, promises["own-promise-1"].target) == ("first_human_reply", "PT30M")
    assert promises["own-promise-1"].to == 'ticket.channel in ["chat"]'
    assert promises["own-promise-1"].if_broken


def test_the_hours_are_those_of_the_desk() -> None:
    plan = load(begin(starter("hotel", "en"), GROUND, Answers())).calendars["desk"]
    assert (plan.zone, plan.codes) == ("Europe/Lisbon", ("PT",))
    assert {day: [str(one) for one in windows] for day, windows in plan.hours.items()} == {
        day: ["08:00-12:30"] for day in (0, 1, 5)
    }
    without = replace(GROUND, opening=replace(OPENING, region=""))
    assert load(begin(starter("hotel", "en"), without, Answers())).calendars["desk"].codes == ()


def test_days_of_plans_lie_ahead() -> None:
    for today in (date(2026, 1, 31), TODAY, date(2031, 12, 31)):
        found = load(begin(starter("software", "en"), replace(GROUND, today=today), Answers()))
        assert all(one.by > today.isoformat() for one in found.strategy.goals.values())
        assert all(one.due > today.isoformat() for one in found.strategy.initiatives.values())


def test_what_has_no_place_is_asked_for_again_on_top() -> None:
    head = begin(starter("two", "en"), GROUND, ANSWERS).partition("format:")[0]
    assert "#   Quick help!" in head
    assert "#   People smile" in head
    assert "By when?" in head


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_comments_stay(key: str, language: str) -> None:
    before = [line.strip() for line in starter(key, language).text.splitlines() if line.strip().startswith("#")]
    after = [line.strip() for line in begin(starter(key, language), GROUND, ANSWERS).splitlines()]
    assert [line for line in before if line not in after] == []


@pytest.mark.parametrize("hours", HOURS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_first_answer_within_some_hours(hours: int, language: str) -> None:
    for key in KEYS:
        found = load(begin(starter(key, language), GROUND, Answers(), hours=hours))
        running = [one.target for one in found.promises if one.runs]
        assert running[:2] == [f"PT{hours}H", f"PT{2 * hours}H"]
        assert found.promises[0].words(language, language) != found.promises[0].words("xx", "en") or language == "en"


def test_hours_that_are_not_offered_are_refused() -> None:
    with pytest.raises(HoursNotOffered):
        begin(starter("shop", "en"), GROUND, Answers(), hours=3)


def test_every_question_has_its_answer() -> None:
    assert [one.key for one in QUESTIONS] == [one.name for one in fields(Answers)]


def test_a_book_is_too_long() -> None:
    with pytest.raises(TooLong):
        begin(starter("shop", "en"), GROUND, Answers(thanked="kind words\n" * 20_000))


@pytest.mark.parametrize(
    ("language", "answers", "target"),
    [
        ("de", Answers(worst_week="Wir antworten auf jeden Brief innerhalb von zwei Werktagen."), "P2D"),
        ("es", Answers(worst_week="Respondemos a cada carta en un plazo de tres días laborables."), "P3D"),
    ],
)
def test_it_understands_the_language_of_the_desk(language: str, answers: Answers, target: str) -> None:
    assert load(begin(starter("clinic", language), GROUND, answers)).promises[0].target == target


def test_familiar_address_is_noticed() -> None:
    voice = load(begin(starter("two", "de"), GROUND, Answers(talk="Wir duzen alle."))).practice.voice
    assert voice
    assert voice.address_form["de"] == "du"


SENTENCES = st.sampled_from(
    [line for one in fields(Answers) for line in getattr(ANSWERS, one.name).splitlines()]
    + [
        '"',
        "- x: y",
        "#",
        "{a: [b",
        "Wir antworten in 2 Tagen",
        "50 EUR und 60 EUR",
        "2027-02-30",
        "99999 %",
        "\u2028",
        "null",
    ]
)
TYPED = st.lists(st.text() | SENTENCES, max_size=16).map("\n".join)
ANY = st.builds(Answers, *[TYPED for _ in fields(Answers)])


@given(key=st.sampled_from(KEYS), language=st.sampled_from(LANGUAGES), answers=ANY, name=st.text(), person=st.text())
@settings(max_examples=60, deadline=None)
def test_whatever_is_typed_loads_and_is_kept(key: str, language: str, answers: Answers, name: str, person: str) -> None:
    text = begin(starter(key, language), replace(GROUND, name=name, people=(person, "Bo")), answers)
    assert isinstance(load(text), Philosophy)
    said, comments = set(_texts(plain(read(text, Problems())))), _comments(text)
    joined = " ".join(said)
    for one in fields(answers):
        for line in lines(getattr(answers, one.name)):
            assert line in joined or line in comments


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, str):
        yield value


def _comments(text: str) -> set[str]:
    return {line.strip().removeprefix("#").strip() for line in text.splitlines() if line.strip().startswith("#")}
