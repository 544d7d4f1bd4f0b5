"""What happened: typed events, written once, never changed."""

from credo.history.events import Actor, Event, Recorded, by_agent, by_customer, by_system
from credo.history.recording import of_conversation, record

__all__ = ["Actor", "Event", "Recorded", "by_agent", "by_customer", "by_system", "of_conversation", "record"]
