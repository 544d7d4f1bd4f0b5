"""The jobs a worker knows: each loads what it needs, calls one function and ends."""

from __future__ import annotations

from procrastinate import App, PsycopgConnector, RetryStrategy

from credo import flow, history, promises
from credo.base.db import Db
from credo.base.errors import NotFound
from credo.fields import FIELDS
from credo.improving import running
from credo.reacting import Reaction, name_of

_PATIENT = RetryStrategy(max_attempts=6, exponential_wait=4)  # 4 s, 16 s, 64 s, 4 min, 17 min, then it stands as failed


class UnknownReaction(NotFound):
    """This version of the desk knows no such reaction."""


def app(db: Db) -> App:
    """The queue of this installation, with every task bound to `db`."""
    queue = App(connector=PsycopgConnector(conninfo=db.url, min_size=1, max_size=2))

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

    @queue.task(name="credo.move_clocks", retry=_PATIENT)
    async def move_clocks(desk_id: int, conversation_ids: list[int]) -> None:
        await promises.move_all(db, desk_id, conversation_ids, FIELDS)

    @queue.task(name="credo.try_out", retry=_PATIENT)
    async def try_out(desk_id: int, tryout_id: int) -> None:
        await running.run(db, FIELDS, desk_id, tryout_id)

    return queue


async def work(db: Db) -> None:
    """Run jobs until cancelled; looks once a second, because the queue's notify triggers are off."""
    async with app(db).open_async() as queue:
        await queue.run_worker_async(
            concurrency=2,
            fetch_job_polling_interval=1.0,
            listen_notify=False,
            delete_jobs="successful",
            install_signal_handlers=False,
        )


def _named(name: str) -> Reaction:
    for table in (flow.NOW, flow.LATER):
        for reactions in table.values():
            for reaction in reactions:
                if name_of(reaction) == name:
                    return reaction
    raise UnknownReaction(reaction=name)
