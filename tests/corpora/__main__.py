"""`python -m tests.corpora [DATA] [--misses]`: the table of scores per set, on any folder of the same layout."""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

from tests.corpora import scores


def main(arguments: list[str]) -> int:
    """Print the table; 1 when there was nothing to score."""
    plain = [one for one in arguments if not one.startswith("--")]
    data = Path(plain[0] if plain else "../shared/data")
    marks = list(scores.everything(data))
    if not marks:
        print(f"There is no mail to score in {data}.", file=sys.stderr)
        return 1
    table: dict[tuple[str, str], list[scores.Mark]] = defaultdict(list)
    for mark in marks:
        table[mark.set, mark.what].append(mark)
        table["all sets", mark.what].append(mark)
    print(f"{'set':<36}{'what':<26}{'good':>7}{'of':>7}{'%':>8}")
    for (name, what), listed in sorted(table.items(), key=lambda row: (row[0][0] == "all sets", row[0])):
        good = sum(mark.good for mark in listed)
        print(f"{name:<36}{what:<26}{good:>7}{len(listed):>7}{100 * good / len(listed):>8.1f}")
    if "--misses" in arguments:
        for mark in marks:
            if not mark.good:
                print(
                    f"\n{mark.set} · {mark.what} · {mark.file}\n  expected {mark.expected[:700]!r}\n  found   "
                    f" {mark.found[:700]!r}"
                )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
