"""Forms of pages: their fields as texts and numbers, and what was wrong with them as sentences."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

from litestar import Request
from litestar.datastructures import FormMultiDict, UploadFile
from litestar.enums import RequestEncodingType

from credo.base.errors import CredoError, Invalid
from credo.base.ids import BIGGEST
from credo.web.wording import gettext as _
from credo.web.wording import ngettext

_MOST_FIELDS = 1000


class FormUnreadable(Invalid):
    """What this form sent cannot be read; reload the page and try again."""


class NotANumber(Invalid):
    """A number in this form is none that we know; reload the page and try again."""


class FileMissing(Invalid):
    """Choose a file first."""


class Errors(dict[str, str]):
    """Sentences by field; a field without one reads as empty, so that templates need not ask first."""

    def __missing__(self, field: str) -> str:
        return ""


class Form:
    """What was filled in."""

    def __init__(self, fields: FormMultiDict) -> None:
        self._fields = fields

    def text(self, name: str, longest: int = 1000) -> str:
        """One field as it was typed, empty when it is missing or not a text."""
        return next(iter(self.texts(name)), "")[:longest]

    def texts(self, name: str) -> list[str]:
        """Every value of a field that may come several times, without the one character no text can keep."""
        return [value.replace("\x00", "") for value in self._fields.getall(name, []) if isinstance(value, str)]

    def number(self, name: str, biggest: int = BIGGEST) -> int | None:
        """A whole number from 0 to `biggest`, None when nothing was filled in; raises NotANumber."""
        text = self.text(name).strip()
        if not text:
            return None
        found = number(text, biggest)
        if found is None:
            raise NotANumber
        return found

    def numbers(self, name: str) -> list[int]:
        """Those values that are ids, each once, in order."""
        return sorted(numbers(self.texts(name)))

    def files(self, name: str) -> list[UploadFile]:
        """The files of a field, without the empty one that browsers send when none was chosen."""
        return [one for one in self._fields.getall(name, []) if isinstance(one, UploadFile) and one.filename]

    def file(self, name: str) -> UploadFile:
        """The file of a field; raises FileMissing."""
        found = self.files(name)
        if not found:
            raise FileMissing
        return found[0]


def number(text: str, biggest: int = BIGGEST) -> int | None:
    """`text` as a whole number that the database can hold, or None."""
    found = int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else biggest + 1
    return found if found <= biggest else None


def numbers(texts: Iterable[str]) -> set[int]:
    """Those of `texts` that are such numbers."""
    return {found for text in texts if (found := number(text)) is not None}


async def read(request: Request[Any, Any, Any]) -> Form:
    """The form that came with the request; raises FormUnreadable."""
    kind, _options = request.content_type
    try:
        if kind == RequestEncodingType.MULTI_PART:
            return Form(await request.form())
        # Not the framework's own reading: it remembers a thousand whole bodies, passwords among them.
        typed = await request.body() if kind == RequestEncodingType.URL_ENCODED else b""
        pairs = parse_qsl(typed.decode("latin-1"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except (ValueError, LookupError) as wrong:
        raise FormUnreadable from wrong
    return Form(FormMultiDict(pairs))


def said(error: CredoError) -> str:
    """The sentence of an error in the reader's language, with the tries left or the time to wait."""
    wait, left = error.details.get("wait"), error.details.get("left")
    if isinstance(wait, int):
        return _too_often(wait)
    if left == 0:
        return error.said(_) + " " + _("From now on you have to wait between tries.")
    if isinstance(left, int):
        number = ngettext("%(num)d try left.", "%(num)d tries left.", left) % {"num": left}
        return f"{error.said(_)} {number}"
    return error.said(_)


def _too_often(seconds: int) -> str:
    if seconds < 90:
        text = ngettext(
            "Too many tries. Wait %(num)d second, then try again.",
            "Too many tries. Wait %(num)d seconds, then try again.",
            seconds,
        )
        return text % {"num": seconds}
    minutes = round(seconds / 60)
    text = ngettext(
        "Too many tries. Wait %(num)d minute, then try again.",
        "Too many tries. Wait %(num)d minutes, then try again.",
        minutes,
    )
    return text % {"num": minutes}
