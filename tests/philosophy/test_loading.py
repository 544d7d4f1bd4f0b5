"""Documents are read strictly: every mistake at once, each with its place and what was probably meant."""

from __future__ import annotations

import time
from datetime import date
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credo.calendars import Window
from credo.philosophy import BadPhilosophy, Philosophy, load

SMALL = """\
format: philosophy/1
id: small
title: How Ana and Bo answer
version: 2
languages: {default: en, also: [de]}
zone: Europe/Lisbon
philosophy:
  purpose: Two people, no scripts.
  values:
    - {id: honest, name: Honest, statement: We tell you what broke.}
  principles:
    - {id: no-ghosting, serves: honest, statement: You never wonder whether we saw it.}
    - {id: fix-cause, serves: honest, statement: We fix it for everybody.}
promises:
  - id: one-day
    serves: no-ghosting
    text: {en: A real answer within one working day.}
    to: 'ticket.channel == "email"'
    measure: {clock: first_human_reply, target: P1D, calendar: us, objective: 0.95}
    if_broken: [{do: apologise}]
    public: true
policy:
  calendars:
    us: {hours: {mon-fri: ["09:30-17:30"]}, holidays: PT}
"""
DEMO = files("credo").joinpath("demo/lumen-lamps.yaml").read_text()


def complaints(text: str) -> list[str]:
    with pytest.raises(BadPhilosophy) as found:
        load(text)
    return [str(problem) for problem in found.value.problems]


def changed(old: str, new: str) -> str:
    assert SMALL.count(old) == 1
    return SMALL.replace(old, new)


def test_a_small_document() -> None:
    found = load(SMALL)
    assert (found.id, found.version, found.languages, found.zone) == ("small", 2, ("en", "de"), "Europe/Lisbon")
    assert found.principles["no-ghosting"].serves == "honest"
    (promise,) = found.promises
    assert promise.runs
    assert (promise.clock, promise.target, promise.calendar, promise.objective) == (
        "first_human_reply",
        "P1D",
        "us",
        0.95,
    )
    assert promise.condition().holds({"ticket.channel": "email"}) is True
    assert promise.condition().holds({"ticket.channel": "chat"}) is False
    calendar = found.calendars["us"]
    assert (calendar.zone, calendar.codes, calendar.hours[4]) == ("Europe/Lisbon", ("PT",), (Window(570, 1050),))
    assert found.notes == ()


