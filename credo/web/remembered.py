"""What is drawn again and again: rows and letters, remembered for as long as nothing in them changes.

A key is the whole of what is drawn, so that nothing remembered can be out of date, and what was erased is not found.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from credo.conversations.thread import Stretch
from credo.conversations.views import Summary
from credo.web import marks, threads, wording
from credo.web.clocks import ClockShown
from credo.web.rendering import draw
from credo.web.threads import Written

Reader = tuple[str, str, date]  # language, zone and day: what words and dates depend on
_SLOT = Markup("\x00")  # no text holds it: the database cannot
_LONG = 20_000  # characters from which a letter is drawn each time, so that memory stays small


def row(found: Summary, due: ClockShown | None, view: str, me: int, open_id: int | None = None) -> Markup:
    """A row of the list `view` as the colleague `me` sees it; its clock never rests and is drawn each time."""
    key = _Key((found.id, found.last_item_at, found.state, found.unread), found)
    before, after = _row(key, due is not None, view, me, found.id == open_id, _reader())
    return Markup(before if due is None else before + str(marks.clock(due)) + after)  # noqa: S704 - both drawn safely


def letters(thread: Stretch, me: int) -> list[Markup]:
    """Every item of a stretch of a thread, as the colleague `me` reads it: letters, notes and event lines."""
    reader = _reader()
    return [_drawn(threads.written(thread, item), me, reader) for item in thread.items]


def _drawn(written: Written, me: int, reader: Reader) -> Markup:
    item = written.item
    if len(item.html or item.text or "") > _LONG:
        return _letter.__wrapped__(_Key((), written), me, reader)
    # Only the line of an event says "you" to one colleague and a name to the others.
    return _letter(_Key((item.id, item.at, len(written.receipts)), written), me if item.kind == "event" else 0, reader)


@dataclass(frozen=True, slots=True, eq=False)
class _Key:
    """Something to draw, as a key: the same when every field of it is; `mark` is a part of it that can be hashed."""

    mark: tuple[object, ...]
    whole: Any

    def __hash__(self) -> int:
        return hash(self.mark)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.whole == other.whole


@lru_cache(2048)
def _row(row: _Key, timed: bool, view: str, me: int, is_open: bool, reader: Reader) -> tuple[str, str]:
    """The row before and after its clock."""
    before, _, after = draw("lists", "row", row.whole, _SLOT if timed else None, view, me, is_open).partition(_SLOT)
    return before, after


@lru_cache(4096)
def _letter(written: _Key, me: int, _reader: Reader) -> Markup:
    drawn = draw("letters", "shown", threads.shown_item(written.whole, me))
    return Markup(drawn)  # noqa: S704 - drawn by a template that escapes


def _reader() -> Reader:
    return wording.language.get(), wording.zone.get(), wording.today()
