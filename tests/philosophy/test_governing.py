"""Who must agree to what: names held against colleagues, all or one of them, and never only oneself."""

from __future__ import annotations

from typing import Any

import pytest

from credo.philosophy.governing import Colleague, governed, needed

MAYA = Colleague(1, "Maya Okafor", "maya@lumen.example", "admin")
TOM = Colleague(2, "Tom Berg", "t.berg@lumen.example", "agent")
INES = Colleague(3, "Ínes Alves", "ines@lumen.example", "agent")
SECOND_TOM = Colleague(4, "Tom Cruz", "cruz@lumen.example", "admin")
HERE = [MAYA, TOM, INES]
WRITTEN = {
    "owner": "maya",
    "approve": {"philosophy": ["maya", "tom"], "promises": ["maya", "tom"], "policy": ["maya", "ines"]},
}


@pytest.mark.parametrize(
    ("name", "here", "found"),
    [
        ("maya", HERE, (1,)),
        ("Maya Okafor", HERE, (1,)),
        ("t.berg@LUMEN.example", HERE, (2,)),
        ("t.berg", HERE, (2,)),
        ("tom", HERE, (2,)),
        ("Inés", HERE, (3,)),
        ("tom", [*HERE, SECOND_TOM], (1, 4)),  # could be two people, so administrators step in
        ("nobody", HERE, (1,)),
    ],
)
def test_names_are_matched(name: str, here: list[Colleague], found: tuple[int, ...]) -> None:
    assert governed({"owner": name}, here).owners == found


def test_who_matches_nobody_is_told() -> None:
    found = governed({"owner": "zoe", "approve": {"policy": ["zoe", "ines"], "practice": ["max"]}}, HERE)
    assert (found.owners, found.approvers, found.nobody) == ((1,), {"policy": (3,)}, ("zoe", "max"))


@pytest.mark.parametrize(
    ("paths", "proposer", "agreed", "met"),
    [
        (["promises/first-answer"], 1, {1}, False),  # both are named
        (["promises/first-answer"], 1, {1, 2}, True),
        (["promises/first-answer"], 3, {2}, False),
        (["promises/first-answer", "policy/routing/vip"], 1, {1, 2}, False),  # policy names Ines too
        (["promises/first-answer", "policy/routing/vip"], 1, {1, 2, 3}, True),
        (["policy/calendars/shop"], 1, {1}, False),
        (["policy/calendars/shop"], 1, {1, 3}, True),
        (["policy/routing/vip", "policy/routing/trade"], 2, {3}, True),  # routing alone: one of those named
        (["policy/routing/vip"], 2, {1}, True),
        (["policy/routing/vip"], 1, {1}, False),  # but not only oneself
        (["policy/routing/vip"], 1, {1, 3}, True),
        (["governance/owner"], 1, {1}, True),  # the only owner, and nobody else is named for it
        (["title"], 1, {1}, True),
        (["title"], 2, {2}, False),
        (["title"], 2, {1}, True),
        (["promises/first-answer"], 1, set(), False),
    ],
)
def test_what_it_takes(paths: list[str], proposer: int, agreed: set[int], met: bool) -> None:
    assert needed(governed(WRITTEN, HERE), paths, proposer).met(agreed) is met


def test_a_firm_of_two_can_decide() -> None:
    firm = [MAYA, TOM]
    needs = needed(governed({"owner": "maya", "approve": {"promises": ["maya"]}}, firm), ["promises/x"], 2)
    assert not needs.met({2}) and needs.met({1})
    both = needed(governed({"owner": ["maya", "tom"]}, firm), ["promises/x"], 1)
    assert not both.met({1}) and both.met({1, 2})


def test_an_approver_who_is_not_the_owner_cannot_decide_alone() -> None:
    needs = needed(governed({"owner": "maya", "approve": {"policy": ["ines"]}}, HERE), ["policy/calendars/x"], 3)
    assert not needs.met({3}) and needs.met({3, 1})
    assert needs.may_decide(1) and not needs.may_decide(2)


@pytest.mark.parametrize("written", [{}, {"review": {"every": "P6M"}}, {"owner": 7}, {"approve": "maya"}])
def test_a_document_that_names_nobody_is_the_administrators(written: dict[str, Any]) -> None:
    needs = needed(governed(written, [*HERE, SECOND_TOM]), ["promises/x"], 1)
    assert needs.met({1}) and needs.met({4}) and not needs.met({2})
