"""A worker to be killed: reads and sends until everything is done; started as a process of its own by tests.

Arguments: database URL, blob folder, secret key, how many minutes to live in the future (so that leases of workers
killed before have ended).
"""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta
from pathlib import Path

from obstore.store import LocalStore

from credo import flow
from credo.base.blobs import Blobs
from credo.base.clock import frozen, now
from credo.base.db import Db
from credo.base.secrets import Keyring
from credo.channels.email.send import Postman
from credo.delivery.sending import send_due
from credo.reading import read_due


def silent(name: str, kind: str) -> list[str]:
    """No network."""
    return []


async def work(url: str, folder: Path, key: str, minutes: int) -> None:
    """Say `ready`, then read and send until two rounds in a row find nothing."""
    blobs = Blobs(LocalStore(prefix=folder), folder)
    db = await Db(url, size=3, before_commit=flow.react).open()
    postman = Postman(db, Keyring((key.encode(),)))
    idle = 0
    print("ready", flush=True)
    with frozen(now() + timedelta(minutes=minutes)):
        while idle < 2:
            done = await read_due(db, blobs, resolver=silent) + await send_due(db, blobs, postman)
            idle = 0 if done else idle + 1
    await db.close()
    print("done", flush=True)


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])))
