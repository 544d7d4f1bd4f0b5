"""Edits by lines: what was not edited stays as it was, letter by letter, and the text means exactly the edit."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credo.philosophy.editing import CannotEdit, NothingHere, insert, move, put, remove
from credo.philosophy.patching import patched, same, whole_lines
from credo.philosophy.problems import BadPhilosophy, Problems
from credo.philosophy.source import plain, read
from credo.philosophy.spans import Entry, Span, spans
from credo.philosophy.spelling import block, in_line

DEMO = files("credo").joinpath("demo/lumen-lamps.yaml").read_text()
ODD = """\
# Head
id: odd   # behind
empty:
bare:   # said later
purpose: >
  Two lines
  of text.

literal: |+
  kept

# Between
people:
  - id: ana   # first
    # inside
    says: "Yes: no"
    knows: [a, 'b',  "c"]
    # the end of ana

  # above bo
  - id: bo
    says: plain
      and more
  - {id: cy, says: x,   # within
     knows: {a: 1, b: 2.5}}
nested:
  - - one
    - two
  -
    id: late
    note: x
numbers: [1, 2, 3,]
last: end"""


def meaning(text: str) -> Any:
    return plain(read(text, Problems()))


def changed(old: str, new: str) -> tuple[list[str], list[str]]:
    """The lines that went and the lines that came."""
    gone, came = old.splitlines(), new.splitlines()
    while gone and came and gone[0] == came[0]:
        gone, came = gone[1:], came[1:]
    while gone and came and gone[-1] == came[-1]:
        gone, came = gone[:-1], came[:-1]
    return gone, came


@pytest.mark.parametrize(
    ("path", "value", "gone", "came"),
    [
        ("id", "even", ["id: odd   # behind"], ["id: even   # behind"]),
        ("id", 5, ["id: odd   # behind"], ["id: 5   # behind"]),
        ("id", "5", ["id: odd   # behind"], ['id: "5"   # behind']),
        ("empty", "x", ["empty:"], ["empty: x"]),
        ("empty", {"a": {"b": 1}}, [], ["  a: {b: 1}"]),
        ("bare", "no", ["bare:   # said later"], ['bare: "no"   # said later']),
        ("bare", [{"id": "a", "b": [1]}], [], ["  - id: a", "    b: [1]"]),
        ("purpose", "One.\n", ["  Two lines", "  of text."], ["  One."]),
        ("purpose", "One.", ["purpose: >", "  Two lines", "  of text."], ["purpose: >-", "  One."]),
        ("literal", "a\n\nb\n", ["literal: |+", "  kept", ""], ["literal: |", "  a", "", "  b"]),
        ("people/ana/says", "It's 'so'", ['    says: "Yes: no"'], ["""    says: "It's 'so'\""""]),
        ("people/ana/knows/2", "z", ["    knows: [a, 'b',  \"c\"]"], ["    knows: [a, 'z',  \"c\"]"]),
        ("people/bo/says", "short", ["    says: plain", "      and more"], ["    says: short"]),
        ("people/ana", {"id": "ana", "says": "Yes: no"}, ["    knows: [a, 'b',  \"c\"]"], []),
        ("people/cy/knows/b", 3, ["     knows: {a: 1, b: 2.5}}"], ["     knows: {a: 1, b: 3}}"]),
        ("people/cy/new", "a, b", ["     knows: {a: 1, b: 2.5}}"], ['     knows: {a: 1, b: 2.5}, new: "a, b"}']),
        ("people/bo/knows", ["x"], [], ["    knows: [x]"]),
        ("nested/late/note", None, ["    note: x"], ["    note: null"]),
        ("numbers", 7, ["numbers: [1, 2, 3,]"], ["numbers: 7"]),
        ("last", {"a": [{"b": 1}]}, ["last: end"], ["last:", "  a:", "    - {b: 1}"]),
        ("newest/of/all", True, [], ["newest:", "  of: {all: true}"]),
    ],
)
def test_putting_a_value(path: str, value: Any, gone: list[str], came: list[str]) -> None:
    assert changed(ODD, put(ODD, path, value)) == (gone, came)


def test_only_what_differs_in_an_element_gets_new_lines() -> None:
    ana = {"id": "ana", "says": "No.", "knows": ["a", "c"], "age": 40}
    assert changed(ODD, put(ODD, "people/ana", ana)) == (
        ['    says: "Yes: no"', "    knows: [a, 'b',  \"c\"]"],
        ['    says: "No."', "    knows: [a, \"c\"]", "    age: 40"],
    )  # fmt: skip


def test_a_new_key_stands_where_it_was_put_in_the_element() -> None:
    ana = {"id": "ana", "role": "lead", "says": "Yes: no", "knows": ["a", "b", "c"]}
    gone, came = changed(ODD, put(ODD, "people/ana", ana))
    assert (gone, came) == ([], ["    role: lead"])


