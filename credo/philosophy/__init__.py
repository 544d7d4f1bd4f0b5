"""The philosophy document: read, checked, drafted, approved, published as versions. It knows no conversation."""

from credo.philosophy.deciding import publish_draft, publish_text, retire
from credo.philosophy.document import Philosophy, Principle, Promise, Tension, Value
from credo.philosophy.durations import Target, read_target
from credo.philosophy.events import CameIntoForce, OneOffEnded, OneOffMade, Published, Retired
from credo.philosophy.exceptions import lately, since
from credo.philosophy.loading import load
from credo.philosophy.oneoffs import OneOff, laid_over
from credo.philosophy.problems import BadPhilosophy, Place, Problem
from credo.philosophy.promising import FACTS
from credo.philosophy.publishing import Decision, come_into_force, publish
from credo.philosophy.versions import Life, Running, Version, current, known, lives, newest, source, version

__all__ = [
    "FACTS",
    "BadPhilosophy",
    "CameIntoForce",
    "Decision",
    "Life",
    "OneOff",
    "OneOffEnded",
    "OneOffMade",
    "Philosophy",
    "Place",
    "Principle",
    "Problem",
    "Promise",
    "Published",
    "Retired",
    "Running",
    "Target",
    "Tension",
    "Value",
    "Version",
    "come_into_force",
    "current",
    "known",
    "laid_over",
    "lately",
    "lives",
    "load",
    "newest",
    "publish",
    "publish_draft",
    "publish_text",
    "read_target",
    "retire",
    "since",
    "source",
    "version",
]
