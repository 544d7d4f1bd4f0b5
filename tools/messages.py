"""The catalogues of the interface: reads every text anew, carries the translations on, and says what is still open.

Run by `make messages`. Texts are what stands in `_()` and `ngettext()` of code and templates, the sentences of errors
(their docstrings, and literal sentences they are raised with), and the values of tables called WORDS.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
LOCALES = ROOT / "credo/locale"
TEMPLATE = LOCALES / "credo.pot"
LANGUAGES = ("de", "es")
_METHODS = [("**.py", "python"), ("web/templates/**.html", "jinja2")]
_OPTIONS = {"web/templates/**.html": {"newstyle_gettext": "true", "silent": "false"}}


def main() -> int:
    """Write the template and both catalogues, compile them, and return 1 when a text waits for its translation."""
    template, waiting = extracted(), 0
    LOCALES.mkdir(exist_ok=True)
    TEMPLATE.write_bytes(_written(template))
    for language in LANGUAGES:
        catalogue = carried_on(language, template)
        place = source(language)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(_written(catalogue))
        with place.with_suffix(".mo").open("wb") as compiled:
            write_mo(compiled, catalogue)
        texts = open_texts(catalogue)
        waiting += len(texts)
        print(f"{language}: {len(catalogue)} texts, {len(texts)} not translated")
        for text in texts:
            print(f"  {text!r}")
    return 1 if waiting else 0


def source(language: str) -> Path:
    """Where the translations of a language are written."""
    return LOCALES / language / "LC_MESSAGES/credo.po"


def extracted() -> Catalog:
    """Every text of the interface, without translations."""
    catalogue = Catalog()
    for _, _, message, _, context in extract_from_dir(
        ROOT / "credo", _METHODS, _OPTIONS, directory_filter=lambda folder: Path(folder).name != "assets"
    ):
        catalogue.add(message, context=context)
    for sentence in sentences():
        catalogue.add(sentence)
    return catalogue


def read(place: Path, language: str | None = None) -> Catalog:
    """A catalogue as it is written."""
    with place.open("rb") as file:
        return read_po(file, locale=language)


def carried_on(language: str, template: Catalog) -> Catalog:
    """The catalogue of a language with the texts of `template`, in which new ones are still empty."""
    place = source(language)
    catalogue = read(place, language) if place.is_file() else Catalog(language)
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    return catalogue


def open_texts(catalogue: Catalog) -> list[str]:
    """The texts that have no translation, or one that nobody has looked over."""
    return [str(one.id) for one in catalogue if one.id and (one.fuzzy or not all(_strings(one)))]


def sentences() -> Iterator[str]:
    """What errors say and what tables called WORDS hold, from the source: nothing is imported."""
    trees = [ast.parse(file.read_text("utf-8")) for file in sorted((ROOT / "credo").rglob("*.py"))]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    kinds = _errors([node for node in nodes if isinstance(node, ast.ClassDef)])
    for node in nodes:
        if isinstance(node, ast.ClassDef) and node.name in kinds:
            yield (ast.get_docstring(node, clean=False) or "").strip()
        elif isinstance(node, ast.Call) and _name(node.func) in kinds and node.args:
            yield from _texts([node.args[0]])
        elif isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Dict):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if "WORDS" in map(_name, targets):
                yield from _texts(node.value.values)


def _errors(classes: list[ast.ClassDef]) -> set[str]:
    """The names of all classes that descend from CredoError."""
    kinds, before = {"CredoError"}, 0
    while len(kinds) > before:
        before = len(kinds)
        kinds |= {one.name for one in classes if kinds & {_name(base) for base in one.bases}}
    return kinds


def _name(node: ast.AST) -> str:
    """The last word of `a.b.c`."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _texts(nodes: list[ast.expr]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _strings(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, list | tuple) else [message.string or ""]


def _written(catalogue: Catalog) -> bytes:
    """The file: sorted, so that two changes seldom meet, and with a header that names no host, person or hour."""
    fields = ["MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit"]
    if catalogue.locale:
        fields = [f"Language: {catalogue.locale}", *fields, f"Plural-Forms: {catalogue.plural_forms}"]
    header = "\n".join(['msgid ""', 'msgstr ""', *(f'"{field}\\n"' for field in fields)])
    body = BytesIO()
    write_po(body, catalogue, width=110, no_location=True, omit_header=True, sort_output=True, ignore_obsolete=True)
    return f"{header}\n\n".encode() + body.getvalue().rstrip() + b"\n"


if __name__ == "__main__":
    sys.exit(main())
