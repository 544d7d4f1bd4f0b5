"""How the installation fares, in a few figures: read by `/health` and `credo doctor`."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg import AsyncConnection
from psycopg.rows import class_row
from psycopg_pool import PoolTimeout

from credo.base.clock import now
from credo.base.settings import Settings
from credo.installation import Installation

SILENT_AFTER = 30.0  # seconds without a word from any worker
LATE_AFTER = 300.0  # seconds that mail may wait to be read or to go out
_FEW_BYTES = 500_000_000


@dataclass(frozen=True, slots=True)
class Queues:
    """Moments and counts of what waits, across all desks; None where nothing waits."""

    unread_since: datetime | None
    outbox_since: datetime | None
    failed_jobs: int
    worker_at: datetime | None


@dataclass(frozen=True, slots=True)
class Vitals:
    """What `/health` answers; ages in seconds, None where nothing waits or nothing is known."""

    healthy: bool
    database: bool
    oldest_unread_seconds: float | None
    outbox_age_seconds: float | None
    failed_jobs: int
    disk_free_bytes: int
    worker_seconds: float | None
    problems: list[str]


async def read(installation: Installation) -> Vitals:
    """Read the figures; a database that does not answer within three seconds is itself the finding."""
    try:
        async with asyncio.timeout(3), installation.db.connection() as connection:
            waiting = await queues(connection)
    except (TimeoutError, PoolTimeout, psycopg.Error):
        waiting = None
    return judged(waiting, free_bytes(installation.settings))


async def queues(connection: AsyncConnection[Any]) -> Queues:
    """What waits; every part is answered by a small partial index."""
    async with connection.cursor(row_factory=class_row(Queues)) as cursor:
        await cursor.execute(
            """select (select min(r.received_at) from desk d, lateral (select received_at from raw
                         where desk_id = d.id and state = 'kept' order by next_try_at, id limit 1) r) as unread_since,
                      (select min(least_at) from (
                         (select next_try_at as least_at from outbox where state = 'ready' order by next_try_at limit 1)
                         union all
                         (select release_at from outbox where state = 'held' order by release_at limit 1)) o)
                        as outbox_since,
                      (select count(*) from (select 1 from procrastinate_jobs where status = 'failed' limit 500) j)
                        + (select count(*) from (select 1 from reaction_failure where solved_at is null limit 500) f)
                        as failed_jobs,
                      (select max(at) from heartbeat where process like 'worker %') as worker_at"""
        )
        found = await cursor.fetchone()
        assert found is not None
        return found


def judged(waiting: Queues | None, disk_free: int) -> Vitals:
    """The figures with a sentence for each that needs a person."""
    if waiting is None:
        return Vitals(False, False, None, None, 0, disk_free, None, ["The database does not answer."])
    unread, outbox, worker = _age(waiting.unread_since), _age(waiting.outbox_since), _age(waiting.worker_at)
    problems = []
    if worker is None or worker > SILENT_AFTER:
        problems.append("No worker is running, so no mail is read or sent.")
    if unread is not None and unread > LATE_AFTER:
        problems.append(f"The oldest unread mail has been waiting for {unread / 60:.0f} minutes.")
    if outbox is not None and outbox > LATE_AFTER:
        problems.append(f"The oldest mail in the outbox has been due for {outbox / 60:.0f} minutes.")
    if disk_free < _FEW_BYTES:
        problems.append(f"Only {disk_free / 1e6:.0f} MB are left on the disk.")
    healthy = not problems
    if waiting.failed_jobs:
        problems.append(f"{waiting.failed_jobs} jobs gave up; see the failed jobs in the settings.")
    return Vitals(healthy, True, unread, outbox, waiting.failed_jobs, disk_free, worker, problems)


def free_bytes(settings: Settings) -> int:
    """Room left for the database and the blobs."""
    folder = settings.data_dir
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def _age(moment: datetime | None) -> float | None:
    """Seconds since `moment`; a moment to come has no age yet."""
    if moment is None:
        return None
    seconds = (now() - moment).total_seconds()
    return round(seconds, 1) if seconds >= 0 else None
