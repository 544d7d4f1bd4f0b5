"""The catalogues hold every text of the interface, and every text is translated as it is meant."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections import Counter
from dataclasses import fields
from datetime import date
from functools import cache
from gettext import GNUTranslations
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

import credo
from credo import philosophy
from credo.base.errors import CredoError
from credo.calendars.windows import BadWindow
from credo.philosophy.about import begin_from_page
from credo.philosophy.beginning import Answers, begin
from credo.philosophy.composing import Ground
from credo.philosophy.problems import Place, Problem
from credo.philosophy.starters import KEYS, starter
from credo.web import wording
from tools import messages

CODE = Path(credo.__file__).parent
PLACES = re.compile(r"%\(\w+\)\d*[sd]|%%|\|")
BANNED = {
    "en": r"\b(agents?|tickets?|SLA|oops|escalate|delight|AI)\b|!$",
    "de": r"\b(Agent\w*|Tickets?|SLA|du|dein\w*|dir|dich|eskalier\w*|KI)\b|!$",
    "es": r"\b(agentes?|tickets?|SLA|tú|tus?|ti|contigo|vosotr\w+|escalar)\b|!$",
}
MARKS = {"de": "“%s”|«|»", "es": "“|”|„"}


@cache
def _template() -> Catalog:
    return messages.extracted()


@cache
def _catalogue(language: str) -> Catalog:
    return messages.read(messages.source(language), language)


def _ids(catalogue: Catalog) -> set[object]:
    return {one.id for one in catalogue if one.id}


def _pairs(language: str) -> list[tuple[str, str]]:
    """Each text with its translation; of plurals, each form with the source's form for many."""
    return [pair for one in _catalogue(language) if one.id for pair in _forms(one)]


def _forms(one: Message) -> list[tuple[str, str]]:
    if isinstance(one.id, str):
        return [(one.id, str(one.string))]
    return [(one.id[-1], form) for form in one.string]


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_nothing_waits_for_its_translation(language: str) -> None:
    assert messages.open_texts(_catalogue(language)) == []


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_the_catalogues_hold_what_the_interface_says_now(language: str) -> None:
    hint = "run `make messages`"
    assert _ids(messages.read(messages.TEMPLATE)) == _ids(_template()), hint
    assert _ids(_catalogue(language)) == _ids(_template()), hint


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_translations_keep_their_places(language: str) -> None:
    for text, said in _pairs(language):
        assert Counter(PLACES.findall(said)) == Counter(PLACES.findall(text)), said


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_translations_keep_their_shape(language: str) -> None:
    for text, said in _pairs(language):
        assert said == said.strip(), said
        assert text.count("\n") == said.count("\n"), said
        assert not re.search("[<>]", said), said  # templates take a translation as markup
        assert (text[-1:] in ".?!") == (said[-1:] in ".?!"), said
        assert text.endswith("?") == said.endswith("?"), said


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_the_compiled_catalogue_says_what_is_written(language: str) -> None:
    place = messages.source(language).with_suffix(".mo")
    assert place.is_file(), "run `make setup`"
    with place.open("rb") as file:
        compiled = GNUTranslations(file)
    assert [text for text, said in _pairs(language) if compiled.gettext(text) not in (said, text)] == []
    assert compiled.ngettext("%(num)d try", "%(num)d tries", 1) != compiled.ngettext("%(num)d try", "%(num)d tries", 2)


def test_every_error_says_a_sentence_that_is_translated() -> None:
    for module in pkgutil.walk_packages(credo.__path__, "credo."):
        importlib.import_module(module.name)
    kinds = [kind for kind in _descendants(CredoError) if kind.__module__.startswith("credo.")]
    assert len(kinds) > 100
    assert [kind.__name__ for kind in kinds if not (kind.__doc__ or "").strip()] == []
    sentences = {(kind.__doc__ or "").strip() for kind in kinds}
    assert sentences - _ids(_template()) == set()
    assert [one for one in sentences if "\n" in one] == []


def _descendants(kind: type[CredoError]) -> list[type[CredoError]]:
    return [kind, *(one for child in kind.__subclasses__() for one in _descendants(child))]


def test_what_is_translated_is_written_out() -> None:
    """`_(f"…")` and `_("…" % x)` would look a finished sentence up, which no catalogue holds."""
    wrong = []
    for file in CODE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id
            if named in ("_", "ngettext") and isinstance(node.args[0], ast.JoinedStr | ast.BinOp):  # type: ignore[attr-defined]
                wrong.append(f"{file.name}: {ast.unparse(node)}")
    assert wrong == []


@pytest.mark.parametrize("language", ["en", *messages.LANGUAGES])
def test_the_tone_of_the_house(language: str) -> None:
    texts = _pairs(language) if language in messages.LANGUAGES else [(str(one), str(one)) for one in _ids(_template())]
    assert [said for _, said in texts if re.search(BANNED[language], said)] == []
    if language in MARKS:
        assert [said for _, said in texts if re.search(MARKS[language], said)] == []


def test_catalogues_name_no_person_host_or_place() -> None:
    for place in (messages.TEMPLATE, *map(messages.source, messages.LANGUAGES)):
        text = place.read_text("utf-8")
        assert not re.search(r"EMAIL@|FULL NAME|Last-Translator|POT-Creation|^#:|^#, fuzzy", text, re.MULTILINE)


def test_the_compiler_of_the_makefile_finds_the_catalogues() -> None:
    assert "compile --domain credo --directory credo/locale" in (messages.ROOT / "Makefile").read_text("utf-8")


def test_a_problem_and_what_another_room_said_about_it_are_both_translated() -> None:
    with messages.source("de").with_suffix(".mo").open("rb") as file:
        translate = GNUTranslations(file).gettext
    details = {"text": "9-17", "sentence": BadWindow().sentence}
    problem = Problem("error", Place(3, 1), "policy", "“%(text)s”: %(sentence)s", "put it in quotes", details)
    assert problem.said(translate) == (
        "„9-17“: Öffnungszeiten werden geschrieben wie 09:00-18:00. — setzen Sie es in Anführungszeichen"
    )
    assert problem.said() == "“9-17”: Opening hours are written like 09:00-18:00. — put it in quotes"


def test_an_error_puts_its_details_into_the_translated_sentence() -> None:
    error = CredoError("“%(name)s” is not known here.", name="50 % off")
    assert error.sentence == "“50 % off” is not known here."
    assert error.said({"“%(name)s” is not known here.": "„%(name)s“ ist hier nicht bekannt."}.__getitem__) == (
        "„50 % off“ ist hier nicht bekannt."
    )
    assert CredoError("100 % of %(nobody)s").sentence == "100 % of %(nobody)s"


@pytest.mark.parametrize("language", ["en", *messages.LANGUAGES])
@pytest.mark.parametrize("key", KEYS)
def test_a_draft_is_all_in_the_language_of_the_desk(key: str, language: str) -> None:
    ground = Ground("Lumen „Lamps“: 1 % more", None, ("maya",), date(2026, 11, 27))
    answers = Answers(*(["one thing 7 % #", "another"][at % 2] for at, _ in enumerate(fields(Answers))))
    one, say = starter(key, language), wording.catalogue(language).gettext
    texts = [
        begin(one, ground, answers, say, hours=2),
        begin_from_page(one, ground, "We answer in 24 hours. So so.", say),
    ]
    for text in texts:
        assert philosophy.load(text).title == say("How we look after people at %(desk)s") % {"desk": ground.name}
        if language != "en":
            assert not re.search(r"What you wrote|People|By when|counts nights|From your page|you thank", text)
