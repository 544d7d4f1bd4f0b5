"""`credo philosophy compile`, `diff` and `explain`: a document in words, on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from credo.cli import main
from credo.philosophy import compile, load
from philosophy.whole import WHOLE, changed


@pytest.fixture
def whole(tmp_path: Path) -> str:
    return written(tmp_path, "whole.yaml", WHOLE)


def written(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text, "utf-8")
    return str(folder / name)


def test_compiling_says_the_summary(whole: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["philosophy", "compile", whole]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first == (
        "ferry-tickets becomes: conditions 14, clocks 1, coach checks 2, scorecard lines 2, routing rules 1,"
        " policies 2, bot bounds 1, surveys 1, goals 1, training modules 1, decision rights 1, public promises 1"
    )
    assert second.endswith(f"digest {compile(load(WHOLE)).digest()[:16]}")


def test_compiling_says_what_is_missing_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = changed("human_share_min: 0.3, serves: first-heard}", "human_share_min: 0.3}")
    text = text.replace("given: {ticket.channel: email", "given: {ticket.channel: chat")
    assert main(["philosophy", "compile", written(tmp_path, "a.yaml", text), "--language", "de"]) == 0
    missing, failure = capsys.readouterr().out.splitlines()[2:]
    assert missing.startswith("81: „automation“ dient keinem Grundsatz;")
    assert failure.startswith(
        "103: Das Beispiel „A worried mail in a storm.“ erwartet „an-hour“, und es trifft nicht zu."
    )


def test_compiling_to_json(whole: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["philosophy", "compile", whole, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    compiled = compile(load(WHOLE))
    assert found.pop("digest") == compiled.digest()
    assert found == json.loads(compiled.canonical())


def test_differences_are_sentences_and_an_exit_code(
    whole: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = written(tmp_path, "other.yaml", changed("PT1H", "PT4H"))
    assert main(["philosophy", "diff", whole, whole]) == 0
    assert capsys.readouterr().out == ""
    assert main(["philosophy", "diff", other, whole]) == 1
    assert capsys.readouterr().out == "The promise “an hour” tightens from 4 to 1 opening hour.\n"
    assert main(["philosophy", "diff", other, whole, "--language", "es"]) == 1
    assert capsys.readouterr().out == "La promesa «an hour» se hace más exigente: de 4 a 1 hora de atención.\n"


def test_explaining_an_element(whole: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["philosophy", "explain", whole, "practice/behaviours/no-cards"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "The behaviour “no cards” (line 41)",
        "  when: the number of card numbers in the reply is more than 0",
        "  observe: the number of card numbers in the reply is 0",
        "  becomes coach_check no-cards, waits for the coach",
        "  becomes scorecard_line no-cards, waits for reviews",
        "  becomes metric no-cards, waits for measuring",
        "  becomes card m-one-no-cards, waits for training",
        "  why: behaviour no-cards: Never send a card number.",
        "  why: principle our-word: What we say will happen happens.",
        "  why: value calm: We take worry away.",
    ]


def test_explaining_says_what_is_missing_and_in_conflict(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = changed(
        "  rules:\n",
        "  rules:\n    - {id: no, serves: our-word, kind: may, who: agent, text: x, when: 'order.delayed',"
        " do: {refuse: refund}}\n",
    )
    assert main(["philosophy", "explain", written(tmp_path, "a.yaml", text), "policy/rules/no"]) == 0
    assert "  conflict: “no” and “refund-cancelled” (line " in capsys.readouterr().out


def test_what_cannot_be_explained_is_one_sentence(
    whole: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["philosophy", "explain", whole, "promises/nobody"]) == 1
    assert capsys.readouterr().err == "credo: There is no element “promises/nobody” in this document.\n"
    assert main(["philosophy", "compile", str(tmp_path / "gone.yaml")]) == 1
    assert capsys.readouterr().err == "credo: There is no such file.\n"
    assert main(["philosophy", "compile", written(tmp_path, "bad.yaml", "format: x")]) == 1
    assert capsys.readouterr().err.startswith("credo: The document has errors")
