"""The philosophy document: read, checked, compiled, compared, published as versions. It knows no conversation."""

from credo.philosophy.artefacts.artefact import Artefact, Link
from credo.philosophy.beliefs import Principle, Tension, Value
from credo.philosophy.comparing import Change, compare
from credo.philosophy.compiling import Compiled, compile
from credo.philosophy.conflicts import Clash, Clashes, conflicts
from credo.philosophy.document import Philosophy
from credo.philosophy.durations import Target, read_target
from credo.philosophy.editing import CannotEdit, NothingHere, insert, move, put, remove
from credo.philosophy.golden import Failure, matches
from credo.philosophy.golden import run as golden
from credo.philosophy.loading import Examined, examine, load, schema
from credo.philosophy.missing import SUGGESTIONS, Facets, Piece, facets, missing
from credo.philosophy.overlays import overlaid
from credo.philosophy.problems import BadPhilosophy, Place, Problem
from credo.philosophy.promises import Promise
from credo.philosophy.subjects import subject
from credo.philosophy.telling import Teller
from credo.philosophy.versions import Published, Running, Version, current, known, publish, source, version
from credo.philosophy.vocabulary import VOCABULARY

__all__ = [
    "SUGGESTIONS",
    "VOCABULARY",
    "Artefact",
    "BadPhilosophy",
    "CannotEdit",
    "Change",
    "Clash",
    "Clashes",
    "Compiled",
    "Examined",
    "Facets",
    "Failure",
    "Link",
    "NothingHere",
    "Philosophy",
    "Piece",
    "Place",
    "Principle",
    "Problem",
    "Promise",
    "Published",
    "Running",
    "Target",
    "Teller",
    "Tension",
    "Value",
    "Version",
    "compare",
    "compile",
    "conflicts",
    "current",
    "examine",
    "facets",
    "golden",
    "insert",
    "known",
    "load",
    "matches",
    "missing",
    "move",
    "overlaid",
    "publish",
    "put",
    "read_target",
    "remove",
    "schema",
    "source",
    "subject",
    "version",
]
