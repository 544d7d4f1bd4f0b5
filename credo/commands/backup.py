"""`credo backup FILE`: the whole installation in one file, while it runs."""

from __future__ import annotations

import argparse
from pathlib import Path

from credo.base import settings as reading


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command."""
    command = subparsers.add_parser("backup", help="write database, files and key into one file")
    command.add_argument("file", type=Path)
    command.add_argument("--without-key", action="store_true", help="leave the secret key out; keep it elsewhere")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Make the backup and say what is in it."""
    import asyncio

    from credo.running import backup, housing

    settings = reading.read()
    target = arguments.file.absolute()
    with housing.database(settings) as url:
        made = asyncio.run(backup.make(settings, url, target, with_key=not arguments.without_key))
    print(f"{target}: {made.rows} rows, {made.blobs} files, {made.size / 1e6:.1f} MB.")
    if made.key == "included":
        print("The file holds the secret key too: keep it as safe as the desk itself.")
    else:
        print("The secret key is not in the file: keep it too, or stored passwords cannot be read after a restore.")
    return 0
