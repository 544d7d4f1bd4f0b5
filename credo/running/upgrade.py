"""Carry the embedded database to a newer major version of PostgreSQL, by dump and restore beside the old folder.

The old folder is never written to except by its own server, and stays when the new one has taken its place.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from pathlib import Path

from credo.base import embedded
from credo.base.clock import now
from credo.base.embedded import Server, ServerTooOld

_FINISHED = "credo-upgrade-finished"


def ensure_current(folder: Path) -> str | None:
    """Upgrade `folder` if an older major version made it; returns a sentence when something was done.

    Raises `ServerTooOld` with what to do when the wheel no longer brings that version, or when the disk is too full.
    """
    draft = folder.with_name(f"{folder.name}.upgrading")
    if (draft / _FINISHED).exists():
        return _swap(folder, draft)
    found, newest = embedded.major(folder), embedded.newest_major()
    if found is None or found == newest:
        return None
    _check(folder, found, newest)
    shutil.rmtree(draft, ignore_errors=True)
    old, new = embedded.server(folder, version=found), embedded.server(draft)
    try:
        old.start()
        new.start()
        asyncio.run(_carry(old, new))
    finally:
        old.stop()
        new.stop()
    (draft / _FINISHED).touch()
    return _swap(folder, draft)


def _check(folder: Path, found: int, newest: int) -> None:
    brought = embedded.installed()
    if found > newest:
        raise ServerTooOld(
            f"{folder} was made by PostgreSQL {found}, which is newer than the {newest} of this Credo; "
            "start the newer Credo again."
        )
    if found not in brought:
        raise ServerTooOld(
            f"{folder} was made by PostgreSQL {found}, and this Credo brings only {_listed(sorted(brought))}. "
            "Install the Credo you used before, run `credo backup FILE` there, then `credo restore FILE` here."
        )
    needed = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    if shutil.disk_usage(folder).free < needed:
        raise ServerTooOld(
            f"Upgrading the database from PostgreSQL {found} to {newest} needs {needed // 1_000_000} MB beside "
            f"{folder}, and there is less; make room and start again."
        )


async def _carry(old: Server, new: Server) -> None:
    from credo.running import dumping

    address = await dumping.make_database(new.url("postgres"), embedded.DATABASE)
    with tempfile.TemporaryDirectory(dir=new.folder.parent) as place:
        file = Path(place) / "database.dump"
        counted = await dumping.dump(old.url(), file)
        await dumping.restore(address, file, counted)


def _swap(folder: Path, draft: Path) -> str:
    """Put the finished folder in place; safe to repeat after a crash between the two renames."""
    before = embedded.major(folder)
    kept = folder.with_name(f"{folder.name}.{before or 'old'}.{now():%Y%m%d%H%M%S}")
    if folder.exists():
        os.replace(folder, kept)
    os.replace(draft, folder)
    (folder / _FINISHED).unlink()
    return (
        f"The database was upgraded from PostgreSQL {before or 'an older version'} to {embedded.major(folder)}. "
        f"The old one stays in {kept}; remove it when everything works."
    )


def _listed(numbers: list[int]) -> str:
    return " and ".join(str(number) for number in numbers)
