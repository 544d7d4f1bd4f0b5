"""/jobs: work in the background that failed, and another try."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import get, post

from credo.access import ensure, may_administer
from credo.api.door import Asker, Work
from credo.api.values import Id, Listed, Moment, shaped
from credo.base import jobs


@dataclass(frozen=True, slots=True)
class Job:
    """A job that failed for good; `arguments` hold ids and names of functions."""

    id: int
    task: str
    arguments: dict[str, Any]
    attempts: int
    failed_at: Moment | None


@get("/jobs", operation_id="list_failed_jobs")
async def index(tx: Work, actor: Asker) -> Listed[Job]:
    """List the newest hundred failed jobs; for administrators."""
    ensure(may_administer(actor))
    return Listed([shaped(Job, one) for one in await jobs.failed(tx)])


@post("/jobs/{id:int}/retry", operation_id="retry_job", status_code=204)
async def retry(tx: Work, actor: Asker, id: Id) -> None:
    """Let a failed job run again now; for administrators."""
    ensure(may_administer(actor))
    await jobs.retry(tx, id)


HANDLERS = [index, retry]
