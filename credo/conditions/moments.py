"""Durations and moments in time, as texts and back."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

LONGEST = timedelta(seconds=315_576_000_000)
"""CEL's longest duration: ten thousand years."""

RECKONED = timedelta(microseconds=(2**63 - 1) // 1000)
"""The longest outcome of a sum: CEL reckons with 64 bits of nanoseconds, about 292 years."""

_MICROSECONDS = {
    "h": Decimal(3_600_000_000),
    "m": Decimal(60_000_000),
    "s": Decimal(1_000_000),
    "ms": Decimal(1_000),
    "us": Decimal(1),
    "ns": Decimal("0.001"),
}
_PIECE = re.compile(r"([0-9]+\.?[0-9]*|\.[0-9]+)(h|ms|m|s|us|ns)")
_DURATION = re.compile(rf"([+-]?)((?:{_PIECE.pattern})+)")
_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:[0-5]\d)(?:\.(\d+))?(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))", re.ASCII
)


def read_duration(text: str) -> timedelta | None:
    """`2h`, `1h30m`, `1.5h`, `-90s` or `0`; None when it is no duration of whole microseconds up to `LONGEST`."""
    if text in ("0", "+0", "-0"):
        return timedelta(0)
    match = _DURATION.fullmatch(text)
    if match is None:
        return None
    total = sum((Decimal(number) * _MICROSECONDS[unit] for number, unit in _PIECE.findall(match[2])), Decimal(0))
    if total != int(total) or total > LONGEST // timedelta(microseconds=1):
        return None
    return timedelta(microseconds=int(-total if match[1] == "-" else total))


def write_duration(span: timedelta) -> str:
    """The shortest text in hours, minutes and seconds: `1h30m`."""
    micros = abs(span) // timedelta(microseconds=1)
    minutes, micros = divmod(micros, 60_000_000)
    hours, minutes = divmod(minutes, 60)
    seconds, micros = divmod(micros, 1_000_000)
    fraction = f".{micros:06}".rstrip("0") if micros else ""
    written = f"{hours}h" * bool(hours) + f"{minutes}m" * bool(minutes)
    written += f"{seconds}{fraction}s" * bool(seconds or fraction)
    return ("-" if span < timedelta(0) else "") + (written or "0s")


def read_moment(text: str) -> datetime | None:
    """`2026-12-01T09:00:00Z` or with `+01:00`; None when there is no such moment to the microsecond."""
    match = _MOMENT.fullmatch(text)
    if match is None or len((match[3] or "").rstrip("0")) > 6:
        return None
    try:
        local = datetime.fromisoformat(f"{match[1]}T{match[2]}.{(match[3] or '').ljust(6, '0')[:6]}+00:00")
        return local - _offset(match)
    except (ValueError, OverflowError):  # no such day or hour, or outside of the years 1 to 9999
        return None


def _offset(match: re.Match[str]) -> timedelta:
    if match[4] is None:
        return timedelta(0)
    offset = timedelta(hours=int(match[5]), minutes=int(match[6]))
    return -offset if match[4] == "-" else offset


def write_moment(moment: datetime) -> str:
    """The moment in UTC, as RFC 3339 has it."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
