"""Why a condition came out as it did: the fewest comparisons that decided it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from conditions.chance import Chance
from conditions.words import FACTS, VOCABULARY
from credo.conditions import ALWAYS, Reason, read, said
from credo.conditions.tree import paths

PARTLY = {"ticket.reopens": 1, "customer.tags": ["a"]}


def because(condition: str, facts: dict[str, object] = FACTS) -> tuple[Reason, ...]:
    return read(condition, VOCABULARY).because(facts)


@pytest.mark.parametrize(
    ("condition", "reasons"),
    [
        ("ticket.waiting_h > 4.0", [("ticket.waiting_h", 5.5, ">", 4.0, True)]),
        ("4.0 < ticket.waiting_h", [("ticket.waiting_h", 5.5, ">", 4.0, True)]),
        ("!(ticket.waiting_h > 6.0)", [("ticket.waiting_h", 5.5, ">", 6.0, False)]),
        ('ticket.channel in ["chat", "form"]', [("ticket.channel", "email", "in", ("chat", "form"), False)]),
        ('"vip" in customer.tags', [("customer.tags", ("trade", "vip"), "contains", "vip", True)]),
        ("customer.new", [("customer.new", True, "==", True, True)]),
        ("!customer.vip", [("customer.vip", False, "==", True, False)]),
        (
            "ticket.waiting_h > ticket.limit_h",
            [("ticket.waiting_h", 5.5, ">", 4.0, True)],
        ),
        (
            'now.ts - ticket.created > duration("4h")',
            [("now.ts", timedelta(hours=24), ">", timedelta(hours=4), True)],
        ),
        ('ticket.subject.contains("lamp")', [("ticket.subject", "My lamp 50% off_", "contains", "lamp", True)]),
        ('customer.tags.all(t, t == "vip")', [("customer.tags", ("trade", "vip"), "all", None, False)]),
        ("has(ticket.topic)", [("ticket.topic", "lamp", "has", None, True)]),
        # All had to agree …
        (
            "customer.new && ticket.reopens > 1",
            [("customer.new", True, "==", True, True), ("ticket.reopens", 2, ">", 1, True)],
        ),
        (
            "customer.vip || ticket.reopens > 9",
            [("customer.vip", False, "==", True, False), ("ticket.reopens", 2, ">", 9, False)],
        ),
        # … and one is enough, the one that needs the fewest words.
        ("customer.vip && ticket.reopens > 9", [("customer.vip", False, "==", True, False)]),
        (
            "(customer.new && ticket.reopens > 1) || ticket.waiting_h > 5.0",
            [("ticket.waiting_h", 5.5, ">", 5.0, True)],
        ),
        ("customer.new && customer.new", [("customer.new", True, "==", True, True)]),
        (
            "(ticket.reopens == 2) == customer.new",
            [("ticket.reopens", 2, "==", 2, True), ("customer.new", True, "==", True, True)],
        ),
        ("true || customer.new", []),
        ("ticket.channel in []", []),
        ("true", []),
    ],
)
def test_what_decided(condition: str, reasons: list[tuple[str, object, str, object, bool]]) -> None:
    found = because(condition)
    assert [(one.field, one.value, one.sign, one.operand, one.holds) for one in found] == reasons


@pytest.mark.parametrize(
    ("condition", "english", "german", "spanish"),
    [
        (
            "ticket.waiting_h > 4.0",
            "because waiting is 5.5 h",
            "denn die Wartezeit ist 5,5 h",
            "porque la espera es 5,5 h",
        ),
        (
            'ticket.channel != "chat" && !customer.vip && customer.new',
            "because the channel is “email” and customer vip is not true and the customer is new",
            "denn der Kanal ist „E-Mail“ und customer vip trifft nicht zu und der Kunde ist neu",
            "porque el canal es «email» y customer vip no se cumple y el cliente es nuevo",
        ),
        (
            "ticket.waiting_h > ticket.limit_h",
            "because waiting is 5.5 h and the limit is 4 h",
            "denn die Wartezeit ist 5,5 h und das Limit ist 4 h",
            "porque la espera es 5,5 h y el límite es 4 h",
        ),
        (
            'now.ts - ticket.created < duration("4h")',
            "because now minus the beginning is 24 hours",
            "denn jetzt minus der Beginn ist 24 Stunden",
            "porque el momento actual menos el comienzo es 24 horas",
        ),
        (
            '!("a" in customer.tags) && size(customer.tags) < 3',
            "because the list of tags does not contain “a” and the list of tags has 2 entries",
            "denn die Liste der Schlagwörter enthält nicht „a“ und die Liste der Schlagwörter hat 2 Einträge",
            "porque la lista de etiquetas no contiene «a» y la lista de etiquetas tiene 2 entradas",
        ),
        (
            'ticket.subject.contains("lamp") && customer.tags != ["a"]',
            "because the subject contains “lamp” and the list of tags is not the same as the list (“a”)",
            "denn der Betreff enthält „lamp“ und die Liste der Schlagwörter ist nicht dasselbe wie die Liste („a“)",
            "porque el asunto contiene «lamp» y la lista de etiquetas no es lo mismo que la lista («a»)",
        ),
        ("true", "", "", ""),
    ],
)
def test_reasons_in_words(condition: str, english: str, german: str, spanish: str) -> None:
    found = because(condition)
    assert said(found, "en", VOCABULARY) == english
    assert said(found, "de", VOCABULARY) == german
    assert said(found, "es", VOCABULARY) == spanish


@pytest.mark.parametrize(
    ("condition", "english"),
    [
        ("ticket.waiting_h > 4.0", "because waiting is not known"),
        (
            "ticket.reopens == 1 && ticket.waiting_h > 4.0 && customer.new",
            "because waiting is not known and it is not known whether this holds: (the customer is new)",
        ),
        ("ticket.reopens == 2 && ticket.waiting_h > 4.0", "because the number of reopenings is 1"),
        ("ticket.reopens == 1 || ticket.waiting_h > 4.0", "because the number of reopenings is 1"),
        ("ticket.waiting_h > ticket.limit_h", "because waiting is not known and the limit is not known"),
        ("customer.tags.exists(t, t == ticket.subject)", "because the subject is not known"),
        ("'a' in [ticket.subject, 'a']", "because “a” is one of the subject, “a”"),
        ("(ticket.reopens == 1) == customer.new", "because it is not known whether this holds: (the customer is new)"),
        (
            "ticket.reopens + 9223372036854775807 > 0",
            "because this cannot be worked out: (the number of reopenings plus 9223372036854775807 is more than 0)",
        ),
    ],
)
def test_reasons_name_what_is_not_known(condition: str, english: str) -> None:
    assert said(because(condition, PARTLY), "en", VOCABULARY) == english


def test_one_reason_can_be_said_alone() -> None:
    (reason,) = because("ticket.waiting_h > 4.0")
    assert said(reason, "en", VOCABULARY) == "because waiting is 5.5 h"
    assert ALWAYS.because({}) == ()


def test_a_long_text_is_not_read_out() -> None:
    found = because('ticket.subject != "x"', {"ticket.subject": "long " * 20})
    assert said(found, "en", VOCABULARY) == "because the subject is not “x”"


def test_the_reasons_alone_decide_the_outcome() -> None:
    """Nothing else needs to be known, and nothing that is told could be left out of what all had to agree on."""
    chance, decided = Chance(17, everything=False), 0
    for _ in range(1500):
        condition, facts = read(chance.condition(3), VOCABULARY), chance.facts()
        outcome = condition.holds(facts)
        if outcome is None:
            continue
        reasons = condition.because(facts)
        names = {path.name for reason in reasons for path in paths(reason.tree)}
        assert condition.holds({name: facts[name] for name in names}) is outcome, condition.text
        assert all(reason.holds is not None for reason in reasons)
        decided += 1
    assert decided > 1000
