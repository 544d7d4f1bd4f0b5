"""The one place that reads the time, so that tests and backdated work can set it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)


def now() -> datetime:
    """The present moment as an aware UTC datetime."""
    return _frozen.get() or datetime.now(UTC)


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Hold the clock at `moment` inside the block; for tests, seeded demos and replays."""
    token = _frozen.set(moment)
    try:
        yield
    finally:
        _frozen.reset(token)
