"""Requests a second and medians of the pages people wait for, and of writing by the API; measured by wrk."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.corpus import SEARCHED
from bench.ground import Keys, Served, ensure_filled, folder, options, served
from bench.memory import Spent, spent


@dataclass(frozen=True, slots=True)
class Point:
    """One load point: how many connections asked, what they got, and how many answers were not 2xx.

    Times in milliseconds; `credo` and `database` is the CPU a request cost, which others on the machine hardly change.
    """

    connections: int
    a_second: float
    median: float
    p95: float
    errors: int
    credo: float
    database: float


@dataclass(frozen=True, slots=True)
class Asked:
    """A page by name: its addresses, asked one after the other; a fragment is asked for as htmx does."""

    name: str
    paths: Sequence[str]
    fragment: bool = False
    creates: bool = False


def pages(keys: Keys) -> list[Asked]:
    """Everything of the table."""
    long_ones = [f"/conversations/{id}" for id in keys.long_ones]
    return [
        Asked("list, fragment", ["/inbox/open/list"], fragment=True),
        Asked("conversation of 20 items, fragment", long_ones, fragment=True),
        Asked("inbox, whole page with counts", ["/inbox/open"]),
        Asked("conversation, whole page", long_ones),
        Asked("search, a word in 1 % of items", [f"/search?q={SEARCHED}"]),
        Asked("list by the API", ["/api/v1/conversations?view=open"]),
        Asked("create by the API", ["/api/v1/conversations"], creates=True),
    ]


def measured(house: Served, asked: Asked, connections: int, seconds: float) -> Point:
    """Ask for `seconds` over `connections`, from one thread of another process."""
    with tempfile.TemporaryDirectory() as place:
        script = Path(place) / "asked.lua"
        script.write_text(_script(house.keys, asked))
        before = spent(house)
        command = _command(house, script, connections, seconds)
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        after = spent(house)
    return _read(done.stdout, connections, Spent(after.credo - before.credo, after.database - before.database))


def wrk() -> str:
    """The load generator; raises SystemExit with what to do when it is missing."""
    found = shutil.which("wrk")
    if found is None:
        raise SystemExit("wrk is missing: apt-get install wrk")
    return found


def _command(house: Served, script: Path, connections: int, seconds: float) -> list[str]:
    count = str(connections)
    return [wrk(), "-t1", f"-c{count}", f"-d{seconds:g}s", "--latency", "-s", str(script), house.address]


def _script(keys: Keys, asked: Asked) -> str:
    """What wrk runs for each request."""
    headers = {"Accept": "text/html"}
    if asked.paths[0].startswith("/api/"):
        headers = {"Authorization": f"Bearer {keys.token}", "Content-Type": "application/json"}
    else:
        headers["Cookie"] = f"credo={keys.session}"
    if asked.fragment:
        headers |= {"HX-Request": "true", "HX-Request-Type": "partial"}
    lines = [
        "local errors = 0",
        "local n = 0",
        "local paths = {" + ", ".join(f'"{path}"' for path in asked.paths) + "}",
    ]
    lines += [f'wrk.headers["{name}"] = "{value}"' for name, value in headers.items()]
    if asked.creates:
        lines.append(_CREATING % keys.mailbox_id)
    else:
        lines.append("request = function() n = n + 1 return wrk.format('GET', paths[n % #paths + 1]) end")
    return "\n".join([*lines, _COUNTING])


_CREATING = """
math.randomseed(os.time())
local run = math.random(1, 1000000000)
request = function()
  n = n + 1
  wrk.headers["Idempotency-Key"] = run .. "-" .. n
  local who = "new" .. (n %% 4000) .. "@customers.example"
  local body = '{"mailbox_id": %d, "customer": {"address": "' .. who .. '", "name": "New Customer"}, ' ..
    '"subject": "A lamp of mine, ' .. n .. '", "text": "Hello, the shade of my lamp has a crack. What do I do?"}'
  return wrk.format("POST", paths[1], nil, body)
end"""
_COUNTING = """
local threads = {}
function setup(thread) table.insert(threads, thread) end
failed = 0
function response(status) if status < 200 or status > 299 then failed = failed + 1 end end
function done(summary, latency)
  local sum = 0
  for _, thread in ipairs(threads) do sum = sum + thread:get("failed") end
  io.write(string.format("MEASURED %.3f %.3f %.3f %d %d\\n", summary.requests / (summary.duration / 1e6),
    latency:percentile(50) / 1000, latency:percentile(95) / 1000, sum, summary.requests))
end"""


def _read(output: str, connections: int, used: Spent) -> Point:
    found = re.search(r"MEASURED (\S+) (\S+) (\S+) (\d+) (\d+)", output)
    if found is None:
        raise SystemExit(f"wrk said something else:\n{output}")
    requests = max(1, int(found[5]))
    return Point(
        connections=connections,
        a_second=float(found[1]),
        median=float(found[2]),
        p95=float(found[3]),
        errors=int(found[4]),
        credo=1000 * used.credo / requests,
        database=1000 * used.database / requests,
    )


def main() -> None:
    """All pages at 1 and 16 connections."""
    given = options(main.__doc__ or "")
    with folder(given) as data:
        keys = ensure_filled(data, given.size)
        with served(data, keys) as house:
            for asked in pages(keys):
                for connections in (1, 16):
                    measured(house, asked, connections, 1)
                    print(asked.name, measured(house, asked, connections, given.seconds), flush=True)


if __name__ == "__main__":
    main()
