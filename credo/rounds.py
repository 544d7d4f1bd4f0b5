"""Everything a worker does: rounds with their pace, and what stands beside them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from credo import live, philosophy, promises, reading, tasks
from credo.base.clock import now
from credo.channels.email import reconcile
from credo.channels.email.listener import listen
from credo.channels.email.porter import Room
from credo.channels.email.send import Postman
from credo.channels.email.system import system
from credo.channels.email.watch import Watch
from credo.conversations import snoozing
from credo.delivery.sending import Dispatch
from credo.fields import FIELDS
from credo.installation import Installation
from credo.people import sessions, throttle
from credo.turning import Round, Standing, beat

_OFTEN = 0.1  # what a customer or colleague waits for
_SOON = 1.0
_NOW_AND_THEN = 3.0
_SELDOM = 600.0


@asynccontextmanager
async def rounds(house: Installation) -> AsyncIterator[list[Round]]:
    """The rounds of one worker; mails in hand are finished at the end."""
    dispatch = Dispatch(house.db, house.blobs, Postman(house.db, house.keys, system=system(house.settings)))
    watch = Watch(house.db, house.blobs, house.keys, max_bytes=house.settings.mail_max_bytes)

    async def send(_: Installation) -> int:
        return await dispatch.step()

    async def fetch(_: Installation) -> int:
        return await watch.step()

    try:
        yield [
            Round("heartbeat", 5.0, beat),
            Round("fetching", _NOW_AND_THEN, fetch),
            Round("reading", _OFTEN, read),
            Round("sending", _OFTEN, send),
            Round("clocks", _SOON, ring),
            Round("versions", _SOON, begin_versions),
            Round("snoozes", _SOON, wake_snoozed),
            Round("sweeping", _SELDOM, sweep),
            Round("reconciling", _SELDOM, compare),
        ]
    finally:
        await asyncio.gather(dispatch.end(), watch.end())


def standing() -> list[Standing]:
    """What runs as long as the worker does."""
    return [Standing("jobs", work_jobs), Standing("smtp", take_smtp), Standing("lmtp", take_lmtp)]


async def work_jobs(house: Installation) -> None:
    """Run queued jobs."""
    await tasks.work(house)


async def take_smtp(house: Installation) -> None:
    """Take mail by SMTP where the settings say so."""
    await _take(house, house.settings.smtp_listen, lmtp=False)


async def take_lmtp(house: Installation) -> None:
    """Take mail by LMTP where the settings say so."""
    await _take(house, house.settings.lmtp_listen, lmtp=True)


async def _take(house: Installation, address: str, *, lmtp: bool) -> None:
    forever = asyncio.Event()
    if not address:
        await forever.wait()
    told = house.settings
    room = Room(told.listen_connections, told.listen_connections_per_address, told.listen_idle_seconds)
    listener = await listen(
        house.db, house.blobs, address, max_bytes=told.mail_max_bytes, room=room, lmtp=lmtp, shared=True
    )
    try:
        await forever.wait()
    finally:
        await listener.close()


async def compare(house: Installation) -> int:
    """Compare every mailbox with its server once a day."""
    return await reconcile.due(house.db, house.blobs, house.keys, max_bytes=house.settings.mail_max_bytes)


async def read(house: Installation) -> int:
    """Bring kept mail home."""
    return await reading.read_due(house.db, house.blobs)


async def ring(house: Installation) -> int:
    """Record every promise that has just been broken."""
    return await promises.ring(house.db, FIELDS)


async def begin_versions(house: Installation) -> int:
    """Record every version of a philosophy whose moment has come."""
    return await philosophy.come_into_force(house.db)


async def wake_snoozed(house: Installation) -> int:
    """Bring back what was put aside until now, desk by desk."""
    async with house.db.reading(0) as tx:
        desks = await tx.values(
            "select distinct desk_id from snooze where ended_at is null and until <= %(now)s", now=now()
        )
    woken = 0
    for desk_id in desks:
        async with house.db.transaction(desk_id) as tx:
            woken += await snoozing.wake_due(tx)
    return woken


async def sweep(house: Installation) -> int:
    """Forget what nobody needs any more: old names of changes, ended leases, answers kept for repeated requests."""
    async with house.db.transaction(0) as tx:
        await live.prune(tx)
        await tx.run("delete from presence where until < now() - interval '1 minute'")
        await throttle.prune(tx)
        await tx.run("delete from idempotency where created_at < now() - interval '2 days'")
        await tx.run(
            """delete from attachment where item_id is null and created_at < now() - interval '30 days'
                  and not exists (select from draft d where d.desk_id = attachment.desk_id and d.id = draft_id)"""
        )
        desks = await tx.values("select id from desk")
    for desk_id in desks:
        async with house.db.transaction(desk_id) as tx:
            await sessions.prune(tx)
    return 0
