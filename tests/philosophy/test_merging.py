"""Two people wrote on one text: different elements are put together, the same element is never guessed."""

from __future__ import annotations

from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credo.philosophy.elements import changed, differences, elements
from credo.philosophy.merging import merge

DEMO = files("credo").joinpath("demo/lumen-lamps.yaml").read_text()
TARGET = ("target: PT4H", "target: PT2H")
OTHER = ("target: PT4H", "target: PT3H")
TITLE = ("title: ", "title: New: ")
EDITS = {
    "first-answer": ("A person answers within 4 opening hours.", "Somebody answers within 4 opening hours."),
    "owner": ("owner: maya", "owner: tom"),
    "plain": ("We write so that a tired person understands", "We write so that anybody understands"),
}


def edited(*names: str) -> str:
    text = DEMO
    for name in names:
        was, told = EDITS[name]
        assert was in text, name
        text = text.replace(was, told)
    return text


def test_elements_have_the_paths_problems_have() -> None:
    found = elements(DEMO)
    assert found["governance/owner"] == "maya"
    assert found["promises/first-answer"]["measure"]["target"] == "PT4H"
    assert found["philosophy/principles/keep-word"]["serves"] == "candour"
    assert "zone" in found["policy/calendars/shop"]
    assert differences(DEMO, edited("owner")) == ["governance/owner"]
    assert differences("", DEMO) and differences("a: [", DEMO)
    assert differences(DEMO, DEMO.replace("version: 7", "version: 9").replace("# ", "#  ")) == []


@settings(max_examples=60, deadline=None)
@given(st.sets(st.sampled_from(list(EDITS))), st.sets(st.sampled_from(list(EDITS))))
def test_different_elements_are_put_together(theirs: set[str], mine: set[str]) -> None:
    both = merge(DEMO, edited(*theirs), edited(*mine))
    assert both == edited(*theirs, *(mine - theirs))


def test_the_same_element_is_nobodys_guess() -> None:
    theirs, mine = DEMO.replace(*TARGET, 1), DEMO.replace(*OTHER, 1)
    assert merge(DEMO, theirs, mine) is None
    assert merge(DEMO, theirs, theirs) == theirs
    assert merge(DEMO, theirs, DEMO) == theirs
    assert merge(DEMO, DEMO, mine) == mine


def test_two_promises_added_at_one_place_both_stay() -> None:
    base = "promises:\n  - {id: a, text: one}\nzone: UTC\n"
    theirs, mine = (base.replace("zone:", f"  - {{id: {id}, text: more}}\nzone:") for id in ("b", "c"))
    both = merge(base, theirs, mine)
    assert both is not None
    assert list(elements(both)) == ["promises/a", "promises/b", "promises/c", "zone"]


def test_comments_of_both_stay() -> None:
    base = "a: 1\n# between\nb: 2\n"
    assert merge(base, "# theirs\na: 1\n# between\nb: 2\n", "a: 1\n# between\nb: 3 # mine\n") == (
        "# theirs\na: 1\n# between\nb: 3 # mine\n"
    )


@pytest.mark.parametrize(
    ("base", "theirs", "mine"),
    [
        ("a: 1\nb: 2\n", "b: 2\n", "a: 3\nb: 2\n"),  # taken out by one, changed by the other
        ("a: {x: 1}\n", "a: 5\n", "a: {x: 2}\n"),  # one lies within the other
        ("a: 1\nb: 2\n", "a: [\nb: 2\n", "a: 1\nb: 3\n"),  # cannot be read, so nobody knows
    ],
)
def test_what_cannot_be_told_apart_is_left_to_people(base: str, theirs: str, mine: str) -> None:
    assert merge(base, theirs, mine) is None


lines = st.lists(
    st.sampled_from([f"k{n}: {v}" for n in range(5) for v in range(3)]), max_size=5, unique_by=lambda x: x[:2]
)


@settings(max_examples=300, deadline=None)
@given(lines, lines, lines)
def test_whatever_comes_out_says_what_both_wanted(one: list[str], two: list[str], three: list[str]) -> None:
    base, theirs, mine = ("".join(f"{line}\n" for line in ["z: 0", *found]) for found in (one, two, three))
    both = merge(base, theirs, mine)
    told, wished = changed(elements(base), elements(theirs)), changed(elements(base), elements(mine))
    if both is None:
        return
    found = elements(both)
    assert all(found.get(path) == elements(theirs).get(path) for path in told)
    assert all(found.get(path) == elements(mine).get(path) for path in wished)
    assert set(changed(elements(base), found)) == {*told, *wished}
