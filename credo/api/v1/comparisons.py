"""/mailboxes/{id}/comparison: what stands on the server of a mailbox and is not stored here, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import msgspec
from litestar import get, post

from credo.access import ensure, may_administer
from credo.api.door import Asker, Work
from credo.api.values import Id, Moment
from credo.channels.email import comparing, mailbox, reconcile


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """One message that is not stored: it came before the mailbox was connected, or is withheld, too large, or new."""

    folder: str
    uid: int
    received: Moment | None
    size: int
    sender: str
    subject: str
    why: Literal["before", "withheld", "too large", "not yet"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a comparison found. `missing` holds the last thousand at most; `error` says why nothing was compared."""

    at: Moment
    on_server: int
    stored: int
    counts: dict[str, int]
    missing: list[Missing]
    error: str | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Since when a comparison waits or runs, null when none does, and the last report there is."""

    running_since: Moment | None
    report: Report | None


@post("/mailboxes/{id:int}/comparison", operation_id="compare_mailbox", status_code=202)
async def ask(tx: Work, actor: Asker, id: Id) -> Comparison:
    """Have a mailbox compared with its server; for administrators. Read it again until nothing runs any more."""
    ensure(may_administer(actor))
    await comparing.ask(tx, id)
    return await _told(tx, id)


@get("/mailboxes/{id:int}/comparison", operation_id="get_comparison")
async def show(tx: Work, actor: Asker, id: Id) -> Comparison:
    """Read the last report, and whether a comparison runs; for administrators."""
    ensure(may_administer(actor))
    return await _told(tx, id)


async def _told(tx: Work, id: int) -> Comparison:
    found = await mailbox.load(tx, id)
    kept: dict[str, Any] | None = await reconcile.latest(tx, found)
    report = msgspec.convert(kept, Report) if kept else None
    return Comparison(await comparing.running(tx, id), report)


HANDLERS = [ask, show]
