"""What happens next. Read this file to know what the desk does when something has happened.

NOW reactions run in the same transaction, each under its own savepoint; LATER reactions become one job each.
"""

from __future__ import annotations

from credo import intake, live, philosophy, promises, reading
from credo.conversations import assignment, state
from credo.conversations import events as happened
from credo.delivery import automatic, guard, notices
from credo.delivery import events as left
from credo.history import Event
from credo.people import events as people
from credo.reacting import Reaction, reacting
from credo.replying import released

NOW: dict[type[Event], tuple[Reaction, ...]] = {
    happened.Received: (promises.start, automatic.answer, guard.watch),
    happened.Replied: (promises.keep, released.move_on),
    happened.Solved: (promises.stop,),
    happened.MarkedSpam: (promises.stop,),
    happened.Trashed: (promises.stop,),
    happened.Reopened: (promises.run_on,),
    happened.Restored: (promises.run_on,),
    left.Bounced: (promises.run_on, state.back_to_owner),
    left.DeliveryFailed: (promises.run_on, state.back_to_owner),
    left.Delivered: (promises.run_on,),
    philosophy.OneOffMade: (promises.move,),
    philosophy.OneOffEnded: (promises.move,),
    people.AgentDeactivated: (assignment.hand_back, live.recheck),
    people.GrantsChanged: (live.recheck,),
    people.RoleChanged: (live.recheck,),
    people.SessionsEnded: (live.recheck,),
    intake.Refused: (notices.refuse,),
    intake.Failed: (reading.tell_lookers,),
    intake.ReadAgain: (reading.tell_lookers,),
    intake.Dismissed: (reading.tell_lookers,),
}

LATER: dict[type[Event], tuple[Reaction, ...]] = {}

react = reacting(NOW, LATER)
