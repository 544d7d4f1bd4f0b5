"""The philosophy document: read, checked, published as versions. It knows no conversation."""

from credo.philosophy.beliefs import Principle, Tension, Value
from credo.philosophy.document import Philosophy
from credo.philosophy.durations import Target, read_target
from credo.philosophy.loading import Examined, examine, load, schema
from credo.philosophy.problems import BadPhilosophy, Place, Problem
from credo.philosophy.promises import Promise
from credo.philosophy.versions import Published, Running, Version, current, known, publish, source, version
from credo.philosophy.vocabulary import VOCABULARY

__all__ = [
    "VOCABULARY",
    "BadPhilosophy",
    "Examined",
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
    "examine",
    "known",
    "load",
    "publish",
    "read_target",
    "schema",
    "source",
    "version",
]
