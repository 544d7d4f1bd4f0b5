"""The load run: everything that is promised about speed and size, on a full desk, as a table in Markdown.

python -m bench.load --size large
"""

from __future__ import annotations

import asyncio
import os
import platform
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import uvloop

from bench import arrival, intake, memory, pages
from bench.ground import Keys, Served, database, ensure_filled, folder, options, served
from bench.pages import Asked, Point

# What each page must reach with 100,000 conversations on two cores: requests a second at 16, median in ms at 1.
PROMISED = {
    "list, fragment": (400, 5),
    "conversation of 20 items, fragment": (400, 5),
    "inbox, whole page with counts": (150, 12),
    "search, a word in 1 % of items": (None, 15),
    "create by the API": (200, None),
}


def main() -> None:
    """Every figure, in one table."""
    given = options(main.__doc__ or "")
    pages.wrk()
    with folder(given) as data:
        keys = ensure_filled(data, given.size)
        print(*_head(keys), sep="\n", flush=True)
        with served(data, keys) as house:
            time.sleep(20)
            rest = memory.at_rest(house)
            for line in _pages(house, given.seconds):
                print(line, flush=True)
            print(*_arrival(house), sep="\n", flush=True)
            print(*_memory(rest, memory.at_rest(house)), sep="\n", flush=True)
        print(*_intake(data, keys), sep="\n", flush=True)


def _head(keys: Keys) -> Iterator[str]:
    load = os.getloadavg()[0]
    yield (
        f"{keys.conversations:,} conversations, {keys.items:,} items; filled in {keys.filled_in:.0f} s;"
        f" {os.cpu_count()} cores, Python {platform.python_version()}, {datetime.now(UTC):%Y-%m-%d};"
        f" load of the machine before the run {load:.1f}"
    )
    yield ""
    yield "| measured | median at 1, ms | p95 at 1, ms | at 16, a second | CPU each, ms: Credo + database | promised |"
    yield "|---|---|---|---|---|---|"


def _pages(house: Served, seconds: float) -> Iterator[str]:
    for asked in pages.pages(house.keys):
        pages.measured(house, asked, 2, 1)  # warm
        one, many = (pages.measured(house, asked, connections, seconds) for connections in (1, 16))
        yield _row(asked, one, many)


def _row(asked: Asked, one: Point, many: Point) -> str:
    a_second, median = PROMISED.get(asked.name, (None, None))
    promised = ", ".join(
        part for part in (f"≥ {a_second}/s" if a_second else "", f"≤ {median} ms" if median else "") if part
    )
    errors = f" ({one.errors + many.errors} not 2xx)" if one.errors + many.errors else ""
    return (
        f"| {asked.name}{errors} | {one.median:.1f} | {one.p95:.1f} | {many.a_second:.0f} |"
        f" {many.credo:.1f} + {many.database:.1f} | {promised or '–'} |"
    )


def _arrival(house: Served) -> Iterator[str]:
    waited = asyncio.run(arrival.wait(house))
    yield (
        f"| SMTP acceptance to the open browser | {1000 * waited.median:.0f} | {1000 * waited.p95:.0f} | – | – |"
        " p95 ≤ 1 s |"
    )


def _memory(rest: list[memory.Taken], after: list[memory.Taken]) -> Iterator[str]:
    parts = ", ".join(f"{one.kind} {one.pss:.0f} ({one.processes})" for one in rest[:-1])
    yield f"| memory of all processes at rest, MB PSS | {rest[-1].pss:.0f}: {parts} | – | – | – | ≤ 450 MB |"
    yield f"| the same after the load | {after[-1].pss:.0f} | – | – | – | – |"


def _intake(data: Path, keys: Keys) -> Iterator[str]:
    with database(data) as url:
        pace = uvloop.run(intake.read(url, data, keys))
    yield (
        f"| mail intake, one worker, {pace.mails} mails, {pace.clocks} clocks | – | – | {pace.a_second:.0f} |"
        f" {pace.credo:.1f} + … | ≥ 100/s |"
    )


if __name__ == "__main__":
    main()
