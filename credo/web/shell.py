"""The frame around every screen: areas, views and teams with their counts."""

from __future__ import annotations

from dataclasses import dataclass

from credo.access import Actor
from credo.base.db import Tx
from credo.conversations import views
from credo.conversations.views import ENOUGH
from credo.web.wording import gettext as _


@dataclass(frozen=True, slots=True)
class Entry:
    """A place one can go to; `go` is the key after G."""

    key: str
    label: str
    href: str
    count: str = ""
    icon: str = ""
    go: str = ""


@dataclass(frozen=True, slots=True)
class Nav:
    """What parts/side.html reads."""

    area: str
    view: str
    waiting: str
    areas: list[Entry]
    groups: list[tuple[str, list[Entry]]]


async def navigation(tx: Tx, actor: Actor, area: str, view: str = "") -> Nav:
    """The navigation as `actor` sees it now: three statements."""
    counts = await views.counts(tx, actor)
    closed = await views.closed_counts(tx, actor)
    teams = await views.team_counts(tx, actor)
    lists = [_entry(key, said(number)) for key, number in _counted(counts).items()]
    lists.append(_entry("solved", said(closed.solved, more=closed.solved_more)))
    lists.append(_entry("spam", said(closed.spam, more=closed.spam_more)))
    lists.append(_entry("trash"))
    groups = [(_("Views"), lists)]
    if teams:
        groups.append((_("Teams"), [_team(team) for team in teams]))
    return Nav(area, view, said(counts.mine), areas(actor), groups)


def areas(actor: Actor) -> list[Entry]:
    """The areas of the house that `actor` may enter."""
    found = [
        Entry("inbox", _("Inbox"), "/inbox/mine", icon="inbox", go="i"),
        Entry("look", _("Needs a look"), "/needs-a-look", icon="alert", go="l"),
    ]
    if actor.role == "admin":
        found.append(Entry("philosophy", _("Philosophy"), "/settings/philosophy", icon="book", go="b"))
    found.append(Entry("settings", _("Settings"), "/settings", icon="gear", go="s"))
    return found


def title(view: str) -> str:
    """What a view is called."""
    return {
        "mine": _("For you"),
        "unassigned": _("Nobody has it yet"),
        "open": _("All open"),
        "waiting": _("Waiting for customers"),
        "snoozed": _("Snoozed"),
        "solved": _("Solved"),
        "spam": _("Spam"),
        "trash": _("Trash"),
    }.get(view, view)


def said(number: int, *, more: bool = False) -> str:
    """A count as it is shown: nothing for none, "500+" beyond what was counted, "37+" when there may be `more`."""
    if number > ENOUGH:
        return f"{ENOUGH}+"
    return f"{number}{'+' if more else ''}" if number else ""


def _counted(counts: views.Counts) -> dict[str, int]:
    keys = ("mine", "unassigned", "open", "waiting", "snoozed")
    return {key: getattr(counts, key) for key in keys}


def _entry(view: str, count: str = "") -> Entry:
    return Entry(view, title(view), f"/inbox/{view}", count)


def _team(team: views.TeamCount) -> Entry:
    return Entry(f"team-{team.id}", team.name, f"/inbox/team-{team.id}", said(team.open))