def test_the_demo_document_runs() -> None:
    found = load(DEMO)
    assert [promise.id for promise in found.promises if promise.runs] == ["first-answer", "next-answer", "chat-answer"]
    assert {promise.id: promise.waits for promise in found.promises if promise.waits} == {
        "no-silence": ("clock",),
        "our-word": ("clock",),
        "refund-5": ("clock", "conditions"),
    }
    assert found.calendars["shop"].exceptions[date(2026, 12, 24)] == (Window(540, 720),)
    assert {promise.serves for promise in found.promises} <= set(found.principles)
    waiting = ("does not run yet", "cannot be known yet", "do not work yet")
    assert all(any(words in note.said() for words in waiting) for note in found.notes)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (
            "format: philosophy/1",
            "format: philosophy/9",
            "line 1, column 9: format: This format is not known. — write philosophy/1",
        ),
        ("id: small\n", "", "line 1, column 1: “id” is missing here."),
        ("id: small\n", "id: Small One\n", "line 2, column 5: id: “Small One” is no id"),
        (
            "promises:\n",
            "promisses:\n",
            "line 14, column 1: promisses: “promisses” is not known here. — did you mean “promises”?",
        ),
        (
            "    public: true",
            "    publik: true",
            "promises/one-day/publik: “publik” is not known here. — did you mean “public”?",
        ),
        (
            "    public: true",
            "    public: yes",
            "line 21, column 13: promises/one-day/public: true or false is expected here.",
        ),
        (
            "serves: no-ghosting",
            "serves: no-gosting",
            "line 16, column 13: promises/one-day/serves: There is no principle “no-gosting” to serve. — did you mean",
        ),
        (
            "{id: fix-cause, serves: honest,",
            "{id: fix-cause, serves: kind,",
            "line 13, column 31: philosophy/principles/fix-cause/serves: There is no value “kind” to serve.",
        ),
        (
            "{id: fix-cause, serves",
            "{id: no-ghosting, serves",
            "The id “no-ghosting” is used twice; it already stands in line 12.",
        ),
        (
            "target: P1D",
            "target: 1 day",
            "line 19, column 49: promises/one-day/measure/target: “1 day”: A target is written in",
        ),
        ("target: P1D", "target: P1DT2H", "cannot be mixed"),
        ("target: P1D", "target: PT0H", "“PT0H”: A target"),
        ("target: P1D", "target: P2W", "Weeks are not a target"),
        ("target: P1D, ", "", "promises/one-day/measure: “target” is missing here."),
        ("calendar: us, ", "", "promises/one-day/measure: “calendar” is missing here."),
        ("calendar: us,", "calendar: uz,", "There is no calendar “uz” in policy.calendars. — possible here: us"),
        ("objective: 0.95", "objective: 95", "at most 1. — write 0.95 for 95 %"),
        (
            "clock: first_human_reply",
            "clock: first_human_replay",
            "There is no clock “first_human_replay”. — did you mean “first_human_reply”?",
        ),
        (
            "text: {en: A real answer within one working day.}",
            "text: {de: Eine Antwort.}",
            "missing in the document's own language, en.",
        ),
        ("text: {en: A real", "text: {fr: Non., en: A real", "promises/one-day/text/fr: “fr” is not known here."),
        (
            "zone: Europe/Lisbon",
            "zone: Europe/Lisboa",
            "line 6, column 7: zone: The time zone “Europe/Lisboa” is not known. — did you mean “Europe/Lisbon”?",
        ),
        ("zone: Europe/Lisbon", "zone: ../etc", "The time zone “../etc” is not known."),
        (
            "mon-fri:",
            "mon-fry:",
            "line 24, column 18: policy/calendars/us/hours/mon-fry: “mon-fry”: Days are written like",
        ),
        ("mon-fri: [", "wed: [], mon-fri: [", "wed has its hours twice."),
        (
            '"09:30-17:30"',
            '"9:30-17:30"',
            "line 24, column 28: policy/calendars/us/hours/mon-fri: “9:30-17:30”: Opening hours are written like",
        ),
        ('"09:30-17:30"', '"09:30-25:30"', "There is no such time of day"),
        ('["09:30-17:30"]', "[]", "This calendar never opens"),
        ("holidays: PT", "holidays: PX", "“PX”: No public holidays are known"),
        ("holidays: PT", "holidays: [PT, 2026-13-01]", "“2026-13-01”: Dates are written like"),
        ("holidays: PT", "holiday: PT", "did you mean “holidays”?"),
        (
            "holidays: PT",
            "exceptions: {tomorrow: []}",
            "policy/calendars/us/exceptions/tomorrow: “tomorrow”: Dates are",
        ),
        (
            'channel == "email"',
            'channel == "emial"',
            "line 18, column 28: promises/one-day/to: “emial” is not a value of ticket.channel — did you mean “email”?",
        ),
        (
            'ticket.channel == "email"',
            'ticket.chanel == "email"',
            "line 18, column 10: promises/one-day/to: “ticket.chanel” is not known — did you mean “ticket.channel”?",
        ),
        ('ticket.channel == "email"', 'ticket.channel = "email"', "“=” cannot be read here."),
        (
            'ticket.channel == "email"',
            "ticket.channel ==",
            "line 18, column 27: promises/one-day/to: Something is missing at the end.",
        ),
        ('ticket.channel == "email"', "ticket.channel", "Hold ticket.channel against a value"),
        ('ticket.channel == "email"', '(ticket.channel == "email"', "“)” is missing here."),
        ("version: 2", "version: two", "version: A number is expected here."),
        ("version: 2", "version: 1.5", "A whole number is expected here. — write it like 7"),
        ("also: [de]", "also: [deutsch!]", "“deutsch!” is no language code"),
        ("version: 2", "effective: 1 May", "“1 May” is no date"),
        ("version: 2", "status: publised", "“publised” is not possible here. — did you mean “published”?"),
        (
            "version: 2",
            "version: 2\nversion: 3",
            "line 5, column 1: version: “version” stands here twice; it already stands in line 4.",
        ),
        ("version: 2", "version: 2\nlanguages: {also: [es]}", "languages: “languages” stands here twice"),
        (
            "promises:\n  - id: one-day\n    serves",
            "promises:\n    id: one-day\n    serves",
            "line 15, column 5: promises: A list is expected here",
        ),
    ],
)
def test_mistakes(old: str, new: str, complaint: str) -> None:
    found = complaints(changed(old, new))
    assert any(complaint in line for line in found), found


