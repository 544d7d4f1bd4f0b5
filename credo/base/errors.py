"""Errors are classes, and their docstring is a sentence a person may read."""

from __future__ import annotations

import re
from collections.abc import Callable


class CredoError(Exception):
    """Something went wrong."""

    def __init__(self, sentence: str | None = None, **details: object) -> None:
        self.template = sentence or (self.__doc__ or "").strip()
        self.details = details
        self.sentence = self.said()
        super().__init__(self.sentence)

    def said(self, translate: Callable[[str], str] = str) -> str:
        """The sentence as `translate` has it, with the details that it names by `%(name)s` in place."""
        return re.sub(r"%\((\w+)\)s", lambda name: str(self.details.get(name[1], name[0])), translate(self.template))


class NotFound(CredoError):
    """There is nothing here, or you may not see it."""


class Forbidden(CredoError):
    """You may see this, but you may not do that."""


class Invalid(CredoError):
    """That does not fit; nothing was changed."""


class Conflict(CredoError):
    """Somebody else was faster; nothing was changed."""


class TooLarge(CredoError):
    """That is larger than this desk accepts."""


class TooManyRequests(CredoError):
    """That was too often in a short time; wait a little and try again."""
