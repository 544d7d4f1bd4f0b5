"""Forms of pages: their fields as texts and numbers, and what was wrong with them as sentences."""

from __future__ import annotations

from typing import Any

from litestar import Request

from credo.base.errors import CredoError
from credo.web.wording import gettext as _
from credo.web.wording import ngettext


class Errors(dict[str, str]):
    """Sentences by field; a field without one reads as empty, so that templates need not ask first."""

    def __missing__(self, field: str) -> str:
        return ""


class Form:
    """What was filled in."""

    def __init__(self, fields: Any) -> None:
        self._fields = fields

    def text(self, name: str, longest: int = 1000) -> str:
        """One field as it was typed, empty when it is missing or not a text."""
        value = self._fields.get(name, "")
        return value[:longest] if isinstance(value, str) else ""

    def texts(self, name: str) -> list[str]:
        """Every value of a field that may come several times."""
        return [value for value in self._fields.getall(name, []) if isinstance(value, str)]

    def numbers(self, name: str) -> list[int]:
        """Those values that are ids, each once, in order."""
        found = {int(value) for value in self.texts(name) if value.isascii() and value.isdecimal() and len(value) < 18}
        return sorted(found)


async def read(request: Request[Any, Any, Any]) -> Form:
    """The form that came with the request."""
    return Form(await request.form())


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
