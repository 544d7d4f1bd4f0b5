"""The documents to start from: whole, without a mistake, alike in every language, and each its own."""

from __future__ import annotations

import re

import pytest

from credo.philosophy import Philosophy
from credo.philosophy.conflicts import conflicts
from credo.philosophy.golden import run
from credo.philosophy.missing import facets, missing
from credo.philosophy.problems import Problems
from credo.philosophy.source import plain, read
from credo.philosophy.starters import KEYS, LANGUAGES, Starter, UnknownStarter, starter, starters

ALL = [starter(key, language) for key in KEYS for language in LANGUAGES]
each = pytest.mark.parametrize("one", ALL, ids=lambda one: f"{one.key}-{one.language}")
WAITING = re.compile(r"waits|do not work yet|does not pause yet")
MEANT_FOR_PROGRAMS = {
    "id",
    "serves",
    "when",
    "to",
    "observe",
    "match",
    "metric",
    "target",
    "clock",
    "calendar",
    "level",
}


@each
def test_it_has_no_mistake_and_waits_only_for_rooms_that_are_not_built(one: Starter) -> None:
    assert [str(note) for note in one.read().notes if not WAITING.search(note.cause)] == []


@each
def test_nothing_is_missing_nothing_is_unsettled_and_its_cases_come_out_as_agreed(one: Starter) -> None:
    found = one.read()
    assert [piece.said() for piece in missing(found)] == []
    assert [conflict.said() for conflict in conflicts(found).unsettled()] == []
    assert list(run(found)) == []
    assert all(facet.written and facet.taught and facet.seen for facet in facets(found).values())


@each
def test_every_section_is_filled(one: Starter) -> None:
    found = one.read()
    policy, practice = found.policy, found.practice
    assert found.purpose
    assert found.tensions
    assert practice.voice
    assert practice.training
    assert found.strategy.personas
    assert found.strategy.initiatives
    assert policy.routing
    assert policy.rules
    assert policy.decision_rights
    assert policy.automation
    assert policy.privacy
    assert policy.dilemmas
    assert found.measurement.surveys
    assert found.measurement.reviews
    assert found.governance.review
    assert found.governance.golden


@each
def test_every_principle_is_seen_taught_measured_and_served(one: Starter) -> None:
    found = one.read()
    taught = _taught(found)
    for id in found.principles:
        behaviours = [each for each in found.practice.behaviours.values() if each.serves == id]
        assert behaviours, f"nobody can see {id}"
        assert any(each.id in taught for each in behaviours), f"nobody learns {id}"
        assert id in _measured(found), f"nobody measures {id}"
        assert id in _planned(found), f"no rule and no plan serves {id}"


@each
def test_promises_have_consequences_and_musts_have_reminders(one: Starter) -> None:
    found = one.read()
    for promise in found.promises:
        assert promise.public
        assert promise.if_broken
        assert set(promise.text) == set(LANGUAGES)
    for behaviour in found.practice.behaviours.values():
        assert behaviour.coach or behaviour.level != "must"
        assert behaviour.qa
        assert behaviour.id in _taught(found)


@each
def test_its_head_says_who_it_is_for_and_how_long_it_takes(one: Starter) -> None:
    assert 3 < len(one.name) < 30
    assert one.whom.endswith(".")
    assert one.size.endswith(".")
    assert 10 <= one.minutes <= 60
    assert one.text.count("#") > 25, "too few lines that teach"


@each
def test_first_answers_are_promised_by_mail_and_run(one: Starter) -> None:
    found = one.read()
    running = [promise for promise in found.promises if promise.runs]
    assert [promise.id for promise in running][:2] == ["first-answer", "next-answer"]
    assert all(promise.condition().holds({"ticket.channel": "email"}) for promise in running[:2])


@pytest.mark.parametrize("key", KEYS)
def test_every_language_says_the_same_in_other_words(key: str) -> None:
    trees = [plain(read(starter(key, language).text, Problems())) for language in LANGUAGES]
    bones = [_bones(tree) for tree in trees]
    assert bones[0] == bones[1] == bones[2]
    statements = [
        {one.statement for one in starter(key, language).read().principles.values()} for language in LANGUAGES
    ]
    assert not statements[0] & statements[1]
    assert not statements[0] & statements[2]
    assert not statements[1] & statements[2]


def test_no_two_say_the_same() -> None:
    for language in LANGUAGES:
        said = [one.statement for each in starters(language) for one in each.read().principles.values()]
        assert len(said) == len(set(said))
        assert len({each.read().purpose for each in starters(language)}) == len(KEYS)


def test_customers_are_addressed_with_respect() -> None:
    for one in ALL:
        for promise in one.read().promises:
            assert not re.search(r"\b(du|dich|dir|dein\w*|euch|euer)\b", promise.text["de"], re.IGNORECASE)
            assert not re.search(r"\b(tú|tu|tus|te|ti|vuestr\w+)\b", promise.text["es"], re.IGNORECASE)


def test_a_language_without_documents_gets_the_english_ones() -> None:
    assert starter("shop", "fr") == starter("shop", "en")
    with pytest.raises(UnknownStarter):
        starter("bakery", "en")


def _taught(found: Philosophy) -> set[str]:
    training = found.practice.training
    return {id for module in training.modules.values() for id in module.teaches} if training else set()


def _measured(found: Philosophy) -> set[str]:
    goals, surveys = found.strategy.goals.values(), found.measurement.surveys.values()
    return {one.serves for one in (*goals, *surveys)}


def _planned(found: Philosophy) -> set[str]:
    policy, strategy = found.policy, found.strategy
    several = (*policy.routing.values(), *policy.rules.values(), *policy.decision_rights)
    plans = (*strategy.initiatives.values(), *strategy.departments)
    alone = (policy.automation, policy.privacy, policy.wellbeing)
    return {one.serves for one in (*several, *plans, *alone) if one}


def _bones(value: object, key: str = "") -> object:
    """What programs read; words are taken out."""
    if isinstance(value, dict):
        return {
            name: _bones(one, str(name)) for name, one in value.items() if name not in ("zone", "holidays", "languages")
        }
    if isinstance(value, list):
        return [_bones(one, key) for one in value]
    return value if key in MEANT_FOR_PROGRAMS or not isinstance(value, str) else "…"
