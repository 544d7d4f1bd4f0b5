"""Customers, as far as the conversations one may see tell of them."""

from __future__ import annotations

from credo.access import Actor, visible_to
from credo.base.db import Tx
from credo.base.errors import NotFound
from credo.conversations.thread import Customer, Other


class NoCustomer(NotFound):
    """There is no such customer in the conversations you may see."""


_CUSTOMER = """select p.id, p.name, p.language, p.note, p.created_at,
                      array(select address from identity i
                             where i.desk_id = p.desk_id and i.person_id = p.id order by i.id) as addresses
                 from person p"""


async def customer(tx: Tx, actor: Actor, person_id: int) -> Customer:
    """One customer; raises NoCustomer unless they take part in a conversation `actor` may see."""
    seen = visible_to(actor)
    found = await tx.maybe(
        Customer,
        f"""{_CUSTOMER} where p.desk_id = %(desk)s and p.id = %(person)s and exists (
              select from participant t join conversation c on c.desk_id = t.desk_id and c.id = t.conversation_id
               where t.desk_id = %(desk)s and t.person_id = p.id and {seen})""",
        person=person_id,
        **seen.params,
    )
    if found is None:
        raise NoCustomer
    return found


async def by_address(tx: Tx, actor: Actor, address: str) -> Customer:
    """The customer behind a mail address; raises NoCustomer as `customer` does."""
    person_id = await tx.value(
        "select person_id from identity where desk_id = %(desk)s and kind = 'email' and address = %(address)s",
        address=address.casefold(),
    )
    if person_id is None:
        raise NoCustomer
    return await customer(tx, actor, person_id)


async def conversations_of(tx: Tx, actor: Actor, person_id: int) -> list[Other]:
    """The newest hundred conversations of a customer that `actor` may see; raises NoCustomer when there is none."""
    await customer(tx, actor, person_id)
    seen = visible_to(actor)
    return await tx.all(
        Other,
        f"""select c.id, c.subject, c.state, c.created_at, c.last_item_at from conversation c
             where c.desk_id = %(desk)s and c.person_id = %(person)s and c.state <> 'trash' and {seen}
             order by c.last_item_at desc limit 100""",
        person=person_id,
        **seen.params,
    )
