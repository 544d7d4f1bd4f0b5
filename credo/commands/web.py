"""`credo web`: one web process, for `credo serve` or for a machine of its own."""

from __future__ import annotations

import argparse

from credo.base import settings as reading


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command."""
    command = subparsers.add_parser("web", help="run one web process")
    command.add_argument("--host", help="address to listen on (CREDO_HOST)")
    command.add_argument("--port", type=int, help="port to listen on (CREDO_PORT)")
    command.add_argument("--fd", type=int, help=argparse.SUPPRESS)
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Serve until SIGTERM or Ctrl-C."""
    from credo.running.log import to_stderr
    from credo.running.serving import serve

    settings = reading.read(host=arguments.host, port=arguments.port)
    to_stderr(settings.log_level)
    return serve(settings, arguments.fd)
