"""`credo philosophy`: begin a document, and what is wrong in one; only `try` opens the database."""

from __future__ import annotations

import argparse
import json
import os
from typing import TYPE_CHECKING

from credo.commands.philosophy import beginning, trying, words
from credo.commands.philosophy.reading import NoDocument, document

if TYPE_CHECKING:
    from credo.philosophy import Problem


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `credo philosophy` with its acts: check, schema, begin, and those of `words` and `trying`."""
    command = subparsers.add_parser("philosophy", help="check a philosophy document and say what it comes to")
    acts = command.add_subparsers(title="acts", metavar="ACT", required=True)
    checking = acts.add_parser("check", help="name every error and note with its line and column")
    checking.add_argument("files", nargs="+", metavar="FILE", help="a philosophy document, or - for stdin")
    checking.add_argument("--json", action="store_true", help="print one JSON object a line")
    checking.set_defaults(run=lambda arguments: check(arguments.files, as_json=arguments.json))
    describing = acts.add_parser("schema", help="print the JSON Schema of the document, for editors")
    describing.set_defaults(run=lambda arguments: schema())
    beginning.register(acts)
    words.register(acts)
    trying.register(acts)


def check(files: list[str], *, as_json: bool) -> int:
    """Print the findings of every file in order of place; 1 when one of them is an error."""
    from credo.philosophy import examine

    failed = False
    for path in files:
        file = os.fsencode(path).decode("utf-8", "replace")  # a name may hold what cannot be printed
        try:
            problems = examine(document(path)).problems
        except NoDocument as unreadable:
            print(_unreadable(file, unreadable, as_json=as_json))
            failed = True
            continue
        for problem in problems:
            print(_as_json(file, problem) if as_json else _as_line(file, problem))
        failed = failed or any(one.grade == "error" for one in problems)
    return int(failed)


def schema() -> int:
    """Print the JSON Schema."""
    from credo import philosophy

    print(json.dumps(philosophy.schema(), indent=2, ensure_ascii=False))
    return 0


def _as_line(file: str, problem: Problem) -> str:
    line, column = problem.place
    return f"{file}:{line}:{column}: {problem.grade}: {_one_line(problem.said())}"


def _as_json(file: str, problem: Problem) -> str:
    return _record(file, *problem.place, problem.grade, problem.path, problem.message(), problem.hint())


def _unreadable(file: str, why: NoDocument, *, as_json: bool) -> str:
    return _record(file, 1, 1, "error", "", why.sentence, "") if as_json else f"{file}:1:1: error: {why.sentence}"


def _record(file: str, line: int, column: int, level: str, path: str, message: str, suggestion: str) -> str:
    found = {"file": file, "line": line, "column": column, "level": level, "path": path}
    return json.dumps(found | {"message": _one_line(message), "suggestion": _one_line(suggestion)}, ensure_ascii=False)


def _one_line(sentence: str) -> str:
    """What somebody wrote may hold a line break; a finding is one line."""
    return " ".join(sentence.split())
