"""The philosophy document: read, checked, compiled, compared, drafted, published. It knows no conversation."""

from credo.philosophy.artefacts.artefact import Artefact, Link
from credo.philosophy.beliefs import Principle, Tension, Value
from credo.philosophy.comparing import Change, compare
from credo.philosophy.compiling import Compiled, compile
from credo.philosophy.conflicts import Clash, Clashes, conflicts
from credo.philosophy.deciding import publish_draft, publish_text, retire
from credo.philosophy.document import Philosophy
from credo.philosophy.durations import Target, read_target
from credo.philosophy.editing import CannotEdit, NothingHere, insert, move, put, remove
from credo.philosophy.events import CameIntoForce, OneOffEnded, OneOffMade, Published, Retired
from credo.philosophy.exceptions import lately, since
from credo.philosophy.golden import Failure, matches
from credo.philosophy.golden import run as golden
from credo.philosophy.loading import Examined, examine, load, schema
from credo.philosophy.missing import SUGGESTIONS, Facets, Piece, facets, missing
from credo.philosophy.oneoffs import OneOff, laid_over
from credo.philosophy.overlays import overlaid
from credo.philosophy.problems import BadPhilosophy, Place, Problem
from credo.philosophy.promises import Promise
from credo.philosophy.publishing import Decision, come_into_force, publish
from credo.philosophy.subjects import subject
from credo.philosophy.telling import Teller
from credo.philosophy.versions import Life, Running, Version, current, known, lives, newest, source, version
from credo.philosophy.vocabulary import VOCABULARY

__all__ = [
    "SUGGESTIONS",
    "VOCABULARY",
    "Artefact",
    "BadPhilosophy",
    "CameIntoForce",
    "CannotEdit",
    "Change",
    "Clash",
    "Clashes",
    "Compiled",
    "Decision",
    "Examined",
    "Facets",
    "Failure",
    "Life",
    "Link",
    "NothingHere",
    "OneOff",
    "OneOffEnded",
    "OneOffMade",
    "Philosophy",
    "Piece",
    "Place",
    "Principle",
    "Problem",
    "Promise",
    "Published",
    "Retired",
    "Running",
    "Target",
    "Teller",
    "Tension",
    "Value",
    "Version",
    "come_into_force",
    "compare",
    "compile",
    "conflicts",
    "current",
    "examine",
    "facets",
    "golden",
    "insert",
    "known",
    "laid_over",
    "lately",
    "lives",
    "load",
    "matches",
    "missing",
    "move",
    "newest",
    "overlaid",
    "publish",
    "publish_draft",
    "publish_text",
    "put",
    "read_target",
    "remove",
    "retire",
    "schema",
    "since",
    "source",
    "subject",
    "version",
]
