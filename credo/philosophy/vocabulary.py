"""What conditions of the document may ask for, and which of it can be known today."""

from __future__ import annotations

from collections.abc import Mapping

from credo.conditions import Vocabulary
from credo.philosophy.fields import AGENT, CUSTOMER, OTHERS, REPLY, TICKET

VOCABULARY = Vocabulary.of(*TICKET, *CUSTOMER, *REPLY, *AGENT, *OTHERS)

KNOWN_TODAY = frozenset({"ticket.channel", "ticket.status"})
"""What clocks can ask for already."""

COLLEAGUE = "agent"
"""The subject of what describes a colleague; shown to that person alone."""

OPEN_TO_ALL = frozenset({"agent.skills", "agent.open_load"})
"""What work needs to know of a colleague, and everybody may ask for."""

FEELINGS_OF_COLLEAGUES = frozenset(
    f"agent.{name}" for name in ("emotion", "emotion_strength", "feeling", "feelings", "mood", "sentiment", "stress")
)
"""Fields that there never will be: what a colleague feels is not inferred."""

_ROOMS: Mapping[str, str] = {
    "ticket": "conversations",
    "customer": "people",
    "reply": "replying",
    "agent": "team",
    "bot": "bots",
    "order": "people",
    "promise": "promises",
    "incident": "anticipating",
    "now": "promises",
}
_LISTENED = frozenset(
    {
        *("ticket.topic", "ticket.language", "ticket.asked_twice", "ticket.complaint", "ticket.urgency"),
        *("ticket.open_questions", "ticket.safety_risk", "customer.emotion", "customer.emotion_strength"),
        "customer.asked_for_human",
    }
)


def waits_for(name: str) -> str:
    """The room that will know this field; empty when it is known today."""
    if name in KNOWN_TODAY:
        return ""
    return "listening" if name in _LISTENED else _ROOMS[name.partition(".")[0]]
