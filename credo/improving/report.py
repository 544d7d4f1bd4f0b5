"""What a try-out found, element by element, as one reader may see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from credo.access import Actor
from credo.base.db import Tx
from credo.improving.tryouts import Tryout, figures

Verdict = Literal["counted", "unknowable", "waits"]
Kind = Literal["promise", "condition", "routing"]


@dataclass(frozen=True, slots=True)
class Element:
    """A promise or a condition of the document.

    `verdict` is unknowable where history never told the fields in `untold`, and waits where the rooms in `waits_for`
    are still to be built. `counts` is by outcome: matched and unknown conversations out of `of` that had such a moment;
    of a promise its clocks, as they would have been (`kept`) and as they were (`was_kept`).
    """

    path: str
    kind: Kind
    moment: str
    verdict: Verdict
    untold: list[str]
    waits_for: list[str]
    of: int | None
    counts: dict[str, int]


async def elements(tx: Tx, actor: Actor | None, tryout: Tryout) -> list[Element]:
    """Every element in the order of the document, and promises that only history knows at the end.

    None is the command line, which sees all of the desk.
    """
    counted = await figures(tx, actor, tryout.id)
    here = [
        Element(
            **one,
            of=counted.get(f"moments/{one['moment']}", {}).get("all", 0) if one["moment"] else None,
            counts=dict(counted.get(one["path"], {})),
        )
        for one in tryout.results
    ]
    known = {one.path for one in here}
    gone = [path for path in sorted(counted) if path.startswith("promises/") and path not in known]
    return here + [Element(path, "promise", "", "counted", [], [], None, dict(counted[path])) for path in gone]
