"""The jobs a worker knows: each loads what it needs, calls one function and ends."""

from __future__ import annotations

import asyncio
import logging

from procrastinate import App, PsycopgConnector, RetryStrategy

from credo import flow, history, promises
from credo.base.errors import NotFound
from credo.channels.email import comparing, reconcile
from credo.channels.email import mailbox as mailboxes
from credo.fields import FIELDS
from credo.improving import running, tryouts
from credo.installation import Installation
from credo.reacting import Reaction, name_of

_log = logging.getLogger("credo.jobs")
_PATIENT = RetryStrategy(max_attempts=6, exponential_wait=4)  # 4 s, 16 s, 64 s, 4 min, 17 min, then it stands as failed
# Jobs at once; a server that does not answer, or a long look back, must not hold reactions up.
_QUEUES = {"default": 2, comparing.QUEUE: 1, tryouts.QUEUE: 1}
_SILENT = 120.0  # a worker that has not been heard of for so long is gone, and its job is begun anew


class UnknownReaction(NotFound):
    """This version of the desk knows no such reaction."""


def app(house: Installation) -> App:
    """The queue of this installation, with every task bound to it."""
    db, queue = house.db, App(connector=PsycopgConnector(conninfo=house.db.url, min_size=1, max_size=2))

    @queue.task(name="credo.react", retry=_PATIENT)
    async def react(desk_id: int, event_id: int, reaction: str) -> None:
        async with db.transaction(desk_id) as tx:
            await _named(reaction)(tx, await history.load(tx, event_id))
            await tx.run(
                """update reaction_failure set solved_at = now()
                    where desk_id = %(desk)s and event_id = %(event)s and reaction = %(reaction)s
                      and solved_at is null""",
                event=event_id,
                reaction=reaction,
            )

    @queue.task(name=f"credo.{comparing.TASK}")
    async def compare(desk_id: int, mailbox_id: int) -> None:
        async with db.reading(desk_id) as tx:
            mailbox = await mailboxes.load(tx, mailbox_id)
        await reconcile.compare(db, house.blobs, house.keys, mailbox, max_bytes=house.settings.mail_max_bytes)

    @queue.task(name="credo.move_clocks", retry=_PATIENT)
    async def move_clocks(desk_id: int, conversation_ids: list[int]) -> None:
        await promises.move_all(db, desk_id, conversation_ids, FIELDS)

    @queue.task(name="credo.try_out", retry=_PATIENT)
    async def try_out(desk_id: int, tryout_id: int) -> None:
        await running.run(db, FIELDS, desk_id, tryout_id)

    return queue


async def work(house: Installation) -> None:
    """Run jobs until cancelled; looks once a second, because the queue's notify triggers are off."""
    async with app(house).open_async() as queue:
        await asyncio.gather(*(_run(queue, name, at_once) for name, at_once in _QUEUES.items()), _revive(queue))


async def revived(queue: App) -> int:
    """Begin the jobs of workers that are gone anew, and return how many there were."""
    stalled = list(await queue.job_manager.get_stalled_jobs(seconds_since_heartbeat=_SILENT))
    for job in stalled:
        _log.warning("job %s (%s) belonged to a worker that is gone; it is begun anew", job.id, job.task_name)
        await queue.job_manager.retry_job(job)
    return len(stalled)


async def _run(queue: App, name: str, at_once: int) -> None:
    await queue.run_worker_async(
        queues=[name],
        concurrency=at_once,
        fetch_job_polling_interval=1.0,
        listen_notify=False,
        delete_jobs="successful",
        install_signal_handlers=False,
    )


async def _revive(queue: App) -> None:
    while True:
        await revived(queue)
        await asyncio.sleep(_SILENT / 4)


def _named(name: str) -> Reaction:
    for table in (flow.NOW, flow.LATER):
        for reactions in table.values():
            for reaction in reactions:
                if name_of(reaction) == name:
                    return reaction
    raise UnknownReaction(reaction=name)
