"""One IMAP connection, synchronously and read-only: it never marks anything as seen and deletes nothing.

The only change it makes on a server is moving a stored message into the archive folder, when one is chosen.
"""

from __future__ import annotations

import contextlib
import imaplib
import re
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BufferedReader
from typing import Any

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxLoginError
from imap_tools.idle import get_socket_poller
from imap_tools.utils import encode_folder

from credo.base.errors import CredoError
from credo.channels.email.mailbox import Incoming

TIMEOUT = 60.0
Abort = imaplib.IMAP4.abort
Refusal = (imaplib.IMAP4.error, ImapToolsError)
Trouble = (*Refusal, OSError, EOFError)


class Unreachable(CredoError):
    """The mail server cannot be reached; it is tried again."""


class SignInRefused(CredoError):
    """The mail server refused the sign-in; check user and password, or connect the mailbox again."""


class NoFolder(CredoError):
    """The mail server has no such folder; choose another one in the settings of the mailbox."""


class CannotMove(CredoError):
    """This mail server cannot move single messages safely; the archive folder is not used."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder as it was opened: UIDs mean something only together with `uidvalidity`."""

    name: str
    uidvalidity: int
    uidnext: int


@dataclass(frozen=True, slots=True)
class Listed:
    """What a server says of a message without handing it over; `received` is when the server got it."""

    uid: int
    size: int
    received: datetime | None


class Connection:
    """An open, signed-in connection; every method blocks and belongs into a thread."""

    def __init__(self, box: BaseMailBox) -> None:
        self._box = box
        self._client: imaplib.IMAP4 = box.client
        typ, data = self._client.capability()
        words = b" ".join(data).decode("ascii", "replace") if typ == "OK" else ""
        self._abilities = frozenset(words.upper().split())

    @property
    def can_idle(self) -> bool:
        """Whether the server tells of new mail by itself."""
        return "IDLE" in self._abilities

    def open(self, name: str) -> Folder:
        """Look into a folder without the right to change it; raises NoFolder."""
        try:
            self._box.folder.set(name, readonly=True)
        except ImapToolsError as failure:
            raise NoFolder(folder=name) from failure
        validity, following = self._number("UIDVALIDITY"), self._number("UIDNEXT")
        if not following:
            following = max(self.uids("ALL"), default=0) + 1
        return Folder(name, validity, following)

    def uids(self, criteria: str) -> list[int]:
        """The UIDs that match, in order."""
        return sorted(int(one) for one in self._box.uids(criteria, charset=None))

    def since(self, day: date) -> list[int]:
        """UIDs of what the server got on `day` or later."""
        months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
        return self.uids(f"SINCE {day.day:02d}-{months[day.month - 1]}-{day.year}")

    def beyond(self, uid: int) -> list[int]:
        """UIDs above `uid`; servers answer `n:*` with the last message even when it lies below."""
        return [one for one in self.uids(f"UID {uid + 1}:*") if one > uid]

    def listed(self, uids: Sequence[int]) -> dict[int, Listed]:
        """Size and date of each message that is still there."""
        found: dict[int, Listed] = {}
        for head, _ in self._fetch(uids, "(UID RFC822.SIZE INTERNALDATE)"):
            if (uid := _UID.search(head)) and (size := _SIZE.search(head)):
                found[int(uid.group(1))] = Listed(int(uid.group(1)), int(size.group(1)), _received(head))
        return found

    def contents(self, uids: Sequence[int]) -> dict[int, bytes]:
        """The whole bytes of each message; one that the server does not hand over is missing in the result."""
        return self._bodies(uids, "(UID BODY.PEEK[])")

    def headers(self, uids: Sequence[int]) -> dict[int, bytes]:
        """The header block of each message."""
        return self._bodies(uids, "(UID BODY.PEEK[HEADER])")

    def idle(self, seconds: float) -> bool:
        """Wait until the server has something to say, at most `seconds`; whether it did.

        Its words are read only afterwards, as a whole: half a line is on its way now and then.
        """
        with self._box.idle:
            return self._is_told_already() or bool(get_socket_poller(self._client.socket(), int(seconds)))

    def folders(self) -> list[str]:
        """Every folder that can hold mail."""
        return [one.name for one in self._box.folder.list() if "\\Noselect" not in one.flags]

    def archive(self, folder: str, uids: Sequence[int], into: str) -> None:
        """Move stored messages away; raises CannotMove where that could delete somebody else's message."""
        named = ",".join(map(str, uids))
        self._box.folder.set(folder)
        try:
            if "MOVE" in self._abilities:
                self._must(self._client.uid("MOVE", named, _quoted(into)))
            elif "UIDPLUS" in self._abilities:
                self._must(self._client.uid("COPY", named, _quoted(into)))
                self._must(self._client.uid("STORE", named, "+FLAGS.SILENT", r"(\Deleted)"))
                self._must(self._client.uid("EXPUNGE", named))
            else:
                raise CannotMove
        finally:
            self._box.folder.set(folder, readonly=True)

    def close(self) -> None:
        """Say goodbye, as far as anybody still listens."""
        with contextlib.suppress(*Trouble):
            self._box.logout()
        _hang_up(self._box)

    def cut(self) -> None:
        """Cut the line at once, from another thread, so that a waiting `idle` ends."""
        with contextlib.suppress(OSError):
            self._client.socket().shutdown(socket.SHUT_RDWR)

    def _is_told_already(self) -> bool:
        """Whether news came in one piece with the answer to IDLE; it is read already, so the socket stays silent."""
        line = self._client.socket()
        patience = line.gettimeout()
        line.settimeout(0)
        try:
            file = self._client.file
            return isinstance(file, BufferedReader) and bool(file.peek(1))
        finally:
            line.settimeout(patience)

    def _number(self, name: str) -> int:
        _, data = self._client.response(name)
        told = data[0] if data and data[0] else b"0"
        return int(told if isinstance(told, bytes | str) else told[0])

    def _bodies(self, uids: Sequence[int], parts: str) -> dict[int, bytes]:
        found: dict[int, bytes] = {}
        for head, body in self._fetch(uids, parts):
            if body is not None and (uid := _UID.search(head)):
                found[int(uid.group(1))] = body
        return found

    def _fetch(self, uids: Sequence[int], parts: str) -> list[tuple[bytes, bytes | None]]:
        """Each message of a FETCH answer as its words and its literal; words may follow the literal."""
        if not uids:
            return []
        typ, data = self._client.uid("FETCH", ",".join(map(str, uids)), parts)
        if typ != "OK":
            raise imaplib.IMAP4.error(f"FETCH: {typ} {data!r}"[:300])
        found: list[tuple[bytes, bytes | None]] = []
        for piece in data or ():
            if isinstance(piece, tuple):
                found.append((piece[0], piece[1]))
            elif isinstance(piece, bytes) and _STARTS.match(piece):
                found.append((piece, None))
            elif isinstance(piece, bytes) and found:
                found[-1] = (found[-1][0] + b" " + piece, found[-1][1])
        return found

    def _must(self, answer: tuple[str, Any]) -> None:
        if answer[0] != "OK":
            raise imaplib.IMAP4.error(f"{answer[0]} {answer[1]!r}"[:300])


