"""What can happen to the people of a desk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from credo.history import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskOpened(Event):
    """The desk was set up by its first administrator."""

    kind: ClassVar[str] = "desk.opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskChanged(Event):
    """Name, zone or language of the desk were changed."""

    kind: ClassVar[str] = "desk.changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentInvited(Event):
    """Somebody was invited to work here, or invited again."""

    kind: ClassVar[str] = "agent.invited"
    agent_id: int
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentJoined(Event):
    """The invitation was accepted."""

    kind: ClassVar[str] = "agent.joined"
    agent_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentRenamed(Event):
    """Name or address of a colleague were changed."""

    kind: ClassVar[str] = "agent.renamed"
    agent_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleChanged(Event):
    """A colleague was given another role."""

    kind: ClassVar[str] = "agent.role"
    agent_id: int
    role: str
    was: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantsChanged(Event):
    """What a colleague may see was changed; the payload is what holds from now on."""

    kind: ClassVar[str] = "agent.grants"
    agent_id: int
    mailboxes: tuple[int, ...]
    teams: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentDeactivated(Event):
    """A colleague left: sessions, tokens and links ended; open work goes back to its team."""

    kind: ClassVar[str] = "agent.deactivated"
    agent_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentReactivated(Event):
    """A colleague came back."""

    kind: ClassVar[str] = "agent.reactivated"
    agent_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamMade(Event):
    """A team was founded."""

    kind: ClassVar[str] = "team.made"
    team_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamRenamed(Event):
    """A team was given another name."""

    kind: ClassVar[str] = "team.renamed"
    team_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamArchived(Event):
    """A team takes nothing new; what lies with it stays visible to its members."""

    kind: ClassVar[str] = "team.archived"
    team_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamRestored(Event):
    """An archived team works again."""

    kind: ClassVar[str] = "team.restored"
    team_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn(Event):
    """A colleague came in; `how` is password, code (with a second step) or recovery."""

    kind: ClassVar[str] = "session.opened"
    session_id: int
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionsEnded(Event):
    """Sessions of a colleague were ended, by themselves or an administrator."""

    kind: ClassVar[str] = "session.ended"
    agent_id: int
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordChanged(Event):
    """A password was set anew; `how` is change or reset."""

    kind: ClassVar[str] = "password.changed"
    agent_id: int
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetAsked(Event):
    """A link to set a new password was made."""

    kind: ClassVar[str] = "password.reset_asked"
    agent_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondStepSet(Event):
    """Signing in now takes a code besides the password."""

    kind: ClassVar[str] = "totp.confirmed"
    agent_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondStepRemoved(Event):
    """Signing in takes only the password again."""

    kind: ClassVar[str] = "totp.removed"
    agent_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryCodesMade(Event):
    """New recovery codes replaced the old ones."""

    kind: ClassVar[str] = "totp.recovery_codes"
    agent_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenMade(Event):
    """An API token was made."""

    kind: ClassVar[str] = "token.made"
    token_id: int
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRevoked(Event):
    """An API token was revoked."""

    kind: ClassVar[str] = "token.revoked"
    token_id: int
