"""The philosophy document: read, checked, published as versions. It knows no conversation."""

from credo.philosophy.document import Philosophy, Principle, Promise, Tension, Value
from credo.philosophy.durations import Target, read_target
from credo.philosophy.loading import load
from credo.philosophy.problems import BadPhilosophy, Place, Problem
from credo.philosophy.versions import Published, Running, Version, current, known, publish, source, version
from credo.philosophy.vocabulary import VOCABULARY

__all__ = [
    "VOCABULARY",
    "BadPhilosophy",
    "Philosophy",
    "Place",
    "Principle",
    "Problem",
    "Promise",
    "Published",
    "Running",
    "Target",
    "Tension",
    "Value",
    "Version",
    "current",
    "known",
    "load",
    "publish",
    "read_target",
    "source",
    "version",
]
