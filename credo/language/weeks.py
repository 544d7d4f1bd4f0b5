"""Opening hours in prose: "Mon-Fri 9 am to 5 pm", „Mo–Fr 9–18 Uhr, Sa 10–14 Uhr“, «de lunes a viernes, de 9 a 14 h»."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

_NAMES: Mapping[int, str] = {
    0: r"mon(?:day)?s?|montags?|{after}Mo|Mo{short}|lun(?:es)?",
    1: r"tue(?:sday|s)?s?|dienstags?|{after}Di|Di{short}|mar(?:tes)?",
    2: r"wed(?:nesday)?s?|mittwochs?|{after}Mi|Mi{short}|mié(?:rcoles)?|mie(?:rcoles)?",
    3: r"thu(?:rsday|rs|r)?s?|donnerstags?|{after}Do|Do{short}|jue(?:ves)?",
    4: r"fri(?:day)?s?|freitags?|{after}Fr|Fr{short}|vie(?:rnes)?",
    5: r"sat(?:urday)?s?|samstags?|{after}Sa|Sa{short}|sonnabends?|sáb(?:ados?)?|sab(?:ados?)?",
    6: r"sun(?:day)?s?|sonntags?|{after}So|So{short}|dom(?:ingos?)?",
}
_SHORT = r"(?=\.?\s*(?:[-–—,:/&+]|[0-9]|bis\b|und\b|u\.|von\b|ab\b))"  # "So" begins many sentences
_AFTER = r"(?:(?<=[-–—/,&])|(?<=[-–—/,&] )|(?<=bis )|(?<=und ))"
_DAYS = "|".join(f"(?P<d{day}>{names.format(short=_SHORT, after=_AFTER)})" for day, names in _NAMES.items())
_ALL = r"(?P<daily>daily|every\s+day|täglich|jeden\s+tag|todos\s+los\s+días|a\s+diario)"
_MARK = r"\s*(?P<{}>a\.?m\b\.?|p\.?m\b\.?|uhr\b|h\b|hrs\b|horas\b)?"
_CLOCK = r"(?P<{0}>[0-9]{{1,2}})(?:[:.](?P<{0}m>[0-9][0-9]))?"
_WINDOW = (
    _CLOCK.format("f")
    + _MARK.format("fmark")
    + r"\s*(?:-|–|—|to|until|till|bis|a|hasta)\s*(?:las\s+)?"
    + _CLOCK.format("t")
    + _MARK.format("tmark")
)
_TOKEN = re.compile(rf"(?<!\w)(?:{_WINDOW}|(?:{_DAYS})(?!\w)\.?|{_ALL}(?!\w))", re.IGNORECASE)
_THROUGH = re.compile(r"\s*(?:-|–|—|to|through|thru|bis|a|hasta)\s*", re.IGNORECASE)
Week = dict[int, tuple[str, ...]]


def opening_hours(text: str) -> Week:
    """Weekdays (0 is Monday) with their windows ("09:00-18:00"), in order; empty where `text` names none for sure."""
    week: dict[int, list[tuple[int, int]]] = {}
    for days, windows in _groups(text):
        for day in days:
            week.setdefault(day, []).extend(windows)
    if not all(_apart(sorted(windows)) for windows in week.values()):
        return {}
    return {day: tuple(_said(one) for one in sorted(week[day])) for day in sorted(week)}


def _groups(text: str) -> Iterator[tuple[list[int], list[tuple[int, int]]]]:
    """Days with the windows said after them."""
    days: list[int] = []
    windows: list[tuple[int, int]] = []
    end = 0
    for match in _TOKEN.finditer(text):
        if match["f"]:
            window = _window(match)
            if window and days:
                windows.append(window)
        else:
            if windows:
                yield days, windows
                days, windows = [], []
            days = _more(days, match, bool(_THROUGH.fullmatch(text, end, match.start())))
        end = match.end()
    if windows:
        yield days, windows


def _more(days: list[int], match: re.Match[str], through: bool) -> list[int]:
    if match["daily"]:
        return list(range(7))
    day = next(day for day in range(7) if match[f"d{day}"])
    between = [one % 7 for one in range(days[-1] + 1, day if day > days[-1] else day + 7)] if through and days else []
    return list(dict.fromkeys([*days, *between, day]))


def _window(match: re.Match[str]) -> tuple[int, int] | None:
    until = (match["tmark"] or "").lower().replace(".", "")
    since = (match["fmark"] or "").lower().replace(".", "") or until
    start, end = _minutes(match, "f", since), _minutes(match, "t", until)
    if start is not None and end is not None and start >= end and since == "pm" and not match["fmark"]:
        start = _minutes(match, "f", "am")  # "9-5pm"
    return (start, end) if start is not None and end is not None and start < end else None


def _minutes(match: re.Match[str], name: str, mark: str) -> int | None:
    hour, minute = int(match[name]), int(match[f"{name}m"] or 0)
    if mark in ("am", "pm"):
        hour = hour % 12 + (12 if mark == "pm" else 0)
    at = hour * 60 + minute
    return at if minute < 60 and at <= 24 * 60 else None


def _apart(windows: list[tuple[int, int]]) -> bool:
    return all(one[1] <= other[0] for one, other in pairwise(windows))


def _said(window: tuple[int, int]) -> str:
    start, end = window
    return f"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}"
