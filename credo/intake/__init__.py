"""What came in, as bytes: kept before anything understands it, claimed by one worker, put aside when it fails."""

from credo.intake.events import Dismissed, Failed, ReadAgain, Refused
from credo.intake.keeping import Arrival, Source, digest, keep, keep_many, refuse
from credo.intake.looking import Look, Scope, dismiss, look_at, read_again, source, to_look_at
from credo.intake.queue import LeaseLost, Raw, claim, give_back, put_aside, settle

__all__ = [
    "Arrival",
    "Dismissed",
    "Failed",
    "LeaseLost",
    "Look",
    "Raw",
    "ReadAgain",
    "Refused",
    "Scope",
    "Source",
    "claim",
    "digest",
    "dismiss",
    "give_back",
    "keep",
    "keep_many",
    "look_at",
    "put_aside",
    "read_again",
    "refuse",
    "settle",
    "source",
    "to_look_at",
]
