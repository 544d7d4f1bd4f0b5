"""Where messages stand on a server, and which of them are stored: the memory of fetching."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from credo.base.clock import now
from credo.base.db import Db, Tx
from credo.channels.email.imap import Folder
from credo.channels.email.mailbox import Mailbox

# before: older than the connection of the mailbox · withheld: listed, but not handed over · gone: not there any more,
# until the server names it again
Reason = Literal["before", "withheld", "gone"]
Known = Literal["before", "withheld", "gone", "not yet", "too large", "stored"]
_CLOCKS_APART = timedelta(minutes=2)
_RETRY = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a folder was read under its present UIDVALIDITY; `again` when there was another one before."""

    last_uid: int
    first_uid: int
    since: datetime
    again: bool

    def is_before(self, uid: int, received: datetime | None) -> bool:
        """Whether a message belongs to the time before the mailbox was connected."""
        return uid < self.first_uid and (received is None or received < self.since)


@dataclass(frozen=True, slots=True)
class _Row:
    uidvalidity: int
    last_uid: int
    first_uid: int | None
    since: datetime | None


async def cursor(db: Db, mailbox: Mailbox, folder: Folder) -> Cursor:
    """The cursor of a folder, made at the first look.

    After a change of UIDVALIDITY all UIDs mean something else: everything since the first connection is looked at
    again and what was there at the change is compared by content, so that nothing is missed and nothing doubled.
    """
    async with db.transaction(mailbox.desk_id) as tx:
        rows = await tx.all(
            _Row,
            """select uidvalidity, last_uid, first_uid, since from fetch_cursor
                where desk_id = %(desk)s and mailbox_id = %(mailbox)s and folder = %(folder)s order by seen_at desc""",
            mailbox=mailbox.id,
            folder=folder.name,
        )
        present = next((row for row in rows if row.uidvalidity == folder.uidvalidity), None)
        if present is None:
            present = await _begin(tx, mailbox, folder, [row.since for row in rows if row.since])
        again = any(row.uidvalidity != folder.uidvalidity for row in rows)
        return Cursor(present.last_uid, present.first_uid or 0, present.since or now(), again)


async def _begin(tx: Tx, mailbox: Mailbox, folder: Folder, earlier: list[datetime]) -> _Row:
    since = min(earlier) if earlier else _from_when(mailbox) - timedelta(days=max(mailbox.incoming.days, 0))
    await tx.run(
        """insert into fetch_cursor (desk_id, mailbox_id, folder, uidvalidity, last_uid, first_uid, since, seen_at)
           values (%(desk)s, %(mailbox)s, %(folder)s, %(uidvalidity)s, %(last)s, %(first)s, %(since)s, %(now)s)""",
        mailbox=mailbox.id,
        folder=folder.name,
        uidvalidity=folder.uidvalidity,
        last=folder.uidnext - 1,
        first=folder.uidnext,
        since=since,
        now=now(),
    )
    return _Row(folder.uidvalidity, folder.uidnext - 1, folder.uidnext, since)


def _from_when(mailbox: Mailbox) -> datetime:
    """When this folder became ours: as fetching was asked for, or now for a folder that was added later.

    The server's clock may be a little behind ours.
    """
    asked = mailbox.incoming.asked_at if mailbox.fetched_at is None else None
    return (asked or now()) - _CLOCKS_APART


async def move_on(db: Db, mailbox: Mailbox, folder: Folder, uid: int) -> None:
    """Everything up to `uid` was looked at."""
    async with db.transaction(mailbox.desk_id) as tx:
        await tx.run(
            """update fetch_cursor set last_uid = greatest(last_uid, %(uid)s), seen_at = %(now)s
                where desk_id = %(desk)s and mailbox_id = %(mailbox)s and folder = %(folder)s
                  and uidvalidity = %(uidvalidity)s""",
            uid=uid,
            now=now(),
            **_place(mailbox, folder),
        )


