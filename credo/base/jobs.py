"""The job queue: LATER work and retries, queued inside the transaction that caused them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from credo.base.db import Tx
from credo.base.errors import NotFound


class NoFailedJob(NotFound):
    """There is no such failed job; perhaps somebody has started it again already."""


async def defer(tx: Tx, task: str, *, queue: str = "default", lock: str | None = None, **arguments: Any) -> int:
    """Queue `task` with `arguments` for this desk and return the job's id; it exists only if `tx` commits."""
    id = await tx.value(
        """select unnest(procrastinate_defer_jobs_v1(array[row(
             %(queue)s, %(task)s, 0, %(lock)s, null, %(arguments)s, null)::procrastinate_job_to_defer_v1]))""",
        queue=queue,
        task=f"credo.{task}",
        lock=lock,
        arguments=Jsonb({"desk_id": tx.desk_id, **arguments}),
    )
    return int(id)


async def unfinished_since(tx: Tx, task: str, **arguments: Any) -> datetime | None:
    """Since when a job of this desk with these very `arguments` waits or runs; None when none does."""
    found: datetime | None = await tx.value(
        """select coalesce(min(e.at), now()) from procrastinate_jobs j
             left join procrastinate_events e on e.job_id = j.id and e.type = 'deferred'
            where j.task_name = %(task)s and j.status in ('todo', 'doing') and j.args = %(arguments)s
           having count(*) > 0""",
        task=f"credo.{task}",
        arguments=Jsonb({"desk_id": tx.desk_id, **arguments}),
    )
    return found


@dataclass(frozen=True, slots=True)
class FailedJob:
    """A job that failed for good. `arguments` hold ids and names of functions, never words of a customer."""

    id: int
    task: str
    arguments: dict[str, Any]
    attempts: int
    failed_at: datetime | None


async def failed(tx: Tx) -> list[FailedJob]:
    """The newest hundred failed jobs of this desk."""
    return await tx.all(
        FailedJob,
        """select j.id, j.task_name as task, j.args as arguments, j.attempts,
                  (select max(e.at) from procrastinate_events e
                    where e.job_id = j.id and e.type = 'failed') as failed_at
             from procrastinate_jobs j
            where j.status = 'failed' and j.args->>'desk_id' = %(desk)s::text
            order by j.id desc limit 100""",
    )


async def retry(tx: Tx, job_id: int) -> None:
    """Let a failed job run again now; raises NoFailedJob."""
    if not await tx.run(
        """update procrastinate_jobs set status = 'todo', attempts = 0, scheduled_at = null, worker_id = null
            where id = %(id)s and status = 'failed' and args->>'desk_id' = %(desk)s::text""",
        id=job_id,
    ):
        raise NoFailedJob
