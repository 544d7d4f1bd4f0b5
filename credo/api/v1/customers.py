"""/customers: the people who write to us."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from litestar import get
from litestar.params import QueryParameter

from credo.api.door import Asker, Work
from credo.api.values import Id, Listed, Moment, shaped
from credo.conversations import customers

Address = Annotated[str, QueryParameter(min_length=1, max_length=254, description="Their mail address.")]


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer and the addresses they write from."""

    id: int
    name: str
    language: str | None
    note: str | None
    created_at: Moment
    addresses: list[str]


@dataclass(frozen=True, slots=True)
class Theirs:
    """A conversation of a customer."""

    id: int
    subject: str
    state: str
    created_at: Moment
    last_item_at: Moment


@get("/customers", operation_id="find_customer")
async def find(tx: Work, actor: Asker, address: Address) -> Customer:
    """Find the customer behind a mail address, if you may see a conversation with them."""
    return shaped(Customer, await customers.by_address(tx, actor, address))


@get("/customers/{id:int}", operation_id="get_customer")
async def show(tx: Work, actor: Asker, id: Id) -> Customer:
    """Read one customer."""
    return shaped(Customer, await customers.customer(tx, actor, id))


@get("/customers/{id:int}/conversations", operation_id="list_customer_conversations")
async def conversations(tx: Work, actor: Asker, id: Id) -> Listed[Theirs]:
    """List their newest hundred conversations that you may see, without the trash."""
    return Listed([shaped(Theirs, one) for one in await customers.conversations_of(tx, actor, id)])


HANDLERS = [find, show, conversations]
