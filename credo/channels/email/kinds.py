"""What kind of mail this is: a person's, an automatic reply, a bounce, or a complaint."""

from __future__ import annotations

from dataclasses import dataclass

from credo.channels import Address, Automatic, BounceDetails, Kind
from credo.channels.email import headers
from credo.channels.email.bodies import Contents
from credo.channels.email.mime import Part


@dataclass(frozen=True, slots=True)
class Verdict:
    """The kind, whether a machine wrote it, and for bounces and complaints what they are about."""

    kind: Kind
    automatic: Automatic
    bounce: BounceDetails | None = None
    original_message_id: str | None = None


def judge(root: Part, contents: Contents, sender: Address | None, subject: str, text: str) -> Verdict:
    """The verdict on one mail."""
    return Verdict("message", "no")
