"""No document can make reading crash, or take over a second: damaged texts, and well-formed YAML that means nothing."""

from __future__ import annotations

import copy
import json
import random
import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credo.philosophy import examine
from credo.philosophy.problems import Problems
from credo.philosophy.source import plain, read
from philosophy.whole import WHOLE

TREE = plain(read(WHOLE, Problems()))
KEYS = sorted({key for key in json.dumps(TREE).replace('"', " ").split() if key.isidentifier()})
HOSTILE: list[Any] = [
    *(
        None,
        True,
        False,
        0,
        -1,
        10**17,
        0.5,
        1e300,
        "",
        " ",
        "\n",
        "\u2028",
        "é" * 300,
        "x" * 5000,
        "%(name)s %s %",
        "{}",
    ),
    *("customer.emotion", "customer.emotion ==", "!" * 500, "(" * 500, "a.b.c.d", "1 == 1", "agent.hard_in_a_row > 1"),
    *('ticket.created > timestamp("2026-12-01T09:00:00Z")', "customer.tags.exists(t, t == t)", '"x" in ["x"]'),
    *(
        "P9999Y",
        "PT9999999H",
        "P1D",
        "PT",
        "9999-12-31",
        "0001-01-01",
        "24:00-00:00",
        "00:00-24:00",
        "DE-XX",
        "ECB",
        "../x",
    ),
    *("__proto__", "a/b", "id", "overlay", [], {}, [[]], [{}], {"": ""}, {"id": None}, {"id": {"id": 1}}, ["a"] * 300),
    *({"all": []}, {"any": [{"not": {"cel": "true"}}]}, {"ticket.status": {"in": []}}, {"ticket.age_h": {">": 1}}),
    {"duration": "4h"},
]


def _spots(node: Any) -> Iterator[tuple[Any, Any]]:
    """Every container of the tree with each of its keys or numbers."""
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, one in inner:
        yield node, key
        yield from _spots(one)


def _mutated(chance: random.Random) -> Any:
    tree = copy.deepcopy(TREE)
    for _turn in range(chance.randint(1, 6)):
        container, key = chance.choice(list(_spots(tree)))
        match chance.randrange(6):
            case 0:
                del container[key]
            case 1:
                container[key] = copy.deepcopy(chance.choice(HOSTILE))
            case 2:  # something from elsewhere
                other, name = chance.choice(list(_spots(tree)))
                container[key] = copy.deepcopy(other[name])
            case 3 if isinstance(container, dict):
                container[chance.choice([*KEYS, "a b", "", "id "])] = container.pop(key)
            case 4 if isinstance(container, list):
                container.append(copy.deepcopy(container[key]))
            case _:
                container[key] = [copy.deepcopy(container[key])]
    return tree


def _is_told_well(text: str) -> None:
    start = time.process_time()
    examined = examine(text)
    assert time.process_time() - start < 1
    assert (examined.philosophy is None) == any(one.grade == "error" for one in examined.problems)
    lines = text.count("\n") + 2
    for one in examined.problems:
        assert one.said() and one.message() and 1 <= one.place.line <= lines and one.place.column >= 1
        assert len(one.said()) < 2000


@settings(max_examples=300, deadline=None)
@given(st.randoms(use_true_random=False))
def test_well_formed_nonsense(chance: random.Random) -> None:
    _is_told_well(json.dumps(_mutated(chance), ensure_ascii=False))


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_damaged_text(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(WHOLE)))
    length = data.draw(st.integers(0, 40))
    middle = data.draw(st.text(alphabet="{}[]:,-'\"\n \t#&*!|>%@`\\abz019.é\x00\x85\ufeff\u2028", max_size=12))
    _is_told_well(WHOLE[:start] + middle + WHOLE[start + length :])


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_any_text(text: str) -> None:
    _is_told_well(text)


RIGHT = "    - {id: b%d, serves: our-word, level: may, who: [bot], when: 'reply.words > 0', then: x, observe: 'true'}\n"
WRONG = "    - {id: b%d, servs: x, level: mya, who: [agnt], when: 'reply.wrds > 0', then: 1, observe: 'tru'}\n"
DENSE = {
    "behaviours": ("  voice:\n", RIGHT + "  voice:\n"),
    "mistakes": ("  voice:\n", WRONG + "  voice:\n"),
    "strange words": ("dashboards: [promise_kept]", "dashboards: [§]§promise_kp%d, "),
    "conditions": ("hand_over_when: ['customer.asked_for_human']", "hand_over_when: [§]§bot.turns>%d, "),
    "unknown fields": ("hand_over_when: ['customer.asked_for_human']", "hand_over_when: [§]§customer.emotin%d, "),
    "holidays": ("holidays: PT", "holidays: [§]§XX-%d, "),
    "one holiday": ("holidays: PT", "holidays: [§]§DE-BE, "),
    "zones": ("  calendars:\n", "  calendars:\n§§    c%d: {zone: Lisboa, hours: {mon: []}}\n"),
    "principles": ("    - {id: our-word", "§    - {id: our-word§    - {id: q%d, serves: clm, statement: x}\n"),
}


def _dense(old: str, new: str) -> str:
    """The document with as many of one thing as 128 kB hold."""
    before, after, unit = new.split("§") if "§" in new else ("", old, new.removesuffix(old))
    room = 127_000 - len(WHOLE.encode())
    many = "".join(unit % number if "%d" in unit else unit for number in range(room // (len(unit.encode()) + 4)))
    return WHOLE.replace(old, f"{before}{many}{after}")


@pytest.mark.parametrize("name", DENSE)
def test_as_much_as_a_document_may_hold(name: str) -> None:
    examine(WHOLE)  # the library of holidays is loaded once
    text = _dense(*DENSE[name])
    assert 60_000 < len(text.encode()) <= 128_000
    start = time.process_time()
    examined = examine(text)
    spent = time.process_time() - start
    print(f"{name}: {len(text)} characters, {len(examined.problems)} findings in {spent:.2f} s")
    assert len(examined.problems) <= 501
    assert "larger than" not in str(examined.problems[:1])
    assert spent < 3  # a quarter of a second to three quarters on an idle core


def test_after_five_hundred_findings_nobody_reads_on() -> None:
    *_, last = examine(_dense(*DENSE["mistakes"])).problems
    assert last.said() == "There is more to say than this. — mend what was found so far"
