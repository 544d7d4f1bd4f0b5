"""Everything a condition may ask for is graded, said in three languages, and says whether it is known today."""

from __future__ import annotations

from collections import Counter

import pytest

from credo.conditions import sentence
from credo.philosophy import VOCABULARY
from credo.philosophy.asking import condition
from credo.philosophy.vocabulary import FEELINGS_OF_COLLEAGUES, OPEN_TO_ALL, waits_for

FIELDS = list(VOCABULARY.fields.values())
LANGUAGES = ("en", "de", "es")
VALUES = {"int": "1", "double": "0.5", "string": '"x"', "timestamp": 'timestamp("2026-12-01T09:00:00Z")'}


def test_there_are_those_of_the_plan() -> None:
    assert len(FIELDS) == 82
    assert Counter(one.grade for one in FIELDS) == {"fact": 52, "estimate": 28, "judgement": 2}
    assert {one.name for one in FIELDS if one.grade == "judgement"} == {"customer.vulnerable", "customer.abusive"}
    assert {one.subject for one in FIELDS} == {one.name.partition(".")[0] for one in FIELDS}


def test_what_a_colleague_feels_is_no_field() -> None:
    assert "agent.emotion" in FEELINGS_OF_COLLEAGUES
    assert not any(name in VOCABULARY for name in FEELINGS_OF_COLLEAGUES)
    assert all(name in VOCABULARY for name in OPEN_TO_ALL)


def test_channels_are_those_that_messages_come_by() -> None:
    field = VOCABULARY.get("ticket.channel")
    assert field and {"sms", "telegram", "api", "email", "chat", "form"} <= set(field.values)


def test_two_are_known_today_and_every_other_one_waits_for_a_room() -> None:
    assert [one.name for one in FIELDS if not waits_for(one.name)] == ["ticket.channel", "ticket.status"]
    assert waits_for("customer.emotion") == "listening"


@pytest.mark.parametrize("field", FIELDS, ids=lambda one: one.name)
def test_each_is_said_in_three_languages(field: object) -> None:
    one = VOCABULARY.fields[field.name]  # type: ignore[attr-defined]
    assert set(one.names) == set(LANGUAGES) and len(set(one.names.values())) == 3
    assert set(one.denials) == (set(LANGUAGES) if one.type == "bool" else set())
    for language in ("de", "es") if one.values else ():
        assert set(one.value_names[language]) == set(one.values)
    for language in LANGUAGES:
        if one.type == "bool":
            asked = [one.name, f"!{one.name}"]
        elif one.type == "list(string)":
            asked = [f'"x" in {one.name}']
        else:
            value = f'"{one.values[0]}"' if one.values else VALUES[one.type]
            asked = [f"{one.name} == {value}"]
        said = [sentence(condition(text).tree, VOCABULARY, language) for text in asked]
        assert all(words and one.name not in words for words in said)
        assert len(set(said)) == len(said)
