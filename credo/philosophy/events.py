"""What can happen to the philosophy document. Words and reasons stand in its own tables, never here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from credo.history import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftStarted(Event):
    """A colleague began to write a new version."""

    kind: ClassVar[str] = "philosophy.draft_started"
    draft_id: int
    base_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftDropped(Event):
    """A draft was given up; its texts are kept."""

    kind: ClassVar[str] = "philosophy.draft_dropped"
    draft_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftProposed(Event):
    """The named approvers were asked about a revision of a draft."""

    kind: ClassVar[str] = "philosophy.draft_proposed"
    draft_id: int
    revision: int
    approvers: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftWithdrawn(Event):
    """A proposed draft was taken back, to be written on."""

    kind: ClassVar[str] = "philosophy.draft_withdrawn"
    draft_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftApproved(Event):
    """A named approver agrees; `settled` when nobody else needs to."""

    kind: ClassVar[str] = "philosophy.draft_approved"
    draft_id: int
    revision: int
    settled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRejected(Event):
    """A named approver does not agree, so it is a draft again."""

    kind: ClassVar[str] = "philosophy.draft_rejected"
    draft_id: int
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Published(Event):
    """A version was published; it is in force at once, or from a moment that was chosen."""

    kind: ClassVar[str] = "philosophy.published"
    version_id: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CameIntoForce(Event):
    """A version is in force from now on, and `was` no longer."""

    kind: ClassVar[str] = "philosophy.in_force"
    version_id: int
    version: int
    was: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Retired(Event):
    """A version was retired: it starts nothing new, and clocks that run keep it."""

    kind: ClassVar[str] = "philosophy.retired"
    version_id: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOffMade(Event):
    """Closed today, other hours on a day, incident mode, or a promise that pauses; `what` says which."""

    kind: ClassVar[str] = "philosophy.exception_made"
    exception_id: int
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOffEnded(Event):
    """What held for a time holds no longer, because a colleague ended it."""

    kind: ClassVar[str] = "philosophy.exception_ended"
    exception_id: int
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeWished(Event):
    """A colleague proposes to change something in the philosophy."""

    kind: ClassVar[str] = "philosophy.change_wished"
    proposal_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WishDiscussed(Event):
    """A colleague said something about a proposed change."""

    kind: ClassVar[str] = "philosophy.wish_discussed"
    proposal_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WishDecided(Event):
    """The owner decided about a proposed change; `state` is accepted or declined."""

    kind: ClassVar[str] = "philosophy.wish_decided"
    proposal_id: int
    state: str
