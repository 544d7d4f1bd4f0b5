"""Names of what changed, for open browsers. Never content: the page fetches again through its own permission."""

from credo.live.changes import changed, prune

__all__ = ["changed", "prune"]
