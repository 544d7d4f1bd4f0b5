"""/tokens: what programs carry. A token cannot make tokens; a colleague does that on their account page."""

from __future__ import annotations

from dataclasses import dataclass

from litestar import delete, get

from credo.api.door import Asker, Work
from credo.api.values import Id, Listed, Moment, shaped
from credo.people import tokens


@dataclass(frozen=True, slots=True)
class Token:
    """A token that works; its secret was shown once, when it was made."""

    id: int
    name: str
    agent_id: int
    agent_name: str
    scopes: list[str]
    created_at: Moment
    used_at: Moment | None
    expires_at: Moment | None


@get("/tokens", operation_id="list_tokens")
async def index(tx: Work, actor: Asker) -> Listed[Token]:
    """List the tokens in force: administrators see everybody's, others their own; the newest first."""
    return Listed([shaped(Token, one) for one in await tokens.working(tx, actor)])


@delete("/tokens/{id:int}", operation_id="revoke_token", status_code=204)
async def revoke(tx: Work, actor: Asker, id: Id) -> None:
    """Let a token work no longer: your own, or anybody's for administrators."""
    await tokens.revoke(tx, actor, id)


HANDLERS = [index, revoke]
