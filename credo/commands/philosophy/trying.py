"""`credo philosophy try`: a document tried on what has happened on this desk."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from credo.base import settings as reading
from credo.base.errors import CredoError, NotFound

if TYPE_CHECKING:
    from credo.base.db import Db, Tx
    from credo.improving.report import Element
    from credo.improving.tryouts import Tryout

_MOMENTS = {"message": "in which a customer wrote", "answer": "that were answered", "solved": "that were solved"}

_OUTCOMES = ("kept", "late", "broken", "open", "released")


class NoDesk(NotFound):
    """There is no such desk here; name one by its number with --desk."""


class WhichDesk(CredoError):
    """There are several desks; say which one with --desk NUMBER."""


def register(acts: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `try FILE [--days N] [--desk NUMBER] [--json]`."""
    trying = acts.add_parser("try", help="try a document on the last days of this desk; needs the database")
    trying.add_argument("file", metavar="FILE", help="a philosophy document, or - for stdin")
    trying.add_argument("--days", type=int, default=90, metavar="N", help="how far to look back (default: 90)")
    trying.add_argument("--desk", type=int, metavar="NUMBER", help="which desk; needed when there are several")
    trying.add_argument("--json", action="store_true", help="print everything as one JSON object")
    trying.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Try it, and print what was counted."""
    import asyncio

    from credo.commands.philosophy.reading import document
    from credo.philosophy import BadPhilosophy
    from credo.running import housing

    text = document(arguments.file)
    try:
        with housing.database(reading.read()) as url:
            tryout, elements = asyncio.run(_tried(url, text, arguments.days, arguments.desk))
    except BadPhilosophy as wrong:
        print(wrong)
        return 1
    print(*(_json(tryout, elements) if arguments.json else _lines(tryout, elements)), sep="\n")
    return 0


async def _tried(url: str, text: str, days: int, desk: int | None) -> tuple[Tryout, list[Element]]:
    from credo import flow
    from credo.base.db import Db
    from credo.fields import FIELDS
    from credo.improving import report, running, tryouts

    db = await Db(url, size=4, before_commit=flow.react).open()
    try:
        desk_id = await _desk(db, desk)
        async with db.transaction(desk_id) as tx:
            id = await tryouts.prepare(tx, None, text, days)
        try:
            await running.run(db, FIELDS, desk_id, id)
        finally:  # of one that was interrupted; what is done stays done
            async with db.transaction(desk_id) as tx:
                await tryouts.stop(tx, id, None)
        async with db.reading(desk_id) as tx:
            found = await tryouts.get(tx, id)
            return found, await report.elements(tx, None, found)
    finally:
        await db.close()


async def _desk(db: Db, wanted: int | None) -> int:
    async with db.reading(0) as tx:
        known = await _desks(tx)
    if wanted is None and len(known) > 1:
        raise WhichDesk
    if not known or (wanted is not None and wanted not in known):
        raise NoDesk
    return wanted or known[0]


async def _desks(tx: Tx) -> list[int]:
    return await tx.values("select id from desk order by id")


def _json(tryout: Tryout, elements: list[Element]) -> list[str]:
    import msgspec

    plain = {
        "days": tryout.days,
        "since": tryout.since,
        "conversations": tryout.looked_at,
        "elements": elements,
    }
    return [msgspec.json.format(msgspec.json.encode(plain), indent=2).decode()]


def _lines(tryout: Tryout, elements: list[Element]) -> list[str]:
    head = f"{tryout.looked_at:,} conversations of the last {tryout.days} days, since {tryout.since:%Y-%m-%d}"
    return [head, *(f"{one.path}: {_said(one)}" for one in elements)]


def _said(one: Element) -> str:
    if one.verdict == "unknowable":
        return f"cannot be known from history: {', '.join(one.untold)}"
    if one.verdict == "waits":
        return f"waits for {', '.join(one.waits_for)}"
    if one.kind == "promise":
        changed = f"; another outcome than it had: {one.counts['changed']:,}" if "changed" in one.counts else ""
        return f"{_outcomes(one, '')}; as it was: {_outcomes(one, 'was_')}{changed}"
    unknown = f", unknown in {one.counts['unknown']:,}" if one.counts.get("unknown") else ""
    would = "would have fired in" if one.kind == "routing" else "matched"
    return f"{would} {one.counts.get('matched', 0):,} of {one.of or 0:,} conversations {_MOMENTS[one.moment]}{unknown}"


def _outcomes(one: Element, before: str) -> str:
    found = [f"{name} {one.counts[before + name]:,}" for name in _OUTCOMES if before + name in one.counts]
    return ", ".join(found) or "given to nobody"
