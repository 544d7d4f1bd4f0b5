"""What happens next. Read this file to know what the desk does when something has happened.

NOW reactions run in the same transaction, each under its own savepoint; LATER reactions become one job each.
"""

from __future__ import annotations

from credo.conversations import events as happened
from credo.history import Event
from credo.reacting import Reaction, reacting

NOW: dict[type[Event], tuple[Reaction, ...]] = {
    happened.Received: (),
}

LATER: dict[type[Event], tuple[Reaction, ...]] = {}

react = reacting(NOW, LATER)
