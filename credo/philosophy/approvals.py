"""A draft is proposed to the approvers its changes need; each agrees or does not, with a reason, about one revision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from credo.access import Actor
from credo.base import clock
from credo.base.db import Tx
from credo.base.errors import Conflict, Forbidden, Invalid
from credo.history import record
from credo.philosophy import drafts
from credo.philosophy.drafts import Draft, DraftNotOpen
from credo.philosophy.elements import differences
from credo.philosophy.events import DraftApproved, DraftProposed, DraftRejected, DraftWithdrawn
from credo.philosophy.governing import Deciders, Needs, needed
from credo.philosophy.judging import Judgement, judge
from credo.philosophy.publishing import ReasonMissing
from credo.philosophy.versions import newest, source

Word = Literal["approved", "rejected"]


class StillTheSame(Invalid):
    """This draft says nothing that the version before it does not say."""


class BasedOnOlder(Conflict):
    """Another version was published since this draft began; let the draft follow it first."""


class NotProposed(Conflict):
    """This draft is not proposed, so there is nothing to decide."""


class AnotherRevision(Conflict):
    """The draft was changed after you read it; read it again before you decide."""


class NotAnApprover(Forbidden):
    """The document names others to decide about this."""


@dataclass(frozen=True, slots=True)
class Approval:
    """What somebody said about a revision of a draft."""

    id: int
    revision: int
    agent_id: int
    decision: Word
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a draft is: which elements it changes, whose word that needs, and who has spoken, oldest first.

    `nobody` are names in the document in force that match no colleague; owners and administrators stand in for them.
    """

    parts: tuple[str, ...]
    needs: Needs
    said: tuple[Approval, ...]
    settled: bool
    judgement: Judgement
    nobody: tuple[str, ...]


async def propose(tx: Tx, actor: Actor, draft_id: int) -> Standing:
    """Ask the approvers about the draft as it stands; who proposes agrees to it.

    Raises BadPhilosophy while there are errors, StillTheSame, and BasedOnOlder when it does not follow the newest one.
    """
    draft = await drafts.lock(tx, actor, draft_id)
    if draft.state != "draft":
        raise DraftNotOpen
    found = await _standing(tx, draft, actor.agent_id)
    now = clock.now()
    await tx.run(
        """update philosophy_draft set state = 'proposed', proposed_revision = revision, proposed_by = %(by)s,
                  proposed_at = %(now)s
            where desk_id = %(desk)s and id = %(id)s""",
        by=actor.agent_id,
        now=now,
        id=draft_id,
    )
    asked = found.needs.asked()
    event = DraftProposed(at=now, actor=actor.as_author(), draft_id=draft_id, revision=draft.revision, approvers=asked)
    await record(tx, event)
    if found.needs.may_decide(actor.agent_id):
        return await decide(tx, actor, draft_id, draft.revision, "approved")
    return await standing(tx, actor, draft_id)


async def withdraw(tx: Tx, actor: Actor, draft_id: int) -> None:
    """Take a proposed draft back, to write on; what was said about it stays."""
    draft = await drafts.lock(tx, actor, draft_id)
    if draft.state != "proposed":
        raise NotProposed
    await _to_draft(tx, draft_id)
    await record(tx, DraftWithdrawn(at=clock.now(), actor=actor.as_author(), draft_id=draft_id))


async def decide(tx: Tx, actor: Actor, draft_id: int, revision: int, decision: Word, reason: str = "") -> Standing:
    """Say yes or no to the proposed `revision`; a no takes a reason and makes it a draft again.

    Raises NotProposed, AnotherRevision, NotAnApprover or ReasonMissing.
    """
    draft = await drafts.held(tx, actor, draft_id)
    if draft.state != "proposed":
        raise NotProposed
    if revision != draft.proposed_revision:
        raise AnotherRevision
    if decision == "rejected" and not reason.strip():
        raise ReasonMissing
    before = await _standing(tx, draft, draft.proposed_by)
    if not before.needs.may_decide(actor.agent_id):
        raise NotAnApprover
    await tx.run(
        """insert into philosophy_approval (desk_id, draft_id, revision, agent_id, decision, reason, at)
           values (%(desk)s, %(draft)s, %(revision)s, %(agent)s, %(decision)s, %(reason)s, %(now)s)""",
        draft=draft_id,
        revision=revision,
        agent=actor.agent_id,
        decision=decision,
        reason=reason.strip(),
        now=clock.now(),
    )
    common: dict[str, Any] = {
        "at": clock.now(),
        "actor": actor.as_author(),
        "draft_id": draft_id,
        "revision": revision,
    }
    if decision == "rejected":
        await _to_draft(tx, draft_id)
        await record(tx, DraftRejected(**common))
        return await standing(tx, actor, draft_id)
    after = await standing(tx, actor, draft_id)
    await record(tx, DraftApproved(settled=after.settled, **common))
    return after


async def standing(tx: Tx, actor: Actor, draft_id: int) -> Standing:
    """How far a draft is; raises NoDraft, and BadPhilosophy while it has errors."""
    draft = await drafts.get(tx, actor, draft_id)
    return await _standing(tx, draft, draft.proposed_by or actor.agent_id)


async def said(tx: Tx, draft_id: int) -> list[Approval]:
    """Everything that was said about any revision of a draft, oldest first."""
    return await tx.all(
        Approval,
        """select id, revision, agent_id, decision, reason, at from philosophy_approval
            where desk_id = %(desk)s and draft_id = %(draft)s order by id""",
        draft=draft_id,
    )


async def _standing(tx: Tx, draft: Draft, proposer: int | None) -> Standing:
    last = await newest(tx)
    if draft.state in ("draft", "proposed") and draft.base_id != (last.id if last else None):
        raise BasedOnOlder
    judgement = judge(draft.source)
    governance: Deciders = await drafts.in_force_governance(tx, draft.source)
    paths = tuple(differences(await source(tx, draft.base_id) if draft.base_id else "", draft.source))
    if not paths:
        raise StillTheSame
    needs = needed(governance, paths, proposer)
    spoken = tuple(await said(tx, draft.id))
    latest = {one.agent_id: one.decision for one in spoken if one.revision == draft.revision}
    agreed = {agent_id for agent_id, decision in latest.items() if decision == "approved"}
    return Standing(
        parts=paths,
        needs=needs,
        said=spoken,
        settled=draft.state == "proposed" and needs.met(agreed),
        judgement=judgement,
        nobody=governance.nobody,
    )


async def _to_draft(tx: Tx, draft_id: int) -> None:
    await tx.run(
        """update philosophy_draft set state = 'draft', proposed_revision = null, proposed_by = null,
                  proposed_at = null
            where desk_id = %(desk)s and id = %(id)s""",
        id=draft_id,
    )
