"""`credo migrate`: bring the database to the tables of this version, and load the demo desk if asked."""

from __future__ import annotations

import argparse

from credo.base import settings as reading


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command."""
    command = subparsers.add_parser("migrate", help="bring the database to this version")
    command.add_argument("--demo", action="store_true", help="load the demo desk, once")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Migrate; what was done goes to stderr, how to sign in to the demo to stdout."""
    import uvloop

    from credo.running import housing, preparing
    from credo.running.log import to_stderr

    settings = reading.read()
    to_stderr(settings.log_level)
    with housing.database(settings) as database_url:
        uvloop.run(preparing.prepare(settings, database_url, demo=arguments.demo))
    return 0
