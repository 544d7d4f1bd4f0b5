"""`credo mail`: what the reader makes of a file; pure, it opens no database and no socket."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from credo.base.errors import CredoError

if TYPE_CHECKING:
    from credo.channels import Address, Inbound

Record = dict[str, object]


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `credo mail read FILE… [--text]`."""
    mail = subparsers.add_parser("mail", help="read mail files and print what Credo sees in them")
    acts = mail.add_subparsers(title="acts", metavar="ACT", required=True)
    reading = acts.add_parser("read", help="print one JSON line a file, in the order given")
    reading.add_argument("files", nargs="+", metavar="FILE", help="a mail as it came from the server, or - for stdin")
    reading.add_argument("--text", action="store_true", help="each file is a plain-text body without headers")
    reading.set_defaults(run=lambda arguments: mail_read(arguments.files, arguments.text))


def mail_read(paths: list[str], text: bool) -> int:
    """Print one JSON line for every path, in order; an unreadable one says so in its line. Always 0."""
    for path in paths:
        # ASCII only: no character inside a mail can then break the line for whoever splits it.
        print(json.dumps(describe(path, text=text)), flush=True)
    return 0


def describe(path: str, *, text: bool) -> Record:
    """What is in one file, as plain values; `kind: unreadable` with the reason where nothing can be read."""
    from credo.channels.email.charsets import decode
    from credo.channels.email.read import read, read_text

    file = os.fsencode(path).decode("utf-8", "replace")
    try:
        raw = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
        return _record(file, read_text(decode(raw, "utf-8")[0]) if text else read(raw))
    except CredoError as error:
        return {"file": file, "kind": "unreadable", "error": error.sentence}
    except OSError as error:
        return {"file": file, "kind": "unreadable", "error": f"This file cannot be opened: {error.strerror or error}."}
    except Exception as error:  # noqa: BLE001 - one bad mail never stops the others; its line says what broke
        return {"file": file, "kind": "unreadable", "error": f"Credo could not read this mail: {error!r}."}


def _record(file: str, message: Inbound) -> Record:
    """The line's values; the shape is the same for every mail, bounces and invitations say more."""
    record: Record = {
        "file": file,
        "subject": message.subject,
        "from": _person(message.from_),
        "to": [_person(one) for one in message.to],
        "cc": [_person(one) for one in message.cc],
        "date": message.date.isoformat() if message.date else None,
        "message_id": message.message_id,
        "kind": message.kind,
        "automatic": message.automatic,
        "text": message.text,
        "visible_text": message.visible_text,
        "html_clean": message.html_clean,
        "attachments": [
            {"name": one.name, "type": one.type, "size": one.size, "sha256": one.sha256} for one in message.attachments
        ],
        "original_message_id": message.original_message_id,
        "problems": list(message.problems),
    }
    if message.bounce:
        record["bounce"] = {
            "status": message.bounce.status,
            "permanent": message.bounce.permanent,
            "recipients": list(message.bounce.recipients),
            "reason": message.bounce.reason,
        }
    if message.invite:
        record["invite"] = {
            "method": message.invite.method,
            "summary": message.invite.summary,
            "starts": message.invite.starts.isoformat() if message.invite.starts else None,
            "ends": message.invite.ends.isoformat() if message.invite.ends else None,
            "location": message.invite.location,
        }
    return record


def _person(person: Address | None) -> Record:
    """A person's name and address, both empty where the mail names none."""
    return {"name": person.name, "address": person.address} if person else {"name": "", "address": ""}
