"""From a mail server's yes to the open browser: how long until a live stream names the conversation of a mail."""

from __future__ import annotations

import asyncio
import json
import random
import time
from dataclasses import dataclass
from email.message import EmailMessage

import aiosmtplib
import httpx2

from bench.ground import Keys, Served, ensure_filled, folder, options, served

_MAILS = 60
_PAUSE = 0.15


@dataclass(frozen=True, slots=True)
class Waited:
    """Seconds from SMTP acceptance to the browser's stream."""

    mails: int
    median: float
    p95: float
    most: float


async def wait(house: Served, count: int = _MAILS) -> Waited:
    """Send mails one by one to the listener, each of a new customer, and wait for each in a stream that is open."""
    cookies = {"credo": house.keys.session}
    async with httpx2.AsyncClient(base_url=house.address, cookies=cookies, timeout=60) as client:
        names: asyncio.Queue[tuple[str, float]] = asyncio.Queue()
        stream = asyncio.create_task(_listen(client, names))
        await asyncio.sleep(1)
        waited = sorted([await _one(house, names, number) for number in range(count)])
        stream.cancel()
        await asyncio.gather(stream, return_exceptions=True)
    return Waited(count, waited[count // 2], waited[int(count * 0.95)], waited[-1])


async def _one(house: Served, names: asyncio.Queue[tuple[str, float]], number: int) -> float:
    """Send one mail; the next name of a conversation in the stream is its own, since nothing else happens."""
    await asyncio.sleep(_PAUSE * random.random())
    while not names.empty():
        names.get_nowait()
    await aiosmtplib.send(_mail(house.keys, number), hostname="127.0.0.1", port=house.smtp_port, start_tls=False)
    accepted = time.perf_counter()
    async with asyncio.timeout(30):
        while True:
            name, at = await names.get()
            if name.startswith("conversation:"):
                return max(0.0, at - accepted)


async def _listen(client: httpx2.AsyncClient, names: asyncio.Queue[tuple[str, float]]) -> None:
    async with client.stream("GET", "/live") as answer:
        answer.raise_for_status()
        async for line in answer.aiter_lines():
            if line.startswith("data: "):
                for name in json.loads(line.removeprefix("data: ")):
                    names.put_nowait((name, time.perf_counter()))


def _mail(keys: Keys, number: int) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = f"Somebody New <arrival.{random.getrandbits(40):x}@customers.example>"
    mail["To"] = keys.mailbox
    mail["Subject"] = f"Where is my lamp, {number}"
    mail["Message-ID"] = f"<{number}.{random.getrandbits(60):x}@customers.example>"
    mail.set_content("Hello,\n\nthe lamp I ordered last week is not here yet. When will it come?\n\nThank you\n")
    return mail


def main() -> None:
    """SMTP acceptance to the open browser."""
    given = options(main.__doc__ or "")
    with folder(given) as data, served(data, ensure_filled(data, given.size)) as house:
        print(asyncio.run(wait(house)))


if __name__ == "__main__":
    main()
