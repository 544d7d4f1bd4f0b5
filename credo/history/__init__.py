"""What happened: typed events, written once, never changed."""

from credo.history.events import Actor, Event, Recorded, by_agent, by_customer, by_system
from credo.history.recording import EventRow, load, of_conversation, record, revive

__all__ = [
    "Actor",
    "Event",
    "EventRow",
    "Recorded",
    "by_agent",
    "by_customer",
    "by_system",
    "load",
    "of_conversation",
    "record",
    "revive",
]
