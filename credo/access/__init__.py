"""Who may see and do what. `visible_to` is inside every read; the checks are functions."""

from credo.access.actor import Actor, Scope
from credo.access.rules import NotAllowed, ensure, may_administer, may_lead, visible_mailboxes, visible_to

__all__ = ["Actor", "NotAllowed", "Scope", "ensure", "may_administer", "may_lead", "visible_mailboxes", "visible_to"]
