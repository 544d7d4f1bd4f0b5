"""Differences are said in words, and what tightens is told apart from what loosens."""

from __future__ import annotations

import gettext as gettext_module
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credo.language.tongues import LOCALES
from credo.philosophy import BadPhilosophy, Teller, compare, load, move, put, remove
from credo.philosophy.problems import Problems
from credo.philosophy.source import plain, read
from credo.philosophy.telling import length, parts
from philosophy.whole import WHOLE, changed

BASE = load(WHOLE)


def teller(language: str) -> Teller:
    words = gettext_module.translation("credo", LOCALES, [language])
    return Teller(language, words.gettext, words.ngettext)


@pytest.mark.parametrize(
    ("old", "new", "kind", "said"),
    [
        ("PT1H", "PT30M", "tightened", "The promise “an hour” tightens from 1 opening hour to 30 opening minutes."),
        ("PT1H", "PT4H", "loosened", "The promise “an hour” loosens from 1 to 4 opening hours."),
        ("PT1H", "P1D", "changed", "The promise “an hour” changes from 1 opening hour to 1 working day."),
        ("0.95}", "0.955}", "tightened", "kept in 95.5% of all cases instead of 95%."),
        ("0.95}", "0.9}", "loosened", "kept in 90% of all cases instead of 95%."),
        ('["email", "form"]', '["email", "form", "chat"]', "widened", "applies to more: the channel is one of"),
        ('["email", "form"]', '["chat"]', "changed", "applies to others: the channel is “chat” (before:"),
        ("    public: true\n", "", "loosened", "The promise “an hour” is no longer public."),
        ('["email", "form"]', '["email"]', "narrowed", "applies to less: the channel is “e-mail” (before:"),
        (
            "serves: our-word\n    text",
            "serves: first-heard\n    text",
            "changed",
            "serves “first-heard” instead of “our-word”",
        ),
        ("A person answers within an hour.,", "We answer.,", "changed", "(en) now says “We answer.” instead of"),
        (
            "de: Ein Mensch antwortet in einer Stunde.",
            "de: Wir antworten.",
            "changed",
            "(de) now says “Wir antworten.”",
        ),
        ("{do: goodwill, up_to: 10 EUR}", "{do: goodwill, up_to: 20 EUR}", "widened", "rises from 10 EUR to 20 EUR."),
        (
            ", {do: goodwill, up_to: 10 EUR}",
            "",
            "gone",
            "The consequence of the promise “an hour” is gone: “goodwill”.",
        ),
        ("level: should", "level: must", "tightened", "The behaviour “name it” is now a “must” instead of a “should”."),
        ("level: must", "level: may", "loosened", "is now a “may” instead of a “must”."),
        ("strength > 0.6'", "strength > 0.6 || customer.new'", "widened", "The behaviour “name it” applies to more:"),
        ("strength > 0.6'", "strength > 0.6 && customer.new'", "narrowed", "The behaviour “name it” applies to less:"),
        ("feeling'", "feeling && reply.thanks'", "tightened", "The behaviour “name it” asks for more:"),
        ("feeling'", "feeling || reply.thanks'", "loosened", "The behaviour “name it” asks for less:"),
        (
            "as: hint",
            "as: confirm",
            "tightened",
            "The coaching of the behaviour “name it” is now a “confirm” instead of a “hint”.",
        ),
        ("as: block", "as: warn", "loosened", "is now a “warn” instead of a “block”."),
        ("weight: 3", "weight: 4", "tightened", "weighs 4 instead of 3 in reviews."),
        ("Say what they fear before", "Ask what they fear before", "changed", "now says “Ask what they fear"),
        ("Nobody should be", "No one should be", "changed", "The philosophy now says “No one should be"),
        ("statement: First we listen.", "statement: We listen.", "changed", "The principle “first heard” now says"),
        (
            "prefer: our-word, over: first-heard",
            "prefer: first-heard, over: our-word",
            "new",
            "“first-heard” now counts more than “our-word”.",
        ),
        (
            "priority: urgent",
            "priority: high",
            "changed",
            "The route “stranded”: do/priority changes from “urgent” to “high”.",
        ),
        ("up_to: 40 EUR", "up_to: 30 EUR", "narrowed", "Decision right 1 falls from 40 EUR to 30 EUR."),
        (
            "['customer.asked_for_human']",
            "['customer.asked_for_human', 'customer.new']",
            "changed",
            "hand_over_when gains “customer.new”.",
        ),
        ('target: "<= 9"', 'target: "<= 8"', "changed", "The goal “quick”: target changes from “<= 9” to “<= 8”."),
        ('["06:00-22:00"]', '["07:00-22:00"]', "changed", "(mon): the hours change from 06:00-22:00 to 07:00-22:00."),
        ("holidays: PT", "holidays: ES", "changed", "holidays gains “ES”. The calendar “pier”: holidays loses “PT”."),
        ("2026-12-24: []", '2026-12-24: ["09:00-12:00"]', "changed", "exceptions/2026-12-24 gains “09:00-12:00”."),
        ("sample: 0.5", "sample: 0.4", "changed", "The survey “after”: sample changes from 0.5 to 0.4."),
        ("tickets: P3Y", "tickets: P2Y", "tightened", "The privacy (tickets) tightens from 3 to 2 years."),
        ("erasure: P30D", "erasure: P60D", "loosened", "The privacy (erasure) loosens from 30 to 60 days."),
        ("owner: rui\n", "owner: ines\n", "changed", "The governance: owner changes from “rui” to “ines”."),
        ("philosophy: [rui, ines]", "philosophy: [rui]", "changed", "loses “ines”."),
    ],
)
def test_changes_in_words(old: str, new: str, kind: str, said: str) -> None:
    found = compare(BASE, load(changed(old, new)))
    assert any(said in one.said and one.kind == kind for one in found), found


