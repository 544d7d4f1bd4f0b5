"""What the processes of an installation take: memory with shared pages counted once (PSS), and CPU so far."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from bench.ground import Served, ensure_filled, folder, options, served


@dataclass(frozen=True, slots=True)
class Taken:
    """Figures of one kind of process, or of all: `pss` in megabytes."""

    kind: str
    processes: int
    pss: float


@dataclass(frozen=True, slots=True)
class Spent:
    """CPU seconds of Credo's own processes and of the database's."""

    credo: float
    database: float


def at_rest(house: Served) -> list[Taken]:
    """PSS by kind of process, and the sum, a while after the last request."""
    kinds: dict[str, list[float]] = {}
    for process in family(house):
        kinds.setdefault(_kind(process), []).append(_pss(process.pid))
    found = [Taken(kind, len(each), sum(each)) for kind, each in sorted(kinds.items())]
    return [*found, Taken("all", sum(one.processes for one in found), sum(one.pss for one in found))]


def spent(house: Served) -> Spent:
    """CPU used up to now."""
    everybody = family(house)
    return Spent(
        _cpu(p for p in everybody if _kind(p) != "database"), _cpu(p for p in everybody if _kind(p) == "database")
    )


def family(house: Served) -> list[psutil.Process]:
    """`credo serve` and everything it started."""
    parent = psutil.Process(house.process.pid)
    return [parent, *parent.children(recursive=True)]


def _kind(process: psutil.Process) -> str:
    line = process.cmdline()
    if any("postgres" in part for part in line[:1]):
        return "database"
    return next((word for word in ("web", "worker", "serve") if word in line), "other")


def _pss(pid: int) -> float:
    found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0


def _cpu(processes: Iterable[psutil.Process]) -> float:
    return sum(sum(process.cpu_times()[:2]) for process in processes)


def main() -> None:
    """Memory at rest, ten seconds after the start and one page each."""
    given = options(main.__doc__ or "")
    with folder(given) as data, served(data, ensure_filled(data, given.size)) as house:
        time.sleep(10)
        for taken in at_rest(house):
            print(taken)


if __name__ == "__main__":
    main()
