"""The beginning of the condition language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credo.philosophy.parsing import BadCondition, Later, parse

EMAIL = {"ticket.channel": "email", "ticket.status": "open", "n": 3, "yes": True}


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ('ticket.channel == "email"', True),
        ("ticket.channel == 'email'", True),
        ('"email" == ticket.channel', True),
        ('ticket.channel != "email"', False),
        ('ticket.channel in ["chat", "email"]', True),
        ('ticket.channel in ["chat"]', False),
        ("ticket.channel in []", False),
        ('!(ticket.channel == "chat")', True),
        ("!yes", False),
        ("!!yes", True),
        ("true", True),
        ("false || true && false", False),
        ('ticket.channel == "chat" || ticket.status == "open" && n > 2', True),
        ('(ticket.channel == "chat" || ticket.status == "open") && n > 3', False),
        ("n >= 3 && n <= 3 && n < 3.5", True),
        ("missing == 1", None),
        ("missing == 1 || true", True),
        ("missing == 1 || false", None),
        ("missing == 1 && false", False),
        ("missing == 1 && true", None),
        ("!(missing == 1)", None),
        ("ticket.channel > 3", None),
    ],
)
def test_answers(text: str, answer: bool | None) -> None:
    assert parse(text).holds(EMAIL) is answer


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("", 1),
        ("   ", 4),
        ("a = 1", 3),
        ("a == ", 5),
        ("a == 1 b", 8),
        ("(a == 1", 8),
        ("a in [1, ", 9),
        ("a in [1 2]", 9),
        ("a & b", 3),
        ("&& a", 1),
        ("a == 1 &&", 10),
        ("(" * 30 + "a" + ")" * 30, 21),
        ("!" * 30 + "a", 22),
        ("a == " + "1" * 2000, 2000),
    ],
)
def test_mistakes_know_their_column(text: str, column: int) -> None:
    with pytest.raises(BadCondition) as found:
        parse(text)
    assert not isinstance(found.value, Later)
    assert abs(found.value.column - column) <= 1


@pytest.mark.parametrize(
    "text", ["a.exists(x, x == 1)", "size(a) > 1", "a + 1 == 2", "a ? b : c", "a in b", "a == b == c", "!a == b"]
)
def test_what_comes_later_is_told_apart_from_mistakes(text: str) -> None:
    with pytest.raises(Later):
        parse(text)


@given(st.text(alphabet="ab.=!<>&|()[],'\"in12 true\\+", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        answer = parse(text).holds({"a": 1, "b": "x"})
    except BadCondition as refused:
        assert 1 <= refused.column <= len(text) + 2
    else:
        assert answer in (True, False, None)