@pytest.mark.parametrize(
    ("path", "value", "before", "gone", "came"),
    [
        ("numbers", 4, "", ["numbers: [1, 2, 3,]"], ["numbers: [1, 2, 3, 4,]"]),
        ("numbers", 0, "1", ["numbers: [1, 2, 3,]"], ["numbers: [0, 1, 2, 3,]"]),
        ("people", {"id": "di", "says": "x"}, "", [], ["  - {id: di, says: x}"]),
        ("people/ana/knows", "d", "", ["    knows: [a, 'b',  \"c\"]"], ["    knows: [a, 'b',  \"c\", d]"]),
        ("new", "x", "", [], ["new: [x]"]),
        ("empty", {"id": "x"}, "", [], ["  - {id: x}"]),
    ],
)
def test_inserting(path: str, value: Any, before: str, gone: list[str], came: list[str]) -> None:
    assert changed(ODD, insert(ODD, path, value, before)) == (gone, came)


CY = ["  - {id: cy, says: x,   # within", "     knows: {a: 1, b: 2.5}}"]


def test_inserting_into_a_list_of_blocks_writes_a_block() -> None:
    text = "people:\n  - id: a\n    x: 1\n  # the end of a\n# after\nlast: 1\n"
    assert insert(text, "people", {"id": "b", "x": 2}) == (
        "people:\n  - id: a\n    x: 1\n  - id: b\n    x: 2\n  # the end of a\n# after\nlast: 1\n"
    )
    assert insert(text, "people", {"id": "b", "x": 2}, before="a").startswith(
        "people:\n  - id: b\n    x: 2\n  - id: a\n"
    )


@pytest.mark.parametrize(
    ("path", "gone", "came"),
    [
        ("id", ["id: odd   # behind"], []),
        ("people/ana/id", ["  - id: ana   # first"], ["  - "]),
        ("people/bo/id", ["  - id: bo", "    says: plain"], ["  - says: plain"]),
        ("people/cy/says", CY, ["  - {id: cy, knows: {a: 1, b: 2.5}}"]),
        ("people/cy/knows", CY, ["  - {id: cy, says: x}"]),
        ("people/bo", ["  - id: bo", "    says: plain", "      and more"], []),
        ("numbers/1", ["numbers: [1, 2, 3,]"], ["numbers: [2, 3,]"]),
        ("numbers/3", ["numbers: [1, 2, 3,]"], ["numbers: [1, 2,]"]),
        ("nested/1/1", ["  - - one", "    - two"], ["  - - two"]),
        ("last", ["last: end"], []),
    ],
)  # fmt: skip
def test_removing(path: str, gone: list[str], came: list[str]) -> None:
    assert changed(ODD, remove(ODD, path)) == (gone, came)


def test_moving() -> None:
    assert meaning(move(ODD, "people/cy", before="ana"))["people"][0]["id"] == "cy"
    assert move(ODD, "numbers/1") == ODD.replace("[1, 2, 3,]", "[2, 3, 1,]")
    assert move(ODD, "people/bo", before="cy") == ODD
    back = move(move(DEMO, "promises/first-answer"), "promises/first-answer", before="next-answer")
    assert back == DEMO
    assert sorted(move(ODD, "people/ana").splitlines()) == sorted(ODD.splitlines())


def test_lines_end_as_they_did() -> None:
    text = "a: 1\r\nb:\r\n  - x\r\n"
    assert insert(text, "b", "z") == "a: 1\r\nb:\r\n  - x\r\n  - z\r\n"
    assert put(text, "a", {"c": {"d": [{"e": 1}]}}) == (
        "a:\r\n  c:\r\n    d:\r\n      - {e: 1}\r\nb:\r\n  - x\r\n"
    )  # fmt: skip


@pytest.mark.parametrize("path", ["nobody", "people/dora", "people/ana/knows/9", "id/x", "people/9/says"])
def test_what_is_not_there_cannot_be_removed(path: str) -> None:
    with pytest.raises(NothingHere) as found:
        remove(ODD, path)
    assert path in found.value.sentence


@pytest.mark.parametrize("call", [lambda: put(ODD, "people/dora/says", "x"), lambda: insert(ODD, "id", "x")])
def test_what_is_not_there_cannot_be_filled(call: Any) -> None:
    with pytest.raises(NothingHere):
        call()


def test_an_edit_that_would_touch_more_is_refused() -> None:
    with pytest.raises(CannotEdit):
        put("a: {b, c: 1}\n", "a/b", "x")
    with pytest.raises(BadPhilosophy):
        put("a: 1\na: 2\n", "a", 3)


