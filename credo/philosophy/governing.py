"""Who decides: the governance section of the document in force, held against the colleagues who are here."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from credo.access import Actor
from credo.base.db import Tx
from credo.base.ids import fold
from credo.philosophy.elements import section
from credo.philosophy.problems import BadPhilosophy, Problems
from credo.philosophy.source import plain, read

ROUTING = "policy/routing/"
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who is active here, as a document may name them."""

    id: int
    name: str
    email: str
    role: str

    def is_called(self, name: str, level: int) -> bool:
        """Whether `name` means them: 0 by address, 1 by the part before its @, 2 by name, 3 by first name."""
        own = (self.email, self.email.partition("@")[0], self.name, _SPACES.split(self.name.strip())[0])
        return fold(own[level]) == fold(name)


@dataclass(frozen=True, slots=True)
class Deciders:
    """Who owns the document and who approves which section, as ids; `nobody` are names that match no one here.

    `named` is False for a document without governance: then administrators decide, and one of them is enough.
    """

    named: bool
    owners: tuple[int, ...]
    approvers: Mapping[str, tuple[int, ...]]
    wishers: tuple[int, ...] | None
    nobody: tuple[str, ...] = ()

    def everybody(self) -> frozenset[int]:
        """Everybody the document names."""
        return frozenset(self.owners).union(*self.approvers.values())


@dataclass(frozen=True, slots=True)
class Need:
    """Who must approve a change of `section`: every one of `approvers`, or any one of them."""

    section: str
    approvers: tuple[int, ...]
    every: bool

    def met(self, approved: Collection[int]) -> bool:
        """Whether those who approved are enough for this section."""
        return (all if self.every else any)(one in approved for one in self.approvers)


@dataclass(frozen=True, slots=True)
class Needs:
    """What it takes to decide a change that `proposer` made; `others` may be its second pair of eyes."""

    needs: tuple[Need, ...]
    proposer: int | None
    others: frozenset[int] = field(default=frozenset())

    def may_decide(self, agent_id: int) -> bool:
        """Whether this colleague's word counts."""
        return agent_id in self.others or any(agent_id in need.approvers for need in self.needs)

    def met(self, approved: Collection[int]) -> bool:
        """Whether it is decided: nobody alone approves what they proposed, unless nobody else could."""
        return all(need.met(approved) for need in self.needs) and (
            not self.others or any(one in self.others for one in approved)
        )

    def asked(self) -> tuple[int, ...]:
        """Everybody whose word counts, each once."""
        return tuple(dict.fromkeys([*(one for need in self.needs for one in need.approvers), *sorted(self.others)]))


async def governance(tx: Tx, text: str) -> Deciders:
    """The governance of a document among the colleagues of this desk; an unreadable or empty text has none."""
    return governed(_written(text), await colleagues(tx))


async def colleagues(tx: Tx) -> list[Colleague]:
    """Everybody who is active, by id."""
    return await tx.all(
        Colleague,
        "select id, name, email, role from agent where desk_id = %(desk)s and state = 'active' order by id",
    )


def governed(written: Mapping[str, Any], here: list[Colleague]) -> Deciders:
    """What `written` means among those who are `here`; owners and administrators step in for names of nobody."""
    nobody: list[str] = []

    def found(names: Any) -> tuple[int, ...]:
        matched = [(name, _matched(name, here)) for name in _names(names)]
        nobody.extend(name for name, one in matched if one is None)
        return tuple(dict.fromkeys(one for _name, one in matched if one is not None))

    approve = written.get("approve")
    approvers = {part: found(names) for part, names in approve.items()} if isinstance(approve, Mapping) else {}
    owners = found(written.get("owner"))
    return Deciders(
        named=bool(_names(written.get("owner")) or approvers),
        owners=owners or tuple(one.id for one in here if one.role == "admin"),
        approvers={part: ids for part, ids in approvers.items() if ids},
        wishers=_wishers(written.get("propose"), here, found),
        nobody=tuple(dict.fromkeys(nobody)),
    )


def needed(governance: Deciders, paths: Iterable[str], proposer: int | None) -> Needs:
    """Who must approve a change of the elements `paths`, which `proposer` proposes."""
    paths = list(paths)
    if not governance.named:
        return Needs((Need("head", governance.owners, every=False),), proposer)
    routing = bool(paths) and all(path.startswith(ROUTING) for path in paths)
    sections = dict.fromkeys(section(path) for path in paths) or {"head": None}
    needs = tuple(_need(governance, part, routing=routing) for part in sections)
    eyes = frozenset(governance.owners).union(*(need.approvers for need in needs))
    return Needs(needs, proposer, eyes - {proposer} if proposer is not None else frozenset())


def may_write(actor: Actor, governance: Deciders) -> bool:
    """Whether `actor` may write drafts: administrators, leads, and whoever the document names."""
    return actor.role in ("admin", "lead") or actor.agent_id in governance.everybody()


def may_publish(actor: Actor, governance: Deciders) -> bool:
    """Whether `actor` may publish and retire: administrators, and at a screen whoever owns the document."""
    if actor.role == "admin":
        return actor.scopes is None or "admin" in actor.scopes
    return actor.scopes is None and actor.agent_id in governance.owners


def _written(text: str) -> Mapping[str, Any]:
    try:
        found = read(text, Problems()).entries.get("governance") if text else None
    except BadPhilosophy:
        return {}
    written = plain(found) if found is not None else {}
    return written if isinstance(written, Mapping) else {}


def _names(written: Any) -> list[str]:
    found = written if isinstance(written, list) else [written]
    return [one for one in found if isinstance(one, str) and one.strip()]


def _matched(name: str, here: list[Colleague]) -> int | None:
    """The one colleague meant by `name`; None where it could be nobody or several."""
    for level in range(4):
        called = [one.id for one in here if one.is_called(name, level)]
        if called:
            return called[0] if len(called) == 1 else None
    return None


def _wishers(written: Any, here: list[Colleague], found: Any) -> tuple[int, ...] | None:
    """Who may propose a change; None for everybody."""
    if written in (None, "anyone", "everybody"):
        return None
    if written == "leads":
        return tuple(one.id for one in here if one.role in ("admin", "lead"))
    names: tuple[int, ...] = found(written)
    return names


def _need(governance: Deciders, part: str, *, routing: bool) -> Need:
    named = governance.approvers.get(part)
    if named is None:
        return Need(part, governance.owners, every=False)
    return Need(part, named, every=not routing)
