"""`credo serve`: everything on this machine, in one command."""

from __future__ import annotations

import argparse
import logging
import os
import socket
import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from credo.base import settings as reading
from credo.base.errors import CredoError
from credo.base.settings import Settings

if TYPE_CHECKING:
    from credo.base.embedded import Server
    from credo.running.supervise import Child


class PortTaken(CredoError):
    """The port is taken; choose another with CREDO_PORT or --port."""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command."""
    command = subparsers.add_parser("serve", help="run the whole desk on this machine")
    command.add_argument("--demo", action="store_true", help="load the demo desk, once")
    command.add_argument("--host", help="address to listen on (CREDO_HOST)")
    command.add_argument("--port", type=int, help="port to listen on (CREDO_PORT)")
    command.add_argument("--data", type=Path, metavar="DIR", help="data folder (CREDO_DATA_DIR)")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Serve until asked to stop; whatever was started is stopped again, also when starting fails."""
    from credo.running.log import to_stderr
    from credo.running.supervise import Supervisor

    settings = reading.read(data_dir=arguments.data, port=arguments.port, host=arguments.host)
    to_stderr(settings.log_level)
    for sentence in reading.unknown():
        print(f"credo: {sentence}", file=sys.stderr)
    with ExitStack() as opened:
        listening = opened.enter_context(_listening(settings))
        supervisor = Supervisor([], {})
        supervisor.listen_to_signals()
        server = _embedded(settings, opened)
        supervisor.environ = _environ(settings, server.url() if server else settings.database_url)
        code, printed = supervisor.run_once(["migrate", *(["--demo"] if arguments.demo else [])])
        if code or supervisor.asked_to_stop:
            return 0 if supervisor.asked_to_stop else code
        supervisor.children = _children(settings, listening.fileno())
        opened.callback(supervisor.stop)
        if supervisor.start():
            lines = [f"Credo runs at {settings.address}", *printed.splitlines(), "Stop it with Ctrl-C."]
            print(*lines, sep="\n", flush=True)
            supervisor.keep_running(partial(_look_after, server) if server else lambda: None)
    return 0


def _look_after(server: Server) -> None:
    """Bring the embedded database back after it ended by itself; the other processes connect again."""
    if server.ensure_running():
        logging.getLogger("credo.serve").error("the database had ended by itself and was started again")


def _listening(settings: Settings) -> socket.socket:
    """The socket the web processes share; held here, so that one that starts again refuses nobody."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(2048)
    except OSError as error:
        raise PortTaken(
            f"Port {settings.port} of {settings.host} cannot be used ({error.strerror}); "
            "choose another with CREDO_PORT or --port."
        ) from error
    return listening


def _embedded(settings: Settings, opened: ExitStack) -> Server | None:
    """The embedded server, started, and stopped with `opened`; None where CREDO_DATABASE_URL names another."""
    from credo.running import housing

    housing.ensure_data_folder(settings)
    if settings.database_url:
        return None
    opened.enter_context(housing.owning(settings))
    server = housing.embedded_server(settings)
    opened.callback(server.stop)
    housing.start(server)
    return server


def _environ(settings: Settings, database_url: str) -> dict[str, str]:
    return os.environ | {
        "CREDO_DATA_DIR": str(settings.data_dir),
        "CREDO_DATABASE_URL": database_url,
        "CREDO_HOST": settings.host,
        "CREDO_PORT": str(settings.port),
        "MALLOC_ARENA_MAX": os.environ.get("MALLOC_ARENA_MAX", "2"),  # fewer half-empty heaps, a third less memory
    }


def _children(settings: Settings, listening: int) -> list[Child]:
    from credo.running.supervise import Child

    web = [
        Child(_name("web", number), ["web", "--fd", str(listening)], inherits=[listening])
        for number in range(settings.web_processes)
    ]
    workers = [Child(_name("worker", number), ["worker"]) for number in range(settings.worker_processes)]
    return web + workers


def _name(kind: str, number: int) -> str:
    return kind if number == 0 else f"{kind} {number + 1}"
