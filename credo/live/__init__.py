"""Names of what changed, for open browsers. Never content: the page fetches again through its own permission."""

from credo.live.changes import ACCESS, changed, changed_at, prune, recheck
from credo.live.hub import EVERYTHING, Hub

__all__ = ["ACCESS", "EVERYTHING", "Hub", "changed", "changed_at", "prune", "recheck"]
