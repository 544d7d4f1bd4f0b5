"""Rows of a list: drawn once for as long as nothing in them changes; only the clock is put in each time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from markupsafe import Markup

from credo.conversations.views import Summary
from credo.web import marks, wording
from credo.web.clocks import ClockShown
from credo.web.rendering import draw

_SLOT = Markup("\x00")  # no text holds it: the database cannot


def row(found: Summary, due: ClockShown | None, view: str, me: int, open_id: int | None = None) -> Markup:
    """A row of the list `view` as the colleague `me` sees it, beside the conversation `open_id`."""
    before, after = _around(
        _Row(found),
        due is not None,
        view,
        me,
        found.id == open_id,
        (wording.language.get(), wording.zone.get(), wording.today()),
    )
    return Markup(before if due is None else before + str(marks.clock(due)) + after)  # noqa: S704 - both drawn safely


@dataclass(frozen=True, slots=True, eq=False)
class _Row:
    """A row as a key: the same when every field of it is."""

    found: Summary

    def __hash__(self) -> int:
        return hash((self.found.id, self.found.last_item_at, self.found.state, self.found.unread))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Row) and self.found == other.found


@lru_cache(8192)
def _around(
    row: _Row, timed: bool, view: str, me: int, is_open: bool, reader: tuple[str, str, date]
) -> tuple[str, str]:
    """The row before and after its clock; `reader` is what dates and words depend on."""
    before, _, after = draw("lists", "row", row.found, _SLOT if timed else None, view, me, is_open).partition(_SLOT)
    return before, after
