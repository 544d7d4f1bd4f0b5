"""The job queue: LATER work and retries, queued inside the transaction that caused them."""

from __future__ import annotations

from typing import Any

from psycopg.types.json import Jsonb

from credo.base.db import Tx


async def defer(tx: Tx, task: str, *, queue: str = "default", lock: str | None = None, **arguments: Any) -> int:
    """Queue `task` with `arguments` as a procrastinate job and return its id; it exists only if `tx` commits."""
    id = await tx.value(
        """select unnest(procrastinate_defer_jobs_v1(array[row(
             %(queue)s, %(task)s, 0, %(lock)s, null, %(arguments)s, null)::procrastinate_job_to_defer_v1]))""",
        queue=queue,
        task=f"credo.{task}",
        lock=lock,
        arguments=Jsonb(arguments),
    )
    return int(id)