def test_all_mistakes_are_told_at_once_and_in_order() -> None:
    text = (
        SMALL.replace("P1D", "1d")
        .replace("0.95", "95")
        .replace("holidays: PT", "holidays: XX")
        .replace("zone: E", "zone: X")
    )
    assert [line.split(":")[0] for line in complaints(text)] == [
        "line 6, column 7",
        "line 19, column 49",
        "line 19, column 78",
        "line 24, column 55",
    ]


@pytest.mark.parametrize(
    ("condition", "note"),
    [
        ("'ticket.confirmed_topic == \"refund\"'", "“ticket.confirmed_topic” cannot be known yet"),
        ("'ticket.in_incident && ticket.channel == \"email\"'", "“ticket.in_incident” cannot be known yet"),
        ("'customer.tags.exists(t, t == \"trade\")'", "“customer.tags” cannot be known yet"),
        ("'ticket.amount - 2.0 > 4.0'", "“ticket.amount” cannot be known yet"),
    ],
)
def test_a_promise_waits_for_what_cannot_be_known_yet(condition: str, note: str) -> None:
    found = load(changed("'ticket.channel == \"email\"'", condition))
    assert found.promises[0].waits == ("conditions",)
    assert any(note in str(one) for one in found.notes)


def test_a_clock_that_does_not_run_yet_is_kept_and_waits() -> None:
    found = load(changed("clock: first_human_reply", "clock: periodic_update"))
    assert found.promises[0].waits == ("clock",)
    assert [str(note) for note in found.notes] == [
        "line 19, column 22: promises/one-day/measure/clock:"
        " The clock “periodic_update” does not run yet, so this promise waits."
    ]


def test_without_a_condition_a_promise_is_given_to_everybody() -> None:
    found = load(changed("    to: 'ticket.channel == \"email\"'\n", ""))
    assert found.promises[0].condition().holds({}) is True


def test_tensions_must_not_go_in_circles() -> None:
    one, other = "{prefer: no-ghosting, over: fix-cause}", "{prefer: fix-cause, over: no-ghosting}"
    tensions = f"  tensions:\n    - {one}\n    - {other}\npromises:\n"
    assert any(
        "Tensions contradict each other around “fix-cause”" in line
        for line in complaints(changed("promises:\n", tensions))
    )


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "This is no philosophy document."),
        ("just words", "This is no philosophy document."),
        ("- a\n- b", "This is no philosophy document."),
        ("a: &x 1\nb: *x", "line 1, column 4: Anchors and aliases"),
        ("a: *x", "Anchors and aliases"),
        ("a: !!python/object:os.system x", "YAML tags"),
        ("a: 1\n---\nb: 2", "more than one document"),
        ("a: 'open", "This is not YAML"),
        ("a:\n\t- b", "This is not YAML"),
        (
            "a: b: c",
            "line 1, column 5: This is not YAML: mapping values are not allowed here — put text that contains a colon",
        ),
        ("{[1]: 2}", "A key must be a word."),
        ("a: \x07", "a character in it that text must not contain"),
        ("a: " + "[" * 25 + "]" * 25, "nested deeper than 20 levels"),
        ("a: " + "x" * 128_001, "larger than 128 kB"),
    ],
)
def test_what_cannot_be_read_at_all(text: str, complaint: str) -> None:
    (line,) = complaints(text)
    assert complaint in line


@pytest.mark.parametrize(
    "unit", ["[", "{", "a: ", "- ", "? ", "'", '"', "|\n", "#", "x,", "{a: ", "\n", "a: [", "*a ", "é"]
)
def test_hostile_documents_end_quickly(unit: str) -> None:
    start = time.perf_counter()
    with pytest.raises(BadPhilosophy):
        load("a: " + unit * (100_000 // len(unit.encode())))
    assert time.perf_counter() - start < 5


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_document_never_breaks_the_reader(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(SMALL)))
    length = data.draw(st.integers(0, 12))
    middle = data.draw(st.text(alphabet="{}[]:,-'\"\n \t#&*!|>%@`abz019.é\x00", max_size=8))
    try:
        found = load(SMALL[:start] + middle + SMALL[start + length :])
    except BadPhilosophy as refused:
        assert all(problem.place.line >= 1 and problem.said() for problem in refused.problems)
        assert str(refused)
    else:
        assert isinstance(found, Philosophy)