NASTY = st.text(
    st.one_of(
        st.sampled_from(" \n\t:#-?,[]{}&*!|>'\"%@`=~.0159eEnulytrsfaoxY\\/é\u2028\x85\ufeff😀"),
        st.characters(codec="utf-8"),
    ),
    max_size=24,
)
WORDS = st.sampled_from(
    [
        "yes",
        "NO",
        "null",
        "~",
        "1e3",
        "0x1f",
        "12:30",
        "1_000",
        "2026-12-01",
        "a: b",
        "a #b",
        "- x",
        "75%",
        "---",
        "...",
        "<<",
    ]
)
SCALARS = st.one_of(
    NASTY,
    WORDS,
    st.integers(-(10**17), 10**17),
    st.booleans(),
    st.none(),
    st.floats(allow_nan=False, allow_infinity=False, min_value=-1e90, max_value=1e90),
)
KEYS = st.one_of(st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True), NASTY.filter(lambda key: len(key) < 20))
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(VALUES, st.sampled_from([0, 2, 6]))
def test_what_is_written_reads_back(value: Any, indent: int) -> None:
    assert same(meaning("a: " + in_line(value)), {"a": value})
    if value and isinstance(value, dict | list):
        spaced = " " * (indent + 2) + block(value, indent + 2, "\n")
        assert same(meaning(" " * indent + "a:\n" + spaced), {"a": value})


def every_path(node: Any, path: str = "") -> list[str]:
    inner = node.items() if isinstance(node, dict) else enumerate(node, 1) if isinstance(node, list) else ()
    found = []
    for name, one in inner:
        name = one["id"] if isinstance(node, list) and isinstance(one, dict) and one.get("id") else str(name)
        found += [f"{path}{name}", *every_path(one, f"{path}{name}/")]
    return found


def names_in(data: Any) -> list[str]:
    if isinstance(data, dict):
        return list(data)
    return [one["id"] if isinstance(one, dict) and one.get("id") else str(at) for at, one in enumerate(data, 1)]


def entry_at(text: str, path: str) -> tuple[Span, Entry]:
    data, entry = meaning(text), Entry(None, 0, 0, spans(text))
    parent = entry.node
    for name in path.split("/"):
        at = names_in(data).index(name)
        parent, entry = entry.node, entry.node.entries[at]
        data = data[name] if isinstance(data, dict) else data[at]
    return parent, entry


PART = DEMO[: DEMO.index("  - id: chat-answer")]
"""Enough of a real document; reading all of it for every example takes minutes."""

PATHS = {text: every_path(meaning(text)) for text in (PART, ODD)}

LISTS = {text: [path for path in paths if entry_at(text, path)[1].node.kind == "list"] for text, paths in PATHS.items()}


@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from(list(PATHS)), VALUES)
def test_putting_changes_nothing_around(data: st.DataObject, text: str, value: Any) -> None:
    path = data.draw(st.sampled_from(PATHS[text]))
    parent, entry = entry_at(text, path)
    start, end = (entry.start, entry.end) if parent.flow else whole_lines(text, entry)
    new = put(text, path, value)
    assert new.startswith(text[:start])
    assert new.endswith(text[end:])
    assert len(new) >= start + len(text) - end


@settings(max_examples=40, deadline=None)
@given(st.data(), st.sampled_from(list(PATHS)))
def test_removing_changes_nothing_around(data: st.DataObject, text: str) -> None:
    path = data.draw(st.sampled_from(PATHS[text]))
    parent, entry = entry_at(text, path)
    at = parent.entries.index(entry)
    new = remove(text, path)
    if len(parent.entries) > 1:
        before = parent.entries[at - 1].end if at else parent.start
        after = parent.entries[at + 1].end if at + 1 < len(parent.entries) else whole_lines(text, entry)[1]
        assert new.startswith(text[:before].rstrip("- \n") if at == 0 else text[:before])
        assert new.endswith(text[after:])
        _gone, came = changed(text, new)
        assert len(came) <= 1 or parent.flow
    assert path not in every_path(meaning(new)) or path.rpartition("/")[2].isdigit()


@settings(max_examples=40, deadline=None)
@given(st.data(), st.sampled_from(list(PATHS)), VALUES)
def test_inserting_only_adds(data: st.DataObject, text: str, value: Any) -> None:
    path = data.draw(st.sampled_from(LISTS[text]))
    _parent, entry = entry_at(text, path)
    new = insert(text, path, value)
    if not entry.node.entries:
        return
    at = next((i for i, (one, other) in enumerate(zip(text, new, strict=False)) if one != other), len(text))
    assert new.endswith(text[at:])
    assert same(meaning(new), _inserted(text, path, value))


def _inserted(text: str, path: str, value: Any) -> Any:
    whole = meaning(text)
    data = whole
    for name in path.split("/"):
        data = data[name] if isinstance(data, dict) else data[names_in(data).index(name)]
    data.append(value)
    return whole


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_any_meaning_can_become_any_other(data: st.DataObject) -> None:
    old = data.draw(st.dictionaries(KEYS, VALUES, min_size=1, max_size=4))
    new = {**old, **data.draw(st.dictionaries(st.sampled_from(list(old)) | KEYS, VALUES, max_size=3))}
    for key in data.draw(st.lists(st.sampled_from(list(old)), max_size=2, unique=True)):
        new.pop(key, None)
    if not set(old) & set(new):
        return
    text = block(old, 0, "\n") + "\n"
    assert same(meaning(patched(text, meaning(text), new)), new)
