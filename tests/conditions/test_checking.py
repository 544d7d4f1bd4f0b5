"""Checking against a vocabulary: every mistake at once, each with its column and what was probably meant."""

from __future__ import annotations

import pytest

from conditions.words import VOCABULARY
from credo.conditions import BadCondition, check, parse, read


@pytest.mark.parametrize(
    "good",
    [
        "customer.new",
        'ticket.channel == "email"',
        '"email" == ticket.channel',
        'ticket.channel in ["email", "form"]',
        "ticket.channel in []",
        '"vip" in customer.tags',
        "ticket.waiting_h > 4.0 && ticket.reopens >= 2",
        "ticket.reopens * 2 + 1 > -3",
        'ticket.subject + "!" == "a!"',
        'now.ts - ticket.created > duration("4h")',
        "ticket.created + ticket.silence < now.ts",
        "ticket.silence + ticket.created < now.ts",
        'now.ts > timestamp("2026-01-01T00:00:00Z")',
        "size(customer.tags) > 2 && size(ticket.subject) < 10",
        'customer.tags.exists(tag, tag == "vip" && tag.startsWith("v"))',
        "customer.tags.all(tag, agent.skills.exists(skill, skill == tag))",
        'customer.tags == ["a", "b"] && customer.tags + ["x"] != []',
        "has(ticket.waiting_h) && !has(customer.new)",
        "[1, 2].exists(n, n > ticket.reopens)",
        "(ticket.reopens == 1) == customer.new",
        "customer.new == true",
    ],
)
def test_what_makes_sense(good: str) -> None:
    assert check(parse(good), VOCABULARY) == []
    assert read(good, VOCABULARY).text == good


@pytest.mark.parametrize(
    ("bad", "findings"),
    [
        ("ticket.chanel == 'email'", ["column 1: “ticket.chanel” is not known — did you mean “ticket.channel”?"]),
        ("weather.sunny", ["column 1: “weather.sunny” is not known"]),
        ("ticket.channel == 'emial'", ["column 19: “emial” is not a value of ticket.channel — did you mean “email”?"]),
        (
            "ticket.channel in ['email', 'fax']",
            ["column 29: “fax” is not a value of ticket.channel — possible here: email, chat, form, phone"],
        ),
        (
            "'x' != customer.emotion",
            ["column 1: “x” is not a value of customer.emotion — possible here: calm, worried, disappointed, angry"],
        ),
        (
            "ticket.channel",
            [
                "column 1: A condition is true or false, and this is a text."
                " — Hold ticket.channel against a value, like ticket.channel == “email”."
            ],
        ),
        ("ticket.reopens + 1", ["column 16: A condition is true or false, and this is a whole number."]),
        (
            "ticket.waiting_h > 4",
            [
                "column 18: These cannot be compared: a number with a decimal point, a whole number."
                " — write 4.0 instead of 4"
            ],
        ),
        (
            "ticket.reopens > 1.5",
            [
                "column 16: These cannot be compared: a whole number, a number with a decimal point."
                " — write a whole number without a point"
            ],
        ),
        (
            "ticket.waiting_h in [1, 2]",
            [
                "column 18: These cannot be compared: a number with a decimal point, a whole number."
                " — write 1.0 instead of 1"
            ],
        ),
        (
            "ticket.waiting_h * 2 > 1.0",
            [
                "column 18: “*” does not join these: a number with a decimal point, a whole number."
                " — write 2.0 instead of 2"
            ],
        ),
        (
            "ticket.silence > '2h'",
            ['column 16: These cannot be compared: a duration, a text. — write duration("2h") instead of "2h"'],
        ),
        ("ticket.silence > 2", ["column 16: These cannot be compared: a duration, a whole number."]),
        ("ticket.silence * 2 > ticket.silence", ["column 16: “*” does not join these: a duration, a whole number."]),
        ("-ticket.silence < ticket.silence", ["column 1: “-” goes with numbers, and this is a duration."]),
        ("now.ts + now.ts > now.ts", ["column 8: “+” does not join these: a moment, a moment."]),
        ("ticket.silence - now.ts > now.ts", ["column 16: “-” does not join these: a duration, a moment."]),
        ("customer.new && ticket.reopens", ["column 17: “&&” goes with conditions, and this is a whole number."]),
        ("!ticket.reopens", ["column 2: “!” goes with conditions, and this is a whole number."]),
        (
            "!ticket.reopens == 1",
            [
                "column 2: “!” goes with conditions, and this is a whole number.",
                "column 17: These cannot be compared: yes or no, a whole number.",
            ],
        ),
        ("customer.new < true", ["column 14: There is no more and less here, for this is yes or no."]),
        ("customer.tags < ['a']", ["column 15: There is no more and less here, for this is a list."]),
        (
            "ticket.channel > 'chat'",
            ["column 16: The values of ticket.channel are words without an order. — list those you mean with in"],
        ),
        ("'a' in ticket.subject", ["column 8: Behind “in” stands a list, and this is a text."]),
        ("1 in customer.tags", ["column 3: These cannot be compared: a whole number, a text."]),
        (
            "[1, 'a'] == []",
            ["column 5: The entries of a list are of one kind, and these are not: a whole number, a text."],
        ),
        ("[[1]] == []", ["column 2: A list holds values and no lists."]),
        ("size(ticket.reopens) == 1", ["column 1: A text or a list has a size, and this is a whole number."]),
        (
            "customer.tags.contains('vip')",
            ["column 1: contains looks for a text in a text, and this is a list. — write value in list"],
        ),
        ("ticket.subject.contains(1)", ["column 25: contains looks for a text in a text, and this is a whole number."]),
        ("ticket.subject.exists(x, true)", ["column 1: exists goes with a list, and this is a text."]),
        ("[].exists(x, true)", ["column 1: This list is empty, so there is nothing to ask of its entries."]),
        ("customer.tags.all(tag, tag)", ["column 24: all goes with a condition, and this is a text."]),
        (
            "customer.tags.exists(ticket, true)",
            ["column 15: “ticket” already means something here. — give the entry another name"],
        ),
        (
            "ticket.chanel == 1 && ticket.reopens == 'x' || ticket.channel == 'emial'",
            [
                "column 1: “ticket.chanel” is not known — did you mean “ticket.channel”?",
                "column 38: These cannot be compared: a whole number, a text.",
                "column 66: “emial” is not a value of ticket.channel — did you mean “email”?",
            ],
        ),
        (
            "nobody.knows + 1 > 'x' && size(nobody.knows) == 1",
            ["column 1: “nobody.knows” is not known", "column 32: “nobody.knows” is not known"],
        ),
    ],
)
def test_every_mistake_at_once(bad: str, findings: list[str]) -> None:
    assert [str(one) for one in check(parse(bad), VOCABULARY)] == findings
    with pytest.raises(BadCondition) as refused:
        read(bad, VOCABULARY)
    assert [str(one) for one in refused.value.findings] == findings
    assert str(refused.value) == refused.value.said()


