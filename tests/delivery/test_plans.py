"""The queues stay fast when everything that was ever sent is still there."""

from __future__ import annotations

import pytest

from credo.base.db import Db
from support.desks import Desk
from support.outgoing import Reply

pytestmark = pytest.mark.anyio

RELEASE = """explain select id from outbox where desk_id = %(desk)s and state = 'held' and release_at <= now()
              order by release_at, id limit 1"""
LANES = """explain select distinct desk_id, mailbox_id from outbox where state = 'ready' and next_try_at <= now()
            and (claimed_until is null or claimed_until <= now())"""
FLOOD = """explain select 1 from conversation c
             join item i on i.desk_id = c.desk_id and i.conversation_id = c.id and i.seq > c.last_seq - 51
            where c.desk_id = %(desk)s and c.person_id = 1 and c.last_item_at > now() - interval '10 minutes'
              and i.person_id = 1 and i.direction = 'in' limit 51"""


@pytest.mark.parametrize("query", [RELEASE, LANES, FLOOD])
async def test_no_queue_reads_a_whole_table(db: Db, desk: Desk, reply: Reply, query: str) -> None:
    queued = await reply()
    async with db.transaction(desk.id) as tx:
        await tx.run(
            """insert into outbox (desk_id, mailbox_id, message_id, state, pressed_at, release_at, next_try_at)
               select %(desk)s, %(mailbox)s, 'old-' || n || '-' || %(own)s, 'sent', now(), now(), now()
                 from generate_series(1, 3000) n""",
            mailbox=desk.mailbox_id,
            own=queued.message_id,
        )
        await tx.run("analyze outbox")
        plan = "\n".join(await tx.values(query))
    assert "Seq Scan on outbox" not in plan
    assert "Seq Scan on item" not in plan
