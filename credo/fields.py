"""The values of the vocabulary's fields: what every room can tell, gathered for whoever judges conditions."""

from __future__ import annotations

from collections.abc import Mapping

from credo.base.fields import Bindings
from credo.conversations import fields as conversations
from credo.people import fields as people
from credo.promises import fields as promises


def gathered(*rooms: Bindings) -> Bindings:
    """One table of several rooms; two that tell the same field are a mistake of ours."""
    table = {name: binding for room in rooms for name, binding in room.items()}
    assert len(table) == sum(map(len, rooms)), "two rooms tell the same field"
    return table


FIELDS: Bindings = gathered(people.FIELDS, conversations.FIELDS, promises.FIELDS)

TOLD: frozenset[str] = frozenset(name for name, binding in FIELDS.items() if binding.as_of is not None)
"""What history tells, so that it can be known of a moment that has passed."""

UNTOLD: Mapping[str, str] = {name: binding.says for name, binding in FIELDS.items() if binding.as_of is None}
"""What is known today only, with the reason."""
