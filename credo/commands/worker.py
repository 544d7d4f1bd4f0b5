"""`credo worker`: one worker process, for `credo serve` or for a machine of its own."""

from __future__ import annotations

import argparse

from credo.base import settings as reading


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command."""
    command = subparsers.add_parser("worker", help="run one worker process")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Work until SIGTERM or Ctrl-C."""
    import asyncio

    from credo import worker
    from credo.running import housing, preparing
    from credo.running.log import to_stderr

    settings = reading.read()
    to_stderr(settings.log_level)
    with housing.database(settings) as database_url:
        asyncio.run(preparing.ensure_ready(database_url))
        worker.run(settings, database_url)
    return 0