def test_the_other_way_round() -> None:
    for old, new, there, back in (
        ("PT1H", "PT2H", "loosened", "tightened"),
        ("0.95}", "0.99}", "tightened", "loosened"),
    ):
        other = load(changed(old, new))
        assert [one.kind for one in compare(BASE, other)] == [there]
        assert [one.kind for one in compare(other, BASE)] == [back]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", "Das Versprechen „an hour“ wird strenger, von 2 auf 1 Öffnungsstunde."),
        ("es", "La promesa «an hour» se hace más exigente: de 2 a 1 hora de atención."),
    ],
)
def test_changes_are_said_in_german_and_spanish(language: str, said: str) -> None:
    (one,) = compare(load(changed("PT1H", "PT2H")), BASE, teller(language))
    assert one.said == said


def test_an_element_that_comes_or_goes_is_one_change() -> None:
    bare = load(remove(WHOLE, "measurement/surveys/after").replace(", never: [after]", ""))
    (gone,) = (one for one in compare(BASE, bare) if one.path == "measurement/surveys/after")
    (new,) = (one for one in compare(bare, BASE) if one.path == "measurement/surveys/after")
    assert (gone.kind, new.kind) == ("gone", "new")
    assert new.said == "The survey “after” is new: “Were we there for you?”."


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("version: 3", "version: 4"),
        ("status: published", "status: draft"),
        ('["email", "form"]', '["email","form"]'),
        ("'reply.card_numbers > 0'", "'(reply.card_numbers > 0)'"),
        ("who: [agent, bot]", "who: [bot, agent]"),
        ("skills: [timetables, refunds]", "skills: [refunds, timetables]"),
        ("title: How", "# remark\ntitle: How"),
    ],
)
def test_what_means_the_same_is_no_change(old: str, new: str) -> None:
    assert compare(BASE, load(changed(old, new))) == ()


@pytest.mark.parametrize("path", ["practice/behaviours/name-it", "policy/rules/refund-cancelled"])
def test_the_order_of_elements_is_no_change(path: str) -> None:
    assert compare(BASE, load(move(WHOLE, path))) == ()


def test_the_order_of_what_is_weighed_is_a_change() -> None:
    (one,) = compare(BASE, load(changed("weigh: [our-word, first-heard]", "weigh: [first-heard, our-word]")))
    assert one.path == "policy/dilemmas/storm/weigh"


@pytest.mark.parametrize(
    ("text", "found", "seconds"),
    [
        ("PT90M", [("minute", 90)], 5400),
        ("P1DT2H", [("day", 1), ("hour", 2)], 93_600),
        ("P6M", [("month", 6)], 15_552_000),
        ("soon", [], None),
    ],
)
def test_times(text: str, found: list[tuple[str, int]], seconds: int | None) -> None:
    assert parts(text) == found
    assert length(text) == seconds


def every_key(node: Any, path: str = "") -> list[tuple[str, Any]]:
    """Every path below which nothing else stands, with its value."""
    if isinstance(node, dict) and node:
        return [found for name, one in node.items() for found in every_key(one, f"{path}/{name}".strip("/"))]
    if isinstance(node, list) and node and isinstance(node[0], dict):
        named = [(one.get("id") or str(number), one) for number, one in enumerate(node, 1)]
        return [found for name, one in named for found in every_key(one, f"{path}/{name}")]
    return [(path, node)]


KEYS = [
    (path, value)
    for path, value in every_key(plain(read(WHOLE, Problems())))
    if path not in ("format", "id", "version", "status") and not path.endswith("/id") and "/hours/" not in path
]


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(KEYS), st.data())
def test_every_edit_of_a_key_is_a_change_that_names_it(key: tuple[str, Any], data: st.DataObject) -> None:
    path, value = key
    new = data.draw(other(value))
    try:
        edited = load(put(WHOLE, path, new))
    except BadPhilosophy:
        return
    found = compare(BASE, edited)
    assert found, (path, value, new)
    assert any(_names(one.path, path) for one in found), (path, value, new, found)
    assert all(one.said.strip() and "%(" not in one.said for one in found)


def _names(change: str, path: str) -> bool:
    """Whether a change is about this key; entries without an id may be known by their place among the others."""
    one, other = ([part for part in each.split("/") if not part.isdigit()] for each in (change, path))
    return one == other[: len(one)] or other == one[: len(other)]


def other(value: Any) -> st.SearchStrategy[Any]:
    if isinstance(value, bool):
        return st.just(not value)
    if isinstance(value, int | float):
        return st.sampled_from([one for one in (0.25, 0.5, 1, 2, 4, 7) if one != value])
    if isinstance(value, list):
        return st.sampled_from([value[:-1], [*value, "more"], ["more"]]).filter(lambda new: new != value)
    known = (
        *("may", "should", "hint", "warn", "PT3H", "P2D", "P7D", "our-word", "first-heard", "2027-01-01"),
        *("customer.new", "20 EUR", ">= 3", "50%", "low", "csat", "de", "send", "0-4"),
    )
    return st.sampled_from([one for one in (*known, f"{value} and more") if one != value])


@settings(max_examples=15, deadline=None)
@given(st.sampled_from(KEYS), st.data())
def test_a_document_does_not_differ_from_itself(key: tuple[str, Any], data: st.DataObject) -> None:
    try:
        text = put(WHOLE, key[0], data.draw(other(key[1])))
        assert compare(load(text), load(text)) == ()
    except BadPhilosophy:
        pass
