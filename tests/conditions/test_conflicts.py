"""Whether two conditions can be true of the same facts, and what an overlay does to one."""

from __future__ import annotations

import pytest

from conditions.chance import Chance
from conditions.words import VOCABULARY
from credo.conditions import can_both_hold, is_narrowed, is_widened, parse, read


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        ("customer.new", "customer.new", True),
        ("customer.new", "!customer.new", False),
        ("customer.new == true", "customer.new == false", False),
        ("customer.new", "has(customer.new) == false", False),
        ("ticket.channel == 'email'", "ticket.channel == 'chat'", False),
        ("ticket.channel == 'email'", "ticket.channel in ['chat', 'email']", True),
        ("ticket.channel in ['email', 'form']", "ticket.channel in ['chat', 'phone']", False),
        ("ticket.channel != 'email' && ticket.channel != 'chat'", "!(ticket.channel in ['form', 'phone'])", False),
        ("ticket.channel.startsWith('e')", "ticket.channel.endsWith('t')", False),
        ("ticket.reopens > 3", "ticket.reopens < 4", False),
        ("ticket.reopens > 3", "ticket.reopens < 5", True),
        ("ticket.waiting_h > 3.0", "ticket.waiting_h < 4.0", True),
        ("ticket.waiting_h > 4.0", "ticket.waiting_h <= 4.0", False),
        ("ticket.waiting_h > 4.0", "!has(ticket.waiting_h)", False),
        ("ticket.reopens in [1, 2]", "!(ticket.reopens in [2, 1, 3])", False),
        ("ticket.reopens >= 9223372036854775807", "ticket.reopens != 9223372036854775807", False),
        ("ticket.topic == 'a'", "ticket.topic == 'b'", False),
        ("ticket.topic > 'a'", "ticket.topic < 'b'", True),
        ("ticket.topic > 'a'", "ticket.topic < 'a\\x01'", False),
        (
            "ticket.created < timestamp('2026-01-01T00:00:00Z')",
            "ticket.created > timestamp('2026-02-01T00:00:00Z')",
            False,
        ),
        ("ticket.silence > duration('1h')", "ticket.silence < duration('2h')", True),
        ("ticket.silence > duration('2h')", "ticket.silence < duration('1h')", False),
        ("customer.new || ticket.reopens > 3", "!customer.new && ticket.reopens < 2", False),
        ("customer.new || ticket.reopens > 3", "!customer.new && ticket.reopens < 9", True),
        ("(ticket.reopens > 3) == customer.new", "customer.new && ticket.reopens < 2", False),
        ("(ticket.reopens > 3) != customer.new", "customer.new && ticket.reopens < 2", True),
        ("'vip' in customer.tags", "!('vip' in customer.tags)", False),
        ("'vip' in customer.tags", "'trade' in customer.tags", True),
        ("customer.tags.exists(t, t == 'vip')", "size(customer.tags) > 3", None),
        ("size(customer.tags) > 3", "size(agent.skills) == 0", True),
        ("ticket.subject.startsWith('Re') && ticket.subject.contains('lamp')", "ticket.subject.endsWith('!')", True),
        ("ticket.subject.startsWith('a')", "ticket.subject.startsWith('b')", None),
        ("now.ts - ticket.created > duration('4h')", "now.ts - ticket.created <= duration('4h')", False),
        ("now.ts - ticket.created > duration('4h')", "now.ts > timestamp('2026-01-01T00:00:00Z')", True),
        ("ticket.waiting_h > ticket.limit_h", "ticket.limit_h > ticket.waiting_h", None),
        ("true", "true", True),
        ("true", "false", False),
    ],
)
def test_whether_both_can_hold(one: str, other: str, answer: bool | None) -> None:
    assert can_both_hold(read(one, VOCABULARY), read(other, VOCABULARY)) is answer
    assert can_both_hold(read(other, VOCABULARY), read(one, VOCABULARY)) is answer


def test_with_too_many_alternatives_nothing_is_proven() -> None:
    many = " && ".join(f"(ticket.reopens == {n} || ticket.waiting_h == {n}.0)" for n in range(12))
    never = read(f"{many} && customer.new", VOCABULARY)
    assert can_both_hold(never, read("!customer.new", VOCABULARY)) is None


def test_what_is_said_never_to_hold_never_holds() -> None:
    chance = Chance(11, everything=True)
    seen = {True: 0, False: 0, None: 0}
    for _ in range(400):
        one, other = (read(chance.condition(2), VOCABULARY) for _ in range(2))
        answer = can_both_hold(one, other)
        seen[answer] += 1
        if answer is False:
            for _ in range(100):
                facts = chance.partial_facts()
                assert not (one.holds(facts) and other.holds(facts)), (one.text, other.text, facts)
    assert seen[True] > 100
    assert seen[False] > 10


@pytest.mark.parametrize(
    ("old", "new", "widened", "narrowed"),
    [
        ("a == 1", "a == 1 || b", True, False),
        ("a == 1", "b || a == 1", True, False),
        ("a || b", "c || a || b", True, False),
        ("a || b", "a || c || b", True, False),
        ("a || b", "(a || b) || c && d", True, False),
        ("a && b", "a && b || c", True, False),
        ("a || b", "a || c", False, False),
        ("a || b", "a", False, False),
        ("a", "a", False, False),
        ("a", "b", False, False),
        ("a", "a && b", False, True),
        ("a", "b && c && a", False, True),
        ("a && b", "b && x && a", False, True),
        ("a || b", "(a || b) && c", False, True),
        ("a || b", "a || b && c", False, False),
        ("a && b", "a", False, False),
        ("!(a == 1)", "! ( a==1 ) && b", False, True),
    ],
)
def test_what_an_overlay_does(old: str, new: str, widened: bool, narrowed: bool) -> None:
    assert is_widened(parse(old), parse(new)) is widened
    assert is_narrowed(parse(old), parse(new)) is narrowed
