"""Mail that belongs to no conversation: the polite refusal of a message that was too large."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from psycopg.types.json import Jsonb

from credo.base.clock import now
from credo.base.db import Tx
from credo.base.ids import short_key
from credo.conversations.addressing import bare_subject, without_plus
from credo.conversations.participants import own_addresses
from credo.delivery import guard
from credo.delivery.automatic import is_for_nobody
from credo.history import Recorded
from credo.intake import Refused

# In the desk's language; {subject}, {mine} and {most} are filled in, sizes in whole megabytes.
_TEXTS = {
    "en": "Your message “{subject}” did not reach us: it has {mine} MB, and we can take at most {most} MB.\n\n"
    "Please send it again with smaller files, or send us a link to them. We are sorry for the trouble.",
    "de": "Ihre Nachricht „{subject}“ hat uns nicht erreicht: Sie hat {mine} MB, und wir können höchstens {most} MB "
    "annehmen.\n\nBitte senden Sie sie mit kleineren Dateien noch einmal, oder schicken Sie uns einen Link dazu. "
    "Die Umstände tun uns leid.",
    "es": "Su mensaje «{subject}» no nos ha llegado: ocupa {mine} MB y podemos recibir como máximo {most} MB.\n\n"
    "Envíelo de nuevo con archivos más pequeños, o mándenos un enlace. Lamentamos las molestias.",
}


@dataclass(frozen=True, slots=True)
class _Refusal:
    mailbox_id: int
    mailbox_address: str
    language: str
    size: int
    envelope: Mapping[str, Any]


async def refuse(tx: Tx, recorded: Recorded) -> None:
    """React to `Refused`: tell a person once that their message was too large; machines hear nothing."""
    event = recorded.event
    assert isinstance(event, Refused)
    refusal = await tx.one(
        _Refusal,
        """select m.id as mailbox_id, m.address as mailbox_address, d.language, r.size, r.envelope
             from raw r join mailbox m on m.desk_id = r.desk_id and m.id = r.mailbox_id join desk d on d.id = r.desk_id
            where r.desk_id = %(desk)s and r.id = %(raw)s""",
        raw=event.raw_id,
    )
    sender, subject = str(refusal.envelope.get("from") or ""), str(refusal.envelope.get("subject") or "")
    if not refusal.envelope.get("answerable") or is_for_nobody(sender):
        return
    if without_plus(sender) in await own_addresses(tx) or await _is_doubted(tx, sender):
        return
    if await guard.may_answer(tx, sender, subject):
        await _send(tx, refusal, sender, subject)


async def _is_doubted(tx: Tx, address: str) -> bool:
    return bool(
        await tx.value(
            """select 1 from identity where desk_id = %(desk)s and kind = 'email' and address = %(address)s
                  and doubted_at is not null""",
            address=address.casefold(),
        )
    )


async def _send(tx: Tx, refusal: _Refusal, sender: str, subject: str) -> None:
    moment = now()
    told = _TEXTS.get(refusal.language, _TEXTS["en"]).format(
        subject=bare_subject(subject)[:200],
        mine=-(-refusal.size // 1_000_000),
        most=int(refusal.envelope.get("most") or 0) // 1_000_000,
    )
    content = {"subject": f"Re: {bare_subject(subject)[:200]}", "text": told}
    if refusal.envelope.get("message_id"):
        content["in_reply_to"] = refusal.envelope["message_id"]
    outbox_id = await tx.value(
        """insert into outbox (desk_id, mailbox_id, content, message_id, kind, state, pressed_at, release_at,
                               next_try_at)
           values (%(desk)s, %(mailbox)s, %(content)s, %(message_id)s, 'refusal', 'ready', %(now)s, %(now)s, %(now)s)
           returning id""",
        mailbox=refusal.mailbox_id,
        content=Jsonb(content),
        message_id=f"credo-notice.{short_key(20)}@{refusal.mailbox_address.rpartition('@')[2]}",
        now=moment,
    )
    await tx.run(
        """insert into recipient (desk_id, outbox_id, address, role)
           values (%(desk)s, %(outbox)s, %(address)s, 'to')""",
        outbox=outbox_id,
        address=sender,
    )
    await guard.note_answer(tx, sender, subject, None)
