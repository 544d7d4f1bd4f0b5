"""`credo philosophy compile`, `diff` and `explain`: a document in words."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from credo.base.errors import NotFound
from credo.commands.philosophy.reading import document

if TYPE_CHECKING:
    from credo.philosophy import Compiled, Philosophy, Teller

LANGUAGES = ("en", "de", "es")


class NoElement(NotFound):
    """There is no element “%(path)s” in this document."""


def register(acts: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the acts that need a document without errors."""
    compiling = acts.add_parser("compile", help="say what a document becomes, and what it still leaves open")
    compiling.add_argument("file", metavar="FILE", help="a philosophy document, or - for stdin")
    compiling.add_argument("--json", action="store_true", help="print every artefact as one JSON document")
    _speaking(compiling)
    compiling.set_defaults(run=lambda asked: compile_(asked.file, asked.language, as_json=asked.json))
    comparing = acts.add_parser("diff", help="say in words what changes from one document to another")
    comparing.add_argument("old", metavar="OLD", help="the document as it was")
    comparing.add_argument("new", metavar="NEW", help="the document as it will be")
    _speaking(comparing)
    comparing.set_defaults(run=lambda asked: diff(asked.old, asked.new, asked.language))
    explaining = acts.add_parser("explain", help="say what one element means, becomes and serves")
    explaining.add_argument("file", metavar="FILE", help="a philosophy document, or - for stdin")
    explaining.add_argument("path", metavar="PATH", help="where it stands, like promises/first-answer")
    _speaking(explaining)
    explaining.set_defaults(run=lambda asked: explain(asked.file, asked.path, asked.language))


def _speaking(command: argparse.ArgumentParser) -> None:
    command.add_argument("--language", choices=LANGUAGES, default="en", help="in which language to say it")


def compile_(file: str, language: str, *, as_json: bool) -> int:
    """Print the summary with everything that is missing, in conflict or not as agreed; or all of it as JSON."""
    from credo import philosophy

    found = philosophy.load(document(file))
    compiled = philosophy.compile(found)
    if as_json:
        print(json.dumps(compiled.plain() | {"digest": compiled.digest()}, indent=2, ensure_ascii=False))
        return 0
    print("\n".join(_summary(found, compiled, teller(language))))
    return 0


def _summary(found: Philosophy, compiled: Compiled, teller: Teller) -> Iterator[str]:
    from credo import philosophy

    counts = ", ".join(f"{name} {number}" for name, number in compiled.counts().items())
    yield f"{found.id} becomes: {counts}"
    waiting = sum(1 for one in compiled.artefacts if one.waits)
    yield f"{len(compiled.artefacts)} artefacts, {waiting} of them wait for their room; digest {compiled.digest()[:16]}"
    for piece in philosophy.missing(found):
        yield f"{piece.problem.place.line}: {piece.said(teller.gettext)}"
    looked = philosophy.conflicts(found)
    for conflict in looked.unsettled():
        yield f"{conflict.problem.place.line}: {conflict.said(teller.gettext)}"
    if looked.not_looked_at:
        yield f"{looked.not_looked_at} more pairs that nobody looked at: too many to say whether they can meet"
    for failure in philosophy.golden(found):
        yield f"{failure.problem.place.line}: {failure.said(teller.gettext, teller.language)}"


def diff(old: str, new: str, language: str) -> int:
    """Print every change as a sentence; 1 when there is any, as diff does."""
    from credo import philosophy

    before, after = (philosophy.load(document(file)) for file in (old, new))
    changes = philosophy.compare(before, after, teller(language))
    for change in changes:
        print(change.said)
    return int(bool(changes))


def explain(file: str, path: str, language: str) -> int:
    """Print one element in words: what it says, what it becomes, why, and what it lacks."""
    from credo import philosophy

    found = philosophy.load(document(file))
    if path not in found.places:
        raise NoElement(path=path)
    print("\n".join(_explained(found, path, teller(language))))
    return 0


def _explained(found: Philosophy, path: str, teller: Teller) -> Iterator[str]:
    from credo import philosophy

    compiled = philosophy.compile(found)
    artefacts = compiled.of(path)
    element, key = philosophy.subject(path, teller)
    yield f"{element} (line {found.places[path].line})" if not key else f"{element}: {key}"
    for where, text in compiled.conditions.items():
        if where == path or where.startswith(f"{path}/"):
            yield f"  {where.removeprefix(path).strip('/') or 'when'}: {teller.condition(text)}"
    for artefact in artefacts:
        yield f"  becomes {artefact.kind} {artefact.id}" + (f", waits for {artefact.waits}" if artefact.waits else "")
    for link in artefacts[0].why if artefacts else ():
        yield f"  why: {link.kind} {link.id}: {link.said}"
    for piece in philosophy.missing(found):
        if piece.path == path:
            yield f"  missing: {piece.said(teller.gettext)}"
    for conflict in philosophy.conflicts(found).found:
        if path in (conflict.one, conflict.other):
            yield f"  conflict: {conflict.said(teller.gettext)}"


def teller(language: str) -> Teller:
    """Whoever says things in this language."""
    from credo.philosophy import Teller
    from credo.web.wording import catalogue

    words = catalogue(language)
    return Teller(language, words.gettext, words.ngettext)
