"""Who takes part in a conversation."""

from __future__ import annotations

from collections.abc import Iterable

from credo.base.db import Tx
from credo.channels import Address
from credo.people.customers import person_of


async def join(tx: Tx, conversation_id: int, person_id: int, address: str, role: str) -> None:
    """Let an address take part; whoever takes part already keeps the role they have."""
    await tx.run(
        """insert into participant (desk_id, conversation_id, person_id, address, role)
           values (%(desk)s, %(conversation)s, %(person)s, %(address)s, %(role)s)
           on conflict (desk_id, conversation_id, address) do nothing""",
        conversation=conversation_id,
        person=person_id,
        address=address,
        role=role,
    )


async def copy_in(tx: Tx, conversation_id: int, others: Iterable[Address], own: frozenset[str]) -> None:
    """Let everybody whom a participant copied in take part, except our own addresses; at most fifty."""
    for other in list(others)[:50]:
        if "@" in other.address and other.key not in own:
            await join(tx, conversation_id, await person_of(tx, other.key, other.name), other.key, "copied")


async def own_addresses(tx: Tx) -> frozenset[str]:
    """Every address under which this desk itself writes, folded."""
    found = await tx.values(
        """select lower(a) from mailbox m, unnest(m.aliases || m.address) a where m.desk_id = %(desk)s"""
    )
    return frozenset(found)
