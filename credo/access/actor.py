"""The asker: a colleague at a screen, or a token that acts for one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from credo import history

Role = Literal["admin", "lead", "agent"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks. `scopes` is None for a person at a screen and a set of words for a token."""

    desk_id: int
    agent_id: int
    name: str
    role: Role
    mailboxes: tuple[int, ...] = ()
    teams: tuple[int, ...] = ()
    scopes: frozenset[str] | None = None
    token_id: int | None = None

    @property
    def sees_all(self) -> bool:
        """Admins see every conversation of their desk."""
        return self.role == "admin"

    def as_author(self) -> history.Actor:
        """The same person as the author of an event."""
        return history.by_agent(self.agent_id)


@dataclass(frozen=True, slots=True)
class Scope:
    """A piece of WHERE with its parameters, to be written into a statement as it stands."""

    sql: str
    params: dict[str, Any]

    def __str__(self) -> str:
        return self.sql
