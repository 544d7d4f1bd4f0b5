"""Documents from files, or a sentence that says why there is none."""

from __future__ import annotations

import sys
from pathlib import Path

from credo.base.errors import Invalid

MOST_READ = 1_000_000
"""Bytes; a file that is larger is no document, whatever is in it."""


class NoDocument(Invalid):
    """This file cannot be read as a philosophy document."""


def document(file: str) -> str:
    """The text of a file; raises NoDocument with the reason in a sentence."""
    try:
        raw = sys.stdin.buffer.read(MOST_READ + 1) if file == "-" else _bytes(Path(file))
        if len(raw) > MOST_READ:
            raise NoDocument("This document is larger than 128 kB.")
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise NoDocument("This file is not text in UTF-8.") from wrong
    except ValueError as wrong:  # a name that no file can have
        raise NoDocument("No file can have this name.") from wrong
    except FileNotFoundError as missing:
        raise NoDocument("There is no such file.") from missing
    except IsADirectoryError as folder:
        raise NoDocument("This is a folder and not a file.") from folder
    except OSError as error:
        raise NoDocument("This file cannot be opened: %(reason)s.", reason=error.strerror or error) from error
    if "\x00" in text:
        raise NoDocument("This file is not text.")
    return text


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MOST_READ + 1)
