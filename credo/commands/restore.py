"""`credo restore FILE`: a backup back in place, checked."""

from __future__ import annotations

import argparse
from pathlib import Path

from credo.base import settings as reading


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command."""
    command = subparsers.add_parser("restore", help="bring a backup back into an empty place")
    command.add_argument("file", type=Path)
    command.add_argument("--data", type=Path, metavar="DIR", help="data folder (CREDO_DATA_DIR)")
    command.add_argument("--replace", action="store_true", help="set the present database aside first")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Restore, then bring the database to this version."""
    import asyncio

    from credo.running import housing, restoring

    settings = reading.read(data_dir=arguments.data)
    with housing.database(settings) as url:
        made, aside = asyncio.run(restoring.restore(settings, url, arguments.file, replace=arguments.replace))
    if aside:
        print(f"The database that was here is now called {aside}.")
    print(f"Restored {made.rows} rows and {made.blobs} files; every table holds what the backup counted.")
    if made.key == "outside":
        print("The backup was made under CREDO_SECRET_KEY: start with the same key.")
    elif made.key == "left out":
        print(f"The backup carries no secret key: put the old secret.key into {settings.data_dir}.")
    return 0