def test_an_unknown_field_is_told_apart_from_other_mistakes() -> None:
    kinds = [one.kind for one in check(parse("a.b == 1 && ticket.channel == 'x' && ticket.reopens == 'x'"), VOCABULARY)]
    assert kinds == ["unknown", "value", "type"]


def test_words_inside_of_a_sentence_are_translated_too() -> None:
    (one,) = check(parse("!ticket.reopens"), VOCABULARY)
    german = {"a whole number": "eine ganze Zahl", one.cause: "„%(sign)s“ gehört zu Bedingungen; dies ist %(type)s."}
    assert one.said(lambda text: german.get(text, text)) == "„!“ gehört zu Bedingungen; dies ist eine ganze Zahl."


@pytest.mark.parametrize(
    ("condition", "grade", "subjects"),
    [
        ("true", "fact", set()),
        ("ticket.reopens > 1 && customer.new", "fact", {"ticket", "customer"}),
        ("ticket.reopens > 1 && customer.vip", "judgement", {"ticket", "customer"}),
        ("customer.vip && customer.emotion == 'calm'", "estimate", {"customer"}),
        ("has(ticket.topic)", "estimate", {"ticket"}),
        ("customer.tags.exists(t, t in agent.skills)", "fact", {"customer", "agent"}),
    ],
)
def test_a_condition_is_as_weak_as_its_weakest_field(condition: str, grade: str, subjects: set[str]) -> None:
    found = read(condition, VOCABULARY)
    assert (found.grade(VOCABULARY), found.subjects(VOCABULARY)) == (grade, subjects)


def test_the_fields_come_with_their_columns() -> None:
    found = read('ticket.channel == "email" && (customer.new || "a" in customer.tags)', VOCABULARY).fields()
    assert [(path.name, path.column) for path in found] == [
        ("ticket.channel", 1),
        ("customer.new", 31),
        ("customer.tags", 54),
    ]
