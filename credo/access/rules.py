"""The one predicate, and the checks beside it."""

from __future__ import annotations

from credo.access.actor import Actor, Scope
from credo.base.errors import Forbidden


class NotAllowed(Forbidden):
    """Your role does not include this; an administrator can do it or change your role."""


def visible_to(actor: Actor, alias: str = "c") -> Scope:
    """The conversations `actor` may see, as a condition on the table `conversation` called `alias`.

    Admins see all of their desk; everybody else what came to a mailbox granted to them or lies with a team of theirs.
    """
    if actor.sees_all:
        return Scope(f"{alias}.desk_id = %(sees_desk)s", {"sees_desk": actor.desk_id})
    return Scope(
        f"({alias}.desk_id = %(sees_desk)s and ({alias}.mailbox_id = any(%(sees_mailboxes)s)"
        f" or {alias}.team_id = any(%(sees_teams)s)))",
        {
            "sees_desk": actor.desk_id,
            "sees_mailboxes": list(actor.mailboxes),
            "sees_teams": list(actor.teams),
        },
    )


def visible_mailboxes(actor: Actor, alias: str = "m") -> Scope:
    """The mailboxes whose raw mail `actor` may see; admins also see what belongs to none."""
    if actor.sees_all:
        return Scope(f"{alias}.desk_id = %(sees_desk)s", {"sees_desk": actor.desk_id})
    return Scope(
        f"({alias}.desk_id = %(sees_desk)s and {alias}.mailbox_id = any(%(sees_mailboxes)s))",
        {"sees_desk": actor.desk_id, "sees_mailboxes": list(actor.mailboxes)},
    )


def may_administer(actor: Actor) -> bool:
    """Whether `actor` may change the desk itself: people, mailboxes, tokens, the philosophy."""
    return actor.role == "admin" and (actor.scopes is None or "admin" in actor.scopes)


def may_lead(actor: Actor) -> bool:
    """Whether `actor` may decide what holds for a day: administrators and leads."""
    return actor.role in ("admin", "lead")


def ensure(allowed: bool) -> None:
    """Raise NotAllowed unless `allowed`."""
    if not allowed:
        raise NotAllowed
