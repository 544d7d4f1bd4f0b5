"""`credo intake`: hand mail to the desk, as single mails (eml) or collections (mbox), or compare with the server."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING

from credo.base import settings as reading
from credo.base.errors import CredoError, NotFound

if TYPE_CHECKING:
    from credo.channels.email.mailbox import Place
    from credo.installation import Installation

_AT_ONCE = 50


class NoMailbox(NotFound):
    """There is no such mailbox here; connect it first, or name another one with --mailbox."""


class Which(CredoError):
    """There are several mailboxes; say which one with --mailbox ADDRESS."""


class Unreadable(CredoError):
    """This file cannot be read: %(reason)s"""


class TooLarge(CredoError):
    """A mail of %(size)s bytes is larger than this desk takes (CREDO_MAIL_MAX_BYTES)."""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command."""
    command = subparsers.add_parser(
        "intake", help="hand in mail from files or stdin", description="Hand in mail: eml or mbox files, `-` for stdin."
    )
    command.add_argument("files", nargs="*", metavar="FILE|-", help="a mail, or an mbox with many")
    command.add_argument("--mailbox", metavar="ADDRESS", help="the mailbox it came to; needed when there are several")
    command.add_argument(
        "--reconcile",
        action="store_true",
        help="name every message on the mailbox's server that is not stored, and why",
    )
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Keep every mail, or print the comparison; the worker reads what was kept."""
    import asyncio

    from credo.running import housing
    from credo.running.log import to_stderr

    settings = reading.read()
    to_stderr(settings.log_level)
    if not arguments.files and not arguments.reconcile:
        raise Unreadable(reason="name a file, or - for standard input")
    with housing.database(settings) as database_url:
        return asyncio.run(_run(settings, database_url, arguments))


async def _run(settings: reading.Settings, database_url: str, arguments: argparse.Namespace) -> int:
    from credo.installation import opened

    async with opened(settings, database_url) as house:
        place = await _place(house, arguments.mailbox)
        kept = 0
        for file in arguments.files:
            kept += await _keep(house, place, file)
        if arguments.files:
            print(f"{kept} kept")
        return await _reconcile(house, place) if arguments.reconcile else 0


def mails(file: IO[bytes]) -> Iterator[bytes]:
    """The mails of an open file, one by one: all of an mbox, or the single mail it is."""
    first = file.readline()
    if not first.startswith(b"From "):
        yield first + file.read()
        return
    lines: list[bytes] = []
    blank = False
    for line in file:
        if blank and line.startswith(b"From "):
            yield b"".join(lines[:-1])  # the blank line belongs to the mbox
            lines = []
        else:
            # mbox hides lines that begin with From behind a `>`.
            lines.append(line[1:] if line.startswith(b">") and line.lstrip(b">").startswith(b"From ") else line)
        blank = not line.strip(b"\r\n")
    yield b"".join(lines[:-1] if blank else lines)


async def _keep(house: Installation, place: Place, name: str) -> int:
    from credo.intake import Arrival, keep_many

    kept = 0
    batch: list[Arrival] = []
    try:
        with _opened(name) as file:
            for content in mails(file):
                if len(content) > house.settings.mail_max_bytes:
                    raise TooLarge(size=len(content))
                batch.append(Arrival(content=content, envelope={"file": Path(name).name}))
                if len(batch) >= _AT_ONCE:
                    kept += len(
                        await keep_many(house.db, house.blobs, place.desk_id, place.id, batch, origin="command")
                    )
                    batch = []
    except OSError as failure:
        raise Unreadable(reason=f"{name}: {failure.strerror}") from failure
    if batch:
        kept += len(await keep_many(house.db, house.blobs, place.desk_id, place.id, batch, origin="command"))
    return kept


def _opened(name: str) -> IO[bytes]:
    return sys.stdin.buffer if name == "-" else Path(name).open("rb")


async def _place(house: Installation, address: str | None) -> Place:
    from credo.channels.email import mailbox

    if address is not None:
        found = await mailbox.addressed(house.db, address)
    else:
        found = await mailbox.active(house.db)
    if not found:
        raise NoMailbox
    if len(found) > 1:
        raise Which
    return found[0]


async def _reconcile(house: Installation, place: Place) -> int:
    """Print one line for each missing message; exit code 1 when something could be fetched and was not."""
    from credo.channels.email import mailbox, reconcile

    async with house.db.reading(place.desk_id) as tx:
        box = await mailbox.load(tx, place.id)
    if not box.incoming.host:
        raise NoMailbox("This mailbox does not fetch from a server.")
    report = await reconcile.compare(house.db, house.blobs, house.keys, box, max_bytes=house.settings.mail_max_bytes)
    if report.error:
        raise CredoError(report.error)
    for one in report.missing:
        when = one.received.date().isoformat() if one.received else "-"
        print(f"{one.folder}\t{one.uid}\t{when}\t{one.size}\t{one.sender}\t{one.subject}\t{reconcile.WORDS[one.why]}")
    print(f"{report.on_server} on the server, {report.stored} stored, {len(report.missing)} not stored")
    return 1 if report.counts.get("not yet") or report.counts.get("withheld") else 0
