"""Stretches of time: put together, cut, and taken out of each other."""

from __future__ import annotations

from collections.abc import Iterable

Spans = tuple[tuple[int, int], ...]  # microseconds since 1970, sorted, apart from each other


def union(spans: Iterable[tuple[int, int]]) -> Spans:
    """What is covered by any of `spans`; empty ones count for nothing."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(span for span in spans if span[1] > span[0]):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def within(spans: Spans, low: int, high: int) -> Spans:
    """What of `spans` lies between."""
    return tuple((max(a, low), min(b, high)) for a, b in spans if a < high and b > low)


def without(spans: Spans, start: int, end: int) -> Spans:
    """`spans` with what lies between taken out."""
    if end <= start:
        return spans
    pieces = [piece for a, b in spans for piece in ((a, min(b, start)), (max(a, end), b))]
    return tuple((a, b) for a, b in pieces if b > a)
