"""Golden examples: what is agreed for a case is tried on the document."""

from __future__ import annotations

import pytest

from credo.philosophy import golden, load, matches
from philosophy.whole import WHOLE, changed


def test_an_example_that_comes_out_as_agreed() -> None:
    assert golden(load(WHOLE)) == ()


@pytest.mark.parametrize(
    ("old", "new", "element", "expected", "said"),
    [
        (
            "customer.emotion: worried,",
            "customer.emotion: pleased,",
            "practice/behaviours/name-it",
            True,
            "The example “A worried mail in a storm.” expects “name-it”, and it does not match. (because ",
        ),
        (
            "given: {ticket.channel: email,",
            "given: {ticket.channel: chat,",
            "promises/an-hour",
            True,
            "expects “an-hour”, and it does not match. (because the channel is “chat”)",
        ),
        (
            "given: {ticket.channel: email,",
            "given: {",
            "promises/an-hour",
            True,
            "expects “an-hour”, and it does not match. (because the channel is not known)",
        ),
        (
            "never: [after]",
            "never: [measurement/surveys/after, an-hour]",
            "promises/an-hour",
            False,
            "must never meet “an-hour”, and it matches. (because the channel is",
        ),
    ],
)
def test_failures_say_why(old: str, new: str, element: str, expected: bool, said: str) -> None:
    (failure,) = golden(load(changed(old, new)))
    assert (failure.golden, failure.element, failure.expected) == ("storm-mail", element, expected)
    assert said in failure.said()
    assert failure.problem.place == load(WHOLE).places["governance/golden/storm-mail"]


def test_what_matches() -> None:
    found = load(WHOLE)
    assert matches(found, {"ticket.channel": "form", "order.delayed": True}) == (
        "promises/an-hour",
        "policy/rules/refund-cancelled",
        "policy/rules/no-promises-of-weather",
    )
