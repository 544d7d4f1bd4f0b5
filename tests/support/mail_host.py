"""A customer's mail host for tests that are not asynchronous themselves: IMAP and SMTP, running in a thread."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager
from typing import Any, TypeVar

from support.imap_server import PASSWORD, USER, ImapServer, imap_server
from support.smtp_server import SmtpServer, Taken, smtp_server

T = TypeVar("T")


class MailHost:
    """Mail servers with one mailbox; the IMAP server may go away and come back with its mails."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop, self._stack = loop, AsyncExitStack()
        self.imap = ImapServer(0, None)  # type: ignore[arg-type]
        self.smtp = SmtpServer()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something where the servers live."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    def deliver(self, content: bytes) -> int:
        """Put a mail into the INBOX and return its UID."""
        return self.run(self.imap.deliver(content))

    def taken_by(self, address: str) -> list[Taken]:
        """What the SMTP server took for `address`."""
        return [one for one in self.smtp.taken if address in one.recipients]

    def stop_imap(self) -> None:
        """Close the IMAP server's door and cut every connection."""
        self.run(self._stack.aclose())

    def start_imap(self) -> None:
        """Open the IMAP server again, at the same port and with the same mails."""
        self.run(self._start_imap(self.imap))

    async def open(self) -> None:
        """Start both servers."""
        await self._start_imap(None)
        self._smtp_stack = AsyncExitStack()
        self.smtp = await self._smtp_stack.enter_async_context(smtp_server(auth=True, auth_required=False))
        self.smtp.passwords = {USER: PASSWORD}

    async def close(self) -> None:
        """Stop both servers."""
        await self._stack.aclose()
        await self._smtp_stack.aclose()

    async def _start_imap(self, earlier: ImapServer | None) -> None:
        self._stack = AsyncExitStack()
        port = earlier.port if earlier else 0
        self.imap = await self._stack.enter_async_context(imap_server(port=port, earlier=earlier))


@contextmanager
def mail_host() -> Iterator[MailHost]:
    """A mail host for the length of the block."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="mail host")
    thread.start()
    host = MailHost(loop)
    try:
        host.run(host.open())
        yield host
        host.run(host.close())
        host.run(_settle())
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _settle() -> None:
    """Let handlers of cut connections end."""
    ending = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in ending:
        task.cancel()
    await asyncio.gather(*ending, return_exceptions=True)
