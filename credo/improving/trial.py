"""The document of a try-out as a version that runs, though nobody published it."""

from __future__ import annotations

from dataclasses import dataclass

from credo import philosophy
from credo.base.db import Tx
from credo.improving.tryouts import Tryout
from credo.philosophy import Philosophy, Running, Version

NEVER_PUBLISHED = 0
"""The id of a version that is only tried."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A document and how it runs."""

    document: Philosophy
    version: Version


async def trial(tx: Tx, document: Philosophy, found: Tryout) -> Trial:
    """The published version where the text is one's, with the holidays it was published with; else one made for now."""
    if found.version_id is not None:
        return Trial(document, await philosophy.version(tx, found.version_id))
    return Trial(document, _version(document, found))


def _version(document: Philosophy, found: Tryout) -> Version:
    calendars = {name: plan.resolve(found.asked_at.year) for name, plan in document.calendars.items()}
    running = {}
    for promise in document.promises:
        target = promise.goal()
        if promise.runs and target is not None and promise.calendar is not None:
            running[promise.id] = Running(promise, promise.condition(), target, calendars[promise.calendar])
    return Version(
        id=NEVER_PUBLISHED,
        document_id=document.id,
        number=document.version or 0,
        published_at=found.since,
        published_by=None,
        title=document.title,
        language=document.language,
        zone=document.zone,
        values=document.values,
        principles=document.principles,
        promises={promise.id: promise for promise in document.promises},
        running=running,
        calendars=calendars,
        effective_at=found.since,
    )
