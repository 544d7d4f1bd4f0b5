"""The spelling of forms and the written one mean the same trees."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conditions.chance import Chance
from conditions.words import VOCABULARY
from credo.conditions import BadCondition, from_structure, made, parse, to_structure, written

STRONG = {
    "all": [
        {"customer.emotion": {"in": ["angry", "worried"]}},
        {"customer.emotion_strength": {">": 0.6}},
        {"any": [{"customer.new": True}, {"ticket.reopens": {">=": 2}}]},
    ]
}


@pytest.mark.parametrize(
    ("text", "structure"),
    [
        (
            'customer.emotion in ["angry", "worried"] && customer.emotion_strength > 0.6'
            " && (customer.new || ticket.reopens >= 2)",
            STRONG,
        ),
        ("customer.new", {"customer.new": True}),
        ("!customer.new", {"customer.new": False}),
        ("customer.new == false", {"customer.new": {"==": False}}),
        ("!!customer.new", {"not": {"customer.new": False}}),
        ('ticket.channel != "email"', {"ticket.channel": {"!=": "email"}}),
        ("!(a && b)", {"not": {"all": [{"a": True}, {"b": True}]}}),
        ('"vip" in customer.tags', {"customer.tags": {"includes": "vip"}}),
        ('ticket.subject.contains("x")', {"ticket.subject": {"contains": "x"}}),
        ('ticket.subject.startsWith("x")', {"ticket.subject": {"startsWith": "x"}}),
        ("has(ticket.topic)", {"ticket.topic": {"known": True}}),
        ("!has(ticket.topic)", {"ticket.topic": {"known": False}}),
        ('ticket.silence > duration("1h30m")', {"ticket.silence": {">": {"duration": "1h30m"}}}),
        (
            'now.ts in [timestamp("2026-12-01T09:00:00Z")]',
            {"now.ts": {"in": [{"timestamp": "2026-12-01T09:00:00Z"}]}},
        ),
        ("ticket.channel in []", {"ticket.channel": {"in": []}}),
        ("ticket.waiting_h > ticket.limit_h", {"cel": "ticket.waiting_h > ticket.limit_h"}),
        ("size(customer.tags) > 2", {"cel": "size(customer.tags) > 2"}),
        (
            'customer.new && customer.tags.exists(t, t == "a")',
            {"all": [{"customer.new": True}, {"cel": 'customer.tags.exists(t, t == "a")'}]},
        ),
        ("true", {"cel": "true"}),
        ("all || cel == 1", {"any": [{"cel": "all"}, {"cel": "cel == 1"}]}),
    ],
)
def test_both_spellings(text: str, structure: dict[str, Any]) -> None:
    assert to_structure(parse(text)) == structure
    assert from_structure(structure) == parse(text)
    assert written(from_structure(structure)) == text


@pytest.mark.parametrize(
    ("structure", "text"),
    [
        ({"ticket.channel": "email"}, 'ticket.channel == "email"'),
        ({"ticket.reopens": 2}, "ticket.reopens == 2"),
        ({"ticket.silence": {"duration": "90m"}}, 'ticket.silence == duration("1h30m")'),
        ({"all": [{"a": True}]}, "a"),
        ({"all": [{"all": [{"a": True}, {"b": True}]}, {"c": True}]}, "a && b && c"),
        ({"cel": "a||b"}, "a || b"),
        ({"not": {"cel": "a||b"}}, "!(a || b)"),
    ],
)
def test_what_forms_may_also_say(structure: dict[str, Any], text: str) -> None:
    assert written(from_structure(structure)) == text


def test_a_form_writes_whole_numbers_where_a_point_belongs() -> None:
    structure = json.loads('{"ticket.waiting_h": {"in": [4, 5.5]}}')
    assert written(from_structure(structure, VOCABULARY)) == "ticket.waiting_h in [4.0, 5.5]"
    assert made(from_structure(structure, VOCABULARY), VOCABULARY).holds({"ticket.waiting_h": 4}) is True
    with pytest.raises(BadCondition, match=r"write 4\.0 instead of 4"):
        made(from_structure({"ticket.waiting_h": {">": 4}}), VOCABULARY)


@pytest.mark.parametrize(
    ("structure", "path", "said"),
    [
        ([], "", "A condition has one key here: a fact, all, any, not or cel."),
        ({}, "", "A condition has one key here: a fact, all, any, not or cel."),
        ({"a": True, "b": True}, "", "A condition has one key here: a fact, all, any, not or cel."),
        ({"all": []}, "all", "A list of conditions is expected here."),
        ({"any": {"a": True}}, "any", "A list of conditions is expected here."),
        ({"any": [{"a": True}, 3]}, "any/1", "A condition has one key here: a fact, all, any, not or cel."),
        ({"a b": True}, "a b", "“a b” is no name of a fact."),
        ({"while": True}, "while", "“while” is no name of a fact."),
        ({"a": {">": 1, "<": 3}}, "a", 'One sign with its value is expected here, like {">": …}.'),
        (
            {"a": {"=>": 1}},
            "a/=>",
            "“=>” is no sign; possible here: ==, !=, <, <=, >, >=, in, includes, contains, startsWith, endsWith, known",
        ),
        ({"a": {"in": "x"}}, "a/in", "A list of values is expected here."),
        ({"a": {"in": [1] * 101}}, "a/in", "A list has at most 100 entries."),
        ({"a": {"in": [1, None]}}, "a/in/1", "A text, a number, true or false is expected here."),
        ({"a": {"known": 1}}, "a/known", "true or false is expected here."),
        ({"a": None}, "a", "A text, a number, true or false is expected here."),
        ({"a": float("inf")}, "a", "A text, a number, true or false is expected here."),
        ({"a": 2**63}, "a", "A text, a number, true or false is expected here."),
        (
            {"a": {">": {"duration": "1 day"}}},
            "a/>/duration",
            "“1 day” is no duration. — write it like 2h, 1h30m or 48h",
        ),
        ({"a": {">": {"timestamp": 7}}}, "a/>/timestamp", "“7” is no moment. — write it like 2026-12-01T09:00:00Z"),
        ({"a": {">": {"day": "x"}}}, "a/>", "A text, a number, true or false is expected here."),
        ({"not": {"cel": "a ="}}, "not/cel", "“=” cannot be read here. — write == to compare"),
        ({"cel": 3}, "cel", "A written condition is expected here."),
    ],
)
def test_a_mistake_knows_its_place(structure: object, path: str, said: str) -> None:
    with pytest.raises(BadCondition) as found:
        from_structure(structure)
    assert (found.value.details["inside"], found.value.said()) == (path, said)


def test_endless_nesting_is_refused() -> None:
    structure: dict[str, Any] = {"a": True}
    for _ in range(2000):
        structure = {"not": structure}
    with pytest.raises(BadCondition, match="nested deeper"):
        from_structure(structure)
    twenty_one = parse("a")
    for _ in range(15):
        structure = {"not": {"cel": written(twenty_one)}}
        twenty_one = from_structure(structure)
    with pytest.raises(BadCondition, match="nested deeper"):
        made(from_structure({"not": {"not": {"not": {"not": {"not": structure}}}}}), VOCABULARY)


def test_chance_makes_the_same_tree_of_every_spelling() -> None:
    chance = Chance(5, everything=True)
    for _ in range(3000):
        tree = parse(chance.condition())
        assert parse(written(tree)) == tree
        assert written(parse(written(tree))) == written(tree)
        structure = to_structure(tree)
        assert from_structure(structure) == tree
        assert from_structure(json.loads(json.dumps(structure))) == tree


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["all", "any", "not", "cel", "a", "a.b", "in", "==", ">", "known", "duration"]),
            inner,
            max_size=2,
        )
    ),
    max_leaves=12,
)


@settings(deadline=None, max_examples=300)
@given(anything)
def test_anything_is_read_or_refused(data: object) -> None:
    try:
        tree = from_structure(data)
    except BadCondition as refused:
        assert refused.said()
        assert "inside" in refused.details
    else:
        assert from_structure(to_structure(tree)) == tree
