"""From an approved draft to a version; and the short way for whoever may decide alone."""

from __future__ import annotations

from credo.access import Actor, ensure
from credo.base.db import Tx
from credo.base.errors import Conflict
from credo.philosophy import approvals, drafts, publishing
from credo.philosophy.governing import may_publish
from credo.philosophy.judging import judge
from credo.philosophy.publishing import Decision, ReasonMissing
from credo.philosophy.versions import Version, newest


class NotYetApproved(Conflict):
    """Not everybody whose word this needs has agreed yet."""


async def publish_draft(tx: Tx, actor: Actor, draft_id: int, decision: Decision) -> Version:
    """Publish an approved draft, in force from the moment the decision names; it takes a reason.

    Raises NotProposed, BasedOnOlder, NotYetApproved, GoldenFailed, InThePast or BeforeAnother.
    """
    if not decision.reason.strip():
        raise ReasonMissing
    return await _publish(tx, actor, draft_id, decision)


async def publish_text(tx: Tx, actor: Actor, text: str) -> Version:
    """Publish a text at once where `actor` may decide about it alone; raises NotYetApproved where others must agree.

    While nothing was ever published no document binds anybody yet.
    """
    ensure(may_publish(actor, await drafts.in_force_governance(tx)))
    if await newest(tx) is None:
        return await publishing.publish(tx, actor.as_author(), text)
    draft = await drafts.start(tx, actor, judge(text).document.title, text=text)
    await approvals.propose(tx, actor, draft.id)
    return await _publish(tx, actor, draft.id, Decision())


async def _publish(tx: Tx, actor: Actor, draft_id: int, decision: Decision) -> Version:
    # The desk first, as whoever publishes without a draft does, so that two of them never wait for each other.
    await publishing.lock(tx)
    draft = await drafts.held(tx, actor, draft_id)
    ensure(may_publish(actor, await drafts.in_force_governance(tx, draft.source)))
    if draft.state != "proposed":
        raise approvals.NotProposed
    if not (await approvals.standing(tx, actor, draft_id)).settled:
        raise NotYetApproved
    made = await publishing.publish(tx, actor.as_author(), draft.source, decision)
    await tx.run(
        """update philosophy_draft set state = 'published', version_id = %(version)s
            where desk_id = %(desk)s and id = %(id)s""",
        version=made.id,
        id=draft_id,
    )
    return made


async def retire(tx: Tx, actor: Actor, version_id: int, reason: str) -> None:
    """Retire the version in force, or take back one whose time has not come; for whoever may publish."""
    ensure(may_publish(actor, await drafts.in_force_governance(tx)))
    await publishing.retire(tx, actor.as_author(), version_id, reason)
