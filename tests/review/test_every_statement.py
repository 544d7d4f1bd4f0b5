"""Every statement names the desk: read from the source, so that none can be forgotten."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2] / "credo"
_VERB = re.compile(r"^\s*(?:select|insert|update|delete|with|merge|lock|copy|truncate)\b", re.IGNORECASE)
_TABLE = re.compile(r"\b(?:from|join|into|update|using)\s+(?:only\s+)?([a-z_]+)\b", re.IGNORECASE)

# Statements about all desks at once, each with the reason. A text is found by its beginning, blanks made one.
ALLOWED = {
    "queue.py": {"select d.id from desk d where exists": "which desks have mail to read; joined by r.desk_id = d.id"},
    "mailbox.py": {
        "{_COLUMNS} where state = 'active' and incoming->>'host' <> ''": "the worker fetches for every desk",
        "select desk_id, id from mailbox where state = 'active'": "the listener and the worker serve every desk",
    },
    "outbox.py": {"select distinct desk_id, mailbox_id from outbox": "which lanes have mail to send"},
    "release.py": {"select distinct desk_id from outbox": "which desks have mail to release"},
    "clocks.py": {"select distinct desk_id from due": "which desks have a promise to ring"},
    "publishing.py": {
        "select distinct desk_id from philosophy_version": "which desks have a version whose time has come"
    },
    "rounds.py": {
        "select distinct desk_id from snooze": "which desks have somebody to wake",
        "delete from presence where until": "leases that ended, of every desk",
        "delete from idempotency where created_at": "old answers, of every desk",
        "delete from attachment where item_id is null": "files of drafts that are gone; joined by desk_id",
        "select id from desk": "every desk, one after the other",
    },
    "changes.py": {"delete from change where at": "names older than an hour, of every desk"},
    "hub.py": {"select xid::text as xid": "one poller a process reads the names of all desks and tells each its own"},
    "doctor.py": {
        "select name, incoming, outgoing": "the console looks at every mailbox there is",
        "select 'the password of '": "the console looks at every secret there is",
    },
    "vitals.py": {"select (select min(r.received_at)": "figures of the whole installation, without a word of anybody"},
}


def _tables() -> frozenset[str]:
    """The tables that belong to a desk, from the readable truth."""
    found = re.findall(r"create (?:unlogged )?table (\w+) \((.*?)\n\);", (ROOT / "schema.sql").read_text(), re.DOTALL)
    return frozenset(name for name, columns in found if re.search(r"\bdesk_id\b", columns))


def _texts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every text of a module that is not a part of another one, with its holes as `{}` or `{name}`."""
    inner = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield node.lineno, "".join(map(_piece, node.values))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inner:
            yield node.lineno, node.value


def _piece(part: ast.expr) -> str:
    if isinstance(part, ast.Constant):
        return str(part.value)
    named = part.value if isinstance(part, ast.FormattedValue) else None
    return f"{{{named.id}}}" if isinstance(named, ast.Name) else "{}"


def _statements() -> Iterator[tuple[Path, int, str, str]]:
    """Each statement: its module, line, text, and the text with what the module keeps under names written out."""
    for path in sorted(ROOT.rglob("*.py")):
        tree = ast.parse(path.read_text())
        docs = {
            ast.get_docstring(node, clean=False)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        }
        fragments = _fragments(tree)
        parts = set(fragments.values())
        for line, text in _texts(tree):
            whole = _written_out(text, fragments)
            if text not in docs and text not in parts and _VERB.match(whole):
                yield path, line, " ".join(text.split()), " ".join(whole.split())


def _written_out(text: str, fragments: dict[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda hole: fragments.get(hole[1], hole[0]), text)


def _fragments(tree: ast.Module) -> dict[str, str]:
    """The texts a module keeps under a name, which statements are put together from."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
                found[node.targets[0].id] = node.value.value
            elif isinstance(node.value, ast.JoinedStr):
                found[node.targets[0].id] = "".join(map(_piece, node.value.values))
    return found


def _allowed(path: Path, text: str) -> bool:
    return bool(_beginnings(path, text))


def test_every_statement_about_a_table_of_a_desk_names_the_desk() -> None:
    tables, wrong, seen = _tables(), [], 0
    assert {"conversation", "item", "outbox", "raw", "session", "event"} <= tables
    for path, line, text, whole in _statements():
        touched = [name for name in _TABLE.findall(whole.lower()) if name in tables]
        if not touched or _allowed(path, text):
            continue
        seen += 1
        if "%(desk)s" not in whole or whole.count("desk_id") < len(touched):
            wrong.append(f"{path.relative_to(ROOT.parent)}:{line}: {touched}: {text}")
    assert seen > 200, "the reading found the statements"
    assert wrong == []


def test_every_exception_is_still_needed() -> None:
    found = {(path.name, beginning) for path, _, text, _ in _statements() for beginning in _beginnings(path, text)}
    assert found == {(name, beginning) for name, allowed in ALLOWED.items() for beginning in allowed}


def _beginnings(path: Path, text: str) -> list[str]:
    return [beginning for beginning in ALLOWED.get(path.name, {}) if text.startswith(beginning)]
