"""Google's CEL is the oracle: where every fact is known, it and we say the same, and refuse the same."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from conditions.chance import PROVING, TEXTS, Chance
from conditions.words import VOCABULARY
from credo.conditions import BadCondition, Vocabulary, read

cel = pytest.importorskip("cel_expr_python.cel", reason="left out: there is no oracle for this platform")

CASES = 100_000 if PROVING else 20_000
MUTATIONS = 50_000 if PROVING else 5_000
KINDS = {
    "bool": cel.Type.BOOL,
    "int": cel.Type.INT,
    "double": cel.Type.DOUBLE,
    "string": cel.Type.STRING,
    "timestamp": cel.Type.TIMESTAMP,
    "duration": cel.Type.DURATION,
    "list(string)": cel.Type.List(cel.Type.STRING),
}
ORACLE = cel.NewEnv(variables={one.name: KINDS[one.type] for one in VOCABULARY.fields.values()})


def judged(condition: str, facts: dict[str, object]) -> bool | None:
    """What the oracle says; None where it reports an error."""
    value = ORACLE.compile(condition).eval(data=facts)
    if value.type() == cel.Type.ERROR:
        return None
    assert isinstance(value.value(), bool)
    return bool(value.value())


def accepts(condition: str) -> bool:
    try:
        ORACLE.compile(condition)
    except Exception:  # noqa: BLE001 the oracle raises bare runtime errors of its C++ core
        return False
    return True


def test_the_same_answers() -> None:
    chance = Chance(2026, everything=False)
    seen = {True: 0, False: 0, None: 0}
    for _ in range(CASES):
        condition, facts = chance.condition(), chance.facts()
        ours = read(condition, VOCABULARY).holds(facts)
        assert ours is judged(condition, facts), (condition, facts)
        seen[ours] += 1
    assert min(seen[True], seen[False]) > CASES / 4
    assert seen[None] > CASES / 200  # sums that overflow


WITHOUT_VALUES = Vocabulary({name: replace(one, values=()) for name, one in VOCABULARY.fields.items()})
STRICTER = (
    "is no duration.",  # the oracle finds out when it is asked
    "is no moment.",
    "A condition is true or false",
    "The entries of a list are of one kind",
    "There is no more and less here, for this is yes or no.",
    "“.” does not fit here",
    "“,” does not fit here",
    "This number is too large.",  # 1e999 is infinite there
    "Conditions do not divide.",
    "Two comparisons in a row",
    "Whole numbers are written without letters.",
    "A condition has no room for remarks.",
    "A text is written in one pair of quotes",
    "is empty, so there is nothing to ask",
    "Single entries of a list",
    "is nested deeper",
)
"""What CEL allows and conditions leave out on purpose, each with a sentence of its own."""


def test_damaged_conditions_are_refused_as_the_oracle_refuses_them() -> None:
    """Whatever we accept, it accepts; where only we refuse, it is something that conditions leave out."""
    chance, pick = Chance(7, everything=False), random.Random(8)
    letters = "()&|!=<>\"'\\tickeprio. 0123,[]+-*xu{}/"
    refused_by_both = accepted_by_both = 0
    for _ in range(MUTATIONS):
        text = chance.condition(2)
        at = pick.randrange(len(text) + 1)
        text = text[:at] + pick.choice(letters) + text[at + pick.randint(0, 2) :]
        try:
            answer = read(text, WITHOUT_VALUES).holds(chance.facts())
        except BadCondition as refused:
            assert 1 <= refused.column <= len(text) + 1
            said = " ".join(map(str, refused.findings))
            assert not accepts(text) or any(one in said for one in STRICTER), (text, said)
            refused_by_both += 1
        else:
            assert answer in (True, False, None)
            assert accepts(text), text
            accepted_by_both += 1
    assert min(refused_by_both, accepted_by_both) > MUTATIONS / 20


@pytest.mark.parametrize("seed", range(50))
def test_noise_never_breaks_the_reader(seed: int) -> None:
    pick = random.Random(seed)
    pieces = [*TEXTS, "ticket.channel", "==", "&&", "(", ")", "[", "]", '"', ".exists(", "x,", "1", "-", "!", "in", " "]
    for _ in range(100):
        text = "".join(pick.choice(pieces) for _ in range(pick.randint(1, 12)))
        try:
            read(text, VOCABULARY).holds({})
        except BadCondition as refused:
            assert refused.said()
            continue
        assert accepts(text), text


@pytest.mark.parametrize(
    "condition",
    [
        'ticket.subject == "\\a\\b\\f\\n\\r\\t\\v\\\\\\?\\"\\\'\\`"',
        "ticket.subject == '\\x41\\X41\\u00e9\\U0001F600\\101'",
        'ticket.silence == duration("1h1.5m2s3ms4us")',
        'ticket.silence == duration("+.5h")',
        'ticket.created == timestamp("2026-01-01t00:00:00.120z")',
        'ticket.created == timestamp("2026-01-01T00:00:00-11:30")',
        "ticket.reopens == -0x10 && 007 == 7",
        "ticket.waiting_h == 1.5E-3 || ticket.waiting_h > .5e1",
        "ticket.reopens in [1, 2,]",
        "\tcustomer.new\r\n&&\fcustomer.vip ",
        "customer.tags.size() == 1 && size (ticket . subject) > 0",
        "((((customer.tags)))) == []",
    ],
)
def test_spellings_that_chance_does_not_meet(condition: str) -> None:
    chance = Chance(3, everything=False)
    found = read(condition, VOCABULARY)
    for _ in range(20):
        facts = chance.facts()
        assert found.holds(facts) is judged(condition, facts)


def test_moments_and_spans_are_the_oracles() -> None:
    facts = {
        "ticket.silence": timedelta(hours=1, seconds=92, microseconds=3004),
        "ticket.created": datetime(2026, 1, 1, 11, 30, tzinfo=UTC),
    }
    for condition in (
        'ticket.silence == duration("1h1.5m2s3ms4us")',
        'ticket.created == timestamp("2026-01-01T00:00:00-11:30")',
    ):
        assert read(condition, VOCABULARY).holds(facts) is True
        assert judged(condition, facts) is True