_UID = re.compile(rb"\bUID (\d+)", re.IGNORECASE)
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)", re.IGNORECASE)
_STARTS = re.compile(rb"\d+ \(")
_DATE = re.compile(rb'\bINTERNALDATE "([^"]+)"', re.IGNORECASE)


def _received(head: bytes) -> datetime | None:
    found = _DATE.search(head)
    if found is None:
        return None
    try:
        return datetime.strptime(found.group(1).decode("ascii").strip(), "%d-%b-%Y %H:%M:%S %z").astimezone(UTC)
    except (ValueError, UnicodeDecodeError):
        return None


def _quoted(folder: str) -> str:
    return encode_folder(folder).decode("ascii")


def connect(
    incoming: Incoming,
    user: str,
    *,
    password: str = "",
    token: str | None = None,
    context: ssl.SSLContext | None = None,
    seconds: float = TIMEOUT,
) -> Connection:
    """Connect and sign in, with `token` by XOAUTH2. Raises Unreachable or SignInRefused with the server's words."""
    try:
        box = _box(incoming, context, seconds)
    except (*Trouble, UnicodeError) as failure:  # a name that no server can have
        raise Unreachable(reason=str(failure)[:300]) from failure
    try:
        if token is not None:
            box.xoauth2(user, token, initial_folder=None)
        elif user.isascii() and password.isascii():
            box.login(user, password, initial_folder=None)
        else:
            box.login_utf8(user, password, initial_folder=None)
        return Connection(box)
    except (MailboxLoginError, imaplib.IMAP4.error) as failure:
        _hang_up(box)
        if isinstance(failure, imaplib.IMAP4.abort):
            raise Unreachable(reason=str(failure)[:300]) from failure
        raise SignInRefused(reason=_words(failure)) from failure
    except Trouble as failure:
        _hang_up(box)
        raise Unreachable(reason=str(failure)[:300]) from failure


def _box(incoming: Incoming, context: ssl.SSLContext | None, seconds: float) -> BaseMailBox:
    if incoming.security == "plain":
        return MailBoxUnencrypted(incoming.host, incoming.port, timeout=seconds)
    context = context or ssl.create_default_context()
    if incoming.security == "starttls":
        return MailBoxStartTls(incoming.host, incoming.port, timeout=seconds, ssl_context=context)
    return MailBox(incoming.host, incoming.port, timeout=seconds, ssl_context=context)


def _words(refusal: Exception) -> str:
    """What the server said, without its codes."""
    said = refusal.command_result[1] if isinstance(refusal, MailboxLoginError) else [str(refusal)]
    text = " ".join(one.decode("utf-8", "replace") if isinstance(one, bytes) else str(one) for one in said or ())
    return _CODE.sub("", text)[:300]


_CODE = re.compile(r"^\s*\[[A-Z][A-Z0-9-]*\]\s*")


def _hang_up(box: BaseMailBox) -> None:
    with contextlib.suppress(*Trouble):
        box.client.shutdown()
