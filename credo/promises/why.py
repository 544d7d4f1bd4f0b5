"""Why a clock says what it says: the promise, its principle, the version in force, and every window counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from credo.access import Actor
from credo.base import clock as time
from credo.base.db import Tx
from credo.base.errors import NotFound
from credo.calendars import Counted
from credo.conversations import conversation
from credo.philosophy import OneOff, Promise, Version, since, version
from credo.promises import rows
from credo.promises.meeting import hours_of, touching
from credo.promises.one_clock import Clock
from credo.promises.timeline import Withheld

Translate = Callable[[str], str]
When = Callable[[datetime], str]

_MOST_LINES = 12


class NoClock(NotFound):
    """There is no such clock, or you may not see it."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A clock with everything that explains it. `author` is who published the version, empty when nobody did."""

    id: int
    clock: Clock
    promise: Promise
    principle: str
    number: int
    effective_at: datetime
    author: str
    language: str
    counted: list[Counted]
    """The opening time from its start to the due time, window by window."""
    so_far: timedelta
    """How much opening time had passed when it stopped, or has passed now."""
    one_offs: list[OneOff]
    """What was decided for once about its hours, with author and reason: why it is due later, or earlier."""

    def words(self, language: str) -> str:
        """The promise in the reader's language, else in the document's."""
        return self.promise.words(language, self.language)


@dataclass(frozen=True, slots=True)
class Link:
    """One line of a why: a word before it, the text, and whether somebody stands behind the words (serif)."""

    word: str
    text: str
    voice: bool = False


async def of_conversation(tx: Tx, actor: Actor, conversation_id: int) -> list[Explanation]:
    """Every clock of a conversation `actor` may see, in the order started; raises NoConversation."""
    await conversation.get(tx, actor, conversation_id)
    stored = await rows.stored(tx, conversation_id)
    one_offs = await since(tx, min(one.clock.started_at for one in stored)) if stored else []
    return [await _explained(tx, one, one_offs) for one in stored]


async def explain(tx: Tx, actor: Actor, clock_id: int) -> Explanation:
    """One clock of a conversation `actor` may see; raises NoClock or NoConversation."""
    conversation_id = await tx.value(
        "select conversation_id from clock where desk_id = %(desk)s and id = %(id)s", id=clock_id
    )
    if conversation_id is None:
        raise NoClock
    return next(one for one in await of_conversation(tx, actor, conversation_id) if one.id == clock_id)


def said(why: Explanation, _: Translate, when: When, language: str) -> list[Link]:
    """The lines of the popover: what happened, because, what was decided for once, rule, principle, in force."""
    in_force = (
        _("Version %(number)s, by %(author)s, since %(when)s")
        if why.author
        else _("Version %(number)s, since %(when)s")
    )
    details = {"number": why.number, "author": why.author, "when": when(why.effective_at)}
    return [
        Link(_("What happened"), _happened(why.clock, _, when)),
        Link(_("Because"), _because(why.clock, _, when)),
        *(_for_once(one, _, when) for one in why.one_offs),
        Link(_("Rule"), why.words(language), voice=True),
        Link(_("Principle"), why.principle, voice=True),
        Link(_("In force"), in_force % details),
    ]


def due_lines(why: Explanation, _: Translate, language: str) -> list[str]:
    """Why it is due when it is due: the opening time that counts, a line for each window."""
    lines = [counted.sentence(language) for counted in why.counted]
    if len(lines) > _MOST_LINES:
        left_out = _("… %(number)s more days …") % {"number": len(lines) - _MOST_LINES + 1}
        lines = [*lines[: _MOST_LINES - 2], left_out, lines[-1]]
    return lines


def paused(one: Withheld, _: Translate, when: When) -> Link:
    """The line that says why a promise was not given: what paused it, by whom, and for what reason."""
    return _for_once(one.one_off, _, when)


def _for_once(one: OneOff, _: Translate, when: When) -> Link:
    words = {
        "closed_today": _("Closed"),
        "changed_hours": _("Other hours"),
        "incident_mode": _("Incident mode"),
        "rule_paused": _("Paused"),
    }
    until = one.ended_at or one.until_at
    span = _("%(when)s to %(until)s, by %(author)s: %(reason)s") if until else _("%(when)s, by %(author)s: %(reason)s")
    details = {"when": when(one.from_at), "until": when(until or one.from_at), "author": one.author}
    return Link(words[one.kind], span % {**details, "reason": one.reason})


async def _explained(tx: Tx, one: rows.Stored, one_offs: list[OneOff]) -> Explanation:
    clock = one.clock
    in_force = await version(tx, clock.version_id)
    promise, calendar = in_force.promises[clock.promise], hours_of(in_force, clock, one_offs)
    until = min(clock.stopped_at or time.now(), time.now())
    return Explanation(
        id=one.id,
        clock=clock,
        promise=promise,
        principle=in_force.principles[promise.serves].statement,
        number=in_force.number,
        effective_at=in_force.effective_at,
        author=await _author(tx, in_force),
        language=in_force.language,
        counted=calendar.lines(clock.started_at, clock.due_at),
        so_far=calendar.elapsed(clock.started_at, until),
        one_offs=touching(clock, one_offs),
    )


async def _author(tx: Tx, in_force: Version) -> str:
    if in_force.published_by is None:
        return ""
    name = await tx.value("select name from agent where desk_id = %(desk)s and id = %(id)s", id=in_force.published_by)
    return name or ""


def _happened(clock: Clock, _: Translate, when: When) -> str:
    if clock.state == "kept":
        return _("Kept, answered %(when)s") % {"when": when(clock.stopped_at or clock.due_at)}
    if clock.state == "late":
        return _("Answered late, %(when)s") % {"when": when(clock.stopped_at or clock.due_at)}
    if clock.state == "void":
        return _("Closed without an answer, %(when)s") % {"when": when(clock.stopped_at or clock.due_at)}
    if clock.broken_at:
        return _("Broken, %(when)s") % {"when": when(clock.broken_at)}
    return _("Due %(when)s") % {"when": when(clock.due_at)}


def _because(clock: Clock, _: Translate, when: When) -> str:
    last = clock.stretches[-1]
    details = {"when": when(clock.started_at), "due": when(clock.due_at)}
    if last.cause in ("delivery.failed", "delivery.bounced"):
        return _("The customer wrote %(when)s, and our answer reached nobody; due %(due)s") % details
    if last.cause in ("conversation.reopened", "conversation.restored"):
        return _("The customer wrote %(when)s, and it was opened again; due %(due)s") % details
    return _("The customer wrote %(when)s; due %(due)s") % details
