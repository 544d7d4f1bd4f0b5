"""What the composer shows: the draft that is kept, or a fresh answer with the people it would go to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import getaddresses

from credo.base.ids import BIGGEST_SEQ
from credo.channels import Address
from credo.conversations.participants import Answered
from credo.replying import drafts
from credo.replying.drafts import Draft, DraftFile, Kind
from credo.replying.reading import Opened
from credo.web import forms
from credo.web.forms import Form

LONGEST = 3_000_000  # beyond what a draft may hold, so that a text too long is refused and never cut


@dataclass(frozen=True, slots=True)
class Composer:
    """What compose/*.html reads; addresses are texts as people type them."""

    kind: str
    html: str
    text: str
    subject: str
    to: Sequence[str]
    cc: Sequence[str]
    bcc: Sequence[str]
    mailbox_id: int | None
    seen_seq: int
    version: int
    saved_at: datetime | None
    attachments: Sequence[DraftFile]


def composer(opened: Opened, kind: Kind) -> Composer:
    """The composer of a conversation for this colleague: their draft, or an empty answer to the default recipients."""
    shown = kept(opened.draft, opened.files) if opened.draft else None
    if shown and any((shown.to, shown.cc, shown.bcc)):
        return shown
    to, cc = _defaults(opened.people)
    if shown:
        return replace(shown, to=to, cc=cc)
    return Composer(kind, "", "", "", to, cc, (), opened.found.mailbox_id, opened.found.last_word_seq, 0, None, ())


def fresh(mailbox_id: int | None) -> Composer:
    """The composer of a conversation that we begin."""
    return Composer("new", "", "", "", (), (), (), mailbox_id, 0, 0, None, ())


def kept(draft: Draft, files: Sequence[DraftFile]) -> Composer:
    """A stored draft as the composer shows it."""
    to, cc, bcc = (texts(draft.addresses.get(role, [])) for role in ("to", "cc", "bcc"))
    return Composer(
        draft.kind,
        draft.html,
        draft.text,
        draft.subject,
        to,
        cc,
        bcc,
        draft.mailbox_id,
        draft.seen_seq,
        draft.version,
        draft.updated_at,
        files,
    )


def texts(pairs: Iterable[Sequence[str]]) -> list[str]:
    """Stored [name, address] pairs as people type them."""
    return [f"{name} <{address}>" if name and name != address else address for name, address in pairs]


def typed(text: str) -> tuple[Address, ...]:
    """Addresses as people type them, with commas or semicolons between."""
    found = getaddresses([text.replace(";", ",")])
    return tuple(Address(name=name, address=address.strip()) for name, address in found if address.strip())


def pairs(addresses: Iterable[Address]) -> list[list[str]]:
    """Addresses as they are stored."""
    return [[one.name, one.address] for one in addresses]


def _defaults(people: Sequence[Answered]) -> tuple[list[str], list[str]]:
    """Reply to all: the requester, and in copy whoever else takes part."""
    asked = [one.address for one in people if one.asked][:1] or [one.address for one in people[:1]]
    return asked, [one.address for one in people if one.address not in asked]


def typed_in(shown: Composer, form: Form) -> Composer:
    """What somebody typed into a form that was refused, so that nothing is lost."""
    to, cc, bcc = ([form.text(role, LONGEST)] if form.text(role) else [] for role in ("to", "cc", "bcc"))
    html, text, subject = (form.text(name, LONGEST) for name in ("html", "text", "subject"))
    mailbox_id = forms.number(form.text("mailbox_id"))
    return replace(shown, to=to, cc=cc, bcc=bcc, html=html, text=text, subject=subject, mailbox_id=mailbox_id)


def writing(form: Form) -> drafts.Writing:
    """What a window wants to save, from its form; raises NotANumber."""
    return drafts.Writing(
        html=form.text("html", LONGEST),
        text=form.text("text", LONGEST),
        subject=form.text("subject", LONGEST),
        addresses={role: pairs(typed(form.text(role, LONGEST))) for role in ("to", "cc", "bcc")},
        mailbox_id=form.number("mailbox_id"),
        seen_seq=form.number("seen_seq", BIGGEST_SEQ) or 0,
        version=form.number("version", BIGGEST_SEQ) or 0,
    )
