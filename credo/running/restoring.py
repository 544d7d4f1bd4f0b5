"""Where a restore goes: an empty database as it is, or a new one that takes the place of the present one."""

from __future__ import annotations

from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from credo.base import embedded
from credo.base.clock import now
from credo.base.migrations import migrate
from credo.base.settings import Settings
from credo.running import backup, dumping, preparing

_NEW = "credo_restoring"


async def restore(settings: Settings, url: str, source: Path, *, replace: bool) -> tuple[backup.Made, str | None]:
    """Restore `source` into the database at `url`; with `replace` the present one is kept under the returned name."""
    async with await preparing.connect(url) as connection:
        taken = not await dumping.is_empty(connection)
        if taken and replace and await dumping.in_use(connection):
            raise backup.TargetTaken("Credo is running on this database; stop it, then restore.")
    if taken and not replace:
        raise backup.TargetTaken(
            "There is a desk here already. Restore into another data folder with --data DIR, or add --replace "
            "to set the present database aside."
        )
    if not embedded.is_ours(url):
        made, aside = await _into_given(settings, url, source, taken), None
    else:
        made, aside = await _beside(settings, url, source, taken)
    async with await preparing.connect(url) as connection:
        await migrate(connection)
    return made, aside


async def _into_given(settings: Settings, url: str, source: Path, taken: bool) -> backup.Made:
    if taken:
        raise backup.TargetTaken(
            "A database named by CREDO_DATABASE_URL must be empty; make a new one for the restore."
        )
    return await backup.restore(settings, url, source)


async def _beside(settings: Settings, url: str, source: Path, taken: bool) -> tuple[backup.Made, str | None]:
    """Fill a new database, and only when all of it is there let it take the name."""
    name = str(conninfo_to_dict(url)["dbname"])
    await dumping.drop_database(url, _NEW)
    address = await dumping.make_database(url, _NEW)
    try:
        made = await backup.restore(settings, address, source)
    except BaseException:
        await dumping.drop_database(url, _NEW)
        raise
    aside = f"{name}_before_{now():%Y%m%d_%H%M%S}" if taken else None
    if aside:
        await dumping.rename_database(url, name, aside)
    else:
        await dumping.drop_database(url, name)
    await dumping.rename_database(url, _NEW, name)
    return made, aside
