"""The philosophy document: read, checked, drafted, approved, published as versions. It knows no conversation."""

from credo.philosophy.beliefs import Principle, Tension, Value
from credo.philosophy.deciding import publish_draft, publish_text, retire
from credo.philosophy.document import Philosophy
from credo.philosophy.durations import Target, read_target
from credo.philosophy.events import CameIntoForce, OneOffEnded, OneOffMade, Published, Retired
from credo.philosophy.exceptions import lately, since
from credo.philosophy.loading import Examined, examine, load, schema
from credo.philosophy.oneoffs import OneOff, laid_over
from credo.philosophy.problems import BadPhilosophy, Place, Problem
from credo.philosophy.promises import Promise
from credo.philosophy.publishing import Decision, come_into_force, publish
from credo.philosophy.versions import Life, Running, Version, current, known, lives, newest, source, version
from credo.philosophy.vocabulary import VOCABULARY

__all__ = [
    "VOCABULARY",
    "BadPhilosophy",
    "CameIntoForce",
    "Decision",
    "Examined",
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
    "examine",
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
    "schema",
    "since",
    "source",
    "version",
]
