"""How the flow's table is carried out; `flow.py` says what, this says how."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import wraps

from credo.base.db import BeforeCommit, Tx
from credo.base.errors import CredoError
from credo.base.jobs import defer
from credo.history import Event, Recorded

Reaction = Callable[[Tx, Recorded], Awaitable[None]]
_DEPTH = 5
_log = logging.getLogger("credo.flow")


class GoingRound(CredoError):
    """One act set off more than five rounds of reactions; the desk stopped before it went in circles."""


def name_of(reaction: Reaction) -> str:
    """`promises.clocks.start`: how a reaction is called in failures and jobs."""
    return f"{reaction.__module__.removeprefix('credo.')}.{reaction.__name__}"


def handed(reaction: Callable[..., Awaitable[None]], *tables: object) -> Reaction:
    """The reaction with tables of the top given to it, under its own name."""

    @wraps(reaction)
    async def given(tx: Tx, recorded: Recorded) -> None:
        await reaction(tx, recorded, *tables)

    return given


def reacting(
    now: Mapping[type[Event], tuple[Reaction, ...]], later: Mapping[type[Event], tuple[Reaction, ...]]
) -> BeforeCommit:
    """A `before_commit` that drains `tx.recorded`, to a depth of five, through the two tables."""

    async def react(tx: Tx) -> None:
        for _ in range(_DEPTH):
            fresh, tx.recorded = tx.recorded, []
            if not fresh:
                return
            for recorded in fresh:
                await _together(tx, recorded, now.get(type(recorded.event), ()))
                for reaction in later.get(type(recorded.event), ()):
                    await queue(tx, recorded.id, reaction)
        if tx.recorded:
            raise GoingRound

    return react


async def _together(tx: Tx, recorded: Recorded, reactions: tuple[Reaction, ...]) -> None:
    """Run all reactions under one savepoint, which spares two round trips each; when one fails, each under its own."""
    before = len(tx.recorded)
    if len(reactions) > 1:
        try:
            async with tx.savepoint():
                for reaction in reactions:
                    await reaction(tx, recorded)
            return
        except Exception:  # noqa: BLE001 - all are undone; run one by one below, the fault shows itself again and is told
            del tx.recorded[before:]
    for reaction in reactions:
        await _under_savepoint(tx, recorded, reaction)


async def _under_savepoint(tx: Tx, recorded: Recorded, reaction: Reaction) -> None:
    """Run one reaction; when it fails, undo only it, write the failure down and queue it as a job."""
    before = len(tx.recorded)
    try:
        async with tx.savepoint():
            await reaction(tx, recorded)
    except Exception as failure:  # noqa: BLE001 - a fault in one room must never cost a message or a clock
        _log.exception("reaction %s failed on event %s", name_of(reaction), recorded.id)
        del tx.recorded[before:]
        await tx.run(
            """insert into reaction_failure (desk_id, event_id, reaction, error)
               values (%(desk)s, %(event)s, %(reaction)s, %(error)s)""",
            event=recorded.id,
            reaction=name_of(reaction),
            error=f"{type(failure).__name__}: {failure}"[:2000],
        )
        await queue(tx, recorded.id, reaction)


async def queue(tx: Tx, event_id: int, reaction: Reaction) -> None:
    """Queue `reaction` to event `event_id` as a job, inside this transaction."""
    await defer(tx, "react", event_id=event_id, reaction=name_of(reaction))


@dataclass(frozen=True, slots=True)
class Failure:
    """A reaction that failed and has not succeeded since; it runs again as a job."""

    id: int
    reaction: str
    error: str
    at: datetime
    conversation_id: int | None


async def failures(tx: Tx) -> list[Failure]:
    """The newest hundred reactions of this desk that are still failed."""
    return await tx.all(
        Failure,
        """select f.id, f.reaction, f.error, f.at, e.conversation_id
             from reaction_failure f join event e on e.desk_id = f.desk_id and e.id = f.event_id
            where f.desk_id = %(desk)s and f.solved_at is null order by f.id desc limit 100""",
    )
