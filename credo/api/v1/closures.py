"""/conversations/{id}/closure, /waiting, /spam and /trash: whose turn it is, and what is over."""

from __future__ import annotations

from litestar import delete, post

from credo.api.door import Asker, Work
from credo.api.values import Id
from credo.conversations import state


@post("/conversations/{id:int}/closure", operation_id="solve", status_code=204)
async def solve(tx: Work, actor: Asker, id: Id) -> None:
    """Close as solved. A customer's word opens it again."""
    await state.solve(tx, actor, id)


@delete("/conversations/{id:int}/closure", operation_id="reopen", status_code=204)
async def reopen(tx: Work, actor: Asker, id: Id) -> None:
    """Make it our turn again, from wherever it lies: solved, waiting, snoozed, spam or trash."""
    await state.reopen(tx, actor, id)


@post("/conversations/{id:int}/waiting", operation_id="wait", status_code=204)
async def wait(tx: Work, actor: Asker, id: Id) -> None:
    """Say that it is the customer's turn."""
    await state.wait(tx, actor, id)


@post("/conversations/{id:int}/spam", operation_id="mark_spam", status_code=204)
async def mark_spam(tx: Work, actor: Asker, id: Id) -> None:
    """Put among spam: no promise runs there, and nobody is answered by itself. DELETE …/closure takes it back."""
    await state.mark_spam(tx, actor, id)


@post("/conversations/{id:int}/trash", operation_id="trash", status_code=204)
async def trash(tx: Work, actor: Asker, id: Id) -> None:
    """Throw away; its mails are not taken in again. DELETE …/closure takes it back."""
    await state.trash(tx, actor, id)


HANDLERS = [solve, reopen, wait, mark_spam, trash]
