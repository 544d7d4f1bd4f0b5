"""Reading: CEL's spelling to a tree, and each slip with its column and what was probably meant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credo.conditions import BadCondition, Tree, parse, written
from credo.conditions.tree import Both, Compare, Either, Literal, Negative, Not, Path, Sum

A, B, C = Path("a"), Path("b"), Path("c")


def whole(value: int) -> Literal:
    return Literal(value, "int")


def text(value: str) -> Literal:
    return Literal(value, "string")


@pytest.mark.parametrize(
    ("written_so", "tree"),
    [
        ("a", A),
        ("a.b.c", Path("a.b.c")),
        (" a\t.\nb ", Path("a.b")),
        ("true", Literal(True, "bool")),
        ("a && b || c", Either((Both((A, B)), C))),
        ("a || b && c", Either((A, Both((B, C))))),
        ("(a || b) && c", Both((Either((A, B)), C))),
        ("a && (b && c)", Both((A, B, C))),
        ("(a || b) || c", Either((A, B, C))),
        ("!a == b", Compare("==", Not(A), B)),
        ("!(a == b)", Not(Compare("==", A, B))),
        ("!!a", Not(Not(A))),
        ("a + b * c", Sum("+", A, Sum("*", B, C))),
        ("a - b - c", Sum("-", Sum("-", A, B), C)),
        ("a - -1", Sum("-", A, whole(-1))),
        ("a--1", Sum("-", A, whole(-1))),
        ("-a", Negative(A)),
        ("--1", whole(1)),
        ("-9223372036854775808", whole(-(2**63))),
        ("0x10", whole(16)),
        ("007", whole(7)),
        ("1.5e3", Literal(1500.0, "double")),
        (".5", Literal(0.5, "double")),
        ("1e2", Literal(100.0, "double")),
        ("'a\"b'", text('a"b')),
        (r'"\x41\101\u00e9\U0001F600\n\"\\"', text('AAé😀\n"\\')),
        ('duration("1h30m")', Literal(timedelta(minutes=90), "duration")),
        ('duration("-1.5h")', Literal(timedelta(minutes=-90), "duration")),
        ('duration("500ms")', Literal(timedelta(milliseconds=500), "duration")),
        ('timestamp("2026-12-01T09:00:00+01:00")', Literal(datetime(2026, 12, 1, 8, tzinfo=UTC), "timestamp")),
        ("a.size()", parse("size(a)")),
        ("a in [1, 2,]", parse("a in [1,2]")),
    ],
)
def test_what_a_text_means(written_so: str, tree: Tree) -> None:
    assert parse(written_so) == tree


def test_numbers_and_truth_are_never_the_same() -> None:
    assert len({Literal(True, "bool"), whole(1), Literal(1.0, "double")}) == 3


@pytest.mark.parametrize(
    ("slip", "column", "said"),
    [
        ("", 1, "Something is missing at the end."),
        ("   ", 1, "Something is missing at the end."),
        ("a ==", 5, "Something is missing at the end."),
        ("a == 1 &&", 10, "Something is missing at the end."),
        ("!", 2, "Something is missing at the end."),
        ("a = 1", 3, "“=” cannot be read here. — write == to compare"),
        ("a & b", 3, "“&” cannot be read here. — write && for “and”"),
        ("a | b", 3, "“|” cannot be read here. — write || for “or”"),
        ("a == “x”", 6, '““” cannot be read here. — write texts in straight quotes, like "this"'),
        ("a == 1 b", 8, "“b” does not fit here; join conditions with && or ||."),
        ("a and b", 3, "“and” does not fit here; join conditions with && or ||. — write && for “and”"),
        ("a AND b", 3, "“AND” does not fit here; join conditions with && or ||. — write && for “and”"),
        ("a or b", 3, "“or” does not fit here; join conditions with && or ||. — write || for “or”"),
        ("a == not b", 10, "“b” does not fit here; join conditions with && or ||."),
        ("(a == 1", 8, "“)” is missing here."),
        ("a)", 2, "“)” does not fit here; join conditions with && or ||."),
        ("a in [1, ", 9, "Something is missing at the end."),
        ("a in [1 2]", 9, "“,” is missing here."),
        ("&& a", 1, "“&&” does not fit here; a fact or a value is expected."),
        ("!-a", 2, "“-” does not fit here; a fact or a value is expected."),
        ("-!a", 2, "“!” does not fit here; a fact or a value is expected."),
        ("1 < 2 < 3", 7, "Two comparisons in a row cannot be read. — join two comparisons with &&, or use brackets"),
        ("a == b == c", 8, "Two comparisons in a row cannot be read. — join two comparisons with &&, or use brackets"),
        ("a == null", 6, "There is no null in conditions. — write has(…) to ask whether it is known"),
        ("while == 1", 1, "“while” does not fit here; a fact or a value is expected."),
        ("a ? b : c", 3, "There is no “? :” in conditions. — join two conditions with && and ||"),
        ("a / 2 == 1", 3, "Conditions do not divide. — multiply the other side instead"),
        ("a % 2 == 1", 3, "Conditions do not divide. — multiply the other side instead"),
        ("a[0] == 1", 2, "Single entries of a list cannot be asked for. — use in, exists or all"),
        ("{a: 1}", 1, "“{” does not fit here; a fact or a value is expected."),
        ("a == 'b", 6, "The closing quote of this text is missing."),
        ('a == "b\n"', 6, "The closing quote of this text is missing."),
        (r'a == "x\q"', 8, r"“\q” stands for nothing in a text. — write \\ for a backslash"),
        (r'a == "\ud800"', 6, "There is a character in this text that no text can hold."),
        (r'a == "\u0000"', 6, "There is a character in this text that no text can hold."),
        (r'a == "\UFFFFFFFF"', 7, "There is a character in this text that no text can hold."),
        ('a == """b"""', 6, "A text is written in one pair of quotes, with nothing before them."),
        ('a == r"b"', 6, "A text is written in one pair of quotes, with nothing before them."),
        ("a // why", 3, "A condition has no room for remarks."),
        ("a == 1u", 6, "Whole numbers are written without letters."),
        ("a == 9223372036854775808", 6, "This number is too large."),
        ("a == -(9223372036854775808)", 8, "This number is too large."),
        ("a == 1e999", 6, "This number is too large."),
        ("é == 1", 1, "“é” cannot be read here."),
        (".a == 1", 1, "“.” does not fit here; a fact or a value is expected."),
        ("(a).b == 1", 5, "“b” cannot be asked of a value."),
        ("a. == 1", 4, "“==” does not fit here; a fact or a value is expected."),
        (
            "a.matches('b')",
            3,
            "Conditions know no patterns, because each engine reads them differently."
            " — use contains, startsWith or endsWith",
        ),
        ("a.startswith('b')", 3, "There is no “startswith(…)”. — did you mean “startsWith”?"),
        ("lower(a)", 1, "There is no “lower(…)”. — possible here: size, has, duration, timestamp"),
        ("contains(a, 'b')", 1, "“contains” stands behind what it asks. — write name.contains(…)"),
        ("has(1)", 1, "has(…) asks for a fact by its name."),
        ("a > duration('1d')", 14, "“1d” is no duration. — write it like 2h, 1h30m or 48h"),
        ("a > duration('')", 14, "“” is no duration. — write it like 2h, 1h30m or 48h"),
        ("a > duration('1ns')", 14, "“1ns” is no duration. — write it like 2h, 1h30m or 48h"),
        ("a > duration('100000000h')", 14, "“100000000h” is no duration. — write it like 2h, 1h30m or 48h"),
        ("a > duration(b)", 14, "duration(…) needs a text in quotes."),
        ("a > timestamp('2026-12-01')", 15, "“2026-12-01” is no moment. — write it like 2026-12-01T09:00:00Z"),
        (
            "a > timestamp('2026-02-30T00:00:00Z')",
            15,
            "“2026-02-30T00:00:00Z” is no moment. — write it like 2026-12-01T09:00:00Z",
        ),
        (
            "a.exists(true, b)",
            10,
            "exists(…) first names an entry of the list and then says what holds of it."
            ' — write it like exists(tag, tag == "vip")',
        ),
        (
            "a.all(b == 1)",
            7,
            "all(…) first names an entry of the list and then says what holds of it."
            ' — write it like exists(tag, tag == "vip")',
        ),
        ("a.exists(x, b.all(x, true))", 19, "“x” already names an entry of another list here."),
        ("a.exists(x, a.exists(y, a.exists(z, true)))", 27, "exists and all stand inside each other once at most."),
        ("(" * 30 + "a" + ")" * 30, 21, "This condition is nested deeper than 20 levels."),
        ("!" * 30 + "a", 21, "This condition is nested deeper than 20 levels."),
        ("1" + " + 1" * 30, 83, "This condition is nested deeper than 20 levels."),
        ("a == " + "1" * 2000, 2000, "This condition is longer than 2,000 characters."),
        ("a in [" + "1," * 300 + "1]", 6, "A list has at most 100 entries."),
    ],
)
def test_a_slip_knows_its_column_and_its_cure(slip: str, column: int, said: str) -> None:
    with pytest.raises(BadCondition) as found:
        parse(slip)
    assert (found.value.column, found.value.said()) == (column, said)


def test_a_sentence_can_be_translated_with_its_details() -> None:
    with pytest.raises(BadCondition) as found:
        parse("a = 1")
    german = {"“%(found)s” cannot be read here.": "„%(found)s“ ist hier nicht lesbar."}
    said = found.value.said(lambda sentence: german.get(sentence, sentence))
    assert said == "„=“ ist hier nicht lesbar. — write == to compare"
    assert (found.value.cause, found.value.details) == ("“%(found)s” cannot be read here.", {"found": "="})


@settings(deadline=None)
@given(st.text(alphabet="ab.=!<>&|()[],'\"in12 true\\+-*/?x\n", max_size=60))
def test_any_text_is_read_or_refused(any_text: str) -> None:
    try:
        tree = parse(any_text)
    except BadCondition as refused:
        assert 1 <= refused.column <= len(any_text) + 1
        assert refused.said()
    else:
        assert parse(written(tree)) == tree


@settings(deadline=None)
@given(st.text(max_size=40))
def test_any_character_is_read_or_refused(any_text: str) -> None:
    for spelled in (any_text, f'a == "{any_text}"'):
        try:
            tree = parse(spelled)
        except BadCondition as refused:
            assert refused.said()
        else:
            assert parse(written(tree)) == tree
