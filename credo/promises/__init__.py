"""Promises that run: clocks on business time, kept or broken at the moment it happens, each able to say why."""

from credo.promises.clocks import keep, recompute, ring, ring_due, run_on, settle, start, stop
from credo.promises.events import Broken, Kept, KeptLate, RanOn, Released
from credo.promises.retelling import Outcome, Retold, retell
from credo.promises.standing import Standing, standings
from credo.promises.timeline import Clock, Stretch
from credo.promises.why import Explanation, Link, due_lines, explain, of_conversation, said

EVENTS = (Kept, Broken, KeptLate, Released, RanOn)

__all__ = [
    "EVENTS",
    "Broken",
    "Clock",
    "Explanation",
    "Kept",
    "KeptLate",
    "Link",
    "Outcome",
    "RanOn",
    "Released",
    "Retold",
    "Standing",
    "Stretch",
    "due_lines",
    "explain",
    "keep",
    "of_conversation",
    "recompute",
    "retell",
    "ring",
    "ring_due",
    "run_on",
    "said",
    "settle",
    "standings",
    "start",
    "stop",
]
