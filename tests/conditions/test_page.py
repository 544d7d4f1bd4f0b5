"""The page about conditions is true: every example on it is run, with the facts of its own table."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from credo.conditions import (
    BadCondition,
    Field,
    Vocabulary,
    from_structure,
    parse,
    read,
    said,
    sentence,
    to_structure,
    written,
)
from credo.conditions.tree import Listing, Literal

PAGE = (Path(__file__).parents[2] / "docs/conditions.md").read_text("utf-8")
KINDS = {
    "text": "string",
    "whole number": "int",
    "number with a point": "double",
    "moment": "timestamp",
    "duration": "duration",
    "yes or no": "bool",
    "list of texts": "list(string)",
}
ANSWERS = {"yes": True, "no": False, "unknown": None}


def _blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def _value(spelled: str) -> object:
    tree = parse(spelled)
    if isinstance(tree, Listing):
        return [item.value for item in tree.items if isinstance(item, Literal)]
    assert isinstance(tree, Literal)
    return tree.value


def _facts() -> tuple[Vocabulary, dict[str, object]]:
    fields, facts = [], {}
    for name, kind, example, words in re.findall(r"^\| `([\w.]+)` \| (.+?) \| (.+?) \| (.+?) \|$", PAGE, re.MULTILINE):
        values = tuple(re.findall(r"`(\w+)`", kind))
        unit = kind.partition(", in ")[2]
        type = KINDS[kind.partition(", ")[0]]
        denial = {"en": words.replace(" is ", " is not ")}
        grade = "estimate" if name == "customer.emotion" else "fact"
        subject = name.partition(".")[0]
        fields.append(Field(name, type, grade, subject, values, {"en": words}, unit, denial))  # type: ignore[arg-type]
        facts[name] = None if example == "not known" else _value(example.strip("`"))
    return Vocabulary.of(*fields), facts


VOCABULARY, KNOWN = _facts()


def _examples() -> list[tuple[str, str]]:
    found = []
    for block in _blocks("text"):
        condition = ""
        for line in block.splitlines():
            before, arrow, after = line.partition("→")
            condition += before.strip()
            if arrow:
                found.append((condition, after.strip()))
                condition = ""
    return found


@pytest.mark.parametrize(("condition", "outcome"), _examples())
def test_every_example_is_true(condition: str, outcome: str) -> None:
    if outcome.startswith("column "):
        with pytest.raises(BadCondition) as refused:
            read(condition, VOCABULARY)
        assert [str(one) for one in refused.value.findings] == [outcome]
        return
    found = read(condition, VOCABULARY)
    if outcome in ANSWERS:
        assert found.holds(KNOWN) is ANSWERS[outcome]
    elif outcome.startswith("because "):
        assert said(found.because(KNOWN), "en", VOCABULARY) == outcome
    else:
        assert sentence(found, VOCABULARY, "en") == outcome


def test_both_spellings_on_the_page_mean_the_same() -> None:
    (block,) = _blocks("yaml")
    pairs = YAML(typ="safe").load(StringIO(block))
    assert len(pairs) > 5
    for pair in pairs:
        tree = from_structure(pair["form"], VOCABULARY)
        assert written(tree) == pair["written"]
        assert to_structure(parse(pair["written"])) == pair["form"]


def test_the_lines_for_programmers_run() -> None:
    (block,) = _blocks("python")
    exec(compile(block, "docs/conditions.md", "exec"), {"vocabulary": VOCABULARY})


def test_the_page_has_its_examples() -> None:
    assert len(VOCABULARY.fields) == 10
    assert len(_examples()) > 45
