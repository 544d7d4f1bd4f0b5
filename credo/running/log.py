"""How a process speaks to the operator: one line a message, on stderr."""

from __future__ import annotations

import logging


def to_stderr(level: str) -> None:
    """Log to stderr from `level` on; libraries speak up from warnings on."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.WARNING, force=True)
    logging.getLogger("credo").setLevel(level.upper())
