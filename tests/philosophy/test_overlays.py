"""Overlays may add and tighten, and nothing else."""

from __future__ import annotations

import pytest

from credo.philosophy import BadPhilosophy, compare, load, overlaid
from philosophy.whole import WHOLE

HEAD = "format: philosophy/1\nid: night\ntitle: At night\noverlay: {of: ferry-tickets, team: night}\n"


def complaints(overlay: str) -> list[str]:
    with pytest.raises(BadPhilosophy) as found:
        overlaid(WHOLE, HEAD + overlay)
    return [str(problem) for problem in found.value.problems]


@pytest.mark.parametrize(
    ("overlay", "kinds"),
    [
        ("promises: [{id: an-hour, measure: {target: PT30M}}]", ["tightened"]),
        ("promises: [{id: an-hour, measure: {objective: 0.97}}]", ["tightened"]),
        ("promises: [{id: an-hour, measure: {target: PT30M, objective: 0.95}}]", ["tightened"]),
        ("practice: {behaviours: [{id: name-it, level: must}]}", ["tightened"]),
        (
            'practice: {behaviours: [{id: name-it, when: \'customer.emotion in ["angry", "worried"]'
            " && customer.emotion_strength > 0.6 || customer.new'}]}",
            ["widened"],
        ),
        (
            "practice: {behaviours: [{id: name-it, observe: 'reply.acknowledges_feeling && reply.thanks'}]}",
            ["tightened"],
        ),
        (
            "policy: {routing: [{id: late, serves: our-word, when: 'customer.new', do: {queue: night}}]}",
            ["new"],
        ),
        ("policy: {calendars: {night: {hours: {mon-sun: ['22:00-06:00']}}}}", ["new"]),
        ("philosophy: {principles: [{id: awake, serves: calm, statement: We are awake.}]}", ["new"]),
        ("promises: [{id: an-hour, public: true}]", []),
        ("", []),
    ],
)
def test_adding_and_tightening(overlay: str, kinds: list[str]) -> None:
    found = overlaid(WHOLE, HEAD + overlay)
    changes = [one for one in compare(load(WHOLE), found) if one.path != "title"]
    assert [one.kind for one in changes] == kinds
    assert (found.id, found.title, found.version) == ("night", "At night", 3)
    assert found.overlay is None


@pytest.mark.parametrize(
    ("overlay", "complaint"),
    [
        (
            "promises: [{id: an-hour, measure: {target: PT2H}}]",
            "line 5, column 44: promises/an-hour/measure/target: An overlay may only tighten: a target may only get",
        ),
        ("promises: [{id: an-hour, measure: {target: P1D}}]", "a target may only get shorter"),
        ("promises: [{id: an-hour, measure: {objective: 0.9}}]", "an objective may only rise"),
        ("promises: [{id: an-hour, public: false}]", "An overlay may only tighten or add elements: “public” cannot be"),
        ("promises: [{id: an-hour, text: {en: Soon.}}]", "“en” cannot be changed"),
        ("promises: [{id: an-hour, serves: first-heard}]", "“serves” cannot be changed"),
        ("practice: {behaviours: [{id: no-cards, level: should}]}", "a level may only rise"),
        ("practice: {behaviours: [{id: no-cards, when: 'reply.card_numbers > 1'}]}", "“when” may only be widened"),
        (
            "practice: {behaviours: [{id: no-cards, when: 'reply.card_numbers > 0 && customer.new'}]}",
            "“when” may only be widened",
        ),
        (
            "practice: {behaviours: [{id: no-cards, observe: 'reply.card_numbers == 0 || customer.new'}]}",
            "“observe” may only be narrowed",
        ),
        ("practice: {behaviours: [{id: no-cards, good: Fine.}]}", "“good” cannot be changed"),
        ("practice: {voice: {avoid: [hello]}}", "practice/voice/avoid: An overlay may only tighten or add"),
        ("policy: {automation: {human_share_min: 0.1}}", "“human_share_min” cannot be changed"),
        ("policy: {calendars: {pier: {zone: UTC, hours: {mon-sun: ['06:00-22:00']}}}}", "“zone” cannot be changed"),
        (
            "practice: {behaviours: [{id: more, serves: first-herd, level: may, who: [agent],"
            " when: customer.new, then: x, observe: reply.thanks}]}",
            "line 5, column 44: practice/behaviours/more/serves: There is no principle “first-herd” to serve.",
        ),
        ("promises: [{id: another, serves: our-word, text: {en: x}}]", "“measure” is missing here."),
    ],
)
def test_loosening_is_refused_at_its_line(overlay: str, complaint: str) -> None:
    found = complaints(overlay)
    assert any(complaint in line for line in found), found
    assert all("line 5" in line for line in found), found


def test_every_loosening_is_named() -> None:
    found = complaints(
        "promises:\n  - id: an-hour\n    public: false\n    measure: {target: PT9H, objective: 0.1}\n"
        "practice:\n  behaviours:\n    - {id: no-cards, level: may}\n"
    )
    assert [line.split(",")[0] for line in found] == ["line 7", "line 8", "line 8", "line 11"]


def test_an_overlay_of_another_document() -> None:
    with pytest.raises(BadPhilosophy) as found:
        overlaid(WHOLE, HEAD.replace("ferry-tickets", "ferry-ticket"))
    assert "This is no overlay of “ferry-tickets”." in str(found.value)
