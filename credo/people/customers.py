"""Customers: a person behind each address."""

from __future__ import annotations

from collections.abc import Iterable

from credo.base import clock
from credo.base.db import Tx
from credo.base.ids import fold


async def person_of(tx: Tx, address: str | None, name: str) -> int:
    """The person behind `address`, made on first sight; without an address, a nameless person of this mail alone."""
    shown = " ".join(name.replace("\x00", "").split())[:200] or (address or "").partition("@")[0] or "?"
    if address is None:
        return await _new_person(tx, shown)
    known = await tx.value(
        "select person_id from identity where desk_id = %(desk)s and kind = 'email' and address = %(address)s",
        address=address,
    )
    if known is not None:
        return int(known)
    # Two mails of a new customer may arrive at once: whoever comes second takes the first one's person.
    await tx.run("select pg_advisory_xact_lock(hashtextextended(%(key)s, 1))", key=f"{tx.desk_id}:{address}")
    id = await tx.value(
        """with known as (
             select person_id from identity where desk_id = %(desk)s and kind = 'email' and address = %(address)s),
           made as (
             insert into person (desk_id, name, sort_key, created_at)
             select %(desk)s, %(name)s, %(key)s, %(at)s where not exists (select from known) returning id),
           named as (
             insert into identity (desk_id, person_id, kind, address)
             select %(desk)s, id, 'email', %(address)s from made)
           select person_id from known union all select id from made""",
        address=address,
        name=shown,
        key=fold(shown),
        at=clock.now(),
    )
    return int(id)


async def reserve(tx: Tx, addresses: Iterable[str]) -> None:
    """Hold the making of people behind new addresses, in one order for everybody, and before a conversation is locked.

    Otherwise two mails that each make the other's people, or an answer and the mail that crosses it, could wait for
    each other in a circle.
    """
    several = sorted(set(addresses))
    if several:
        await tx.run(
            """select pg_advisory_xact_lock(hashtextextended(%(desk)s::text || ':' || a, 1))
                 from (select a from unnest(%(several)s::text[]) a
                        where not exists (select from identity i where i.desk_id = %(desk)s and i.kind = 'email'
                                             and i.address = a)
                        order by a collate "C") ordered""",
            several=several,
        )


async def _new_person(tx: Tx, name: str) -> int:
    id = await tx.value(
        """insert into person (desk_id, name, sort_key, created_at)
           values (%(desk)s, %(name)s, %(key)s, %(at)s) returning id""",
        name=name,
        key=fold(name),
        at=clock.now(),
    )
    return int(id)
