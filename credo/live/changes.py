"""Writing names of what changed."""

from __future__ import annotations

from credo.base.db import Tx
from credo.history import Recorded

ACCESS = "access"  # the name that says: rights changed, ask again who may see what


async def changed(tx: Tx, name: str, *, mailbox_id: int | None = None, team_id: int | None = None) -> None:
    """Say that `name` changed, such as `conversation:42`; a poller in each web process tells open browsers.

    With a mailbox or team, only browsers of people who may see that mailbox or team are told.
    """
    await tx.run(
        "insert into change (desk_id, name, mailbox_id, team_id) values (%(desk)s, %(name)s, %(mailbox)s, %(team)s)",
        name=name,
        mailbox=mailbox_id,
        team=team_id,
    )


async def changed_at(tx: Tx, name: str, place: str, **params: object) -> None:
    """The same for whoever may see the `mailbox_id` and `team_id` that the statement `place` selects, in one step."""
    await tx.run(
        f"""insert into change (desk_id, name, mailbox_id, team_id)
            select %(desk)s, %(name)s, place.mailbox_id, place.team_id from ({place}) place""",
        name=name,
        **params,
    )


async def recheck(tx: Tx, recorded: Recorded) -> None:
    """React to changed rights: every open stream of the desk asks again who it belongs to, and what they may hear."""
    await changed(tx, ACCESS)


async def prune(tx: Tx) -> int:
    """Forget names older than an hour, of every desk; `event` stays the history."""
    return await tx.run("delete from change where at < now() - interval '1 hour'")
