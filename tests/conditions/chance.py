"""Conditions and facts by chance, the same ones for the same seed."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from conditions.words import CHANNELS, EMOTIONS

PROVING = os.environ.get("CREDO_PROVE") == "1"
"""`make prove` asks for ten times as much."""

TEXTS = (
    "",
    "a",
    "b",
    "vip",
    "trade",
    "email",
    "a%b",
    "50%",
    "_",
    "\\",
    "'",
    '"',
    "é",
    "Z",
    "😀",
    "\uffff",
    "a\nb",
    "{}",
)
MOMENTS = ("2026-03-29T01:30:00Z", "2026-01-01T00:00:00+05:30", "2025-12-31T23:59:59.999999Z", "0001-01-01T00:00:00Z")
SPANS = ("2h", "-30m", "0s", "36h", "1.5s", "1us", "400h")
_QUOTED = {"\\": r"\\", '"': r"\"", "\n": r"\n"}


class Chance:
    """Spells conditions; with `everything` also those that the oracle judges in another way."""

    def __init__(self, seed: int, *, everything: bool) -> None:
        self.pick = random.Random(seed)
        self.everything = everything
        self._items: list[str] = []

    def condition(self, depth: int = 4) -> str:
        """A condition that makes sense."""
        if depth <= 0 or self.pick.random() < 0.1:
            return self._one(self._truths())
        return self._one(
            [
                lambda: f"({self.condition(depth - 1)} && {self.condition(depth - 1)})",
                lambda: f"({self.condition(depth - 1)} || {self.condition(depth - 1)})",
                lambda: f"({self.condition(depth - 1)}) && {self._one(self._truths())} || {self.condition(depth - 2)}",
                lambda: f"!({self.condition(depth - 1)})",
                lambda: f"({self.condition(depth - 1)}) {self._either('==', '!=')} ({self.condition(depth - 2)})",
                *self._comparisons(depth),
                *self._comparisons(depth),
            ]
        )

    def _truths(self) -> list[Callable[[], str]]:
        found: list[Callable[[], str]] = [
            lambda: self._either("customer.new", "customer.vip", "true", "false", "!customer.new"),
            lambda: f"ticket.channel {self._either('==', '!=')} {self._quoted(CHANNELS)}",
            lambda: f"customer.emotion in [{self._quoted(EMOTIONS)}, {self._quoted(EMOTIONS)}]",
        ]
        if self.everything:
            fields = ("ticket.topic", "ticket.waiting_h", "customer.tags", "now.ts", "customer.new", "ticket.reopens")
            found.append(lambda: f"has({self._either(*fields)})")
        return found

    def _comparisons(self, depth: int) -> list[Callable[[], str]]:
        made: list[Callable[[int], str]] = [self._whole, self._double, self._text, self._moment, self._span]
        ordered: list[Callable[[], str]] = [
            lambda one=one: f"{one(depth - 1)} {self._either('<', '<=', '>', '>=', '==', '!=')} {one(depth - 2)}"  # type: ignore[misc]
            for one in made
        ]
        return [
            *ordered,
            lambda: f"{self._text(depth - 1)} in {self._list(depth - 1)}",
            lambda: f"{self._whole(1)} in [{self._whole(0)}, {self._whole(0)}, 2]",
            lambda: f"{self._moment(1)} in [{self._moment(0)}, {self._moment(0)}]",
            lambda: f"{self._span(1)} in [{self._span(0)}, {self._span(0)}]",
            lambda: f"{self._double(0)} in [{self._double(0)}, 2.5]",
            lambda: f"{self._text(1)}.{self._either('contains', 'startsWith', 'endsWith')}({self._text(1)})",
            lambda: f"{self._list(1)} {self._either('==', '!=')} {self._list(1)}",
            lambda: self._quantified(depth),
        ]

    def _quantified(self, depth: int) -> str:
        if len(self._items) == 2:
            return self._one(self._truths())
        self._items.append(f"x{len(self._items)}")
        inner = self.condition(min(depth - 2, 2))
        self._items.pop()
        over = self._list(1, entries=True)
        return f"{over}.{self._either('exists', 'all')}(x{len(self._items)}, {inner})"

    def _whole(self, depth: int) -> str:
        if depth <= 0 or self.pick.random() < 0.4:
            sizes = (f"size({self._list(0)})", f"size({self._text(0)})")
            huge = self._either("9223372036854775807", "-9223372036854775808", "4611686018427387904", "0x10")
            number = huge if self.pick.random() < 0.05 else str(self.pick.randint(-3, 5))
            return self._either("ticket.reopens", "ticket.reopens", number, number, *sizes)
        if self.pick.random() < 0.1:
            return f"-({self._whole(depth - 1)})"
        return f"({self._whole(depth - 1)} {self._either('+', '-', '*')} {self._whole(depth - 2)})"

    def _double(self, depth: int) -> str:
        if depth <= 0 or self.pick.random() < 0.4:
            number = self._either("0.0", "2.5", "-1.25", "1e3", ".5", f"{self.pick.uniform(-9, 9):.3f}")
            return self._either("ticket.waiting_h", "ticket.limit_h", "customer.emotion_strength", number)
        if self.pick.random() < 0.1:
            return f"-({self._double(depth - 1)})"
        return f"({self._double(depth - 1)} {self._either('+', '-', '*')} {self._double(depth - 2)})"

    def _text(self, depth: int) -> str:
        if depth > 0 and self.pick.random() < 0.15:
            return f"({self._text(depth - 1)} + {self._text(0)})"
        return self._either("ticket.subject", "ticket.topic", self._quoted(TEXTS), self._quoted(TEXTS), *self._items)

    def _moment(self, depth: int) -> str:
        if depth > 0 and self.pick.random() < 0.4:
            spans = f"{self._moment(depth - 1)} {self._either('+', '-')} {self._span(0)}"
            return self._either(f"({spans})", f"({self._span(0)} + {self._moment(0)})")
        return self._either("now.ts", "ticket.created", f'timestamp("{self.pick.choice(MOMENTS)}")')

    def _span(self, depth: int) -> str:
        if depth > 0 and self.pick.random() < 0.5:
            sides = f"{self._span(depth - 1)} {self._either('+', '-')} {self._span(0)}"
            return self._either(f"({self._moment(0)} - {self._moment(depth - 1)})", f"({sides})")
        return self._either("ticket.silence", f'duration("{self.pick.choice(SPANS)}")')

    def _list(self, depth: int, *, entries: bool = False) -> str:
        if depth > 0 and self.pick.random() < 0.15:
            return f"({self._list(0, entries=entries)} + {self._list(0)})"
        texts = [self._text(0) for _ in range(self.pick.randint(1 if entries else 0, 3))]
        return self._either("customer.tags", "agent.skills", "customer.tags", f"[{', '.join(texts)}]")

    def _quoted(self, texts: tuple[str, ...]) -> str:
        return '"' + "".join(_QUOTED.get(sign, sign) for sign in self.pick.choice(texts)) + '"'

    def _either(self, *options: str) -> str:
        return self.pick.choice(options)

    def _one(self, options: list[Callable[[], str]]) -> str:
        return self.pick.choice(options)()

    def facts(self) -> dict[str, object]:
        """All fields, each with a value."""
        start = datetime(2026, 3, 28, 12, tzinfo=UTC)
        return {
            "ticket.channel": self._either(*CHANNELS),
            "ticket.waiting_h": self.pick.choice([0.0, -0.0, 2.5, 4.0, round(self.pick.uniform(0, 9), 2)]),
            "ticket.limit_h": self.pick.choice([2.5, 4.0, 1e3]),
            "ticket.reopens": self.pick.choice([0, 1, 2, 5, -3, 2**62, -(2**63)]),
            "ticket.subject": self._either(*TEXTS, "a%b vip"),
            "ticket.created": start + timedelta(seconds=self.pick.randint(-(10**7), 10**7)),
            "ticket.silence": self.pick.choice(
                [timedelta(0), timedelta(hours=2), timedelta(days=-1, microseconds=1), timedelta(days=40, seconds=1)]
            ),
            "ticket.topic": self._either(*TEXTS),
            "customer.new": self.pick.random() < 0.5,
            "customer.vip": self.pick.random() < 0.5,
            "customer.emotion": self._either(*EMOTIONS),
            "customer.emotion_strength": round(self.pick.random(), 2),
            "customer.tags": self.pick.sample(TEXTS, self.pick.randint(0, 4)),
            "agent.skills": self.pick.sample(["a", "b", "vip", "é"], self.pick.randint(0, 3)),
            "now.ts": start + timedelta(microseconds=self.pick.randint(0, 10**12)),
        }

    def partial_facts(self) -> dict[str, object]:
        """As `facts`, with some of them unknown."""
        return {name: None if self.pick.random() < 0.25 else value for name, value in self.facts().items()}
