"""Missing pieces: what a document leaves open is named, with what would fill it."""

from __future__ import annotations

import pytest

from credo.philosophy import SUGGESTIONS, Facets, facets, load, missing, remove
from philosophy.whole import WHOLE, changed


def pieces(text: str) -> list[tuple[str, str]]:
    return [(one.suggest, one.path) for one in missing(load(text))]


def test_a_document_that_says_everything_lacks_nothing() -> None:
    assert pieces(WHOLE) == []


@pytest.mark.parametrize(
    ("text", "suggest", "path", "said"),
    [
        (
            changed("  tensions:\n", "    - {id: alone, serves: calm, statement: Nobody is left.}\n  tensions:\n"),
            "behaviour",
            "philosophy/principles/alone",
            "“alone” has no behaviour and no promise, so nobody can see whether you live it. Write a behaviour",
        ),
        (
            changed("  tensions:\n", "    - {id: alone, serves: calm, statement: Nobody is left.}\n  tensions:\n"),
            "rule",
            "philosophy/principles/alone",
            "No rule serves “alone” either. Write a rule that serves it.",
        ),
        (
            changed("      qa: {weight: 3, scale: 0-2}\n", ""),
            "review",
            "philosophy/principles/first-heard",
            "“first-heard” is never measured. Give a behaviour a line in the reviews.",
        ),
        (
            changed("teaches: [name-it, no-cards]", "teaches: [no-cards]"),
            "card",
            "philosophy/principles/first-heard",
            "Nobody is trained on “first-heard”. Teach one of its behaviours in a training module.",
        ),
        (
            changed("    if_broken: [{do: apologise, template: late-sorry}, {do: goodwill, up_to: 10 EUR}]\n", ""),
            "consequence",
            "promises/an-hour",
            "The promise “A person answers within an hour.” is public, but nothing happens when it is broken.",
        ),
        (
            changed("when: 'order.value < 200.0', serves: our-word}", "when: 'order.value < 200.0'}"),
            "principle",
            "policy/decision_rights/1",
            "“decision_rights/1” serves no principle, so nobody can say why it is there.",
        ),
        (
            changed("human_share_min: 0.3, serves: first-heard}", "human_share_min: 0.3}"),
            "principle",
            "policy/automation",
            "“automation” serves no principle",
        ),
    ],
)
def test_pieces(text: str, suggest: str, path: str, said: str) -> None:
    found = [one for one in missing(load(text)) if (one.suggest, one.path) == (suggest, path)]
    assert len(found) == 1
    assert found[0].said().startswith(said)
    assert found[0].problem.place.line > 1
    assert suggest in SUGGESTIONS


def test_topics_that_nothing_covers() -> None:
    found = missing(load(WHOLE), {"timetable": 90, "worried": 9, "luggage": 3, "seasick": 12})
    assert [one.problem.details["name"] for one in found] == ["seasick", "luggage"]
    assert (
        found[0].said().startswith("Nothing covers “seasick”; customers wrote about it 12 times in the last 90 days.")
    )


def test_the_six_facets() -> None:
    assert facets(load(WHOLE)) == {
        "first-heard": Facets(written=True, taught=True, seen=True, kept=True, felt=True, result=False),
        "our-word": Facets(written=True, taught=True, seen=True, kept=True, felt=False, result=True),
    }
    text = remove(WHOLE, "measurement/surveys/after").replace(", never: [after]", "")
    assert not facets(load(text))["first-heard"].felt
    text = remove(text, "practice/training")
    text = remove(text, "strategy/initiatives/signs")
    found = facets(load(text.replace("skill: refunds", "tag: refunds")))["our-word"]
    assert (found.taught, found.result) == (False, True)  # the goal still serves it
