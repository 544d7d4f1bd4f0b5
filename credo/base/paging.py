"""Keyset paging: a page knows where the next one begins."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from credo.base.errors import Invalid
from credo.base.ids import BIGGEST

Row = TypeVar("Row")


class BadCursor(Invalid):
    """That page marker is not one of ours; start again from the first page."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins: after this moment and id. Both None means from the top."""

    at: datetime | None = None
    id: int | None = None

    @classmethod
    def parse(cls, text: str | None) -> Cursor:
        """The cursor written by `str(cursor)`; None or empty is the top."""
        if not text:
            return cls()
        try:
            at, id_ = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            moment = datetime.fromisoformat(at)
            if moment.tzinfo is None or not isinstance(id_, int) or abs(id_) > BIGGEST:
                raise BadCursor
            return cls(moment, id_)
        except (ValueError, TypeError, RecursionError) as wrong:
            raise BadCursor from wrong

    def __str__(self) -> str:
        if self.at is None:
            return ""
        return base64.urlsafe_b64encode(json.dumps([self.at.isoformat(), self.id]).encode()).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows and, when there are more, where they go on."""

    rows: list[Row]
    next: Cursor | None

    @classmethod
    def of(cls, rows: Sequence[Row], limit: int, place: Callable[[Row], tuple[datetime, int]]) -> Page[Row]:
        """A page of `limit` rows from a query that asked for one row more."""
        more = len(rows) > limit
        kept = list(rows[:limit])
        return cls(kept, Cursor(*place(kept[-1])) if more else None)
