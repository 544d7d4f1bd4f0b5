"""How many mails one worker brings home a second: from kept bytes to committed conversations and clocks."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

import uvloop

from bench.ground import Keys, database, ensure_filled, folder, options
from bench.words import Words
from credo import flow, intake, reading
from credo.base import blobs, settings
from credo.base.db import Db
from credo.intake.keeping import Arrival

_MAILS = 1_500
_REPLIES = 0.3


@dataclass(frozen=True, slots=True)
class Pace:
    """What one worker did: mails a second, the CPU of its process for each (ms), and how many clocks stand for them."""

    mails: int
    a_second: float
    credo: float
    clocks: int


async def read(url: str, data: Path, keys: Keys, count: int = _MAILS) -> Pace:
    """Keep `count` mails first, then time a worker's own round until all of them are read."""
    db = await Db(url, size=8, before_commit=flow.react).open()
    try:
        store = blobs.blobs(settings.read({}, data_dir=data))
        arrivals = [Arrival(content=content) for content in await _mails(db, keys, count)]
        for start in range(0, count, 100):
            await intake.keep_many(
                db, store, keys.desk_id, keys.mailbox_id, arrivals[start : start + 100], origin="command"
            )
        before, began, cpu = await _clocks(db, keys), time.perf_counter(), time.process_time()
        done = 0
        while taken := await reading.read_due(db, store):
            done += taken
        took, used = time.perf_counter() - began, time.process_time() - cpu
        return Pace(done, done / took, 1000 * used / done, await _clocks(db, keys) - before)
    finally:
        await db.close()


async def _mails(db: Db, keys: Keys, count: int) -> list[bytes]:
    """New mails and answers to old ones, as programs write them: text beside HTML, now and then with a file."""
    pick = random.Random()
    words = Words(random.Random(7))
    async with db.reading(keys.desk_id) as tx:
        known = await tx.all(
            _Known,
            """select i.message_id, i.subject, d.address, p.name from item i
                 join conversation c on c.desk_id = i.desk_id and c.id = i.conversation_id
                 join identity d on d.desk_id = c.desk_id and d.person_id = c.person_id
                 join person p on p.desk_id = c.desk_id and p.id = c.person_id
                where i.desk_id = %(desk)s and i.direction = 'in' and c.mailbox_id = %(mailbox)s and c.state <> 'trash'
                order by i.id desc limit 3000""",
            mailbox=keys.mailbox_id,
        )
    return [_mail(pick, words, pick.choice(known), keys, number) for number in range(count)]


@dataclass(frozen=True, slots=True)
class _Known:
    message_id: str
    subject: str
    address: str
    name: str


def _mail(pick: random.Random, words: Words, known: _Known, keys: Keys, number: int) -> bytes:
    mail = EmailMessage(policy=SMTP)
    answers = pick.random() < _REPLIES
    mail["From"] = f"{known.name} <{known.address}>"
    mail["To"] = keys.mailbox
    mail["Subject"] = f"Re: {known.subject}" if answers else words.subject(pick)
    mail["Date"] = format_datetime(datetime.now(UTC) - timedelta(seconds=pick.randrange(600)))
    mail["Message-ID"] = f"<{number}.{pick.getrandbits(60):x}@customers.example>"
    if answers:
        mail["In-Reply-To"] = mail["References"] = f"<{known.message_id}>"
    text = "\n\n".join(words.text(pick, pick.randrange(2, 6)) for _ in range(pick.randrange(1, 4)))
    mail.set_content(f"Hello,\n\n{text}\n\nKind regards\n{known.name}\n")
    if pick.random() < 0.7:
        paragraphs = "".join(f"<p>{part}</p>" for part in text.split("\n\n"))
        mail.add_alternative(f"<html><body>{paragraphs}<div>Kind regards</div></body></html>", subtype="html")
    if pick.random() < 0.1:
        mail.add_attachment(pick.randbytes(30_000), "image", "jpeg", filename="photo.jpg")
    return mail.as_bytes()


async def _clocks(db: Db, keys: Keys) -> int:
    async with db.reading(keys.desk_id) as tx:
        return int(await tx.value("select count(*) from clock where desk_id = %(desk)s"))


def main() -> None:
    """Mail intake of one worker, the database beside it."""
    given = options(main.__doc__ or "")
    with folder(given) as data:
        keys = ensure_filled(data, given.size)
        with database(data) as url:
            print(uvloop.run(read(url, data, keys)))


if __name__ == "__main__":
    main()
