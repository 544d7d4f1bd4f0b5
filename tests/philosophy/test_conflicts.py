"""Pairs that can meet and want opposite things."""

from __future__ import annotations

import pytest

from credo.philosophy import conflicts, insert, load, put
from credo.philosophy.conflicts import MOST_ASKED
from philosophy.whole import WHOLE


def routes(*written: tuple[str, str, dict[str, str]]) -> str:
    text = WHOLE
    for number, (serves, when, do) in enumerate(written):
        text = insert(text, "policy/routing", {"id": f"r{number}", "serves": serves, "when": when, "do": do})
    return text


def rules(*written: dict[str, object]) -> str:
    text = WHOLE
    for number, one in enumerate(written):
        text = insert(text, "policy/rules", {"id": f"x{number}", "serves": "our-word", "text": "x"} | one)
    return text


@pytest.mark.parametrize(
    ("first", "second", "about", "certain"),
    [
        (("customer.new", {"queue": "a"}), ("ticket.complaint", {"queue": "b"}), "queue", True),
        (("customer.new", {"queue": "a"}), ("!customer.new", {"queue": "b"}), None, None),
        (("customer.new", {"queue": "a"}), ("ticket.complaint", {"queue": "a"}), None, None),
        (("customer.new", {"queue": "a"}), ("ticket.complaint", {"priority": "low"}), None, None),
        (("ticket.touches > 5", {"priority": "high"}), ("ticket.touches < 3", {"priority": "low"}), None, None),
        (("ticket.touches > 5", {"priority": "high"}), ("ticket.touches > 3", {"priority": "low"}), "priority", True),
        (
            ('ticket.channel in ["email", "form"]', {"team": "a"}),
            ('ticket.channel == "chat"', {"team": "b"}),
            None,
            None,
        ),
    ],
)
def test_routes(
    first: tuple[str, dict[str, str]], second: tuple[str, dict[str, str]], about: str | None, certain: bool | None
) -> None:
    found = conflicts(load(routes(("our-word", *first), ("our-word", *second)))).found
    mine = [one for one in found if one.one.endswith("/r0") and one.other.endswith("/r1")]
    assert [(one.about, one.certain) for one in mine] == ([(about, certain)] if about else [])


def test_both_names_and_lines_are_told() -> None:
    found = load(routes(("our-word", "customer.new", {"queue": "a"}), ("our-word", "customer.new", {"queue": "b"})))
    (one,) = conflicts(found).unsettled()
    other = found.places["policy/routing/r1"].line
    assert one.problem.place == found.places["policy/routing/r0"]
    assert one.said() == (
        f"“r0” and “r1” (line {other}) can meet in one case and want opposite things: queue."
        " Say in a tension which principle counts more."
    )


def test_tensions_settle_also_by_way_of_others() -> None:
    text = routes(("our-word", "customer.new", {"queue": "a"}), ("third", "customer.new", {"queue": "b"}))
    text = insert(text, "philosophy/principles", {"id": "third", "serves": "calm", "statement": "x"})
    (unsettled,) = conflicts(load(text)).unsettled()
    assert unsettled.settled_by == ""
    text = insert(text, "philosophy/tensions", {"prefer": "first-heard", "over": "third"})
    found = conflicts(load(text))
    assert found.unsettled() == ()
    assert [one.settled_by for one in found.found] == ["our-word"]
    assert "“our-word” counts more." in found.found[0].said()


@pytest.mark.parametrize(
    ("first", "second", "about"),
    [
        ({"kind": "may", "do": {"approve": "return"}}, {"kind": "may", "do": {"refuse": "return"}}, ["refuse"]),
        ({"kind": "may", "do": {"approve": "return"}}, {"kind": "may", "do": {"refuse": "exchange"}}, []),
        ({"kind": "must", "do": {"require": "id"}}, {"kind": "must_not", "do": {"require": "id"}}, ["require"]),
        ({"kind": "must", "do": {"require": "id"}}, {"kind": "must_not", "do": {"require": "pin"}}, []),
        ({"kind": "must", "do": {"require": "id"}}, {"kind": "must", "do": {"require": "id"}}, []),
    ],
)
def test_rules(first: dict[str, object], second: dict[str, object], about: list[str]) -> None:
    given = {"who": "agent", "when": "order.delayed"}
    found = conflicts(load(rules(given | first, given | second))).found
    assert [one.about for one in found] == about


def test_behaviours_that_no_answer_can_satisfy_both() -> None:
    base = {"serves": "our-word", "level": "must", "who": ["agent"], "when": "customer.new", "then": "x"}
    text = insert(WHOLE, "practice/behaviours", {"id": "b0", **base, "observe": "reply.thanks"})
    text = insert(text, "practice/behaviours", {"id": "b1", **base, "observe": "!reply.thanks"})
    assert [(one.one, one.other, one.about) for one in conflicts(load(text)).found] == [
        ("practice/behaviours/b0", "practice/behaviours/b1", "observe")
    ]
    assert conflicts(load(put(text, "practice/behaviours/b1/level", "may"))).found == ()
    assert conflicts(load(put(text, "practice/behaviours/b1/who", ["bot"]))).found == ()
    assert conflicts(load(put(text, "practice/behaviours/b1/when", "!customer.new"))).found == ()


def test_what_was_not_looked_at_is_counted() -> None:
    lines = "".join(
        f"    - {{id: q{n}, serves: our-word, when: 'ticket.touches > {n}', do: {{queue: q{n}}}}}\n" for n in range(60)
    )
    head, tail = WHOLE.split("  routing: [", 1)
    found = conflicts(load(f"{head}  routing:\n{lines}{tail.partition(chr(10))[2]}"))
    assert found.not_looked_at == 60 * 59 // 2 - MOST_ASKED
    assert len(found.found) == MOST_ASKED
