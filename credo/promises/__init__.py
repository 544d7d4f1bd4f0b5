"""Promises that run: clocks on business time, kept or broken at the moment it happens, each able to say why."""

from credo.promises.clocks import keep, recompute, ring, ring_due, run_on, settle, start, stop, withheld
from credo.promises.events import Broken, Kept, KeptLate, Moved, RanOn, Released
from credo.promises.moving import move, move_all
from credo.promises.one_clock import Clock, Stretch
from credo.promises.standing import Standing, standings
from credo.promises.timeline import Withheld
from credo.promises.why import Explanation, Link, due_lines, explain, of_conversation, paused, said

EVENTS = (Kept, Broken, KeptLate, Released, RanOn, Moved)

__all__ = [
    "EVENTS",
    "Broken",
    "Clock",
    "Explanation",
    "Kept",
    "KeptLate",
    "Link",
    "Moved",
    "RanOn",
    "Released",
    "Standing",
    "Stretch",
    "Withheld",
    "due_lines",
    "explain",
    "keep",
    "move",
    "move_all",
    "of_conversation",
    "paused",
    "recompute",
    "ring",
    "ring_due",
    "run_on",
    "said",
    "settle",
    "standings",
    "start",
    "stop",
    "withheld",
]
