"""Short words that colleagues put on a conversation."""

from __future__ import annotations

from collections.abc import Iterable

from credo.access import Actor
from credo.base import clock
from credo.base.db import Tx
from credo.base.errors import Invalid
from credo.conversations import events, items
from credo.conversations.conversation import get, tell
from credo.history import record

_LONGEST = 40
_MOST = 30


class NotATag(Invalid):
    """A tag is 1 to 40 characters without a comma, and a conversation carries at most 30."""


async def set_tags(tx: Tx, actor: Actor, id: int, wanted: Iterable[str]) -> None:
    """Let the conversation carry exactly the tags `wanted`, in order of the alphabet."""
    conversation = await get(tx, actor, id, for_change=True)
    names = sorted({" ".join(name.split()) for name in wanted} - {""})
    if len(names) > _MOST or any(len(name) > _LONGEST or "," in name or "\x00" in name for name in names):
        raise NotATag
    added, removed = set(names) - set(conversation.tags), set(conversation.tags) - set(names)
    if not added and not removed:
        return
    await tx.run(
        "insert into tag (desk_id, name) select %(desk)s, unnest(%(names)s::text[]) on conflict do nothing",
        names=sorted(added),
    )
    await tx.run(
        "update conversation set tags = %(names)s where desk_id = %(desk)s and id = %(id)s", id=id, names=names
    )
    tagged = events.Tagged(
        at=clock.now(), actor=actor.as_author(), conversation_id=id, added=len(added), removed=len(removed)
    )
    await items.line(tx, await record(tx, tagged))
    await tell(tx, id)


async def known(tx: Tx, start: str = "") -> list[str]:
    """Up to 50 tags of the desk that begin with `start`."""
    return await tx.values(
        """select name from tag where desk_id = %(desk)s and starts_with(lower(name), lower(%(start)s))
            order by name limit 50""",
        start=start,
    )
