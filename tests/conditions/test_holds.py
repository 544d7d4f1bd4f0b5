"""Yes, no and unknown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from conditions.words import FACTS, VOCABULARY
from credo.conditions import ALWAYS, read

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("condition", "answer"),
    [
        ('ticket.channel == "email"', True),
        ('ticket.channel != "email"', False),
        ('"email" == ticket.channel', True),
        ('ticket.channel in ["chat", "email"]', True),
        ('ticket.channel in ["chat"]', False),
        ("ticket.channel in []", False),
        ("customer.new", True),
        ("!customer.new", False),
        ("!!customer.new", True),
        ("false || true && false", False),
        ("ticket.waiting_h > 5.4 && ticket.waiting_h <= 5.5", True),
        ("ticket.reopens * 3 - 1 == 5", True),
        ("2 + 3 * 4 == 14 && 1 - 2 - 3 == -4", True),
        ("-ticket.reopens == -2", True),
        ('ticket.subject.contains("50%") && !ticket.subject.contains("50_")', True),
        ('ticket.subject.startsWith("") && ticket.subject.endsWith("_")', True),
        ('"a" < "b" && "Z" < "a" && "a" < "é" && "\uffff" < "😀"', True),
        ('size("héllo") == 5 && size("😀") == 1 && size(customer.tags) == 2 && size([]) == 0', True),
        ('"vip" in customer.tags && !("x" in customer.tags)', True),
        ('customer.tags == ["trade", "vip"] && customer.tags + ["x"] == ["trade", "vip", "x"]', True),
        ('customer.tags.exists(tag, tag.startsWith("v")) && !customer.tags.all(tag, tag == "vip")', True),
        ("agent.skills.all(skill, false) && !agent.skills.exists(skill, true)", True),
        ("customer.tags.exists(tag, customer.tags.all(other, other <= tag))", True),
        ('now.ts - ticket.created == duration("24h")', True),
        ('ticket.created + duration("1h") - ticket.created == duration("60m")', True),
        ('ticket.created < timestamp("2026-03-28T13:30:00+01:00")', True),
        ("ticket.silence + ticket.silence == duration('6h')", True),
        ("has(ticket.channel) && has(agent.skills)", True),
        ("(ticket.reopens == 2) == customer.new", True),
        ("true", True),
    ],
)
def test_with_everything_known(condition: str, answer: bool) -> None:
    assert read(condition, VOCABULARY).holds(FACTS) is answer


KNOWN = {True: "customer.new", False: "customer.vip", None: "(ticket.topic == 'x')"}


def _kleene(one: bool | None, other: bool | None) -> bool | None:
    return False if False in (one, other) else None if None in (one, other) else True


@pytest.mark.parametrize(("one", "other"), list(product(KNOWN, repeat=2)))
def test_kleenes_tables(one: bool | None, other: bool | None) -> None:
    facts = {"customer.new": True, "customer.vip": False}

    def answer(condition: str) -> bool | None:
        return read(condition, VOCABULARY).holds(facts)

    opposite = {True: False, False: True, None: None}
    assert answer(f"{KNOWN[one]} && {KNOWN[other]}") is _kleene(one, other)
    assert answer(f"{KNOWN[one]} || {KNOWN[other]}") is opposite[_kleene(opposite[one], opposite[other])]
    assert answer(f"!{KNOWN[one]}") is opposite[one]
    assert answer(f"{KNOWN[one]} == {KNOWN[other]}") is (None if None in (one, other) else one is other)


UNKNOWN = {"customer.tags": ["a", "b"], "ticket.reopens": 1, "customer.emotion": None}


@pytest.mark.parametrize(
    ("condition", "answer"),
    [
        ("ticket.channel == 'email'", None),
        ("ticket.channel != 'email'", None),
        ("ticket.channel == ticket.channel", None),
        ("customer.emotion == 'angry'", None),
        ("!(customer.emotion == 'angry')", None),
        ("ticket.channel in ['email']", None),
        ("ticket.channel in []", False),
        ("ticket.topic in customer.tags", None),
        ("ticket.topic in agent.skills", None),
        ("'a' in [ticket.topic, 'a']", True),
        ("'a' in [ticket.topic, 'b']", None),
        ("ticket.reopens in [1, 2]", True),
        ("[ticket.topic] == ['a']", None),
        ("size([ticket.topic]) == 1", None),
        ("size(ticket.subject) > 1", None),
        ("ticket.subject.contains('')", None),
        ("'x'.contains(ticket.subject)", None),
        ("ticket.waiting_h + 1.0 > 0.0", None),
        ("-ticket.waiting_h < 0.0", None),
        ("now.ts - ticket.created > duration('1h')", None),
        ("has(ticket.channel)", False),
        ("has(customer.emotion)", False),
        ("has(ticket.reopens)", True),
        ("has(ticket.channel) && ticket.channel == 'email'", False),
        ("!has(ticket.channel) || ticket.channel == 'email'", True),
        ("customer.tags.exists(t, t == ticket.topic)", None),
        ("customer.tags.exists(t, t == ticket.topic || t == 'a')", True),
        ("customer.tags.exists(t, t == ticket.topic && t == 'c')", False),
        ("customer.tags.all(t, t != ticket.topic)", None),
        ("customer.tags.all(t, t != ticket.topic && t == 'c')", False),
        ("customer.tags.all(t, t != ticket.topic || t < 'c')", True),
        ("agent.skills.exists(s, true)", None),
        ("agent.skills.all(s, true)", None),
        ("[ticket.topic, 'a'].exists(x, x == 'a')", True),
        ("[ticket.topic, 'a'].all(x, x == 'a')", None),
        ("[ticket.topic, 'a'].all(x, x == 'b')", False),
        # What CEL reports as an error counts as unknown.
        ("ticket.reopens + 9223372036854775807 > 0", None),
        ("ticket.reopens + 9223372036854775807 > 0 || true", True),
        ("-9223372036854775807 - ticket.reopens < 0", True),
        ("-9223372036854775807 - ticket.reopens - ticket.reopens < 0", None),
        ("ticket.reopens * 4611686018427387904 > 0", True),
        ("ticket.reopens * 4611686018427387904 * 2 > 0", None),
        ("--9223372036854775808 > 0", None),
        ("1e100 * 1e100 > 1.0", True),
        ("1e151 + 1.0 > 1.0", None),
        ("1e100 * 1e100 * 1.0 > 1.0", None),
        ("1e-151 * 1.0 < 1.0", None),
        ("timestamp('9999-12-31T23:59:59Z') + duration('2s') > now.ts", None),
        ("timestamp('9999-12-31T23:59:59Z') + duration('2s') > timestamp('2026-01-01T00:00:00Z')", None),
        ("timestamp('0001-01-01T00:00:00Z') - duration('1us') < timestamp('2026-01-01T00:00:00Z')", None),
        ("duration('87660000h') > duration('1h')", True),
        ("duration('87660000h') - duration('1h') > duration('1h')", None),
        ("duration('9223372036s') + duration('854775us') > duration('1h')", True),
        ("duration('9223372036s') + duration('854776us') > duration('1h')", None),
        ("timestamp('2026-01-01T00:00:00Z') - timestamp('1000-01-01T00:00:00Z') > duration('1h')", None),
    ],
)
def test_the_table_of_the_unknown(condition: str, answer: bool | None) -> None:
    assert read(condition, VOCABULARY).holds(UNKNOWN) is answer
    assert read(condition, VOCABULARY).may_hold(UNKNOWN) is (answer is not False)


class Channel(StrEnum):
    EMAIL = "email"


@pytest.mark.parametrize(
    ("condition", "name", "value", "answer"),
    [
        ("ticket.channel == 'email'", "ticket.channel", Channel.EMAIL, True),
        ("ticket.channel != 'email'", "ticket.channel", 7, None),
        ("ticket.reopens == 1", "ticket.reopens", True, None),
        ("ticket.reopens == 1", "ticket.reopens", 1.0, None),
        ("ticket.waiting_h == 5.0", "ticket.waiting_h", 5, True),
        ("ticket.waiting_h == 1.0", "ticket.waiting_h", True, None),
        ("ticket.waiting_h > 5.0", "ticket.waiting_h", float("nan"), None),
        ("ticket.waiting_h > 5.0", "ticket.waiting_h", float("inf"), True),
        ("ticket.waiting_h + 1.0 > 5.0", "ticket.waiting_h", float("inf"), None),
        ("ticket.waiting_h > 5.0", "ticket.waiting_h", 10**400, None),
        ("customer.new", "customer.new", 1, None),
        ("customer.new", "customer.new", "true", None),
        ("customer.tags == ['a']", "customer.tags", ("a",), True),
        ("'a' in customer.tags", "customer.tags", ["a", None], None),
        ("'a' in customer.tags", "customer.tags", "abc", None),
        ("'a' in customer.tags", "customer.tags", ["a"] * 101, None),
        ("ticket.created < now.ts", "ticket.created", datetime(2020, 1, 1), None),  # noqa: DTZ001 a moment without zone
        ("ticket.created < now.ts", "ticket.created", "2020-01-01T00:00:00Z", None),
        ("ticket.created < now.ts", "ticket.created", datetime.min.replace(tzinfo=BERLIN), None),
        ("ticket.silence > duration('1h')", "ticket.silence", 7200, None),
    ],
)
def test_what_is_of_another_kind_is_unknown(condition: str, name: str, value: object, answer: bool | None) -> None:
    assert read(condition, VOCABULARY).holds({**FACTS, name: value}) is answer


@pytest.mark.parametrize(
    "condition",
    [
        'now.ts - ticket.created == duration("23h")',
        'ticket.created + duration("23h") == now.ts',
        'now.ts == timestamp("2026-03-29T10:00:00Z")',
    ],
)
def test_time_is_reckoned_by_moments_and_not_by_the_wall_clock(condition: str) -> None:
    """The night of 29 March 2026 has an hour less in Berlin."""
    facts = {
        "ticket.created": datetime(2026, 3, 28, 12, tzinfo=BERLIN),
        "now.ts": datetime(2026, 3, 29, 12, tzinfo=BERLIN),
    }
    assert read(condition, VOCABULARY).holds(facts) is True


def test_always() -> None:
    assert ALWAYS.holds({}) is True
    assert ALWAYS.text == "true"


def test_conditions_are_equal_by_text_and_meaning() -> None:
    assert read("customer.new", VOCABULARY) == read("customer.new", VOCABULARY)
    assert read("customer.new", VOCABULARY) != read("(customer.new)", VOCABULARY)
    assert read("customer.new", VOCABULARY).tree == read("(customer.new)", VOCABULARY).tree
    assert len({read("customer.new", VOCABULARY), read("customer.new", VOCABULARY)}) == 1


def test_a_long_chain_is_judged_to_its_end() -> None:
    chain = " || ".join(f"ticket.reopens == {n}" for n in range(80, 0, -1))
    assert read(chain, VOCABULARY).holds({"ticket.reopens": 1}) is True
    assert read(chain, VOCABULARY).holds({"ticket.reopens": 0}) is False
    assert read(chain, VOCABULARY).holds({"ticket.silence": timedelta(1), "now.ts": datetime.now(UTC)}) is None
