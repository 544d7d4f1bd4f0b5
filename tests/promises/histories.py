"""Short ways to write a conversation's history as clocks see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from credo.calendars import Calendar, read_days, read_window
from credo.philosophy import Promise, Running, Version, read_target
from credo.promises.timeline import Clock, Moment, reckon

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # 09:00 in Berlin


def at(hours: float) -> datetime:
    """So many hours after Monday's opening."""
    return MONDAY + timedelta(hours=hours)


def calendar(zone: str = "Europe/Berlin", **hours: list[str]) -> Calendar:
    """A calendar from "mon_fri" to windows; without hours, the shop's."""
    hours = hours or {"mon_fri": ["09:00-18:00"]}
    week = {
        day: tuple(map(read_window, windows))
        for days, windows in hours.items()
        for day in read_days(days.replace("_", "-"))
    }
    return Calendar(zone, week)


def promise(id: str, clock: str, target: str, to: str = "") -> Promise:
    """A promise that runs."""
    return Promise(id, "keep-word", {"en": "We answer."}, to, clock, target, "shop", 0.95)


def in_force(promises: list[Promise], on: Calendar, id: int = 1) -> Version:
    """A published version with these promises on one calendar."""
    running = {one.id: Running(one, one.condition(), read_target(one.target or ""), on) for one in promises}
    return Version(
        id,
        "test",
        id,
        MONDAY,
        None,
        "Test",
        "en",
        "UTC",
        {},
        {},
        {one.id: one for one in promises},
        running,
        {"shop": on},
        MONDAY,
    )


BOTH = [promise("first", "first_human_reply", "PT4H"), promise("next", "next_reply", "PT2H")]


@dataclass
class History:
    """Events in the order recorded; methods add one and return its item or event id."""

    moments: list[Moment] = field(default_factory=list)
    seq: int = 0

    def add(self, kind: str, when: datetime, item_id: int | None = None, actor: str = "agent", **payload: Any) -> int:
        self.moments.append(Moment(len(self.moments) + 1, kind, when, item_id, actor, payload))
        return len(self.moments)

    def asks(self, when: datetime, *, nature: str = "message", automatic: str = "no", opened: bool = False) -> int:
        self.seq += 1
        more: Mapping[str, Any] = {"nature": nature, "automatic": automatic, "opened": opened}
        return self.add("message.received", when, self.seq, "customer", seq=self.seq, **more)

    def press(self) -> int:
        """Send is pressed: the answer has its place in the thread before it is released."""
        self.seq += 1
        return self.seq

    def answers(self, when: datetime, seq: int | None = None) -> int:
        seq = seq or self.press()
        self.add("message.replied", when, seq, "agent", seq=seq, outbox_id=seq)
        return seq

    def fails(self, item: int, when: datetime) -> int:
        return self.add("delivery.bounced", when, item, "system", permanent=True, all=True)

    def clocks(self, now: datetime, promises: list[Promise] = BOTH, on: Calendar | None = None) -> list[Clock]:
        version = in_force(promises, on or calendar())
        return reckon(self.moments, "email", lambda moment: version, now).clocks
