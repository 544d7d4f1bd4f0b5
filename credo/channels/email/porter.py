"""How many connections the listener holds, in total and for one address: a crowd must not shut out everybody else."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Room:
    """Connections at most, those of one address at most, and after how many silent seconds one is ended."""

    total: int = 200
    each: int = 50
    idle: float = 300.0


class Porter:
    """Counts who is inside one listener of one process."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self._inside: Counter[str] = Counter()

    def refusal(self, address: str) -> str | None:
        """Why `address` may not come in just now, as an answer of SMTP; None when there is room."""
        if self._inside.total() >= self.room.total:
            return "421 4.3.2 Too many connections just now; please try again in a minute"
        if self._inside[address] >= self.room.each:
            return "421 4.7.0 Too many connections from your address; please end one first"
        return None

    def enter(self, address: str) -> None:
        """`address` holds one more connection."""
        self._inside[address] += 1

    def leave(self, address: str) -> None:
        """`address` holds one connection less."""
        self._inside[address] -= 1
        if not self._inside[address]:
            del self._inside[address]