async def missing(db: Db, mailbox: Mailbox, folder: Folder, there: Sequence[int]) -> list[int]:
    """Of the UIDs `there`, those to be fetched: never stored, or withheld a while ago; and withheld ones due again."""
    async with db.reading(mailbox.desk_id) as tx:
        settled = await tx.values(
            """select uid from raw_source
                where desk_id = %(desk)s and mailbox_id = %(mailbox)s and folder = %(folder)s
                  and uidvalidity = %(uidvalidity)s and uid = any(%(uids)s)
                  and (raw_id is not null or next_try_at > %(now)s
                    or (next_try_at is null and reason is distinct from 'gone'))""",
            uids=list(there),
            now=now(),
            **_place(mailbox, folder),
        )
        due = await tx.values(
            """select uid from raw_source
                where desk_id = %(desk)s and mailbox_id = %(mailbox)s and folder = %(folder)s
                  and uidvalidity = %(uidvalidity)s and raw_id is null and next_try_at <= %(now)s limit 500""",
            now=now(),
            **_place(mailbox, folder),
        )
    return sorted({*there, *due} - set(settled))


async def stored(db: Db, mailbox: Mailbox, folder: Folder, there: Sequence[int]) -> list[int]:
    """Of the UIDs `there`, those whose message is stored."""
    async with db.reading(mailbox.desk_id) as tx:
        return await tx.values(
            """select s.uid from raw_source s join raw r on r.desk_id = s.desk_id and r.id = s.raw_id
                where s.desk_id = %(desk)s and s.mailbox_id = %(mailbox)s and s.folder = %(folder)s
                  and s.uidvalidity = %(uidvalidity)s and s.uid = any(%(uids)s) and r.state <> 'refused'
                order by s.uid""",
            uids=list(there),
            **_place(mailbox, folder),
        )


async def known(db: Db, mailbox: Mailbox, folder: Folder) -> dict[int, Known]:
    """What is known of each UID of a folder: `stored`, `too large`, or why it is not stored."""
    async with db.reading(mailbox.desk_id) as tx:
        rows = await tx.all(
            _Told,
            """select s.uid, case when r.id is null then coalesce(s.reason, 'not yet')
                                  when r.state = 'refused' and r.reason is not null and r.item_id is null
                                  then 'too large' else 'stored' end as what
                 from raw_source s left join raw r on r.desk_id = s.desk_id and r.id = s.raw_id
                where s.desk_id = %(desk)s and s.mailbox_id = %(mailbox)s and s.folder = %(folder)s
                  and s.uidvalidity = %(uidvalidity)s""",
            **_place(mailbox, folder),
        )
    return {row.uid: row.what for row in rows}


@dataclass(frozen=True, slots=True)
class _Told:
    uid: int
    what: Known


async def note(db: Db, mailbox: Mailbox, folder: Folder, uids: Sequence[int], reason: Reason) -> None:
    """Write down why messages are not stored; a withheld one is asked for again after a while, again and again."""
    if not uids:
        return
    moment = now()
    async with db.transaction(mailbox.desk_id) as tx:
        await tx.many(
            """insert into raw_source
                 (desk_id, mailbox_id, folder, uidvalidity, uid, reason, tries, next_try_at, seen_at)
               values (%(desk)s, %(mailbox)s, %(folder)s, %(uidvalidity)s, %(uid)s, %(reason)s, 1, %(next)s, %(now)s)
               on conflict (desk_id, mailbox_id, folder, uidvalidity, uid) do update
                 set reason = excluded.reason, tries = least(raw_source.tries + 1, 1000), seen_at = excluded.seen_at,
                     next_try_at = case when excluded.next_try_at is null then null
                                        when raw_source.tries < 1 then %(now)s + %(first)s
                                        when raw_source.tries < 2 then %(now)s + %(second)s
                                        when raw_source.tries < 5 then %(now)s + %(third)s
                                        else %(now)s + %(last)s end
               where raw_source.raw_id is null""",
            [
                {
                    **_place(mailbox, folder),
                    "uid": uid,
                    "reason": reason,
                    "next": moment + _RETRY[0] if reason == "withheld" else None,
                    "now": moment,
                    "first": _RETRY[0],
                    "second": _RETRY[1],
                    "third": _RETRY[2],
                    "last": _RETRY[3],
                }
                for uid in uids
            ],
        )


def _place(mailbox: Mailbox, folder: Folder) -> dict[str, Any]:
    return {"mailbox": mailbox.id, "folder": folder.name, "uidvalidity": folder.uidvalidity}
