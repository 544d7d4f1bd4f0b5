"""Who takes part in a conversation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from credo.base.db import Ask, Tx, ask
from credo.channels import Address, Inbound
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


def others_of(inbound: Inbound, own: frozenset[str]) -> list[Address]:
    """Everybody a mail is to besides ourselves, at most fifty."""
    told = (*inbound.to, *inbound.cc)[:50]
    return [other for other in told if "@" in other.address and other.key not in own]


async def copy_in(tx: Tx, conversation_id: int, others: Iterable[Address]) -> None:
    """Let everybody whom a participant copied in take part."""
    for other in others:
        await join(tx, conversation_id, await person_of(tx, other.key, other.name), other.key, "copied")


@dataclass(frozen=True, slots=True)
class Answered:
    """Whom an answer goes to unless its writer says otherwise."""

    address: str
    asked: bool


def answered(conversation_id: int) -> Ask[Answered]:
    """Reply to all of a conversation the asker was just shown: the requester first, then who is copied in.

    Guests are never written to by default, and neither are our own addresses.
    """
    return ask(
        Answered,
        """select t.address, t.role = 'requester' as asked from participant t
            where t.desk_id = %(desk)s and t.conversation_id = %(id)s and t.role in ('requester', 'copied')
              and not exists (select from mailbox m where m.desk_id = t.desk_id
                                 and (lower(m.address) = t.address or t.address = any(m.aliases)))
            order by t.role <> 'requester', t.added_at, t.address limit 50""",
        id=conversation_id,
    )


async def own_addresses(tx: Tx) -> frozenset[str]:
    """Every address under which this desk itself writes, folded."""
    found = await tx.values(
        """select lower(a) from mailbox m, unnest(m.aliases || m.address) a where m.desk_id = %(desk)s"""
    )
    return frozenset(found)
