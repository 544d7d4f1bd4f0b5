"""The shape of an event. Rooms declare their kinds by deriving from `Event`."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import ClassVar, Literal

ActorKind = Literal["agent", "customer", "system"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it: a colleague, a customer or the desk itself."""

    kind: ActorKind
    id: int | None = None


def by_agent(agent_id: int) -> Actor:
    """A colleague did it."""
    return Actor("agent", agent_id)


def by_customer(person_id: int | None) -> Actor:
    """A customer did it."""
    return Actor("customer", person_id)


def by_system() -> Actor:
    """The desk did it by itself; such an event should carry a cause."""
    return Actor("system")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened. Fields of a derived class are its payload: ids, codes and numbers, never words."""

    kind: ClassVar[str] = ""
    kinds: ClassVar[dict[str, type[Event]]] = {}

    at: datetime
    actor: Actor
    conversation_id: int | None = None
    item_id: int | None = None
    cause: dict[str, object] | None = field(default=None)

    def __init_subclass__(cls, **more: object) -> None:
        # `super()` without arguments breaks here because slots make a second class of the same name.
        Event.kinds[cls.kind] = cls

    def payload(self) -> dict[str, object]:
        """The fields that a derived class added."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name not in _COMMON}


_COMMON = frozenset(f.name for f in fields(Event))


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event with the id it was written under."""

    id: int
    event: Event
